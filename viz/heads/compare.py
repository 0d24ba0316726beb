"""Two heads beside each other on one grid, their difference, and how far all heads lie apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import plotly.graph_objects as go

from models.heads.alignment import Grid, Place, Side
from models.heads.compare import Comparison
from models.trace import Floats
from viz.board.axes import (
    Axes,
    Cell,
    Choice,
    Edge,
    axis_names,
    clickable,
    every_cell,
    keys,
    matrix_box,
    queries,
)
from viz.board.board import Board, Box, Shading, symmetric
from viz.board.kept import kept
from viz.board.notation import for_html, shortened
from viz.board.panel import SMALLEST_NUMBER_CELL, Clicks, Marks, Panel, draw, upright_bar, written
from viz.board.ranges import bar_ticks
from viz.board.style import Style
from viz.board.theme import Scale, Theme
from viz.board.tokens import Bools

WIDTH, HEIGHT = 386, 396
HEADS_WIDTH, HEADS_HEIGHT = 590, 560
_TOP, _BOTTOM = 80, 44
_SHORT = 34  # characters of a place's words that a hint under the pointer repeats
Words = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Two heads as they are shown. words: of rows and columns; cell: the chosen (row, column)."""

    both: Comparison
    words: Words
    cell: Cell

    @property
    def places(self) -> list[Cell]:
        """The cells that can be chosen: of tokens of the first."""
        there = [[place[0] is not None for place in axis] for axis in self._axes]
        cells = clickable((len(there[0]), len(there[1])), self.cell)
        return [(i, j) for i, j in cells if there[0][i] and there[1][j]]

    def identity(self, row: int, column: int) -> list[int]:
        """[query, key]: the first tokens of a place, as the first recording numbers them."""
        rows, columns = self._axes
        return [(rows[row][0] or (0,))[0], (columns[column][0] or (0,))[0]]

    @property
    def axes(self) -> Axes:
        """For labels and frames."""
        return Axes(*self.words, Choice(*self.cell))

    @property
    def _axes(self) -> tuple[tuple[Place, ...], tuple[Place, ...]]:
        return self.both.grid.rows, self.both.grid.columns


