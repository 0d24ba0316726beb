"""The measured figures of the chosen head, as bars, with the rule by which they are taken."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.heads.metrics import HeadFigures
from models.trace import AttentionBlock, AttentionTrace
from pages.ui import selection
from pages.ui.text import notation, t
from viz.board.tokens import special_names


def table(trace: AttentionTrace, block: AttentionBlock, head: int) -> None:
    """The head's measured figures as small bars, with the rule by which they are taken."""
    figures = selection.figures(trace, block.kind)[block.layer][head]
    rows = "".join(_figure_row(*row) for row in _named(trace, block, figures))
    names = special_names(trace, block.kind)
    rule = t("heads.figures_note_plain")
    if names:
        rule = t("heads.figures_note", names=", ".join(names))
    st.html(f"<table class='figures'>{rows}</table><p class='hint'>{escape(rule)}</p>")


def _named(
    trace: AttentionTrace, block: AttentionBlock, figures: HeadFigures
) -> list[tuple[str, float, float | None]]:
    """(words, value, share of a full bar) of every figure that this head has; None: no bar."""
    names = special_names(trace, block.kind)
    rows = []
    for name in ("previous", "own", "next", "first", "separator", "entropy", "distance"):
        value = getattr(figures, name)
        if value is None:
            continue
        token = names[:1] if name == "first" else names[1:] or names
        words = t(f"heads.figure.{name}", name=", ".join(token))
        rows.append((words, value, None if name == "distance" else value))
    return rows


def _figure_row(words: str, value: float, share: float | None) -> str:
    bar = ""
    if share is not None:
        width = min(max(share, 0.0), 1.0) * 100
        bar = f"<div><span style='width:{width:.1f}%'></span></div>"
    return (
        f"<tr><td>{escape(words)}</td><td class='bar'>{bar}</td>"
        f"<td class='value'>{notation().fixed(value)}</td></tr>"
    )
