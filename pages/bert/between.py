"""The bert page's fourth view: how two sentences look at each other, head by head."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.bert.between import between, most_forth
from models.errors import NoEncoder
from models.trace import AttentionBlock, AttentionTrace, Floats
from pages.bert import shared
from pages.bert.shared import MODEL, SENTENCE, VIEW, speak
from pages.ui import caches, charts, controls, frame, inputs, lines, selection, state, sums, symbols
from pages.ui.inputs import Input
from pages.ui.text import t
from viz.bert import between_formulas as formulas
from viz.bert import now
from viz.bert.between import WAYS, Part, groups, part, table

_WIDTHS = (400, 690, 690)
AMONG = ("all", *WAYS)
_TERMS, _ROOM = 3, 250


def view() -> None:
    """Everything below the title."""
    trace, _ = inputs.recorded(_recorded)
    block = selection.chosen_block(trace, "encoder")
    among = _among(trace)
    query, key = (controls.asked(name, len(trace.tokens), None) for name in ("query", "key"))
    head = int(state.get("head"))
    found = part(trace, block.layer, head, among, query=query, key=key)
    _controls(trace, block)
    frame.notices()
    place, shares = (block.layer, head), _of_pair(trace, block.layer)
    frame.now(*now.between(found, among, shares, place, speak()), why=_why(trace, place))
    left, middle, right = st.columns(_WIDTHS, gap="medium")
    with left:
        selection.overview(trace, block)
        lines.hint(t("bert.share_rule"))
    with middle, st.container(key="main-figure"):
        note = t("heads.map_note" if among == "all" else "bert.cut_out")
        frame.section(t(f"bert.map.{among}"), note)
        selection.weights(found.weights, found.axes)
    with frame.sums_place(right, "xsmall"):
        _shares(trace, block, among)
        _sums(trace, found, among)
    where = t("heads.where", layer=block.layer, head=state.get("head"))
    shared.provenance(trace, where, against="frame")


def _pair_shares(trace: AttentionTrace, layer: int) -> Floats:
    """How two sentences look at each other in a layer: (head, 2, 3), see models.heads.metrics."""
    weights = trace.block("encoder", layer).weights
    return between(weights, trace.special, trace.segments)


_of_pair = caches.of_record(_pair_shares)


def _most_forth(trace: AttentionTrace) -> tuple[int, int]:
    weights = [block.weights for block in trace.layers("encoder")]
    return most_forth(weights, trace.special, trace.segments)


_forth = caches.of_record(_most_forth)


def _why(trace: AttentionTrace, place: tuple[int, int]) -> str:
    """Why the page's own head is shown first; "" where anything else was chosen or typed."""
    own = (trace.text, trace.text_pair) == (state.default("text"), state.default("pair"))
    if not own or not state.usual("model", "layer", "head", "among") or place != _forth(trace):
        return ""
    blocks = trace.layers("encoder")
    return t("bert.now.between_why", count=len(blocks) * blocks[0].heads)


def _recorded(wanted: Input) -> AttentionTrace:
    trace: AttentionTrace = caches.trace(
        wanted.model, wanted.text, text_pair=wanted.pair, cut=wanted.cut
    )
    if trace.kinds != ("encoder",):
        title = caches.title(wanted.model)
        raise NoEncoder(f"{wanted.model} has {trace.kinds}", model=title)
    return trace


def _among(trace: AttentionTrace) -> str:
    """Which way; without a second sentence there is only one, which is said."""
    among = str(state.get("among"))
    if among != "all" and not all(len(groups(trace)[n]) for n in WAYS[among]):
        state.notice("bert.no_second")
        state.put("among", "all")
        return "all"
    return among


def _controls(trace: AttentionTrace, block: AttentionBlock) -> None:
    controls.row(
        *shared.head_cells((VIEW, MODEL - 60, SENTENCE - 60, SENTENCE - 60)),
        (250, partial(controls.select, "among", "bert.among", AMONG)),
        (110, partial(controls.counted, "layer", len(trace.layers("encoder")))),
        (110, partial(controls.counted, "head", block.heads)),
    )


def _shares(trace: AttentionTrace, block: AttentionBlock, among: str) -> None:
    frame.section(t("bert.shares", layer=block.layer), t("bert.shares_note"))
    shares, head = _of_pair(trace, block.layer), int(state.get("head"))
    symbols.show(table(shares, head, among, charts.style("bert")))


def _sums(trace: AttentionTrace, found: Part, among: str) -> None:
    w = shared.writer(_TERMS)
    if among == "all":
        frame.section(t("bert.row_split"))
        sums.whole(formulas.split(trace, found, w))
        sums.switches(terms=False)
        return
    frame.section(t("bert.row_sum"))
    row, mean = formulas.share(trace, found, among, w)
    with sums.box(_ROOM):
        sums.whole(row)
        sums.whole(mean)
    if mean.result:
        sums.lines(mean.result)
    sums.switches()
