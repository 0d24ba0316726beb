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
from viz.board.style import Style
from viz.steps.marks import clicks, mark_column, mark_cross, mark_row
from viz.steps.panels import (
    FOOT,
    LARGEST_CELL,
    NOTE,
    RIGHT,
    TITLE,
    bar,
    labels_width,
    large_box,
    shaded,
    sized_name,
    title,
    token_axes,
    weight_panel,
)
from viz.steps.scene import Scene


@dataclass(frozen=True, slots=True)
class Factor:
    """A matrix that takes part: its name (safe HTML), numbers, colour of its marks, chosen place.

    ink: the colour of its name where that is another.
    """

    name: str
    values: Floats
    colour: str
    place: int
    weights: bool = False
    ink: str = ""


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
    board: Board,
    style: Style,
    shape: tuple[int, ...],
    inner: int,
    tokens: Sequence[str],
    heading: float,
    right: float = RIGHT,
) -> Stage:
    """shape: of the product. heading: room between the upper factor and the product.

    By hand, cells of the left factor are as wide as the product's.
    """
    width = side_length(inner, 180, 260, 52)
    height = min(board.height * 0.26, max(76.0, side_length(inner, 130, 165, 36)))
    top = height + heading
    names = labels_width(tokens, (board.height - top - FOOT) / shape[0])
    if style.digits is not None:
        spare = board.width - labels_width(tokens, LARGEST_CELL[1]) - right
        width = inner * min(LARGEST_CELL[0], spare / (inner + shape[1]))
    result = large_box(board, shape, left=width + names, top=top, right=right)
    above = Box(result.x, 0, result.width, height)
    return Stage(Box(0, result.y, width, result.height), above, result)


def _factor(board: Board, factor: Factor, box: Box, style: Style) -> tuple[str, str]:
    """Draws a factor; the remarks on what its colours reach and on what is not drawn."""
    if factor.weights:
        weight_panel(board, factor.values, box, style)
        reach = "0 … 1"
    else:
        reach = range_note(*shaded(board, factor.values, box, style), style)
    return reach, thinned_note(factor.values, box, style)


def draw_factors(
    board: Board,
    place: Stage,
    name: Named,
    left: Factor,
    above: Factor,
    style: Style,
    bias: str = "",
) -> None:
    """name = left·above, + bias where there is one, in letters at the top; then the two inputs.

    Each is named, its chosen row or column framed, its range said.
    """
    parts = [name, ("=", None), (left.name, left.ink or left.colour), ("·", None)]
    parts += [(above.name, above.colour), *([("+", None), (bias, above.colour)] if bias else [])]
    equation(board, parts)
    for n, words in enumerate(_factor(board, left, place.left, style)):
        board.note(0, place.left.bottom + (16, 36)[n], words, size=NOTE)
    title(board, 0, place.left.y - 6, left.name, left.values.shape, left.ink or left.colour)
    mark_row(board, place.left, left.place, len(left.values), left.colour)
    remarks = _factor(board, above, place.above, style)
    edge, middle = place.above.x - 14, max(48.0, place.above.y + min(place.above.height / 2, 90))
    words = sized_name(above.name, above.values.shape)
    board.text(edge, middle, words, size=TITLE, colour=above.colour, anchor="middle left")
    for n, words in enumerate(remarks):
        board.note(edge, middle + (24, 44)[n], words, size=NOTE, anchor="middle left")
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


def compare(board: Board, scene: Scene, style: Style) -> None:
    """Step 2: S = Q·Kᵀ."""
    theme, steps, axes = style.theme, scene.one.steps, scene.axes
    place = stage(board, style, axes.shape, steps.q.shape[1], axes.queries, 100)
    left = Factor("Q", steps.q, theme.q, scene.query)
    above = Factor("K<sup>⊤</sup>", steps.k.T, theme.k, scene.key)
    draw_factors(board, place, ("S", theme.plus), left, above, style)
    shading, largest = shaded(board, steps.raw, place.result, style)
    token_axes(board, place.result, axes, style)
    mark_cross(board, place.result, axes.cell, axes.shape, (theme.q, theme.k), "dot")
    bar(board, place.result, shading, style, largest)
    clicks(board, place.result, steps.raw, axes.cell, axes.queries, style, columns=axes.keys)


def mix(board: Board, scene: Scene, style: Style) -> None:
    """Step 6: O = A·V."""
    theme, steps, axes = style.theme, scene.one.steps, scene.axes
    place = stage(board, style, steps.output.shape, len(axes.keys), axes.queries, 44, 8)
    weights = np.where(np.isneginf(steps.masked), -np.inf, steps.weights)
    left = Factor("A", weights, theme.weight, scene.query, weights=True)
    above = Factor("V", steps.v, theme.v, scene.dim)
    draw_factors(board, place, ("O", theme.output), left, above, style)
    mark_row(board, place.left, scene.query, len(axes.queries), theme.q)
    mark_column(board, place.left, scene.key, len(axes.keys), theme.k, "dot")
    mark_row(board, place.above, scene.key, len(axes.keys), theme.k, "dot")
    draw_result(board, place.result, steps.output, scene.dim, scene, style, "o", theme.v)


def draw_result(
    board: Board,
    box: Box,
    values: Floats,
    column: int,
    scene: Scene,
    style: Style,
    role: str,
    colour: str,
) -> None:
    """A product whose rows are the queries and whose columns are dimensions; colour: theirs."""
    cell = (scene.query, column)
    shading, largest = shaded(board, values, box, style)
    row_edge(board, box, queries(scene.axes))
    dimension_head(board, box, column, values.shape[1], colour)
    mark_cross(board, box, cell, values.shape, (style.theme.q, colour), "dot")
    bar(board, box, shading, style, largest, values)
    clicks(board, box, values, cell, scene.axes.queries, style, role=role)


def draw_bias(
    board: Board, place: Stage, bias: Floats | None, name: str, above: Factor, style: Style
) -> None:
    """The bias as a thin row between the matrix that it follows and the product."""
    if bias is None:
        return
    box = Box(place.above.x, place.above.bottom + 8, place.above.width, 14)
    shaded(board, bias[None, :], box, style)
    mark_column(board, box, above.place, len(bias), above.colour)
    word = f"+ <span style='color:{above.colour}'><b>{name}</b></span>"
    board.text(box.x - 14, box.y + 7, word, size=18, anchor="middle left")


def not_recorded(board: Board, style: Style) -> None:
    """What is shown when the model's recording has nothing around its heads."""
    middle = board.width / 2, board.height / 2
    board.note(*middle, style.labels["not_recorded"], size=20, anchor="middle center")
