"""What the translator page shows: the sentence, how it is searched, the step, head and stage."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import cast

import streamlit as st

from models.catalog import load
from models.translation import alignment, reference
from models.translation.reference import ReferenceAlignment, cells, examples
from models.translator import record
from models.translator.beam import own_penalty
from models.translator.beam_trace import BeamSearch
from models.translator.trace import TransformerTrace
from pages.translation import controls as translating
from pages.ui import caches, controls, inputs, keys, spelling, state
from pages.ui.text import notation, t
from viz.translator.attentions import SELF
from viz.translator.stage_names import STAGES, Stage
from viz.translator.stages import ATTENTIONS, ENCODER, Stepping

WIDTHS = ("1", "2", "3", "4", "5")
PENALTIES = tuple(tenths / 10 for tenths in range(21))  # of the length, on the slider
_LOOKED_UP = "_translator_gold"  # sentences whose gold this session has asked the grammar for
_LEFT_STAGE = "_translator_stage"

written_out = caches.of_model(record.translate, entries=64)
beam_search = caches.of_model(record.search, entries=64)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the page shows. search: None: greedy. known: the gold, None: there is none, or not yet.

    asked: the gold is wanted; pending: the grammar has yet to be asked for it. unknown: words
    that the model does not know. node: of the search, the one whose sum is opened; usual: the
    search with the model's own length penalty, None: that is what is shown.
    """

    trace: TransformerTrace
    stepping: Stepping
    search: BeamSearch | None
    known: ReferenceAlignment | None
    asked: bool
    pending: bool
    unknown: tuple[str, ...]
    node: int = 0
    usual: BeamSearch | None = None


def chosen() -> Seen:
    """The visitor's sentence, translated; the step, head, stage and place to look at."""
    beams = int(state.get("beams"))
    wanted = state.get("penalty") if beams > 1 else None
    trace, shown = inputs.settled(
        lambda one: written_out(
            one.model, one.text, beams=beams, penalty=_penalty(one.model, wanted), cut=one.cut
        ),
        lambda found: len(found.typed) if found.attention.cut else None,
    )
    penalty = _settle_penalty(shown.model, wanted)
    asked = bool(state.get("gold"))
    pending = asked and not is_at_hand(trace.text)
    known = reference.of_sentence(trace.text) if asked and not pending else None
    search = usual = None
    if beams > 1:
        given = shown.model, shown.text, beams
        search = beam_search(*given, penalty=penalty, cut=shown.cut)
        usual = beam_search(*given, cut=shown.cut) if penalty is not None else None
    return Seen(
        trace,
        _stepping(trace, known),
        search,
        known,
        asked,
        pending,
        spelling.spelt(trace.model_id, trace.text, trace.attention.tokens),
        0 if search is None else controls.asked("node", len(search.nodes), search.best.node),
        usual,
    )


def _penalty(model: str, wanted: float | None) -> float | None:
    """The length penalty that is asked for; None: the model's own, or beyond the last one."""
    if wanted is None:
        return None
    own = own_penalty(load(model))
    # As links write it: to three decimals.
    return None if wanted in (own, round(own, 3)) or wanted > _last(own) else wanted


def _last(own: float) -> float:
    """The largest length penalty, where the model's own is this one."""
    return max(PENALTIES[-1], own)


def _settle_penalty(model: str, wanted: float | None) -> float | None:
    """Forget the model's own, which is no what-if, and say what is beyond the last one."""
    penalty = _penalty(model, wanted)
    if wanted is not None and penalty is None:
        state.put("penalty", None)
        last = _last(own_penalty(load(model)))
        if wanted > last:
            words = {"value": controls.digits(wanted), "last": controls.digits(last)}
            state.notice("error.out_of_range", name=t("controls.penalty"), **words)
    return penalty


def _stepping(trace: TransformerTrace, known: ReferenceAlignment | None) -> Stepping:
    step = translating.step_in((trace.text, trace.ids), len(trace.ids))
    stage = cast(Stage, state.get("stage"))
    _forget_places(stage)
    layer = controls.in_range("layer", len(trace.decoder))
    head = controls.in_range("head", trace.attention.block("cross", layer).heads)
    dim = controls.in_range("dim", trace.output.x.shape[1])
    bare = Stepping(
        trace, step, layer, head, stage,
        dim=dim,
        strange=spelling.strange(trace.model_id, trace.attention.tokens),
        gold=None if known is None else cells(known, trace.attention.source, trace.written),
    )  # fmt: skip
    return _placed(bare)


def _forget_places(stage: Stage) -> None:
    """Another stage looks at other places: those chosen in the last one mean nothing in it."""
    before = st.session_state.get(_LEFT_STAGE)
    if before not in (None, stage) and {before, stage} & {"encoder", "decoder"}:
        state.put("key", None)
        if stage not in ENCODER:
            state.put("query", None)
    st.session_state[_LEFT_STAGE] = stage


