"""One head's attention weights as a heat map with token labels."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from models.trace import Floats, HeadSteps
from viz.board.axes import (
    Axes,
    Labels,
    draw_cells,
    draw_labels,
    mark,
    matrix_box,
)
from viz.board.board import Board, Box, Shading
from viz.board.notation import Notation
from viz.board.theme import Theme

WIDTH, HEIGHT = 700, 644
_TOP, _BOTTOM = 104, 50


def weights_map(
    weights: Floats,
    axes: Axes,
    *,
    masked: np.ndarray | None = None,
    theme: Theme,
    notation: Notation,
    labels: Labels,
) -> go.Figure:
    """weights: (query, key), 0–1 → heat map on the fixed 0–1 scale; masked cells hatched with −∞.

    masked: (query, key), True where the mask forbids; labels: query_axis, query_axis_2, key_axis.
    """
    board = Board(WIDTH, HEIGHT, theme)
    box = matrix_box(board, axes, top=_TOP, bottom=_BOTTOM)
    shading = Shading(theme.weights, 0.0, 1.0)
    board.grid(box)
    shown = weights if masked is None else np.where(masked, -np.inf, weights)
    board.matrix(shown, box, shading, gap=1 if box.width / len(axes.keys) > 16 else 0)
    if masked is not None:
        board.hatch(masked, box)
    draw_labels(board, box, axes, labels)
    board.text(box.x + box.width / 2, 10, labels["key_axis"], size=16, colour=theme.muted)
    draw_cells(board, box, axes, shown, shading, notation=notation, as_weight=True)
    mark(board, box, axes)
    bar = Box(box.x + box.width / 2 - 140, box.bottom + 14, 280, 14)
    board.scale_bar(bar, shading, [(0, "0"), (0.5, notation.fixed(0.5, 1)), (1, "1")])
    return board.figure()


def masked_cells(steps: HeadSteps) -> np.ndarray | None:
    """(query, key): True where the mask forbids looking; None when nothing is masked."""
    cells = np.isneginf(steps.masked)
    return cells if bool(cells.any()) else None
