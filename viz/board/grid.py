"""One head's attention weights as a heat map with token labels."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from models.trace import Floats
from viz.board.axes import Axes, axis_names, keys, matrix_box, parted, parting, queries
from viz.board.board import Board, Box, Shading
from viz.board.panel import Marks, Panel, draw, token_clicks, token_texts
from viz.board.ranges import bar_ticks
from viz.board.style import Style
from viz.board.tokens import Bools

WIDTH, HEIGHT = 700, 644
_TOP, _BOTTOM = 104, 50


def weights_map(
    weights: Floats, axes: Axes, style: Style, *, masked: Bools | None = None
) -> go.Figure:
    """weights: (query, key), 0–1 → heat map on the fixed 0–1 scale; masked cells hatched with −∞.

    masked: (query, key), True where the mask forbids.
    style.labels: query_axis, query_axis_2, key_axis; prompt, written where the model wrote on.
    """
    board, notation = Board(WIDTH, HEIGHT, style.theme), style.notation
    box = matrix_box(board, axes, top=_TOP, bottom=_BOTTOM)
    shading = Shading(style.theme.weights, 0.0, 1.0)
    shown = weights if masked is None else np.where(masked, -np.inf, weights)
    panel = Panel(
        shown,
        shading,
        masked,
        gap=box.width / len(axes.keys) > 16,
        rows=queries(axes),
        columns=keys(axes),
        texts=token_texts(shown, box, shading, notation, board),
        clicks=token_clicks(axes, shown, notation),
        marks=Marks(*axes.cell),
    )
    draw(board, box, panel)
    parting(board, box, axes)
    axis_names(board, box, style.labels, {"query_axis": -40, "query_axis_2": -18})
    board.note(box.x + box.width / 2, 10, style.labels["key_axis"], anchor="middle center")
    # With words at its left the bar stands at the matrix's end.
    at = box.x + box.width / 2 - 140 if axes.since is None else box.right - 280
    parted(board, axes, style.labels, 8, box.bottom + 21)
    bar = Box(at, box.bottom + 14, 280, 14)
    board.scale_bar(bar, shading, bar_ticks(shading, notation))
    return board.figure()
