"""How does it know the order? Positions as sines, learned tables, rotations and biases."""

from __future__ import annotations

from collections.abc import Callable

from pages.ui import frame, learned, shuffle, sinusoid, state, ways

_VIEWS: dict[str, Callable[[], None]] = {
    "table": sinusoid.table,
    "waves": sinusoid.waves,
    "distances": sinusoid.distances,
    "shift": sinusoid.shift,
    "learned": learned.view,
    "ways": ways.view,
    "shuffle": shuffle.view,
}


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    if state.get("view") not in _VIEWS:  # another page's
        state.put("view", state.default("view"))
    _VIEWS[state.get("view")]()
    frame.learn("positions")


frame.page("positions", body)