def words(grid: Grid, axis: int, first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """What stands at the places of an axis (0: rows, 1: columns), in the first's letters if there.

    first, second: both recordings' tokens as they were typed.
    """
    found = []
    for own, other in (grid.rows, grid.columns)[axis]:
        group, typed = (own, first) if own is not None else (other or (), second)
        parts = [typed[n] for n in group]
        found.append("".join([*parts[:1], *(part.removeprefix("##") for part in parts[1:])]))
    return tuple(found)


@kept
def side(seen: Compared, which: Side, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """One head's weights 0–1; hatched: masked, crosswise: tokens of the other one only.

    style.labels: query_axis, query_axis_2, key_axis, only_in_one, masked.
    """
    values = (seen.both.first, seen.both.second)[which]
    write = style.notation.share
    return _map(
        seen,
        values,
        Shading(style.theme.weights, 0.0, 1.0),
        seen.both.masked[which],
        write,
        style,
        height,
    )


@kept
def difference(seen: Compared, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """First − second in percentage points, 0 in the middle of the colours.

    Hatched where both are masked; crosswise, and without a number, what is in one only.
    style.labels: as of `side`.
    """
    points = 100 * seen.both.difference
    one, other = seen.both.masked

    def write(value: float) -> str:
        return style.notation.fixed(value, 0 if abs(value) >= 0.5 else 1, plus=value > 0)

    shading = symmetric(points, style.theme.scores)
    return _map(seen, points, shading, one & other, write, style, height)


def _map(
    seen: Compared,
    values: Floats,
    shading: Shading,
    masked: Bools,
    write: Callable[[float], str],
    style: Style,
    height: int,
) -> go.Figure:
    """values: (row, column), NaN where one of the two has no such place."""
    board, axes = Board(WIDTH, height, style.theme), seen.axes
    names = {"query_axis": -40, "query_axis_2": -18}
    labels = [style.labels[name] for name in names]
    box = matrix_box(board, axes, top=_TOP, bottom=_BOTTOM, names=labels)
    absent = np.isnan(values)

    def said(value: float) -> str:
        return write(value) if np.isfinite(value) else ""

    shown = np.where(masked & ~absent, -np.inf, values)
    places = seen.places
    numbers = None
    pitch = min(box.width / len(axes.keys), box.height / len(axes.queries) * 1.25)
    if pitch >= SMALLEST_NUMBER_CELL and len(places) == shown.size:
        numbers = written(shown, shading, min(20.0, pitch * 0.36), said, masked=style.theme.ink)
    panel = Panel(
        shown,
        shading,
        masked & ~absent,
        absent,
        gap=box.width / len(axes.keys) > 12,
        rows=queries(axes),
        columns=keys(axes),
        texts=numbers,
        clicks=Clicks(places, [seen.identity(*p) for p in places], _hints(seen, shown, style)),
        marks=Marks(*axes.cell),
    )
    draw(board, box, panel)
    axis_names(board, box, style.labels, names)
    board.note(box.x + box.width / 2, 10, style.labels["key_axis"], anchor="middle center")
    bar = Box(box.x + box.width / 2 - 90, box.bottom + 12, 180, 12)
    board.scale_bar(bar, shading, bar_ticks(shading, style.notation))
    return board.figure()


def _hints(seen: Compared, shown: Floats, style: Style) -> list[str]:
    """ "row → column: number" of every place that can be chosen."""
    rows, columns = ([for_html(shortened(w, _SHORT)) for w in axis] for axis in seen.words)
    found = []
    for i, j in seen.places:
        value = float(shown[i, j])
        number = style.notation.fixed(value, 4)
        if not np.isfinite(value):
            number = style.labels["only_in_one" if np.isnan(value) else "masked"]
        found.append(f"{rows[i]} → {columns[j]}: {number}")
    return found


@kept
def heads(
    values: Sequence[Floats],
    numbers: Sequence[int],
    chosen: tuple[int, int],
    style: Style,
    *,
    digits: int = 2,
) -> go.Figure:
    """A number a head, (head,) a layer, from 0 up, one frame around the chosen (layer, head).

    numbers: the model's own of each layer. Points carry [layer, head].
    style.labels: layer_axis, head_axis.
    """
    most = max(map(len, values))
    high = min(HEADS_HEIGHT - 84, len(values) * 64)
    board = Board(HEADS_WIDTH, high + 84, style.theme)
    shown = np.full((len(values), most), np.nan)
    for layer, heads_ in enumerate(values):
        shown[layer, : len(heads_)] = heads_
    names = tuple(map(str, numbers)), tuple(map(str, range(most)))
    cell = numbers.index(chosen[0]), chosen[1]
    box = Box(44, 44, HEADS_WIDTH - 60, high)
    shading = Shading(_distances(style.theme), 0.0, float(np.nanmax(shown)) or 1.0)
    places = [(i, j) for i, j in every_cell(shown.shape) if j < len(values[i])]
    numbered = None
    if min(box.width / most, box.height / len(values) * 1.6) >= SMALLEST_NUMBER_CELL:
        numbered = written(shown, shading, 15, lambda v: _number(v, style, digits))
    hints = [f"{names[0][i]} · {j}: {_number(shown[i, j], style, digits + 2)}" for i, j in places]
    panel = Panel(
        shown,
        shading,
        rows=Edge(names[0], cell[0], colour=style.theme.ink, largest=16),
        columns=Edge(names[1], cell[1], colour=style.theme.ink, largest=16, away=4, angle=0),
        texts=numbered if len(places) == shown.size else None,
        clicks=Clicks(places, [[numbers[i], j] for i, j in places], hints),
        marks=Marks(*cell, widths=(0, 0, 4)),
    )
    draw(board, box, panel)
    board.note(4, 12, style.labels["heads_axes"], size=15)
    bar = Box(box.right - 200, box.bottom + 10, 200, 12)
    board.scale_bar(bar, shading, bar_ticks(shading, style.notation))
    return board.figure()


def _number(value: float, style: Style, digits: int) -> str:
    return "" if np.isnan(value) else style.notation.fixed(value, digits)


def _distances(theme: Theme) -> Scale:
    """0 as the page, the largest in the colour of no sign and no weight."""
    return (0.0, theme.page), (1.0, theme.accent)


@kept
def pairs(
    values: Floats,
    layers: Sequence[tuple[int, int]],
    chosen: tuple[int, int],
    style: Style,
) -> go.Figure:
    """(head, head) in bits, 0–1, heads layer by layer. layers: (number, heads) of each.

    chosen: the places of this head (row) and of the other (column). Points carry
    [layer, head, other layer, other head]. style.labels: heads_axes.
    """
    side_ = HEADS_WIDTH - 120.0
    board = Board(HEADS_WIDTH, int(side_) + 52, style.theme)
    own = [[number, head] for number, count in layers for head in range(count)]
    box = Box(44, 44, side_, side_)
    shading = Shading(_distances(style.theme), 0.0, float(values.max()) or 1.0)
    places = clickable((len(own), len(own)), chosen)
    hints = [
        f"{own[i][0]} · {own[i][1]} – {own[j][0]} · {own[j][1]}: "
        + style.notation.fixed(float(values[i, j]), 4)
        for i, j in places
    ]
    clicks = Clicks(places, [[*own[i], *own[j]] for i, j in places], hints)
    draw(
        board,
        box,
        Panel(values, shading, gap=False, clicks=clicks, marks=Marks(*chosen, widths=(2, 2, 3))),
    )
    starts = [0, *accumulate(count for _, count in layers)]
    for (number, count), start in zip(layers, starts, strict=False):
        middle = (start + count / 2) / len(own)
        if count / len(own) * side_ >= 14 or number % 5 == 0:
            board.tick(box.x - 16, box.y + middle * side_, str(number), False, size=14)
            board.tick(box.x + middle * side_, box.y - 14, str(number), False, size=14)
    for start in starts[1:-1]:
        at = start / len(own) * side_
        board.line([box.x, box.right], [box.y + at] * 2, style.theme.hatch, 0.5)
        board.line([box.x + at] * 2, [box.y, box.bottom], style.theme.hatch, 0.5)
    board.note(4, 12, style.labels["layer_axis"], size=15)
    bar = Box(box.right + 12, box.y, 12, 160)
    ticks = [(bar.y, style.notation.fixed(shading.high)), (bar.bottom, "0")]
    upright_bar(board, bar, shading, ticks, size=15, away=6)
    return board.figure()
