"""What the pictures of one head's arithmetic are made of: panels, numbers, operators, marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from models.trace import Floats
from viz.board.axes import (
    Axes,
    axis_names,
    column_edge,
    keys,
    label_size,
    queries,
    row_edge,
    side_width,
)
from viz.board.board import Board, Box, Shading
from viz.board.notation import Notation
from viz.board.panel import SMALLEST_NUMBER_CELL, Panel, Texts, draw, written
from viz.board.ranges import bar_ticks, clipped, range_note, thinned_note
from viz.board.style import Style

WIDTH, HEIGHT = 940, 700
# Room below the large matrix for its colour bar, right of it for its last slanted label.
FOOT, RIGHT = 52, 40
NOTE, TITLE, OPERATOR = 15, 22, 30
SMALLEST_TYPE = 11.0
LARGEST_CELL = (150.0, 104.0)  # width and height that a cell of a tiny matrix may have


def digits_for(values: Floats) -> int:
    """Decimals that cells of a matrix get: none for whole numbers, one from ten upwards."""
    finite = values[np.isfinite(values)]
    if not finite.size or bool((finite == np.round(finite)).all()):
        return 0
    return 2 if float(np.abs(finite).max()) < 9.95 else 1


def writes_numbers(box: Box, shape: tuple[int, ...]) -> bool:
    """Whether the cells of a panel have room for numbers."""
    rows, columns = shape
    return box.width / columns >= SMALLEST_NUMBER_CELL and box.height / rows >= 20


# Drawing


def panel(board: Board, values: Floats, box: Box, shading: Shading, style: Style) -> None:
    """values: (row, column) as colours, with numbers where there is room, hatched where −∞."""
    texts = None
    if writes_numbers(box, values.shape):
        digits = _digits(values, box, style)
        masked = board.theme.muted
        made = written(values, shading, 0, lambda v: style.notation.fixed(v, digits), masked=masked)
        texts = _sized(made, box, values.shape, style)
    draw(board, box, Panel(values, shading, texts=texts))


def _digits(values: Floats, box: Box, style: Style) -> int:
    digits = digits_for(values)
    if digits and style.digits is not None:
        return style.digits
    return 3 if digits == 2 and box.width / values.shape[1] >= 100 else digits


def _sized(made: Texts, box: Box, shape: tuple[int, ...], style: Style) -> Texts | None:
    """The texts as large as cells allow, by hand as the longest needs; None: too small to read."""
    wide, high = box.width / shape[1], box.height / shape[0]
    size = min(24.0, wide * 0.34, high * 0.6)
    if style.digits is not None:
        size = min(24.0, wide * 0.92 / (0.56 * max(map(len, made.texts))), high * 0.6)
    return None if size < SMALLEST_TYPE else replace(made, size=size)


def shaded(board: Board, values: Floats, box: Box, style: Style) -> tuple[Shading, float | None]:
    """values: (row, column) as a panel, its colours up to its own largest or clipped before it.

    Returns the colours and, when they end before it, the largest |number|.
    """
    shading, largest = clipped(values, style.theme)
    panel(board, values, box, shading, style)
    return shading, largest


def weight_text(value: float, notation: Notation, *, wide: bool, narrow: bool) -> str:
    """A weight in a cell: tiny ones stay visible as such where there is room for it."""
    if wide and value > 0:
        return notation.small(value, 3)
    return notation.bare(value) if narrow else notation.share(value)


def weight_panel(board: Board, values: Floats, box: Box, shading: Shading, style: Style) -> None:
    """values: (query, key) weights on the 0–1 scale; −∞ is a masked cell, whose weight is 0."""
    texts, cell = None, box.width / values.shape[1]
    if writes_numbers(box, values.shape):
        wide = cell >= 80 or style.digits is not None
        weights = np.where(np.isneginf(values), 0.0, values)
        write = partial(weight_text, notation=style.notation, wide=wide, narrow=cell < 52)
        made = written(weights, shading, 0, write, quiet=board.theme.muted)
        texts = _sized(made, box, values.shape, style)
    draw(board, box, Panel(values, shading, texts=texts))


def title(board: Board, x: float, y: float, name: str, shape: tuple[int, int], colour: str) -> None:
    """A panel's name with its size, its lower left corner at (x, y)."""
    board.text(x, y, sized_name(name, shape), size=TITLE, colour=colour, anchor="top right")


def sized_name(name: str, shape: tuple[int, int]) -> str:
    """A matrix' name, bold, with its (rows, columns) in smaller type: safe HTML."""
    return f"<b>{name}</b> <span style='font-size:18px'>{shape[0]} × {shape[1]}</span>"


def operator(board: Board, x: float, y: float, sign: str, *, size: float = OPERATOR) -> None:
    """An operator between two panels."""
    board.text(x, y, f"<b>{sign}</b>", size=size, colour=board.theme.ink)


def bar(
    board: Board,
    box: Box,
    shading: Shading,
    style: Style,
    largest: float | None = None,
    values: Floats | None = None,
) -> None:
    """The colour bar under the large matrix.

    largest: said beside it when colours are clipped. values: the matrix, for which is said
    what of it is not drawn.
    """
    ticks = bar_ticks(shading, style.notation)
    left = box.x + 16 if largest is not None else max(box.x, box.x + box.width / 2 - 140)
    place = Box(min(left, board.width - 300), box.bottom + 14, 280, 14)
    board.scale_bar(place, shading, ticks)
    words = [] if largest is None else [range_note(shading, largest, style)]
    words += [] if values is None else [thinned_note(values, box, style)]
    board.note(place.right + 24, place.y + 7, "; ".join(filter(None, words)), size=NOTE)


def large_box(
    board: Board, shape: tuple[int, int], *, left: float, top: float, right: float = RIGHT
) -> Box:
    """Where the current step's matrix lies: all the room, for a tiny one no more than is good."""
    rows, columns = shape
    width = min(board.width - left - right, columns * LARGEST_CELL[0])
    height = min(board.height - top - FOOT, rows * LARGEST_CELL[1])
    return Box(left, top, width, height)


def labels_width(tokens: Sequence[str], pitch: float) -> float:
    """Room that row labels need, the axis' name among them."""
    return side_width(tokens, label_size(pitch), smallest=14, air=0, least=76) + 18


def token_axes(board: Board, box: Box, axes: Axes, style: Style) -> None:
    """Queries down the side and keys along the top of the large matrix, with the axes' names."""
    row_edge(board, box, queries(axes))
    column_edge(board, box, keys(axes))
    places = {"key_axis": -66, "query_axis": -42, "query_axis_2": -20}
    axis_names(board, box, style.labels, places)
