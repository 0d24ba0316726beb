"""Marks on the pictures of one head's arithmetic: chosen row, column and cell; clicks."""

from __future__ import annotations

from collections.abc import Sequence

from models.trace import Floats
from viz.board.axes import Cell, clickable
from viz.board.board import Board, Box
from viz.board.notation import for_html
from viz.steps.scene import HeadBoard


def mark_row(board: Board, box: Box, row: int, rows: int, colour: str, dash: str = "solid") -> None:
    """Frame one row."""
    board.frame(box.row(row, rows), colour, 2.5, dash)


def mark_column(
    board: Board, box: Box, column: int, columns: int, colour: str, dash: str = "solid"
) -> None:
    """Frame one column; very thin columns get a frame around them that can be seen."""
    place = box.column(column, columns)
    spare = max(0.0, 7 - place.width) / 2
    look = (1.5, "solid") if spare else (2, dash)
    board.frame(place.grown(spare, 0), colour, *look)


def mark_cross(
    board: Board,
    box: Box,
    cell: Cell,
    shape: tuple[int, ...],
    colours: tuple[str, str],
    dash: str = "solid",
) -> None:
    """Frame a cell in ink, its row and its column in their colours. shape: (rows, columns).

    Cells too small to frame get a square of 9 pixels.
    """
    (row, column), (rows, columns) = cell, shape
    mark_row(board, box, row, rows, colours[0], dash)
    mark_column(board, box, column, columns, colours[1], dash)
    place = box.cell(row, column, (rows, columns))
    grown = place.grown(max(0.0, 9 - place.width) / 2, max(0.0, 9 - place.height) / 2)
    board.frame(grown, board.theme.ink, 4 if place.width > 14 else 2)


def clicks(
    board: HeadBoard,
    box: Box,
    values: Floats,
    chosen: Cell,
    rows: Sequence[str],
    *,
    role: str = "",
    columns: Sequence[str] | None = None,
) -> None:
    """Points that answer a click with [row, column] or, with a role, [row, column, role].

    Of a large matrix only the chosen row and column have points. columns: their tokens;
    without, columns are dimensions. Tokens go by their places in the whole text.
    """
    count, width = values.shape
    places, write = clickable((count, width), chosen), board.style.notation.fixed
    across = range(width) if columns is None else list(map(for_html, columns))
    hover = [
        f"{for_html(rows[i])} → {across[j]}: {write(float(values[i, j]), 4)}" for i, j in places
    ]
    ids: list[list[object]] = [[_id(board.scene.ids_of(role), i), j, role] for i, j in places]
    if not role:
        ids = [list(board.scene.axes.identity(*place)) for place in places]
    board.cells(box, (count, width), hover=hover, ids=ids, at_cells=places)


def _id(ids: Sequence[int] | None, place: int) -> int:
    return place if ids is None else ids[place]
