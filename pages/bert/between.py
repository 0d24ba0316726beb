"""The bert page's fourth view: how two sentences look at each other, head by head."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.errors import NoEncoder
from models.heads.metrics import between
from models.trace import AttentionBlock, AttentionTrace, Floats
from pages.bert import shared
from pages.bert.shared import (
    MODEL,
    SENTENCE,
    VIEW,
    style,
)
from pages.ui import (
    caches,
    controls,
    frame,
    selection,
    state,
)
from pages.ui.components import heads_overview
from pages.ui.controls import Input
from pages.ui.text import labels, notation, t
from viz.bert import between_formulas as formulas
from viz.bert.between import (
    WAYS,
    Part,
    groups,
    part,
    table,
)
from viz.board.grid import weights_map
from viz.formula.writer import Writer

_WIDTHS = (400, 690, 690)
AMONG = ("all", *WAYS)
_COLUMNS = ("aa", "ab", "as", "ba", "bb", "bs")
_TERMS, _ROOM = 3, 250


def view() -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        trace, shown = controls.best(_recorded)
    controls.settle(shown, cut=len(trace.tokens) if trace.cut else None)
    block = controls.chosen_block(trace, "encoder")
    among = _among(trace)
    found = _part(trace, block, among)
    _controls(trace, block)
    frame.notices()
    left, middle, right = st.columns(_WIDTHS, gap="medium")
    with left:
        _overview(trace, block)
    with middle, st.container(key="main-figure"):
        _map(found, among)
    with right, st.container(key="steps", gap="xsmall"):
        _shares(trace, block, among)
        _sums(trace, found, among)
    shared.provenance(
        trace.model_id,
        (trace.text, trace.text_pair),
        t("heads.where", layer=block.layer, head=state.get("head")),
        difference=caches.difference(trace),
        against="frame",
    )


def _pair_shares(trace: AttentionTrace, layer: int) -> Floats:
    """How two sentences look at each other in a layer: (head, 2, 3), see models.heads.metrics."""
    weights = trace.block("encoder", layer).weights
    return between(weights, trace.special, trace.segments)


_of_pair = caches.of_record(_pair_shares)


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


def _part(trace: AttentionTrace, block: AttentionBlock, among: str) -> Part:
    count = len(trace.tokens)
    query, key = (
        None if state.get(name) is None else controls.in_range(name, count)
        for name in ("query", "key")
    )
    return part(trace, block.layer, int(state.get("head")), among, query=query, key=key)


def _controls(trace: AttentionTrace, block: AttentionBlock) -> None:
    columns = st.columns(
        [VIEW, MODEL - 60, SENTENCE - 60, SENTENCE - 60, 250, 110, 110],
        vertical_alignment="bottom",
        gap="small",
    )
    shared.shared_controls(columns)
    with columns[4]:
        _among_control()
    with columns[5]:
        controls.layer_control(trace, "encoder")
    with columns[6]:
        controls.head_control(block)


def _among_control() -> None:
    state.put("among", state.get("among"))
    st.selectbox(
        t("bert.among"),
        AMONG,
        key="among",
        format_func=lambda name: t(f"bert.among.{name}"),
        persist_state="session",
    )


def _overview(trace: AttentionTrace, block: AttentionBlock) -> None:
    frame.section(t("heads.overview"), t("heads.overview_note"))
    heads_overview(
        selection.overview(trace, "encoder", frame.current_theme()),
        block.layer,
        int(state.get("head")),
        on_choose=_choose_head,
    )
    st.html(f"<p class='hint'>{escape(t('bert.share_rule'))}</p>")


def _choose_head(layer: int, head: int) -> None:
    state.put("layer", layer)
    state.put("head", head)


def _map(found: Part, among: str) -> None:
    frame.section(t(f"bert.map.{among}"), t("heads.map_note" if among == "all" else "bert.cut_out"))
    figure = weights_map(
        found.weights,
        found.axes,
        theme=frame.current_theme(),
        notation=notation(),
        labels=labels("figure"),
    )
    selection.clickable(figure, "weights")


def _shares(trace: AttentionTrace, block: AttentionBlock, among: str) -> None:
    frame.section(t("bert.shares", layer=block.layer), t("bert.shares_note"))
    st.html(
        table(
            _of_pair(trace, block.layer),
            head=int(state.get("head")),
            among=among,
            heads=tuple(t(f"bert.share.{name}") for name in _COLUMNS),
            named=t("bert.head_named"),
            notation=notation(),
        )
    )


def _sums(trace: AttentionTrace, found: Part, among: str) -> None:
    everything = bool(state.get("all"))
    w = Writer(style(), 4 if state.get("exact") else 2, None if everything else _TERMS)
    if among == "all":
        frame.section(t("bert.row_split"))
        whole = formulas.split(trace, found, w)
        st.latex(whole.general)
        st.latex(whole.chosen)
        shared.switches(all_terms=False)
        return
    frame.section(t("bert.row_sum"))
    row, mean = formulas.share(trace, found, among, w)
    with st.container(height=_ROOM, border=False) if everything else st.container(gap="xsmall"):
        st.latex(row.general)
        st.latex(row.chosen)
        st.latex(mean.general)
        st.latex(mean.chosen)
    if mean.result:
        st.latex(mean.result)
    shared.switches()
