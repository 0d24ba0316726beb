"""A matrix as a picture: colours, mask, numbers, words along it, frames, points that answer clicks.

The one way to draw a heat map: a figure says what is drawn, a `Panel`; `draw` puts it on a board.
What is masked comes from the recording; no figure works it out from places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from models.trace import Floats
from viz.board.axes import MOST_CLICKABLE, Axes, Cell, Edge, clickable, column_edge, row_edge
from viz.board.board import Board, Box
from viz.board.notation import Notation, for_html
from viz.board.ranges import thinned
from viz.board.shading import Shading, number_inks
from viz.board.tokens import Bools

TINY_CELL = 14  # pixels; below, a frame would hide what it marks
FINE_CELL = 6  # pixels; up to it, lines between cells would hide them
# Numbers are readable in cells down to about this many pixels a side.
SMALLEST_NUMBER_CELL = 38


@dataclass(frozen=True, slots=True)
class Texts:
    """What stands in the cells, row by row: texts (safe HTML), their inks, one size of type."""

    texts: Sequence[str]
    inks: Sequence[str]
    size: float


@dataclass(frozen=True, slots=True)
class Clicks:
    """Cells that answer a click: places, what each hands over (None: itself), what it says."""

    places: Sequence[Cell]
    ids: Sequence[Any] | None = None
    hover: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """Frames around the chosen row and column, and the cell where they meet; None: no such frame.

    colours (None: Q's, K's and ink), widths and dashes are the row's, the column's, the cell's;
    a width of 0: no frame. tiny: widths where cells are too small to hold a frame, which then
    stands `air` pixels around them; None: as the others. always: pixels that frames stand around
    cells of any size. rows: so many the column's frame crosses, None: all.
    """

    row: int | None = None
    column: int | None = None
    colours: tuple[str, str, str] | None = None
    widths: tuple[float, float, float] = (2.5, 2, 4)
    tiny: tuple[float, float, float] | None = (1.5, 1.5, 2)
    dashes: tuple[str, str, str] = ("solid", "dot", "solid")
    air: float = 4
    always: float = 0
    rows: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """values: (row, column), −inf is masked, NaN is empty: the board's own colour shows.

    masked: (row, column), True where the recording's mask forbids looking: hatched whatever the
    values say; None: what is −inf. absent: (row, column), True where there is no such cell to
    speak of: hatched crosswise. gap: whether lines part the cells, None: where they are large
    enough. until: so many rows are there, those to come are outlines, `outline` thick; across: so
    many columns are there. rows, columns: the words at the left and above. texts stand on the
    points that answer clicks, and among the board's words where none do.
    """

    values: Floats
    shading: Shading
    masked: Bools | None = None
    absent: Bools | None = None
    gap: bool | None = None
    until: int | None = None
    across: int | None = None
    outline: float = 1.5
    rows: Edge | None = None
    columns: Edge | None = None
    texts: Texts | None = None
    clicks: Clicks | None = None
    marks: Marks | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return int(self.values.shape[0]), int(self.values.shape[1])

    @property
    def hatched(self) -> Bools:
        """(row, column): what is masked."""
        return np.isneginf(self.values) if self.masked is None else self.masked


def draw(board: Board, box: Box, panel: Panel) -> None:
    """Everything that the panel says, the matrix filling the box, its words around it."""
    _colours(board, box, panel)
    if panel.texts is not None and panel.clicks is None:
        _write(board, box, panel.shape, panel.texts)
    for edge, put in ((panel.rows, row_edge), (panel.columns, column_edge)):
        if edge is not None:
            put(board, box, edge)
    if panel.clicks is not None:
        _answer(board, box, panel, panel.clicks)
    if panel.marks is not None:
        mark(board, box, panel.shape, panel.marks)


def _colours(board: Board, box: Box, panel: Panel) -> None:
    """Cells by colour, hatching over the masked ones, outlines of the rows to come."""
    rows, columns = panel.shape
    done = rows if panel.until is None else panel.until
    there = Box(box.x, box.y, box.width, box.height * done / rows)
    parted = min(box.width / columns, box.height / rows) > FINE_CELL
    masked = panel.hatched[:done]
    shown = thinned(np.where(masked, -np.inf, panel.values[:done]), there)
    wide = box.width * (columns if panel.across is None else panel.across) / columns
    board.grid(Box(box.x, box.y, wide, there.height))
    board.matrix(shown, there, panel.shading, gap=int(parted if panel.gap is None else panel.gap))
    board.hatch(masked, there)
    if panel.absent is not None:
        board.hatch(panel.absent[:done], there, "x")
    for row in range(done, rows):
        # Neighbours share a line: two of them dotted, side by side, look wavy.
        board.frame(box.row(row, rows), board.theme.grid, panel.outline)


def _write(board: Board, box: Box, shape: tuple[int, int], texts: Texts) -> None:
    xs, ys = box.centres(shape)
    for x, y, text, ink in zip(xs.tolist(), ys.tolist(), texts.texts, texts.inks, strict=True):
        if text:
            board.text(x, y, text, size=texts.size, colour=ink)


def _answer(board: Board, box: Box, panel: Panel, clicks: Clicks) -> None:
    """Points that answer clicks, numbers on them where all cells have one."""
    texts = panel.texts or Texts((), (), 18)
    words: dict[str, Any] = {"texts": texts.texts or None, "inks": texts.inks or None}
    answers: dict[str, Any] = {"hover": clicks.hover, "ids": clicks.ids, "at_cells": clicks.places}
    board.cells(box, panel.shape, size=texts.size, **words, **answers)


def mark(board: Board, box: Box, shape: tuple[int, int], marks: Marks) -> None:
    """The frames of the chosen row, column and cell; shape: (rows, columns) of the matrix."""
    rows, columns = shape
    row, column, theme = marks.row, marks.column, board.theme
    small = marks.tiny if min(box.width / columns, box.height / rows) < TINY_CELL else None
    air = marks.always if small is None else marks.air
    found: list[Box | None] = [None, None, None]
    if row is not None:
        found[0] = box.row(row, rows).grown(0, air)
    if column is not None:
        crossed = Box(box.x, box.y, box.width, box.height * (marks.rows or rows) / rows)
        found[1] = crossed.column(column, columns).grown(air, 0)
    if row is not None and column is not None:
        found[2] = box.cell(row, column, shape).grown(air, air)
    inks = marks.colours or (theme.q, theme.k, theme.ink)
    if row is not None:
        board.spots.append((box, box.row(row, rows)))
    for place, ink, width, dash in zip(
        found, inks, small or marks.widths, marks.dashes, strict=True
    ):
        if place is not None and width:
            board.frame(place, ink, width, dash)


# What cells say


def written(
    values: Floats,
    shading: Shading,
    size: float,
    write: Callable[[float], str],
    *,
    quiet: str | None = None,
    masked: str | None = None,
) -> Texts:
    """values: (row, column), NaN without a number. quiet, masked: inks of nearly nothing, of −∞."""
    inks = number_inks(values, shading, quiet, masked)
    return Texts(["" if np.isnan(v) else write(float(v)) for v in values.ravel()], inks, size)


def pair_words(
    values: Floats,
    words: tuple[Sequence[str], Sequence[str]],
    places: Sequence[Cell],
    notation: Notation,
    name: str = "",
    absent: str = "",
) -> list[str]:
    """ "row → column: number" of every place, safe HTML; words: of the rows, of the columns.

    absent: what is said in place of NaN.
    """
    rows, columns = words

    def number(value: float) -> str:
        return absent if np.isnan(value) else name + notation.fixed(value, 4)

    return [
        f"{for_html(rows[i])} → {for_html(columns[j])}: {number(float(values[i, j]))}"
        for i, j in places
    ]


def token_clicks(axes: Axes, values: Floats, notation: Notation, absent: str = "") -> Clicks:
    """Cells of tokens: each carries [query, key] in the whole text and says its number.

    values: (query, key); absent: as in `pair_words`.
    """
    places = clickable(axes.shape, axes.cell)
    words = axes.queries, axes.keys
    said = pair_words(values, words, places, notation, absent=absent)
    return Clicks(places, [axes.identity(i, j) for i, j in places], said)


def token_texts(
    values: Floats,
    box: Box,
    shading: Shading,
    notation: Notation,
    board: Board,
    digits: int | None = None,
) -> Texts | None:
    """Numbers in the cells of a matrix (query, key); None: there is no room for them.

    digits: decimals of numbers that are no weights.
    """
    rows, columns = values.shape
    wide = box.width / columns
    pitch = min(wide, box.height / rows * 1.25)
    if max(rows, columns) > MOST_CLICKABLE or pitch < SMALLEST_NUMBER_CELL:
        return None
    size, theme = min(20.0, pitch * 0.36), board.theme
    if digits is not None:
        return written(values, shading, size, lambda v: notation.fixed(v, digits), masked=theme.ink)
    return written(values, shading, size, notation.share, quiet=theme.muted, masked=theme.ink)


# Parts without cells of their own


def strip(
    board: Board,
    box: Box,
    values: Floats,
    shading: Shading,
    *,
    edge: str = "",
    width: float = 1,
    gap: int = 0,
) -> None:
    """(n,) as one row of cells, or (row, column), in a frame, thin and quiet by default."""
    rows = values[None, :] if values.ndim == 1 else values
    board.matrix(rows, box, shading, gap=gap)
    board.frame(box, edge or board.theme.grid, width)


def upright_bar(
    board: Board,
    bar: Box,
    shading: Shading,
    ticks: Sequence[tuple[float, str]],
    *,
    size: float,
    away: float,
) -> None:
    """A small upright colour bar; ticks: y in pixels and the word, `away` from its right edge."""
    ramp = np.linspace(shading.low, shading.high, 48, dtype=np.float32)[::-1, None]
    strip(board, bar, ramp, shading)
    for y, word in ticks:
        board.note(bar.right + away, y, word, size=size)


def spaced_cells(
    box: Box, shape: tuple[int, int], most: tuple[int, int]
) -> tuple[list[Cell], float]:
    """Cells at even distances over a fine matrix, at most so many down and across.

    Also the room of each in pixels, its shorter side.
    """
    down, across = (max(1, -(-count // limit)) for count, limit in zip(shape, most, strict=True))
    cells = list(product(range(0, shape[0], down), range(0, shape[1], across)))
    return cells, min(box.width / shape[1] * across, box.height / shape[0] * down)
