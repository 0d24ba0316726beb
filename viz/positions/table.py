"""The sinusoidal table: word by word with its numbers, and as waves over the positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.trace import Floats
from viz.board.axes import Axes, Choice, Edge, label_size, side_width
from viz.board.board import Board, Figure
from viz.board.box import Box
from viz.board.kept import kept
from viz.board.notation import Notation
from viz.board.panel import Marks, Panel, draw, strip, token_clicks, token_texts
from viz.board.plane import Plane, steps_shown
from viz.board.shading import Shading
from viz.board.style import Style
from viz.board.theme import Theme

WIDTH, HEIGHT = 1190, 690
_TOP = 72
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


@kept
def worked_table(worked: Worked, large: Floats, larger: str, style: Style) -> Figure:
    """The words' rows with numbers, the chosen column as a wave below, a larger table beside.

    large: (position, d) the same formula at its usual size; larger: what it is.
    labels: position, dimension, words, larger, wave, sin, cos, places.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    axes = Axes(
        [f"{pos} {word}" for pos, word in enumerate(worked.words)],
        [str(dim) for dim in range(worked.values.shape[1])],
        Choice(*worked.chosen),
    )
    box = _place(axes, [style.labels[name] for name in ("dimension_axis", "words")])
    _heads(board, box, worked, style)
    _cells(board, box, axes, worked.values, style)
    board.note(box.x - 8, box.y - 16, style.labels["words"], anchor="middle left")
    wave = Box(box.x, box.bottom + 62, box.width, HEIGHT - 46 - box.bottom - 62)
    _wave(board, wave, worked, style)
    _larger(board, large, larger, style)
    return board.figure()


def _place(axes: Axes, names: Sequence[str]) -> Box:
    rows, columns = axes.shape
    height = min(HEIGHT - _TOP - _WAVE - 108, rows * 86.0)
    side = side_width(axes.queries, label_size(height / rows), names=names)
    return Box(side, _TOP, min(WIDTH - _LARGE - 90 - side, columns * 160.0), height)


def divisor(value: float, notation: Notation) -> str:
    """n^(2i/d) for a label: 1, 10, 31.6, 10000."""
    whole = abs(value - round(value)) < 1e-9 * value
    return str(round(value)) if whole else notation.significant(value, 3)


def _heads(board: Board, box: Box, worked: Worked, style: Style) -> None:
    """The number of each dimension; where there is room, what the column holds."""
    count = worked.values.shape[1]
    pitch = box.width / count
    for dim in steps_shown(count, worked.chosen[1], pitch, 30):
        x, chosen = box.x + (dim + 0.5) * pitch, dim == worked.chosen[1]
        board.tick(x, box.y - 40, str(dim), chosen, size=17)
        if pitch >= _HEADED:
            name = "cos" if dim % 2 else "sin"
            said = f"{name}(pos/{divisor(float(worked.divisors[dim // 2]), style.notation)})"
            board.tick(x, box.y - 16, said, chosen, size=17)
    board.note(box.x - 8, box.y - 40, style.labels["dimension_axis"], anchor="middle left")


def _cells(board: Board, box: Box, axes: Axes, values: Floats, style: Style) -> None:
    shading = span(board.theme)
    digits = 3 if box.width / len(axes.keys) >= 62 else 2
    panel = Panel(
        values,
        shading,
        rows=Edge(axes.queries, axes.chosen.query, board.theme.ink),
        texts=token_texts(values, box, shading, style.notation, board, digits),
        clicks=token_clicks(axes, values, style.notation),
        marks=framed(board.theme, *axes.cell),
    )
    draw(board, box, panel)


def framed(theme: Theme, row: int, column: int) -> Marks:
    """The chosen cell framed in ink, its row and column dotted."""
    inks, dashes = (theme.ink,) * 3, ("dot", "dot", "solid")
    return Marks(row, column, inks, (1.5, 1.5, 4), (1.5, 1.5, 2), dashes, air=3)


def _wave(board: Board, box: Box, worked: Worked, style: Style) -> None:
    """The chosen column as it goes on between and beyond the words: which points are the cells."""
    theme, (pos, dim), count = board.theme, worked.chosen, len(worked.words)
    last = max(count - 1, 8)
    plane = Plane(box, (0, last), (-1.12, 1.12))
    plane.draw(board, [(-1, style.notation.fixed(-1, 0)), (0, "0"), (1, "1")])
    x = np.linspace(0, last, min(last * _FINE, 4000) + 1)
    angle = x / worked.divisors[dim // 2]
    plane.curve(board, x, np.cos(angle) if dim % 2 else np.sin(angle), theme.hatch, 2)
    size = 11.0 if count <= 60 else 5.0
    column = worked.values[:, dim]
    plane.curve(board, np.arange(count), column, theme.ink, 0, symbol="circle", size=size)
    here = plane.across([pos]), plane.up(column[pos : pos + 1])
    board.line(*here, theme.ink, 0, symbol="circle-open", size=22)
    shown = steps_shown(last + 1, pos, box.width / max(last, 1), 30)
    plane.numbers(board, shown, pos, below=16)
    board.note(box.x - 30, box.y - 20, style.labels["wave"].format(dim=dim))
    board.note(box.right, box.bottom + 36, style.labels["position"], anchor="middle left")


def _larger(board: Board, large: Floats, name: str, style: Style) -> None:
    box, shading = Box(WIDTH - _LARGE, _TOP, _LARGE, HEIGHT - _TOP - 76), span(board.theme)
    strip(board, box, large, shading)
    board.note(box.x, 12, name)
    table_edges(board, box, large.shape, style)
    bar = Box(box.x + box.width / 2 - 120, box.bottom + 26, 240, 13)
    board.scale_bar(bar, shading, [(-1, "−1"), (0, "0"), (1, "1")])


def table_edges(board: Board, box: Box, shape: tuple[int, ...], style: Style) -> None:
    """Positions down the side and dimensions above a table that is only colour."""
    rows, columns = shape
    for pos in steps_shown(rows, 0, box.height / rows, 44):
        y = box.y + (pos + 0.5) * box.height / rows
        board.note(box.x - 6, y, str(pos), size=15, anchor="middle left")
    for dim in steps_shown(columns, 0, box.width / columns, 52):
        x = box.x + (dim + 0.5) * box.width / columns
        board.tick(x, box.y - 13, str(dim), False, size=15)
    board.note(box.x, box.y - 36, style.labels["edges"], size=15)


def hands(
    board: Board,
    centre: tuple[float, float],
    reach: float,
    vectors: tuple[Floats, Floats],
    colour: str,
    look: tuple[float, float],
) -> None:
    """Two (2,) vectors from one centre, the first dotted, the second solid, up and to the right.

    reach: pixels of length 1; look: width of the lines, size of their ends.
    """
    kinds = (("dot", "circle-open"), ("solid", "circle"))
    for vector, (dash, symbol) in zip(vectors, kinds, strict=True):
        x, y = centre[0] + float(vector[0]) * reach, centre[1] - float(vector[1]) * reach
        board.line([centre[0], x], [centre[1], y], colour, look[0], dash=dash)
        board.line([x], [y], colour, 0, symbol=symbol, size=look[1])
