"""What the pictures of one head's arithmetic are made of: panels, numbers, operators, marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.trace import Floats
from viz.axes import (
    LONGEST_LABEL,
    SMALLEST_NUMBER_CELL,
    Axes,
    Labels,
    draw_column_labels,
    draw_row_labels,
    label_size,
)
from viz.board import Board, Box, Shading, number_inks, symmetric
from viz.notation import Notation, shortened
from viz.onehead import OneHead, Part
from viz.theme import Theme

WIDTH, HEIGHT = 940, 700
# Room below the large matrix for its colour bar, right of it for its last slanted label.
FOOT, RIGHT = 52, 40
NOTE, TITLE, OPERATOR = 15, 22, 30
LARGEST_CELL = (150.0, 104.0)  # width and height that a cell of a tiny matrix may have


@dataclass(frozen=True, slots=True)
class Scene:
    """What is on stage: one head, the chosen cell, the chosen dimensions.

    axes: queries and keys with the chosen pair. part: which of Q, K, V step 1 shows large.
    dim: chosen column of Q, K, V and of the head's output; out: of the projected output.
    """

    one: OneHead
    axes: Axes
    part: Part = "q"
    dim: int = 0
    out: int = 0

    @property
    def query(self) -> int:
        """The chosen query."""
        return self.axes.chosen.query

    @property
    def key(self) -> int:
        """The chosen key."""
        return self.axes.chosen.key

    def row_of(self, part: Part) -> int:
        """The chosen token on the side that a part belongs to: the query for Q, else the key."""
        return self.query if part == "q" else self.key

    def tokens_of(self, part: Part) -> Sequence[str]:
        """The tokens on that side."""
        return self.axes.queries if part == "q" else self.axes.keys


@dataclass(frozen=True, slots=True)
class Style:
    """How a picture speaks: colours, numbers, words."""

    theme: Theme
    notation: Notation
    labels: Labels


def colour_of(theme: Theme, role: str) -> str:
    """The identity colour of q, k, v, output …"""
    return str(getattr(theme, role))


# Small numbers about shading


def clipped(values: Floats, theme: Theme) -> tuple[Shading, float | None]:
    """A diverging shading, and the largest |number| when colours end before it.

    Where a few numbers (fewer than 1 in 100) are more than twice all the others, as one
    outlier dimension of a model's stream is, colours end at the others' largest.
    """
    finite = np.abs(values[np.isfinite(values)])
    if not finite.size or not finite.max():
        return symmetric(values, theme.scores), None
    usual, largest = float(np.quantile(finite, 0.99)), float(finite.max())
    if usual and largest > 2 * usual:
        return Shading(theme.scores, -usual, usual), largest
    return Shading(theme.scores, -largest, largest), None


def range_note(shading: Shading, largest: float | None, style: Style) -> str:
    """What the colours of a panel reach, said on the figure."""
    limit = style.notation.significant(shading.high, 2)
    if largest is None:
        return f"±{limit}"
    return style.labels["clipped"].format(
        limit=limit, largest=style.notation.significant(largest, 2)
    )


def short_note(shading: Shading, largest: float | None, style: Style) -> str:
    """As `range_note`, for a panel with little room."""
    if largest is None:
        return range_note(shading, None, style)
    limit, most = (style.notation.significant(v, 2) for v in (shading.high, largest))
    return style.labels["clipped_short"].format(limit=limit, largest=most)


def thinned(values: Floats, box: Box) -> Floats:
    """No more cells than pixels: every k-th row and column of a matrix finer than the screen."""
    down, across = (
        max(1, int(count // side))
        for count, side in zip(values.shape, (box.height, box.width), strict=True)
    )
    return values[::down, ::across]


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
    digits = digits_for(values)
    if digits == 2 and box.width / values.shape[1] >= 100:
        digits = 3
    size = min(24.0, box.width / values.shape[1] * 0.34, box.height / values.shape[0] * 0.6)
    inks = number_inks(values, shading)
    xs, ys = box.centres((values.shape[0], values.shape[1]))
    for x, y, value, ink in zip(
        xs.tolist(), ys.tolist(), values.ravel().tolist(), inks, strict=True
    ):
        colour = board.theme.muted if value == float("-inf") else ink
        board.text(x, y, style.notation.fixed(value, digits), size=size, colour=colour)


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
    size = min(22.0, cell * 0.34, box.height / rows * 0.6)
    inks = number_inks(values, shading, board.theme.muted)
    xs, ys = box.centres((rows, columns))
    for x, y, value, ink in zip(
        xs.tolist(), ys.tolist(), values.ravel().tolist(), inks, strict=True
    ):
        masked = value == float("-inf")
        text = (
            "0" if masked else weight_text(value, style.notation, wide=cell >= 80, narrow=cell < 52)
        )
        board.text(x, y, text, size=size, colour=board.theme.muted if masked else ink)


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
    board: Board, box: Box, shading: Shading, style: Style, largest: float | None = None
) -> None:
    """The colour bar under the large matrix; largest: said beside it when colours are clipped."""
    middle = (shading.low + shading.high) / 2
    ticks = [
        (value, style.notation.significant(value, 2))
        for value in (shading.low, middle, shading.high)
    ]
    left = box.x + 16 if largest is not None else max(box.x, box.x + box.width / 2 - 140)
    place = Box(left, box.bottom + 14, 280, 14)
    board.scale_bar(place, shading, ticks)
    if largest is not None:
        note(board, place.right + 24, place.y + 7, range_note(shading, largest, style))


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
