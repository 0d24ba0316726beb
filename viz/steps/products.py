"""Steps 2, 6 and 8: a matrix product, rows at its left and columns above it.

What stands at the left and above is what each cell is made from: its row times its column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.trace import Floats
from viz.board.axes import queries, row_edge
from viz.board.board import Board, Box
from viz.board.ranges import range_note, thinned_note
from viz.steps import panels
from viz.steps.marks import clicks, mark_column, mark_cross, mark_row
from viz.steps.scene import HeadBoard


@dataclass(frozen=True, slots=True)
class Factor:
    """A matrix that takes part: its name (safe HTML), numbers, colour of its marks, chosen place.

    ink: the colour of its name where that is another. whole: what its numbers were cut from, whose
    size and colours are its own; None: they are all there are.
    """

    name: str
    values: Floats
    colour: str
    place: int
    weights: bool = False
    ink: str = ""
    whole: Floats | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """(rows, columns) of all of it."""
        return (self.values if self.whole is None else self.whole).shape


def side_length(inner: int, least: float, most: float, cell: float) -> float:
    """How long the shared side of a product is drawn: cells for numbers, or a strip."""
    return inner * cell if inner <= 6 else min(most, max(least, inner * least / 32))


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the left factor, the upper factor and the product lie."""

    left: Box
    above: Box
    result: Box


def stage(
    board: HeadBoard,
    shape: tuple[int, ...],
    inner: int,
    tokens: Sequence[str],
    heading: float,
    right: float = panels.RIGHT,
) -> Stage:
    """shape: of the product. heading: room between the upper factor and the product.

    By hand, cells of the left factor are as wide as the product's.
    """
    width = side_length(inner, 180, 260, 52)
    height = min(board.height * 0.26, max(76.0, side_length(inner, 130, 165, 36)))
    top = height + heading
    names = panels.labels_width(tokens, (board.height - top - panels.FOOT) / shape[0])
    if board.style.digits is not None:
        spare = board.width - panels.labels_width(tokens, panels.LARGEST_CELL[1]) - right
        width = inner * min(panels.LARGEST_CELL[0], spare / (inner + shape[1]))
    result = panels.large_box(board, shape, left=width + names, top=top, right=right)
    above = Box(result.x, 0, result.width, height)
    return Stage(Box(0, result.y, width, result.height), above, result)


def _factor(board: HeadBoard, factor: Factor, box: Box) -> tuple[str, str]:
    """Draws a factor; the remarks on what its colours reach and on what is not drawn."""
    if factor.weights:
        panels.weight_panel(board, factor.values, box)
        reach = "0 … 1"
    else:
        reach = range_note(*panels.shaded(board, factor.values, box, factor.whole), board.style)
    return reach, thinned_note(factor.values, box, board.style)


def draw_factors(
    board: HeadBoard, place: Stage, name: Named, left: Factor, above: Factor, bias: str = ""
) -> None:
    """name = left·above, + bias where there is one, in letters at the top; then the two inputs.

    Each is named, its chosen row or column framed, its range said.
    """
    parts = [name, ("=", None), (left.name, left.ink or left.colour), ("·", None)]
    parts += [(above.name, above.colour), *([("+", None), (bias, above.colour)] if bias else [])]
    equation(board, parts)
    for n, words in enumerate(_factor(board, left, place.left)):
        board.note(0, place.left.bottom + (16, 36)[n], words, size=panels.NOTE)
    panels.title(board, 0, place.left.y - 6, left.name, left.shape, left.ink or left.colour)
    mark_row(board, place.left, left.place, len(left.values), left.colour)
    remarks = _factor(board, above, place.above)
    edge, middle = place.above.x - 14, max(48.0, place.above.y + min(place.above.height / 2, 90))
    words = panels.sized_name(above.name, above.shape)
    board.text(edge, middle, words, size=panels.TITLE, colour=above.colour, anchor="middle left")
    for n, words in enumerate(remarks):
        board.note(edge, middle + (24, 44)[n], words, size=panels.NOTE, anchor="middle left")
    mark_column(board, place.above, above.place, above.values.shape[1], above.colour)


Named = tuple[str, str | None]  # a matrix' name and colour; an operator has none


def equation(board: Board, parts: Sequence[Named]) -> None:
    """The step in letters at the top left: pieces in identity colours, operators in ink."""
    pieces = [
        word if colour is None else f"<span style='color:{colour}'><b>{word}</b></span>"
        for word, colour in parts
    ]
    board.text(0, 16, " ".join(pieces), size=24, anchor="middle right")


def dimension_head(board: Board, box: Box, column: int, columns: int, colour: str) -> None:
    """Which column is chosen, written over it."""
    place = box.column(column, columns)
    x = min(max(place.x + place.width / 2, box.x + 8), box.right - 8)
    board.text(x, box.y - 12, f"<b>{column}</b>", size=18, colour=colour)


