"""Which word does each word look at? All heads of a model, one of them closely."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from models.trace import AttentionBlock, AttentionTrace, Kind
from pages.heads import figures
from pages.heads.bertviz import head_view, model_view
from pages.ui import about, caches, controls, frame, selection, state
from pages.ui.components import heads_overview
from pages.ui.text import labels, language, notation, t
from viz.board.grid import weights_map
from viz.board.notation import shortened
from viz.board.tokens import special_names
from viz.heads.query_row import query_row, weight_formula
from viz.heads.view import HeadView


def body() -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        trace = controls.recording()
    kind = controls.chosen_kind(trace)
    block = controls.chosen_block(trace, kind)
    view = selection.chosen_view(trace, kind, block)
    _controls(trace, kind, block)
    frame.notices()
    _tabs(
        heads=partial(_heads, trace, block, view),
        head_view=partial(head_view, trace, block, int(state.get("head"))),
        model_view=partial(model_view, trace, block),
    )
    frame.provenance("live", *selection.where(trace, block), difference=caches.difference(trace))
    about.model(trace.model_id)
    frame.learn("heads")


def _tabs(**views: Callable[[], None]) -> None:
    """Draws only the open one: a hidden tab computes nothing."""
    words = {name: t(f"heads.tab.{name}") for name in views}
    key = f"tabs-{language()}"
    if state.get("view") not in words:  # another page's
        state.put("view", state.default("view"))

    def opened() -> None:
        chosen = st.session_state[key]
        state.put("view", next(name for name, word in words.items() if word == chosen))

    st.session_state[key] = words[state.get("view")]
    tabs = st.tabs(list(words.values()), key=key, on_change=opened)
    for draw, tab in zip(views.values(), tabs, strict=True):
        if tab.open:
            with tab:
                draw()


def _controls(trace: AttentionTrace, kind: Kind, block: AttentionBlock) -> None:
    many = len(trace.kinds) > 1
    widths = [290, 560, 300, 195, 195, *([260] if many else []), 240]
    columns = st.columns(widths, vertical_alignment="bottom")
    with columns[0]:
        controls.model_control()
    with columns[1]:
        controls.sentence_control()
    with columns[2]:
        controls.pair_control(trace)
    with columns[3]:
        controls.layer_control(trace, kind)
    with columns[4]:
        controls.head_control(block)
    if many:
        with columns[5]:
            controls.kind_control(trace)
    with columns[-1]:
        controls.hide_control(", ".join(special_names(trace, kind)))


def _heads(trace: AttentionTrace, block: AttentionBlock, view: HeadView) -> None:
    left, middle, right = st.columns([470, 700, 610], gap="medium")
    with left:
        _overview(trace, block)
    with middle, st.container(key="main-figure"):
        _map(trace, block, view)
    with right, st.container(key="steps"):
        _row(trace, view)


def _overview(trace: AttentionTrace, block: AttentionBlock) -> None:
    frame.section(t("heads.overview"), t("heads.overview_note"))
    heads_overview(
        selection.overview(trace, block.kind, frame.current_theme()),
        block.layer,
        int(state.get("head")),
        on_choose=_choose_head,
    )
    frame.section(t("heads.figures"), selection.label(trace, block, int(state.get("head"))))
    figures.table(trace, block, int(state.get("head")))


def _choose_head(layer: int, head: int) -> None:
    state.put("layer", layer)
    state.put("head", head)


def _map(trace: AttentionTrace, block: AttentionBlock, view: HeadView) -> None:
    frame.section(t("heads.map"), _map_note(trace, block, view))
    figure = weights_map(
        view.weights,
        view.axes,
        masked=view.masked,
        theme=frame.current_theme(),
        notation=notation(),
        labels=labels("figure"),
    )
    selection.clickable(figure, "weights")


def _map_note(trace: AttentionTrace, block: AttentionBlock, view: HeadView) -> str:
    """What the rows of the shown matrix sum to."""
    if view.hidden:
        return t("heads.map_note_hidden", names=", ".join(special_names(trace, block.kind)))
    return t("heads.map_note" if block.sinks is None else "heads.map_note_sinks")


def _row(trace: AttentionTrace, view: HeadView) -> None:
    word = frame.token(shortened(view.query_token, 14), "q")
    frame.section(t("heads.row", token="{}").format(word))
    figure = query_row(
        view.steps,
        view.full,
        hidden=view.hidden,
        queries=view.axes.query_ids,
        theme=frame.current_theme(),
        notation=notation(),
        labels=labels("figure"),
    )
    selection.clickable(figure, "row")
    frame.section(t("heads.formula"), t("heads.rounded"))
    st.latex(
        weight_formula(view.steps, view.full, theme=frame.current_theme(), notation=notation())
    )
    frame.equal_to(t("heads.own_weight"), notation().fixed(view.weight, 4), view.difference)


frame.page("heads", body)
