"""One head's attention step by step: the current step's matrix large, its inputs beside it."""

from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go

from viz.board import zoom
from viz.board.kept import kept
from viz.board.style import Style
from viz.steps.check import Check, check
from viz.steps.concat import concatenate
from viz.steps.elementwise import mask, scale, softmax
from viz.steps.gate import gate
from viz.steps.order import GATE, PROJECT, STEPS, walk
from viz.steps.panels import HEIGHT, WIDTH
from viz.steps.products import compare, mix, project_out
from viz.steps.projection import project
from viz.steps.scene import HeadBoard, Scene

__all__ = ["HEIGHT", "STEPS", "WIDTH", "Check", "Scene", "Style", "check", "figure", "walk"]

_IN_ORDER = (project, compare, scale, mask, softmax, mix, concatenate, project_out)
_DRAW = {**dict(zip(STEPS, _IN_ORDER, strict=True)), GATE: gate}


@kept
def figure(step: int, scene: Scene, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """The picture of one step (`order`). KeyError: no such step; ValueError: the head has it not.

    Of many tokens a window is drawn, and all of them small beside it (`viz.board.zoom`).
    style.labels: query_axis, query_axis_2, key_axis, clipped and clipped_short (limit, largest),
    not_recorded, bias, undivided, thinned_rows and thinned_columns (n), row_of (power, token),
    sink; for a window those of `zoom.draw_whole`, all_keys (n). Points in the trace named
    `viz.board.board.CELLS` carry [query, key] at steps 2–5, else [row, column, role] with role
    q, k, v (step 1), o (6 and 9), c (7: column of the concatenation) or out (8).
    """
    part = scene.within(_window(step, scene, style))
    beside, below = (0, 0) if part.window is None else zoom.room(style)
    board = HeadBoard(WIDTH - beside, height, style.theme, scene=part, style=style)
    _DRAW[step](board)
    board.width, board.height = WIDTH, height + below
    return board.figure()


def _window(step: int, scene: Scene, style: Style) -> zoom.Window | None:
    """What of the tokens is drawn; Q, K and V stand side by side, and so row by row."""
    size, (queries, keys) = zoom.sizes(style), scene.axes.shape
    if step != PROJECT:
        return zoom.window((queries, keys), scene.axes.cell, size)
    size = replace(size, shown=(size.shown[0], size.shown[0]))
    row = scene.row_of(scene.part)
    cell = (row, row) if queries == keys else scene.axes.cell
    return zoom.window((queries, keys), cell, size)