def compare(board: HeadBoard) -> None:
    """Step 2: S = Q·Kᵀ."""
    theme, scene = board.theme, board.scene
    steps, axes, whole = scene.one.steps, scene.axes, scene.whole.one.steps
    place = stage(board, axes.shape, steps.q.shape[1], axes.queries, 100)
    left = Factor("Q", steps.q, theme.q, scene.query, whole=whole.q)
    above = Factor("K<sup>⊤</sup>", steps.k.T, theme.k, scene.key, whole=whole.k.T)
    draw_factors(board, place, ("S", theme.plus), left, above)
    shading, largest = panels.shaded(board, steps.raw, place.result, whole.raw)
    panels.token_matrix(board, place.result, steps.raw, shading, largest, whole=whole.raw)


def mix(board: HeadBoard) -> None:
    """Step 6: O = A·V."""
    theme, scene = board.theme, board.scene
    steps, axes, whole = scene.one.steps, scene.axes, scene.whole.one.steps
    place = stage(board, steps.output.shape, len(axes.keys), axes.queries, 44, 8)
    weights = np.where(np.isneginf(steps.masked), -np.inf, steps.weights)
    left = Factor("A", weights, theme.weight, scene.query, weights=True, whole=whole.weights)
    above = Factor("V", steps.v, theme.v, scene.dim, whole=whole.v)
    draw_factors(board, place, ("O", theme.output), left, above)
    mark_row(board, place.left, scene.query, len(axes.queries), theme.q)
    mark_column(board, place.left, scene.key, len(axes.keys), theme.k, "dot")
    mark_row(board, place.above, scene.key, len(axes.keys), theme.k, "dot")
    draw_result(
        board, place.result, steps.output, scene.dim, "o", theme.v, whole.output, outside=True
    )


def project_out(board: HeadBoard) -> None:
    """Step 8: concat·W_O + b."""
    theme, scene = board.theme, board.scene
    one, whole = scene.one, scene.whole.one
    if not one.projects:
        return not_recorded(board)
    projection, concat, width = one.surroundings.w_o, one.into_w_o, one.concat.shape[1]
    heading, tokens = 44.0 if projection.bias is None else 88.0, scene.axes.queries
    place = stage(board, one.projected.shape, width, tokens, heading, 8)
    name = "C′" if one.onward else "C"
    left = Factor(name, concat, theme.q, scene.query, ink=theme.output, whole=whole.into_w_o)
    above = Factor("W<sub>O</sub>", projection.weight, theme.ink, scene.out)
    bias = "" if projection.bias is None else "b<sub>O</sub>"
    draw_factors(board, place, ("Y", theme.ink), left, above, bias)
    start, stop = one.columns
    wide, high = place.left.width / width, place.above.height / width
    mine = Box(start * wide, place.left.y, (stop - start) * wide, place.left.height)
    board.frame(mine, theme.output, 2.5)
    mine = Box(place.above.x, start * high, place.above.width, (stop - start) * high)
    board.frame(mine, theme.output, 2.5)
    draw_bias(board, place, projection.bias, bias, above)
    draw_result(board, place.result, one.projected, scene.out, "out", theme.ink, whole.projected)


def draw_result(
    board: HeadBoard,
    box: Box,
    values: Floats,
    column: int,
    role: str,
    colour: str,
    whole: Floats,
    *,
    outside: bool = False,
) -> None:
    """A product whose rows are the queries and whose columns are dimensions; colour: theirs.

    whole, outside: as in `panels.token_matrix`.
    """
    scene = board.scene
    cell = (scene.query, column)
    shading, largest = panels.shaded(board, values, box, whole)
    row_edge(board, box, queries(scene.axes))
    dimension_head(board, box, column, values.shape[1], colour)
    mark_cross(board, box, cell, values.shape, (board.theme.q, colour), "dot")
    panels.bar(board, box, shading, largest, values)
    clicks(board, box, values, cell, scene.axes.queries, role=role)
    panels.whole_of(board, box, whole, shading, role=role, outside=outside)


def draw_bias(
    board: HeadBoard, place: Stage, bias: Floats | None, name: str, above: Factor
) -> None:
    """The bias as a thin row between the matrix that it follows and the product."""
    if bias is None:
        return
    box = Box(place.above.x, place.above.bottom + 8, place.above.width, 14)
    panels.shaded(board, bias[None, :], box)
    mark_column(board, box, above.place, len(bias), above.colour)
    word = f"+ <span style='color:{above.colour}'><b>{name}</b></span>"
    board.text(box.x - 14, box.y + 7, word, size=18, anchor="middle left")


def not_recorded(board: HeadBoard) -> None:
    """What is shown when the model's recording has nothing around its heads."""
    middle = board.width / 2, board.height / 2
    board.note(*middle, board.style.labels["not_recorded"], size=20, anchor="middle center")
