"""BertViz's own views of the recording that the page shows, drawn by its own code, offline."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.trace import AttentionBlock, AttentionTrace
from pages.ui import charts, frame, lines, state, window
from pages.ui.text import labels, language, t
from viz import bertviz
from viz.board.tokens import typed_axes
from viz.heads import now

_speak = partial(charts.style, "now", "heads.now")

_HIGHEST = 700  # pixels of a view, so that what it shows and where that comes from are on screen


def head_view(trace: AttentionTrace, block: AttentionBlock, head: int) -> None:
    """The chosen head as lines between two columns of tokens; the layer's others on a click."""
    if _fits(trace, bertviz.HEAD_VIEW_TOKENS):
        axes, place = typed_axes(trace, block.kind), (block.layer, head)
        frame.now(*now.strongest(block.weights[head], *axes, place, _speak()))
        kind, layer = block.kind, block.layer
        page = bertviz.head_view(trace, _look(trace), kind=kind, layer=layer, heads=[head])
        _show(page, bertviz.height(trace, "head"))


def model_view(trace: AttentionTrace, block: AttentionBlock) -> None:
    """All layers × heads as small line pictures."""
    if _fits(trace, bertviz.MODEL_VIEW_TOKENS):
        frame.now(*now.all_heads(len(trace.layers(block.kind)), block.heads, _speak()))
        page = bertviz.model_view(trace, _look(trace), kind=block.kind)
        _show(page, bertviz.height(trace, "model"))


def _look(trace: AttentionTrace) -> bertviz.Look:
    speaks = labels("bertviz"), frame.current_theme()
    return bertviz.Look(*speaks, trace.typed or None, trace.target_typed, language())


def _fits(trace: AttentionTrace, limit: int) -> bool:
    count = bertviz.longest(trace)
    if count > limit:
        st.info(t("heads.bertviz_limit", limit=limit, count=count), icon=":material/straighten:")
    return count <= limit


def _show(page: str, height: int) -> None:
    if state.get("hide"):
        lines.hint(t("heads.bertviz_hide"))
    # In a narrow window the notes stand above the drawing, and the page scrolls anyhow.
    room = height if window.current().stacked else min(height, _HIGHEST)
    with st.container(key="bertviz"):
        st.iframe(page, height=window.pixels(room), alt=t("bertviz.title"))
