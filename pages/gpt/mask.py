"""The gpt page's second view: masked self-attention growing by a row with every token."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.gpt.generation import changed_rows
from models.trace import AttentionTrace
from pages.gpt import controls
from pages.gpt.controls import Seen
from pages.ui import (
    caches,
    charts,
    frame,
    selection,
    state,
)
from pages.ui.text import t
from viz.board.axes import Axes, Choice
from viz.board.notation import shortened
from viz.steps.figure import (
    Scene,
    Style,
    check,
    figure,
)
from viz.steps.formulas import formula
from viz.steps.head import of_block

_MASK, _SOFTMAX = 4, 5  # steps of viz.steps.figure
_WIDTHS, _HEIGHT = (940, 840), 690
_TERMS = 6  # of the softmax's sum that are written out


def view(seen: Seen, notices: int) -> None:
    """S′ + M with the last row chosen at the left; cell, softmax and the earlier rows beside it."""
    trace = controls.pass_over(seen.written.model_id, seen.written.ids)
    scene = _scene(trace)
    left, right = st.columns(_WIDTHS, gap="medium")
    with left, st.container(key="main-figure", gap="xsmall"):
        height = _HEIGHT - frame.NOTICE * notices
        selection.clickable(figure(_MASK, scene, _style(), height=height), "masked")
    with right, st.container(key="steps", gap="xsmall"):
        controls.buttons(seen)
        controls.text_so_far(seen)
        _cell(scene)
        _earlier(seen, trace)
    frame.provenance(
        "live",
        *controls.where(seen),
        escape(t("heads.where", layer=state.get("layer"), head=state.get("head"))),
        difference=caches.difference(trace),
    )


def _style() -> Style:
    return charts.style("figure", "scores.figure")


def _scene(trace: AttentionTrace) -> Scene:
    """The chosen head; the cell in the address, else where the last token looks most."""
    block = trace.block("decoder", int(state.get("layer")))
    one = of_block(block, int(state.get("head")))
    query, key = state.get("query"), state.get("key")
    query = len(trace.tokens) - 1 if query is None else int(query)
    key = int(one.steps.weights[query].argmax()) if key is None else int(key)
    return Scene(one, Axes(trace.typed, trace.typed, Choice(query, key)))


def _cell(scene: Scene) -> None:
    query, key = (
        frame.token(shortened(tokens[i], 14), role)
        for tokens, i, role in (
            (scene.axes.queries, scene.query, "q"),
            (scene.axes.keys, scene.key, "k"),
        )
    )
    frame.section(f"{escape(t('scores.cell'))} {query} → {key}")
    with st.container(key="masked-sums", gap="small"):
        for step in (_MASK, _SOFTMAX):
            written = formula(
                step, scene, _style(), finer=state.get("exact"), terms=_TERMS, few=_TERMS
            )
            if step == _MASK:
                st.latex(written.general)
            st.latex(written.chosen)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        state.put("exact", state.get("exact"))
        st.toggle(t("scores.more_digits"), key="exact", persist_state="session")
        st.html(f"<p class='hint'>{escape(t('scores.rounded'))}</p>")
    apart = frame.compared(check(_SOFTMAX, scene).difference)
    st.html(f"<p class='hint'>{escape(t('scores.own_through'))} {apart}</p>")


def _earlier(seen: Seen, trace: AttentionTrace) -> None:
    """What appending the last token did to the rows above it, asked of the model itself."""
    ids = seen.written.ids
    frame.section(t("gpt.earlier"))
    if len(ids) < 2:
        st.html(f"<p class='hint'>{escape(t('gpt.earlier_none'))}</p>")
        return
    before = controls.pass_over(seen.written.model_id, ids[:-1])
    found = changed_rows(before, trace)
    apart = frame.verdict(found, t("gpt.earlier_apart", difference=frame.measured(found)))
    last = frame.token(shortened(trace.typed[-1], 14), "q")
    counts = {"rows": len(ids) - 1, "layers": len(trace.blocks)}
    sentence = escape(t("gpt.earlier_said", token="{}", **counts))
    st.html(
        f"<p class='remark'>{sentence.format(last)} {apart}</p>"
        f"<p class='hint'>{escape(t('gpt.earlier_why'))}</p>"
    )
