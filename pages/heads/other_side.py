"""What a head is compared with: another sentence, another head, another model; and its controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from models.catalog import CATALOG, accepts_local, is_installed, offered
from models.errors import InputError, NotComparable
from models.heads import alignment, compare, divergence
from models.heads.alignment import Both, Grid
from models.trace import AttentionBlock, AttentionTrace, Floats, Kind
from pages.ui import caches, controls, frame, inputs, selection, state
from pages.ui.model import languages
from pages.ui.own import recent
from pages.ui.text import rich, t

AGAINST = ("sentence", "head", "model")
_BESIDE = "minilm"  # the other model, where the usual one is the page's own already
_GOOD = "_heads_other"  # the last other side that could be shown
Head = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Other:
    """The other side, with one number a head of `trace`, (head,) a layer.

    against: "sentence": how much the head changes (`changes`); "head": bits to the first's head
    (`to_one`); "model": how much it differs from it on average (`closeness`).
    """

    against: str
    trace: AttentionTrace
    block: AttentionBlock
    head: int
    grid: Grid
    distances: tuple[Floats, ...]

    @property
    def comparable(self) -> bool:
        """Something is in both, so that there is a number a head."""
        return all(
            any(None not in place for place in axis) for axis in (self.grid.rows, self.grid.columns)
        )

    @property
    def level(self) -> bool:
        """No head is nearer or farther than another."""
        return len({float(value) for layer in self.distances for value in layer}) == 1

    @property
    def place(self) -> Head:
        """(layer, head)."""
        return self.block.layer, self.head


_Wanted = tuple[str, str]  # model, text

_grid = caches.of_record(alignment.grid)


def _changes(both: Both, kind: Kind) -> tuple[Floats, ...]:
    return compare.changes(both, alignment.grid(both, kind, kind), kind)


def _closeness(both: Both, kind: Kind, layer: int, head: int, other: Kind) -> tuple[Floats, ...]:
    block = both.first.block(kind, layer)
    return compare.closeness(both, alignment.grid(both, kind, other), block, head, other)


_changed = caches.of_record(_changes, entries=48)
_close = caches.of_record(_closeness, entries=48)
_to_one = caches.of_record(divergence.to_one, entries=48)


def other_side(trace: AttentionTrace, block: AttentionBlock) -> Other:
    """The side that the address asks for; where it cannot be shown, that is said."""
    against, kind, here = state.get("against"), block.kind, (block.layer, int(state.get("head")))
    found = trace if against == "head" else _recorded(trace, kind, against)
    both = Both(trace, found)
    matching = alignment.matching(both, kind) or kind
    if against == "sentence":
        distances, place = _changed(both, kind), here
    elif against == "head":
        distances = _to_one(trace, kind, *here)
        place = _place(found, kind, distances, farthest=True)
    else:
        distances = _close(both, kind, *here, matching)
        place = _place(found, matching, distances, farthest=False)
    grid = _grid(both, kind, matching)
    return Other(against, found, found.block(matching, place[0]), place[1], grid, distances)


def _place(
    trace: AttentionTrace, kind: Kind, distances: Sequence[Floats], *, farthest: bool
) -> Head:
    """The (layer, head) that is asked for, or of all the one farthest from this one, or nearest."""
    numbers = trace.numbers(kind)
    asked = state.get("other_layer"), state.get("other_head")
    worth = {
        (number, head): float(value)
        for number, layer in zip(numbers, distances, strict=True)
        for head, value in enumerate(layer)
    }
    if asked in worth:
        return asked
    if asked != (None, None):
        layer, head = ("–" if one is None else one for one in asked)
        state.notice("error.no_other_head", layer=layer, head=head)
        forget()
    return (max if farthest else min)(worth, key=worth.__getitem__)


def forget() -> None:
    """Another model has other heads: the chosen one means nothing in it."""
    state.put_all(other_layer=None, other_head=None)


def _recorded(trace: AttentionTrace, kind: Kind, against: str) -> AttentionTrace:
    """Another sentence through this model, or this one through another."""
    model, text = trace.model_id, trace.text
    name = "other_text" if against == "sentence" else "other_model"
    if against == "model" and model == state.default(name) and state.usual(name):
        state.put(name, _BESIDE)  # it would be compared with itself
    asked, usual = str(state.get(name)), str(state.default(name))

    def wanted(value: str) -> _Wanted:
        return (model, value) if against == "sentence" else (value, text)

    def record(one: _Wanted) -> AttentionTrace:
        try:
            found = caches.beside(trace, *one, cut=bool(state.get("cut")))
        except InputError as error:
            if one == wanted(asked):
                state.offer_cut(error)
            raise
        if alignment.matching(Both(trace, found), kind) is None:
            raise NotComparable(f"{one[0]} has {found.kinds}", model=caches.title(one[0]))
        return found

    def kept(shown: _Wanted) -> str:
        if against == "model":
            return t("kept.model", model=caches.title(shown[0]))
        return inputs.earlier(place)

    place = f"{_GOOD}-{against}"
    attempts = [wanted(one) for one in (asked, st.session_state.get(place, usual), usual)]
    shown_model = wanted(asked)[0]
    found, shown = inputs.first_shown(record, [*attempts, (model, text)], shown_model, kept)
    st.session_state[place] = shown[against == "sentence"]
    return found


def row(trace: AttentionTrace, block: AttentionBlock, side: Other) -> None:
    """The controls of both sides."""
    cells = selection.head_cells(trace, block.kind, block, (260, 450, 0, 130, 130, 200))
    del cells[2]  # the second sentence of a pair stays as it is
    choice = partial(controls.choice, "against", "heads.compare.against", AGAINST, on_change=forget)
    others: dict[str, list[controls.Cell]] = {
        "sentence": [(450, partial(inputs.text, "other_text", "controls.other_text"))],
        "head": [(260, partial(_head, side))],
        "model": [(240, _model), (220, partial(_head, side))],
    }
    spoken = languages.cells(trace)
    controls.row(*cells, *spoken, (270, choice), *others[side.against])


def _model() -> None:
    cards = [card.id for card in offered() if card.shows == "attention"]
    options = dict.fromkeys((*cards, *recent.recent(), str(state.get("other_model"))))
    own = {"accept_new_options": accepts_local(), "on_change": forget}
    controls.select("other_model", "controls.other_model", list(options), _called, **own)


def _called(model_id: str) -> str:
    title, card = caches.title(model_id), CATALOG.get(model_id)
    return title if card is None or is_installed(card) else t("controls.absent", model=title)


def _head(side: Other) -> None:
    numbers = side.trace.numbers(side.block.kind)
    options = [
        (layer, head)
        for layer, heads in zip(numbers, side.distances, strict=True)
        for head in range(len(heads))
    ]
    names = "other_layer", "other_head"
    words = lambda place: t("heads.where", layer=place[0], head=place[1])  # noqa: E731
    controls.shadow(st.selectbox, names, "controls.other_head", options, words, shown=side.place)


def where(side: Other) -> str:
    """What of the other side is another one, for the provenance."""
    place = t("heads.where", layer=side.block.layer, head=side.head)
    named = {
        "sentence": frame.quote(side.trace.text),
        "head": place,
        "model": f"{caches.title(side.trace.model_id)}, {place}",
    }
    return rich("heads.compare.beside", other=named[side.against])
