"""The sinusoidal table over the positions: all dimensions as colour, some as waves below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.trace import Floats
from viz.board.board import Board, Figure
from viz.board.box import Box
from viz.board.kept import kept
from viz.board.panel import spaced_cells, strip
from viz.board.plane import Plane, parted, steps_shown
from viz.board.style import Style
from viz.positions.table import HEIGHT, WIDTH, span

_LEFT, _RIGHT, _TOP, _MAP = 130, 96, 40, 270
_LANE = 10  # pixels between two waves
MOST_WAVES = 4
_ROWS = 36  # of clickable points over the map, at most


@kept
def waves(table: Floats, style: Style) -> Figure:
    """The map of the table: (position, d), drawn with positions to the right.

    labels: map, dimension, position.
    """
    board, box = _board(style)
    strip(board, box, table.T, span(style.theme))
    board.note(box.x, 14, style.labels["map"])
    board.note(box.x - 8, box.y - 26, style.labels["dimension"], anchor="middle left")
    _points(board, box, table, style)
    return board.figure()


@kept
def wave_step(
    table: Floats, dims: Sequence[int], pos: int, lengths: Sequence[float], style: Style
) -> Figure:
    """What changes with position and dimensions, to lie on top of `waves`.

    dims: which get a wave of their own, lengths: each one's wavelength in positions.
    labels: position, wavelength.
    """
    board, box = _board(style)
    _side(board, box, table.shape[1], dims)
    lanes = Box(box.x, box.bottom + 20, box.width, HEIGHT - 58 - box.bottom - 20)
    for number, (dim, length) in enumerate(zip(dims, lengths, strict=True)):
        lane = lanes.row(number, max(len(dims), 2)).grown(0, -_LANE / 2)
        _lane(board, lane, table[:, dim], dim, pos, length, style)
    _crossing(board, box, lanes, len(table), pos, style)
    return board.figure()


def _board(style: Style) -> tuple[Board, Box]:
    """An empty one, and where the map lies on it."""
    box = Box(_LEFT, _TOP, WIDTH - _LEFT - _RIGHT, _MAP)
    return Board(WIDTH, HEIGHT, style.theme), box


def _side(board: Board, box: Box, count: int, dims: Sequence[int]) -> None:
    """The dimensions with waves stand at the left of the map, marked."""
    theme = board.theme
    places = [box.y + (dim + 0.5) * box.height / count for dim in sorted(dims)]
    for dim, y, last in zip(sorted(dims), places, parted(places, 19), strict=True):
        board.text(box.x - 26, last, f"<b>{dim}</b>", size=17, anchor="middle left")
        board.line([box.x - 22, box.x - 3], [last, y], theme.ink, 1.5)
        for side in (box.x, box.right):
            board.line([side - 2, side + 2], [y, y], theme.ink, 3)


def _lane(
    board: Board, box: Box, values: Floats, dim: int, pos: int, length: float, style: Style
) -> None:
    theme = board.theme
    plane = Plane(box, (-0.5, len(values) - 0.5), (-1.15, 1.15))
    board.fill(box, theme.soft)
    plane.level(board, 0.0, theme.hatch, 1)
    symbol = "circle" if len(values) <= 130 else ""
    plane.curve(board, np.arange(len(values)), values, theme.ink, 2, symbol=symbol, size=4)
    middle = box.y + box.height / 2
    board.text(box.x - 10, middle - 12, f"<b>{dim}</b>", size=20, anchor="middle left")
    board.note(box.x - 10, middle + 12, "cos" if dim % 2 else "sin", anchor="middle left")
    said = style.notation.fixed(float(values[pos]), 3)
    here = plane.across([pos]), plane.up(values[pos : pos + 1])
    board.line(*here, theme.ink, 0, symbol="circle-open", size=18)
    board.text(box.right + 10, middle - 12, f"<b>{said}</b>", size=19, anchor="middle right")
    wavelength = style.labels["wavelength"].format(n=style.notation.significant(length, 3))
    board.note(box.right + 10, middle + 12, wavelength, size=15)


def _crossing(board: Board, box: Box, lanes: Box, count: int, pos: int, style: Style) -> None:
    """One line crosses the map and all waves at the chosen position."""
    theme, pitch = board.theme, box.width / count
    x = box.x + (pos + 0.5) * pitch
    board.frame(Box(x - max(pitch, 6) / 2, box.y - 4, max(pitch, 6), box.height + 8), theme.ink, 2)
    board.line([x, x], [box.bottom + 4, lanes.bottom], theme.ink, 1.5, dash="dot")
    for place in steps_shown(count, pos, pitch, 40):
        where = box.x + (place + 0.5) * pitch
        board.tick(where, lanes.bottom + 16, str(place), place == pos)
    name = style.labels["position"]
    board.note(box.x + box.width / 2, lanes.bottom + 40, name, anchor="middle center")


def _points(board: Board, box: Box, table: Floats, style: Style) -> None:
    """Points all over the map: of a fine one, only so many rows and columns have any."""
    count, width = table.shape
    cells, side = spaced_cells(box, (width, count), (_ROWS, 2 * _ROWS))
    position, dimension = (style.labels[name] for name in ("position", "dimension"))
    hover = [
        f"{position} {p}, {dimension} {d}: {style.notation.fixed(float(table[p, d]), 3)}"
        for d, p in cells
    ]
    ids = [[p, d] for d, p in cells]
    board.cells(box, (width, count), hover=hover, ids=ids, at_cells=cells)
    board.traces[-1]["marker"]["size"] = max(side, 4)
