"""Below RoPE's scores: which two numbers it turns together, in both conventions."""

from __future__ import annotations

from functools import partial

from models.core.encodings import BASE
from models.positions import pairs
from models.positions.pairs import CONVENTIONS, RotaryPairs
from models.positions.schemes import FourWays
from pages.positions.shared import WIDTHS
from pages.ui import caches, charts, controls, frame, inputs, lines, state, sums
from pages.ui.text import notation, t
from viz.board.markup import indexed
from viz.formula.writer import PANEL
from viz.positions import pairs_formulas as written
from viz.positions.pairs import Drawn
from viz.positions.pairs import pairs as picture

TERMS = 4  # of a sum that are written out

_base = caches.of_model(pairs.base_of, entries=64)
_own = caches.of_model(pairs.recorded, entries=caches.TRACES, budget=caches.recordings)
_head = caches.of_record(pairs.of_head, entries=64)
_style = partial(charts.style, "positions.pairs.figure", "positions.formula")


def stop(four: FourWays, shown: inputs.Input, cell: tuple[int, int]) -> None:
    """One query's pairs at the left, one pair's rotation with its numbers at the right.

    four: the head in the view above; cell: its query and key.
    """
    found, live = _found(four, shown)
    badge = "" if live else t("origin.whatif")
    frame.section(t("positions.pairs.title"), t("positions.pairs.note"), badge=badge)
    if found is None:
        lines.hint(t("positions.pairs.unknown"))
        return
    controls.row(
        (330, partial(_switch, "stored", found.d)),
        (330, partial(_switch, "turns", found.d)),
        (530, controls.nothing),
    )
    dim = controls.in_range("dim", found.d)
    drawn = Drawn(found, *cell, dim, state.get("stored"), state.get("turns"))
    left, right = frame.side_by_side(WIDTHS, ["pairs-figure", "pairs-sums"], space="large")
    with left:
        said = f"{t('positions.pairs.figure.column')} {dim}"
        name = t("positions.pairs.title")
        places = ([dim, *(CONVENTIONS.index(state.get(one)) for one in ("stored", "turns"))],)
        charts.clickable(picture(drawn, _style()), "pairs", _choose, name, *places, said=said)
        _source(four, live)
        lines.remark(indexed(_read(drawn), "W_Q", "W_K"))
    with right:
        _sums(drawn)


def convention(four: FourWays, shown: inputs.Input) -> str:
    """Which pairs this model turns, in a sentence; where it turns none, which are turned here."""
    model, half = four.trace.model_id, four.q.shape[1] // 2
    found, live = _found(four, shown)
    if found is None:
        return ""
    name = "own" if live else "none" if _base(model) is None else "other"
    return t(f"positions.pairs.convention.{name}", model=caches.title(model), half=half)


def _found(four: FourWays, shown: inputs.Input) -> tuple[RotaryPairs | None, bool]:
    """The head, as the model itself turns it where it does; else turned here. Is it the model's?"""
    model = four.trace.model_id
    base = _base(model)
    if base is not None:
        own = _head(_own(model, four.trace.text, cut=shown.cut), four.layer, four.head, base)
        if own is not None:
            return own, True
    return _head(four.trace, four.layer, four.head, BASE), False


def _switch(name: str, d: int) -> None:
    def words(one: str) -> str:
        return t(f"positions.pairs.{name}.{one}", half=d // 2)

    controls.choice(name, f"positions.pairs.{name}", CONVENTIONS, words)


def _choose(dim: int, stored: int, turns: int) -> None:
    """What a number of the strips or a score of the table carries."""
    state.put_all(dim=int(dim), stored=CONVENTIONS[int(stored)], turns=CONVENTIONS[int(turns)])


def _source(four: FourWays, live: bool) -> None:
    where = caches.title(four.trace.model_id), t("heads.where", layer=four.layer, head=four.head)
    told = t(f"positions.pairs.{'live' if live else 'whatif'}")
    frame.source("live" if live else "whatif", told, *where, frame.quote(four.trace.text))


def _sums(drawn: Drawn) -> None:
    found, writer = drawn.record, sums.writer(_style(), TERMS, digits=3, room=PANEL)
    a, b = drawn.places
    lines.titled(t("positions.pairs.angle", i=drawn.pair, m=drawn.query))
    sums.lines(written.angle(drawn, writer))
    lines.titled(t("positions.pairs.rotation", a=a, b=b))
    sums.lines(written.rotation(drawn, writer))
    lines.titled(t("positions.pairs.score", n=drawn.key))
    sums.lines(written.score(drawn, writer))
    whose = "own" if found.own is not None else "library"
    frame.equal_to(t(f"positions.pairs.{whose}"), "", found.check())
    frame.equal_to(indexed(t("positions.pairs.reordered"), "W_Q", "W_K"), "", found.same_scores())


def _read(drawn: Drawn) -> str:
    """What becomes of the score by the order of the columns and by what is turned."""
    fixed = notation().fixed
    right, score = (fixed(value, 3) for value in (drawn.right, drawn.score))
    if drawn.stored == drawn.turns:
        return t(f"positions.pairs.read.{drawn.stored}", score=score, half=drawn.record.d // 2)
    if drawn.query == drawn.key:
        return t("positions.pairs.read.itself", score=score)
    off = {
        "off": fixed(abs(drawn.score - drawn.right), 3),
        "most": fixed(drawn.record.off(drawn.stored, drawn.turns), 3),
    }
    a, b = drawn.names
    return t("positions.pairs.read.wrong", score=score, right=right, a=a, b=b, **off)
