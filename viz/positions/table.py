"""The sinusoidal table: word by word with its numbers, and as waves over the positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.trace import Floats
from viz.board.axes import (
    Axes,
    Choice,
    Labels,
    draw_cells,
    draw_row_labels,
    label_size,
    side_width,
)
from viz.board.board import Board, Figure
from viz.board.box import Box
from viz.board.notation import Notation
from viz.board.plane import Plane, steps_shown
from viz.board.shading import Shading
from viz.board.style import Style
from viz.board.theme import Theme

WIDTH, HEIGHT = 1190, 690
_TOP, _NOTE = 72, 16
_WAVE = 150  # pixels that the wave below the table is high
_LARGE = 370  # and the larger table wide
_FINE = 12  # points of a curve between two positions
_HEADED = 104  # pixels a column from which on its formula stands above it


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """values: (word, d) the table of some words; divisors: (d/2,) n^(2i/d); chosen: word, dim."""

    words: Sequence[str]
    values: Floats
    divisors: Floats
    chosen: tuple[int, int]


def span(theme: Theme) -> Shading:
    """Sines and cosines lie between −1 and 1."""
    return Shading(theme.scores, -1.0, 1.0)


def worked_table(worked: Worked, large: Floats, larger: str, style: Style) -> Figure:
    """The words' rows with numbers, the chosen column as a wave below, a larger table beside.

    large: (position, d) the same formula at its usual size; larger: what it is.
    labels: position, dimension, words, larger, wave, sin, cos, places.
    """
    theme, notation, labels = style.theme, style.notation, style.labels
    board = Board(WIDTH, HEIGHT, theme)
    axes = Axes(
        [f"{pos} {word}" for pos, word in enumerate(worked.words)],
        [str(dim) for dim in range(worked.values.shape[1])],
        Choice(*worked.chosen),
    )
    box = _place(axes)
    _heads(board, box, worked, notation, labels)
    _cells(board, box, axes, worked.values, notation)
    board.text(
        box.x - 8, box.y - 16, labels["words"], size=_NOTE, colour=theme.muted, anchor="middle left"
    )
    wave = Box(box.x, box.bottom + 62, box.width, HEIGHT - 46 - box.bottom - 62)
    _wave(board, wave, worked, notation, labels)
    _larger(board, large, larger, labels)
    return board.figure()


def _place(axes: Axes) -> Box:
    rows, columns = axes.shape
    room = HEIGHT - _TOP - _WAVE - 108
    height = min(room, rows * 86.0)
    side = side_width(axes.queries, label_size(height / rows))
    width = WIDTH - _LARGE - 90 - side
    return Box(side, _TOP, min(width, columns * 160.0), height)


def note(board: Board, x: float, y: float, words: str) -> None:
    """A quiet heading inside a picture, its left end at x."""
    board.text(x, y, words, size=_NOTE, colour=board.theme.muted, anchor="middle right")


def divisor(value: float, notation: Notation) -> str:
    """n^(2i/d) for a label: 1, 10, 31.6, 10000."""
    if abs(value - round(value)) < 1e-9 * value:
        return str(round(value))
    return notation.significant(value, 3)


def _heads(board: Board, box: Box, worked: Worked, notation: Notation, labels: Labels) -> None:
    """The number of each dimension; where there is room, what the column holds."""
    count = worked.values.shape[1]
    pitch, theme = box.width / count, board.theme
    full = pitch >= _HEADED
    for dim in steps_shown(count, worked.chosen[1], pitch, 30):
        x = box.x + (dim + 0.5) * pitch
        chosen = dim == worked.chosen[1]
        colour = theme.ink if chosen else theme.muted
        word = f"<b>{dim}</b>" if chosen else str(dim)
        board.text(x, box.y - 40, word, size=17, colour=colour)
        if full:
            name = "cos" if dim % 2 else "sin"
            said = f"{name}(pos/{divisor(float(worked.divisors[dim // 2]), notation)})"
            said = f"<b>{said}</b>" if chosen else said
            board.text(x, box.y - 16, said, size=17, colour=colour)
    board.text(
        box.x - 8,
        box.y - 40,
        labels["dimension_axis"],
        size=_NOTE,
        colour=theme.muted,
        anchor="middle left",
    )


def _cells(board: Board, box: Box, axes: Axes, values: Floats, notation: Notation) -> None:
    rows, columns = axes.shape
    shading = span(board.theme)
    board.grid(box)
    fine = min(box.width / columns, box.height / rows) > 6
    board.matrix(values, box, shading, gap=1 if fine else 0)
    draw_row_labels(board, box, axes, board.theme.ink)
    digits = 3 if box.width / columns >= 62 else 2
    draw_cells(board, box, axes, values, shading, notation=notation, as_weight=False, digits=digits)
    marked(board, box, axes.shape, axes.chosen.query, axes.chosen.key)


def marked(board: Board, box: Box, shape: tuple[int, int], row: int, column: int) -> None:
    """The chosen cell framed in ink, its row and column dotted."""
    theme = board.theme
    tiny = min(box.width / shape[1], box.height / shape[0]) < 14
    air = 3.0 if tiny else 0.0
    board.frame(box.row(row, shape[0]).grown(0, air), theme.ink, 1.5, "dot")
    board.frame(box.column(column, shape[1]).grown(air, 0), theme.ink, 1.5, "dot")
    board.frame(box.cell(row, column, shape).grown(air, air), theme.ink, 2 if tiny else 4)


def _wave(board: Board, box: Box, worked: Worked, notation: Notation, labels: Labels) -> None:
    """The chosen column as it goes on between and beyond the words: which points are the cells."""
    theme, (pos, dim) = board.theme, worked.chosen
    count = len(worked.words)
    last = max(count - 1, 8)
    plane = Plane(box, (0, last), (-1.12, 1.12))
    plane.draw(board, [(-1, notation.fixed(-1, 0)), (0, "0"), (1, "1")])
    x = np.linspace(0, last, min(last * _FINE, 4000) + 1)
    every = _function(dim, x / worked.divisors[dim // 2])
    board.line(_sent(plane.across(x)), _sent(plane.up(every)), theme.hatch, 2)
    places = np.arange(count)
    points = plane.across(places), plane.up(worked.values[:, dim])
    size = 11.0 if count <= 60 else 5.0
    board.line(_sent(points[0]), _sent(points[1]), theme.ink, 0, symbol="circle", size=size)
    chosen = slice(pos, pos + 1)
    board.line(points[0][chosen], points[1][chosen], theme.ink, 0, symbol="circle-open", size=22)
    for place in steps_shown(last + 1, pos, box.width / max(last, 1), 30):
        bold = place == pos
        word = f"<b>{place}</b>" if bold else str(place)
        colour = theme.ink if bold else theme.muted
        board.text(float(plane.across([place])[0]), box.bottom + 16, word, size=16, colour=colour)
    said = labels["wave"].format(dim=dim)
    note(board, box.x - 30, box.y - 20, said)
    board.text(
        box.right,
        box.bottom + 36,
        labels["position"],
        size=_NOTE,
        colour=theme.muted,
        anchor="middle left",
    )


def _function(dim: int, angle: Floats) -> Floats:
    found: Floats = np.cos(angle) if dim % 2 else np.sin(angle)
    return found


def _sent(values: Floats) -> Floats:
    return values.astype(np.float32)


def _larger(board: Board, large: Floats, name: str, labels: Labels) -> None:
    theme = board.theme
    box = Box(WIDTH - _LARGE, _TOP, _LARGE, HEIGHT - _TOP - 76)
    board.matrix(large, box, span(theme), gap=0)
    board.frame(box, theme.grid, 1)
    note(board, box.x, 12, name)
    table_edges(board, box, large.shape, labels)
    bar = Box(box.x + box.width / 2 - 120, box.bottom + 26, 240, 13)
    board.scale_bar(bar, span(theme), [(-1, "−1"), (0, "0"), (1, "1")])


def table_edges(board: Board, box: Box, shape: tuple[int, ...], labels: Labels) -> None:
    """Positions down the side and dimensions above a table that is only colour."""
    muted = board.theme.muted
    rows, columns = shape[0], shape[1]
    for pos in steps_shown(rows, 0, box.height / rows, 44):
        y = box.y + (pos + 0.5) * box.height / rows
        board.text(box.x - 6, y, str(pos), size=15, colour=muted, anchor="middle left")
    for dim in steps_shown(columns, 0, box.width / columns, 52):
        x = box.x + (dim + 0.5) * box.width / columns
        board.text(x, box.y - 13, str(dim), size=15, colour=muted)
    board.text(box.x, box.y - 36, labels["edges"], size=15, colour=muted, anchor="middle right")
