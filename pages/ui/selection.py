"""Choosing a cell by a click, and the words that go with the chosen head."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.heads.metrics import HeadFigures
from models.trace import AttentionBlock, AttentionTrace, Kind
from pages.ui import about, caches, charts, controls, frame, state
from pages.ui.text import notation, t
from viz.board.board import Figure
from viz.board.tokens import special_names
from viz.heads.view import HeadView, head_view, other_spellings

MOST_SPELLINGS = 4
DEFAULT_CELL = (6, 2)  # "it" → "cat" in the sentence that everybody sees first


def chosen_view(trace: AttentionTrace, kind: Kind, block: AttentionBlock) -> HeadView:
    """The chosen head with the chosen cell; a query or key that is not there is said."""
    query, key = _cell(trace)
    rows, columns = block.shape
    if query is not None and query >= rows:
        query = controls.in_range("query", rows)
    if key is not None and key >= columns:
        key = controls.in_range("key", columns)
    return head_view(
        trace,
        kind,
        block.layer,
        int(state.get("head")),
        query=query,
        key=key,
        hide=bool(state.get("hide")),
    )


def _cell(trace: AttentionTrace) -> tuple[int | None, int | None]:
    query, key = state.get("query"), state.get("key")
    if (query, key) == (None, None) and trace.text == state.default("text"):
        return DEFAULT_CELL
    return query, key


def clickable(figure: Figure, name: str) -> None:
    """A figure in which a click on a cell chooses its query and key."""
    charts.clickable(figure, name, _choose)


def _choose(query: int, key: int) -> None:
    state.put("query", int(query))
    state.put("key", int(key))


def where(trace: AttentionTrace, block: AttentionBlock) -> list[str]:
    """Model, layer, head and text of a figure, safe HTML."""
    parts = [
        escape(caches.title(trace.model_id)),
        escape(t("heads.where", layer=block.layer, head=state.get("head"))),
        f"“{frame.quote(trace.text)}”",
    ]
    if trace.text_pair:
        parts.append(f"“{frame.quote(trace.text_pair)}”")
    spellings = other_spellings(trace)
    if spellings:
        parts.append(_spellings(spellings))
    quality = about.headline(trace.model_id)
    return [*parts, quality] if quality else parts


def _spellings(pairs: list[tuple[str, str]]) -> str:
    shown = ", ".join(f"{typed} → {own}" for typed, own in pairs[:MOST_SPELLINGS])
    if len(pairs) > MOST_SPELLINGS:
        shown += " …"
    return f"<bdi>{escape(t('heads.seen', pairs=shown))}</bdi>"


def label(trace: AttentionTrace, block: AttentionBlock, head: int) -> str:
    """What the head decisively does, with the figure that says so; "" for most heads."""
    figures = caches.figures(trace, block.kind)[block.layer][head]
    return caches.caption(figures, special_names(trace, block.kind))


def figures_table(trace: AttentionTrace, block: AttentionBlock, head: int) -> None:
    """The head's measured figures as small bars, with the rule by which they are taken."""
    figures = caches.figures(trace, block.kind)[block.layer][head]
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


def map_note(trace: AttentionTrace, block: AttentionBlock, view: HeadView) -> str:
    """What the rows of the shown matrix sum to."""
    if view.hidden:
        return t("heads.map_note_hidden", names=", ".join(special_names(trace, block.kind)))
    return t("heads.map_note" if block.sinks is None else "heads.map_note_sinks")
