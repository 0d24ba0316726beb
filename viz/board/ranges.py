"""What the colours of a panel reach, what of it is drawn, and how both are said."""

from __future__ import annotations

import math

import numpy as np

from models.trace import Floats
from viz.board.board import Box, Shading, symmetric
from viz.board.notation import Notation
from viz.board.plane import share_ticks
from viz.board.style import Style
from viz.board.theme import Theme


def clipped(values: Floats, theme: Theme) -> tuple[Shading, float | None]:
    """A diverging shading, and the largest |number| when colours end before it.

    Where a few numbers (fewer than 1 in 100) are more than twice all the others, as one
    outlier dimension of a model's stream is, colours end at the others' largest.
    """
    finite = np.abs(values[np.isfinite(values)])
    if not finite.size or not finite.max():
        return symmetric(values, theme.scores), None
    usual, largest = float(np.quantile(finite, 0.99)), float(finite.max())
    if usual and largest > 2 * usual:
        return Shading(theme.scores, -usual, usual), largest
    return Shading(theme.scores, -largest, largest), None


def range_note(
    shading: Shading, largest: float | None, style: Style, words: str = "clipped"
) -> str:
    """What the colours of a panel reach, said on the figure; words: where they are clipped."""
    write = style.notation.significant
    limit = write(shading.high, 2)
    if largest is None:
        return f"±{limit}"
    return style.labels[words].format(limit=limit, largest=write(largest, 2))


def short_note(shading: Shading, largest: float | None, style: Style) -> str:
    """As `range_note`, for a panel with little room."""
    return range_note(shading, largest, style, "clipped_short")


_FINEST = 1.5  # composed pixels of a cell: one pixel of the screen that most sit before


def thinned(values: Floats, box: Box) -> Floats:
    """No more cells than pixels: every k-th row and column of a matrix finer than the screen."""
    down, across = thinning(values, box)
    return values[::down, ::across]


def thinning(values: Floats, box: Box) -> tuple[int, int]:
    """Of how many rows and columns one is drawn."""
    rows, columns = values.shape
    return _every(rows, box.height), _every(columns, box.width)


def _every(cells: int, pixels: float) -> int:
    return max(1, math.ceil(cells * _FINEST / pixels))


def thinned_note(values: Floats, box: Box, style: Style) -> str:
    """What is not drawn of a matrix finer than the screen; empty where all of it is."""
    down, across = thinning(values, box)
    words = [style.labels["thinned_rows"].format(n=down)] if down > 1 else []
    if across > 1:
        words.append(style.labels["thinned_columns"].format(n=across))
    return ", ".join(words)


def bar_ticks(shading: Shading, notation: Notation) -> list[tuple[float, str]]:
    """Both ends and the middle of a colour bar; of weights 0, 0.5 and 1."""
    if (shading.low, shading.high) == (0.0, 1.0):
        return share_ticks(notation)
    values = shading.low, (shading.low + shading.high) / 2, shading.high
    return [(value, notation.significant(value, 2)) for value in values]
