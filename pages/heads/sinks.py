"""Below the heads: why so many of them look at the first token, and what they get from it."""

from __future__ import annotations

import streamlit as st

from models.heads.sinks import TEXTS, FirstToken, first_token, halves, heads, mean_weight, on_texts
from models.trace import AttentionBlock, AttentionTrace, Kind
from pages.ui import caches, charts, controls, frame, lines, symbols
from pages.ui.text import notation, rich, t
from viz.heads.sinks import first_token as drawn
from viz.heads.sinks import table

_MEASURED = "sinks-measured"  # model and kind whose first tokens are measured on several texts


def _of_trace(trace: AttentionTrace, kind: Kind) -> tuple[FirstToken, ...]:
    return tuple(first_token(block) for block in trace.layers(kind))


_found = caches.of_record(_of_trace)
_on_texts = caches.of_model(on_texts, entries=8)


def shows(trace: AttentionTrace, block: AttentionBlock) -> bool:
    """A text of several tokens that look at each other, with q, k and v in every layer."""
    whole = block.kind in trace.whole_kinds and block.kind != "cross"
    return whole and trace.rows is None and block.shape[0] == block.shape[1] > 1


def beside(trace: AttentionTrace, block: AttentionBlock, head: int) -> None:
    """All heads at the left, the chosen one's numbers and those of several texts at the right."""
    layers, token = _found(trace, block.kind), trace.axes(block.kind)[1][0]
    name = frame.token(token, "k")
    style = charts.style("heads.sinks.figure")
    with st.container(key="sinks"):
        frame.section(rich("heads.sinks", token=name), t("heads.sinks_note"))
        left, right = frame.side_by_side([720, 1060], ["sinks-figure", "sinks-sums"], space="large")
        with left:
            figure = drawn(layers, block.layer, head, style)
            choose, place = charts.chooses("layer", "head"), (block.layer, head)
            charts.clickable(figure, "first-token", choose, t("heads.sinks_figure"), place)
        with right:
            lines.titled(t("heads.where", layer=block.layer, head=head))
            symbols.show(table(layers[trace.numbers(block.kind).index(block.layer)], head, style))
            lines.remark(rich("heads.sinks_all", token=name, **_overall(layers)))
            lines.hint(t("heads.sinks_why"))
            _texts(trace.model_id, block.kind)


def _overall(layers: tuple[FirstToken, ...]) -> dict[str, object]:
    mean = notation().fixed(mean_weight(layers), 2)
    return {"count": halves(layers), "heads": heads(layers), "mean": mean}


def _texts(model_id: str, kind: Kind) -> None:
    if st.session_state.get(_MEASURED) != (model_id, kind):
        words = t("heads.sinks_measure", count=len(TEXTS))
        controls.button(words, "sinks-measure", _measure, model_id, kind)
        return
    try:
        found = _on_texts(model_id, kind)
    except ValueError:  # an InputError, or another length of text is recorded otherwise
        lines.hint(t("heads.sinks_unread"))
        return
    shares = {name: getattr(found, name) for name in ("least", "mean", "most", "halves")}
    shown = {name: notation().fixed(value, 2) for name, value in shares.items()}
    lines.remark(t("heads.sinks_texts", count=found.texts, **shown))


def _measure(model_id: str, kind: Kind) -> None:
    st.session_state[_MEASURED] = model_id, kind
