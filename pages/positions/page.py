"""How does it know the order? Positions as sines, learned tables, rotations and biases."""

from __future__ import annotations

from collections.abc import Callable

from pages.positions import added, learned, schemes, shuffle, sinusoid
from pages.ui import parts, views

_VIEWS: dict[str, Callable[[], None]] = {
    "table": sinusoid.table,
    "waves": sinusoid.waves,
    "distances": sinusoid.distances,
    "shift": sinusoid.shift,
    "learned": learned.view,
    "ways": schemes.view,
    "shuffle": shuffle.view,
    "added": added.view,
}


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    _VIEWS[views.opened(tuple(_VIEWS))]()


parts.page("positions", body)
