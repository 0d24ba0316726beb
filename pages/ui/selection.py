"""Choosing a cell by a click, and the words that go with the chosen head."""

from __future__ import annotations

from html import escape
from typing import Any

from models.heads import metrics
from models.heads.metrics import HeadFigures
from models.trace import AttentionBlock, AttentionTrace, Kind
from pages.ui import about, caches, charts, controls, frame, state
from pages.ui.text import labels, language, notation, t
from viz.board.board import Figure
from viz.board.theme import Theme
from viz.board.theme import theme as themed
from viz.board.tokens import special_names
from viz.heads.overview import of_blocks
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


def _all_figures(trace: AttentionTrace, kind: Kind) -> list[tuple[HeadFigures, ...]]:
    """Measured figures of every head of a kind, [layer][head]."""
    return [metrics.of_layer(trace, kind, layer) for layer in range(len(trace.layers(kind)))]


figures = caches.of_record(_all_figures)


def overview(trace: AttentionTrace, kind: Kind, theme: Theme) -> dict[str, Any]:
    """What the canvas of all heads draws, in the visitor's language and theme."""
    return _canvas(trace, kind, theme.name, language())


def _all_heads(trace: AttentionTrace, kind: Kind, theme: str, _: str) -> dict[str, Any]:
    names = special_names(trace, kind)
    captions = [[caption(head, names) for head in layer] for layer in figures(trace, kind)]
    words = labels("overview")
    return of_blocks(trace.layers(kind), labels=words, theme=themed(theme), captions=captions)


_canvas = caches.of_record(_all_heads, entries=48)


def caption(head: HeadFigures, special: list[str]) -> str:
    """The head's short label, only where a figure is decisive."""
    found = metrics.label(head)
    if found is None:
        return ""
    name, value = found
    token = ", ".join(special[1:] if name == "separator" else special[:1])
    return t(f"heads.label.{name}", name=token, value=notation().fixed(value))


def label(trace: AttentionTrace, block: AttentionBlock, head: int) -> str:
    """What the head decisively does, with the figure that says so; "" for most heads."""
    return caption(figures(trace, block.kind)[block.layer][head], special_names(trace, block.kind))
