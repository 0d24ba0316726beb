"""What the views of the positions page share: the switch, sizes, the look of figures and sums."""

from __future__ import annotations

from functools import partial
from typing import Any

from models.core.encodings import MOST
from pages.positions import TOPIC
from pages.ui import charts, controls, state, views
from pages.ui.text import t
from viz.formula.writer import Writer

VIEWS = TOPIC.views
WIDTHS = (1190, 590)
_SWITCH = 900  # pixels of the row of controls
look = partial(charts.style, "positions.figure")
speak = partial(charts.style, "now", "positions.now")
# name → least, greatest, even
SIZES = {
    "d": (2, 64, True),
    "n": (2, 999_999, False),
    "length": (2, MOST, False),
    "width": (2, MOST, True),
    "base": (2, 999_999, False),
}


def writer(digits: int = 4, most: int | None = None, **room: Any) -> Writer:
    """How sums are written: their decimals, terms, and room as `Writer` has it."""
    return Writer(charts.style("positions.formula"), digits, most, **room)


def row(*cells: controls.Cell) -> None:
    """The row of controls: the switch between views, then these."""
    controls.row((_SWITCH, partial(views.switch, "positions", VIEWS)), *cells)


def size(name: str) -> int:
    """A size as it can be drawn; one that cannot is said, and the nearest taken."""
    low, high, even = SIZES[name]
    value = int(state.get(name))
    kept = min(max(value, low), high)
    kept -= kept % 2 if even else 0
    if kept != value:
        said = {"name": t(f"controls.{name}"), "value": value, "low": low, "high": high}
        state.notice("positions.no_even" if even else "positions.no_size", **said)
    state.put(name, kept)
    return kept


def size_cell(name: str, width: int) -> controls.Cell:
    """The widget of a size that has been settled, for a row."""
    low, high, even = SIZES[name]
    return width, partial(controls.number, name, high, first=low, step=2 if even else 1)


def place_cell(count: int, width: int = 185) -> controls.Cell:
    """The widget of the chosen position, for a row."""
    return width, partial(controls.counted, "pos", count)
