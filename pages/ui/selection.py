"""Choosing a cell by a click, and the words that go with the chosen head."""

from __future__ import annotations

from html import escape

from models.trace import AttentionBlock, AttentionTrace, Kind
from pages.ui import about, caches, charts, controls, frame, state
from pages.ui.text import t
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
