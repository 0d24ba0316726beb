"""A hidden state as a small field of cells, one a unit, read row by row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.trace import Floats
from viz.board.board import Board, Box, Shading
from viz.board.theme import Theme


def folded(values: Floats, width: float, height: float) -> Floats:
    """(unit,) → (row, column), the cells about square in a box of that size; NaN at the end."""
    count = len(values)
    columns = min(max(1, round(float(np.sqrt(count * width / height)))), count)
    rows = -(-count // columns)
    cells = np.full(rows * columns, np.nan, np.float32)
    cells[:count] = values
    return cells.reshape(rows, columns)


def rasters(board: Board, states: Sequence[Floats], boxes: Sequence[Box], theme: Theme) -> None:
    """Each state (unit,) in its box, coloured from −1 to 1."""
    for state, box in zip(states, boxes, strict=True):
        cells = folded(state, box.width, box.height)
        board.matrix(cells, box, Shading(theme.scores, -1.0, 1.0), gap=0)
