"""One head's attention weights as a heat map with token labels."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from models.trace import Floats
from viz.board import zoom
from viz.board.axes import Axes, axis_names, keys, matrix_box, parted, parting, queries
from viz.board.board import Board, Box, Shading
from viz.board.kept import kept
from viz.board.panel import Marks, Panel, draw, token_clicks, token_texts
from viz.board.ranges import bar_ticks
from viz.board.style import Style
from viz.board.tokens import Bools

WIDTH, HEIGHT = 700, 644
NARROW = 528  # pixels of a window's map where nothing stands beside it
_TOP, _BOTTOM = 104, 50


@kept
def weights_map(
    weights: Floats,
    axes: Axes,
    style: Style,
    *,
    masked: Bools | None = None,
    absent: Bools | None = None,
    height: int = HEIGHT,
) -> go.Figure:
    """weights: (query, key), 0–1 → heat map on the fixed 0–1 scale; masked cells hatched with −∞.

    masked: (query, key), True where the mask forbids; absent: where nothing was ever computed,
    hatched crosswise without a number. Of many tokens a window is drawn, and all of
    them small beside it.
    style.labels: query_axis, query_axis_2, key_axis; prompt, written where the model wrote on; for
    a window those of `zoom.draw_whole`; where cells are absent: absent.
    """
    shown = weights if masked is None else np.where(masked, -np.inf, weights)
    if absent is not None:
        shown = np.where(absent, np.nan, shown)
    window = zoom.window(axes.shape, axes.cell, zoom.sizes(style))
    beside, below = (0, 0) if window is None else zoom.room(style)
    width = NARROW if below else WIDTH
    board = Board(width - beside, height, style.theme)
    if window is None:
        _map(board, shown, axes, style)
    else:
        box = _map(board, shown[window.rows, window.columns], window.axes(axes), style)
        notes = [zoom.outside(weights[axes.chosen.query], window.columns, style)]
        ids, shading = (axes.query_ids, axes.key_ids), Shading(style.theme.weights, 0.0, 1.0)
        whole = zoom.Whole(
            np.where(np.isnan(shown), -np.inf, shown), shading, window, ids, notes=notes
        )
        zoom.draw_whole(board, zoom.place(board, box, style), whole, style)
        board.width, board.height = width, height + below
    return board.figure()


def _map(board: Board, shown: Floats, axes: Axes, style: Style) -> Box:
    """The map with its words, and where its cells lie.

    shown: (query, key), −∞ where masked, NaN where absent.
    """
    notation, shading = style.notation, Shading(style.theme.weights, 0.0, 1.0)
    absent = np.isnan(shown)
    word = style.labels["absent"] if absent.any() else ""
    names = {"query_axis": -40, "query_axis_2": -18}
    said = [style.labels[name] for name in names]
    box = matrix_box(board, axes, top=_TOP, bottom=_BOTTOM, names=said)
    panel = Panel(
        shown,
        shading,
        absent=absent if word else None,
        gap=box.width / len(axes.keys) > 16,
        rows=queries(axes),
        columns=keys(axes),
        texts=token_texts(shown, box, shading, notation, board),
        clicks=token_clicks(axes, shown, notation, word),
        marks=Marks(*axes.cell),
    )
    draw(board, box, panel)
    parting(board, box, axes)
    axis_names(board, box, style.labels, names)
    board.note(box.x + box.width / 2, 10, style.labels["key_axis"], anchor="middle center")
    # With words at its left the bar stands at the matrix's end.
    at = box.x + box.width / 2 - 140 if axes.since is None else box.right - 280
    parted(board, axes, style.labels, 8, box.bottom + 21)
    bar = Box(at, box.bottom + 14, 280, 14)
    board.scale_bar(bar, shading, bar_ticks(shading, notation))
    return box
