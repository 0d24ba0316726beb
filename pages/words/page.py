"""How does a word become a vector? A table's row, its neighbours, analogies, subword tokens."""

from __future__ import annotations

from collections.abc import Callable

from pages.ui import parts, views
from pages.words import TOPIC, analogies, map, neighbours, pieces, table

_VIEWS: dict[str, Callable[[], None]] = {
    "table": table.view,
    "neighbours": neighbours.view,
    "map": map.view,
    "analogies": analogies.view,
    "pieces": pieces.view,
}


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    _VIEWS[views.opened(TOPIC.views)]()


parts.page("words", body)