def _placed(bare: Stepping) -> Stepping:
    """With the places that the address names, else those that weigh most."""
    crossing = bare.heaviest("cross", bare.step)
    wanted = state.get("key")
    own = bare.stage in ("encoder", "decoder")
    source = crossing if wanted is None or own else controls.in_range("key", len(bare.sources))
    place = controls.asked("query", len(bare.sources), source)
    placed = replace(bare, place=place, source=source)
    kind = ATTENTIONS.get(bare.stage, "cross")
    if kind == "cross":
        return replace(placed, key=source)
    if wanted is None:
        return replace(placed, key=placed.heaviest(kind, placed.row))
    count = bare.step + 1 if kind == "decoder" else len(bare.sources)
    return replace(placed, key=controls.in_range("key", count))


def is_at_hand(text: str) -> bool:
    """The gold of an example, or of a sentence that has been looked up before."""
    said = " ".join(text.split())
    at_hand = any(example.source == said for example in examples().values())
    return at_hand or text in st.session_state.get(_LOOKED_UP, ())


def look_up(text: str) -> None:
    """Ask the grammar, which takes seconds the first time: after the picture is on screen."""
    reference.of_sentence(text)
    st.session_state[_LOOKED_UP] = {*st.session_state.get(_LOOKED_UP, ()), text}


def aligned(seen: Seen) -> alignment.AlignedWords | None:
    """How many of the sentence's content words the chosen head finds; None: no gold to tell."""
    if seen.known is None:
        return None
    source, written = seen.trace.attention.source, seen.trace.written
    return alignment.aligned_words(seen.known, seen.stepping.matrix, source, written)


def choose(*place: object) -> None:
    """What a click on the picture chooses: a step and a piece, or a cell of a self-attention."""
    *of, row, column = place
    kind = SELF[str(of[0])] if of else "cross"
    row, column = int(cast(int, row)), int(cast(int, column))
    if kind == "encoder":
        _put("encoder", query=row, key=column)
    elif kind == "decoder":
        translating.choose(row, column)
        _put("decoder", query=None)
    else:
        translating.choose(row, column)
        stage = state.get("stage")
        _put("cross" if stage in ("encoder", "decoder") else stage, query=None)


def places(at: Stepping) -> tuple[tuple[int | str, ...], ...]:
    """What the chosen cells of the picture carry: see `choose`."""
    return (at.step, at.source), ("e", at.place, at.key), ("d", at.step, at.key)


def _put(stage: str, **values: int | None) -> None:
    state.put("stage", stage)
    st.session_state[_LEFT_STAGE] = stage  # these places were chosen in it
    state.put_all(**values)


def choose_stage(stage: str) -> None:
    """What a click on the diagram chooses."""
    if stage in STAGES:
        state.put("stage", stage)


def head_control(seen: Seen) -> None:
    """Layer and head of all three attentions; the one that was measured to align best is marked."""
    trace, known = seen.trace, alignment.measured(seen.trace.model_id)
    pairs = [
        (layer, head)
        for layer in range(len(trace.decoder))
        for head in range(trace.attention.block("cross", layer).heads)
    ]

    def word(pair: tuple[int, int]) -> str:
        star = " ★" if known is not None and pair == known.best else ""
        return t("translator.head_of", layer=pair[0], head=pair[1]) + star

    keys.along("layer", range(len(trace.decoder)))
    keys.along("head", range(trace.attention.block("cross", seen.stepping.layer).heads))
    here, why = (seen.stepping.layer, seen.stepping.head), _head_help(known)
    names = ("layer", "head")
    controls.shadow(st.selectbox, names, "translator.head", pairs, word, shown=here, help=why)


def reason(seen: Seen) -> str:
    """Why the page's own head is shown first; "" where another one is, or was not measured."""
    known = alignment.measured(seen.trace.model_id)
    layer, head = seen.stepping.layer, seen.stepping.head
    if (
        known is None
        or (layer, head) != known.best
        or not state.usual("layer", "head", "step", "stage")
    ):
        return ""
    count = sum(map(len, known.share))
    return t("translator.now.why", layer=layer, head=head, count=count)


def _head_help(known: alignment.HeadAlignment | None) -> str:
    if known is None:
        return t("translator.head_help")
    layer, head = known.best
    figure = notation().fixed(100 * known.share[layer][head], 1)
    return f"{t('translator.head_help')} {t('translator.head_star', share=figure)}"


def beams_control() -> None:
    """Greedy, or so many sentences at a time."""

    def word(n: str) -> str:
        return t("translator.greedy") if n == "1" else t("translator.beam", n=n)

    forget = partial(state.put, "node", None)
    controls.select("beams", "translator.beams", WIDTHS, word, on_change=forget)


def penalty_control(search: BeamSearch, usual: BeamSearch | None) -> None:
    """The length's power in the scores; with another one other nodes are there to be opened.

    usual: the search with the model's own, which can always be chosen; None: that is `search`.
    """
    own = (usual or search).penalty
    controls.shadow(
        st.select_slider,
        "penalty",
        "translator.penalty",
        sorted({*PENALTIES, own, search.penalty}),
        controls.digits,
        shown=search.penalty,
        forget=("node",),
        help=t("translator.penalty_help"),
    )
