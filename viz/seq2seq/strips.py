"""A vector of a recurrent network as a strip: its numbers as coloured cells, folded into rows."""

from __future__ import annotations

import numpy as np

from models.trace import Floats
from viz.board import panel
from viz.board.board import Board, Box, Shading
from viz.board.notation import Notation
from viz.board.theme import Theme

_CELL = 5.0  # pixels that a cell of a folded strip is at least wide


def state_shading(theme: Theme) -> Shading:
    """States of a GRU, and means of them, lie between −1 and 1."""
    return Shading(theme.scores, -1.0, 1.0)


def state_scale(board: Board, bar: Box, notation: Notation) -> None:
    """The colours of states, from −1 to 1."""
    ticks = [(-1, notation.fixed(-1, 0)), (0, "0"), (1, "+1")]
    board.scale_bar(bar, state_shading(board.theme), ticks)


def folded(values: Floats, box: Box) -> Floats:
    """(n,) → (row, column) read row by row, its cells about square in that box; NaN at the end."""
    count = len(values)
    columns = round(float(np.sqrt(count * box.width / box.height)))
    columns = min(max(1, columns), count, max(1, int(box.width / _CELL)))
    rows = -(-count // columns)
    cells = np.full(rows * columns, np.nan, np.float32)
    cells[:count] = values
    return cells.reshape(rows, columns)


def strip(board: Board, box: Box, values: Floats) -> None:
    """One vector in a box, one cell a number, fold by fold from the top left."""
    panel.strip(board, box, folded(values, box), state_shading(board.theme))


def halves(box: Box, gap: float = 3) -> tuple[Box, Box]:
    """The upper and the lower half of a box: what was read forward, what was read back."""
    high = (box.height - gap) / 2
    return Box(box.x, box.y, box.width, high), Box(box.x, box.y + high + gap, box.width, high)


def two_way(board: Board, box: Box, values: Floats, backward: int) -> None:
    """A vector of both directions: forward units above, backward units below."""
    above, below = halves(box)
    strip(board, above, values[: len(values) - backward])
    strip(board, below, values[len(values) - backward :])
