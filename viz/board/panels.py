"""What the pictures of one head's arithmetic are made of: panels, numbers, operators, marks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.trace import Floats
from viz.board.axes import (
    LONGEST_LABEL,
    SMALLEST_NUMBER_CELL,
    Axes,
    draw_column_labels,
    draw_row_labels,
    label_size,
)
from viz.board.board import (
    Board,
    Box,
    Shading,
    number_inks,
)
from viz.board.notation import Notation, shortened
from viz.board.ranges import (
    bar_ticks,
    range_note,
    thinned,
    thinned_note,
)
from viz.board.style import Style

WIDTH, HEIGHT = 940, 700
# Room below the large matrix for its colour bar, right of it for its last slanted label.
FOOT, RIGHT = 52, 40
NOTE, TITLE, OPERATOR = 15, 22, 30
SMALLEST_TYPE = 11.0
Shape = tuple[int, int]
LARGEST_CELL = (150.0, 104.0)  # width and height that a cell of a tiny matrix may have


def digits_for(values: Floats) -> int:
    """Decimals that cells of a matrix get: none for whole numbers, one from ten upwards."""
    finite = values[np.isfinite(values)]
    if not finite.size or bool((finite == np.round(finite)).all()):
        return 0
    return 2 if float(np.abs(finite).max()) < 9.95 else 1


def writes_numbers(box: Box, shape: tuple[int, int]) -> bool:
    """Whether the cells of a panel have room for numbers."""
    rows, columns = shape
    return box.width / columns >= SMALLEST_NUMBER_CELL and box.height / rows >= 20


# Drawing


def panel(board: Board, values: Floats, box: Box, shading: Shading, style: Style) -> None:
    """A matrix as colours, with numbers where there is room and hatching where it is −∞."""
    rows, columns = values.shape
    board.grid(box)
    shown = thinned(values, box)
    fine = min(box.width / columns, box.height / rows) > 6
    board.matrix(shown, box, shading, gap=1 if fine else 0)
    board.hatch(np.isneginf(values), box)
    if writes_numbers(box, values.shape):
        _numbers(board, values, box, shading, style)


def _numbers(board: Board, values: Floats, box: Box, shading: Shading, style: Style) -> None:
    shape = (int(values.shape[0]), int(values.shape[1]))
    digits = digits_for(values)
    if digits and style.digits is not None:
        digits = style.digits
    elif digits == 2 and box.width / shape[1] >= 100:
        digits = 3
    texts = [style.notation.fixed(value, digits) for value in values.ravel().tolist()]
    inks = [
        board.theme.muted if value == float("-inf") else ink
        for value, ink in zip(values.ravel().tolist(), number_inks(values, shading), strict=True)
    ]
    _write(board, texts, inks, box, shape, style)


def _write(
    board: Board, texts: Sequence[str], inks: Sequence[str], box: Box, shape: Shape, style: Style
) -> None:
    """One text a cell, row by row; by hand as small as the longest needs."""
    wide, high = box.width / shape[1], box.height / shape[0]
    size = min(24.0, wide * 0.34, high * 0.6)
    if style.digits is not None:
        size = min(24.0, wide * 0.92 / (0.56 * max(map(len, texts))), high * 0.6)
    if size < SMALLEST_TYPE:
        return
    xs, ys = box.centres(shape)
    for x, y, text, ink in zip(xs.tolist(), ys.tolist(), texts, inks, strict=True):
        board.text(x, y, text, size=size, colour=ink)


def weight_text(value: float, notation: Notation, *, wide: bool, narrow: bool) -> str:
    """A weight in a cell: tiny ones stay visible as such where there is room for it."""
    if wide and value > 0:
        return notation.small(value, 3)
    return notation.bare(value) if narrow else notation.share(value)


def weight_panel(board: Board, values: Floats, box: Box, shading: Shading, style: Style) -> None:
    """Attention weights: the 0–1 scale; −∞ marks a masked cell, whose weight is 0."""
    rows, columns = values.shape
    board.grid(box)
    fine = min(box.width / columns, box.height / rows) > 6
    board.matrix(thinned(values, box), box, shading, gap=1 if fine else 0)
    board.hatch(np.isneginf(values), box)
    if not writes_numbers(box, (rows, columns)):
        return
    cell = box.width / columns
    wide = cell >= 80 or style.digits is not None
    weights = np.where(np.isneginf(values), 0.0, values)
    texts = [
        weight_text(value, style.notation, wide=wide, narrow=cell < 52)
        for value in weights.ravel().tolist()
    ]
    inks = number_inks(weights, shading, board.theme.muted)
    _write(board, texts, inks, box, (rows, columns), style)


def title(board: Board, x: float, y: float, name: str, shape: tuple[int, int], colour: str) -> None:
    """A panel's name with its size, its lower left corner at (x, y)."""
    rows, columns = shape
    size = f"<span style='font-size:18px'>{rows} × {columns}</span>"
    board.text(x, y, f"<b>{name}</b> {size}", size=TITLE, colour=colour, anchor="top right")


def note(board: Board, x: float, y: float, words: str) -> None:
    """A quiet remark, its left end at (x, y)."""
    board.text(x, y, words, size=NOTE, colour=board.theme.muted, anchor="middle right")


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
    note(board, place.right + 24, place.y + 7, "; ".join(filter(None, words)))


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
    longest = max((len(shortened(token, LONGEST_LABEL)) for token in tokens), default=0)
    return max(longest * max(label_size(pitch), 14) * 0.53, 76) + 18


def token_axes(board: Board, box: Box, axes: Axes, style: Style) -> None:
    """Queries down the side and keys along the top of the large matrix, with the axes' names."""
    draw_row_labels(board, box, axes)
    draw_column_labels(board, box, axes)
    muted = board.theme.muted
    for place, key in ((-66, "key_axis"), (-42, "query_axis"), (-20, "query_axis_2")):
        board.text(
            box.x - 10,
            box.y + place,
            style.labels[key],
            size=16,
            colour=muted,
            anchor="middle left",
        )
