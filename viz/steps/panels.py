"""What the pictures of one head's arithmetic are made of: panels, numbers, operators, marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from models.trace import Floats
from viz.board import zoom
from viz.board.axes import (
    axis_names,
    column_edge,
    keys,
    label_size,
    parted,
    parting,
    queries,
    row_edge,
    side_width,
)
from viz.board.board import Board, Box, Shading
from viz.board.box import text_width
from viz.board.panel import SMALLEST_NUMBER_CELL, Panel, Texts, draw, written
from viz.board.ranges import bar_ticks, clipped, range_note, thinned_note
from viz.steps.marks import clicks, mark_cross
from viz.steps.scene import HeadBoard

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


def panel(board: HeadBoard, values: Floats, box: Box, shading: Shading) -> None:
    """values: (row, column) as colours, with numbers where there is room, hatched where −∞."""
    digits = digits_for(values)
    if digits and board.style.digits is not None:
        digits = board.style.digits
    elif digits == 2 and box.width / values.shape[1] >= 100:
        digits = 3
    write = partial(board.style.number, digits=digits)
    texts = _written(board, box, values, shading, write, masked=board.theme.muted)
    draw(board, box, Panel(values, shading, texts=texts))


def _written(
    board: HeadBoard,
    box: Box,
    values: Floats,
    shading: Shading,
    write: Callable[[float], str],
    **inks: str,
) -> Texts | None:
    """Numbers as large as cells allow, by hand as the longest needs; None: too small to read."""
    rows, columns = values.shape
    wide, high = box.width / columns, box.height / rows
    if wide < SMALLEST_NUMBER_CELL or high < 20:
        return None
    made = written(values, shading, 0, write, **inks)
    size = min(24.0, wide * 0.34, high * 0.6)
    if board.style.digits is not None:
        size = min(24.0, wide * 0.92 / (0.56 * max(map(len, made.texts))), high * 0.6)
    return None if size < SMALLEST_TYPE else replace(made, size=size)


def shaded(
    board: HeadBoard, values: Floats, box: Box, whole: Floats | None = None
) -> tuple[Shading, float | None]:
    """values: (row, column) as a panel, its colours up to its own largest or clipped before it.

    whole: what it was cut from, whose colours it keeps; None: it is all there is.
    Returns the colours and, when they end before it, the largest |number|.
    """
    shading, largest = clipped(values if whole is None else whole, board.theme)
    panel(board, values, box, shading)
    return shading, largest


def weight_panel(board: HeadBoard, values: Floats, box: Box) -> Shading:
    """values: (query, key) weights on the 0–1 scale; −∞ is a masked cell, whose weight is 0."""
    shading, notation = Shading(board.theme.weights, 0.0, 1.0), board.style.notation
    cell = box.width / values.shape[1]

    def write(value: float) -> str:
        """Tiny ones stay visible as such where there is room for it."""
        if value > 0 and (cell >= 80 or board.style.digits is not None):
            return (notation.tiny if board.style.finer else notation.small)(value, 3)
        return notation.share(value)

    weights = np.where(np.isneginf(values), 0.0, values)
    texts = _written(board, box, weights, shading, write, quiet=board.theme.muted)
    draw(board, box, Panel(values, shading, texts=texts))
    return shading


def title(board: Board, x: float, y: float, name: str, shape: tuple[int, ...], colour: str) -> None:
    """A panel's name with its size, its lower left corner at (x, y)."""
    board.text(x, y, sized_name(name, shape), size=TITLE, colour=colour, anchor="top right")


def sized_name(name: str, shape: tuple[int, ...]) -> str:
    """A matrix' name, bold, with its (rows, columns) in smaller type at every scale: safe HTML."""
    return f"<b>{name}</b> <span style='font-size:.8em'>{shape[0]} × {shape[1]}</span>"


def operator(board: Board, x: float, y: float, sign: str, *, size: float = OPERATOR) -> None:
    """An operator between two panels."""
    board.text(x, y, f"<b>{sign}</b>", size=size, colour=board.theme.ink)


def bar(
    board: HeadBoard,
    box: Box,
    shading: Shading,
    largest: float | None = None,
    values: Floats | None = None,
) -> None:
    """The colour bar under the large matrix.

    largest: said beside it when colours are clipped. values: the matrix, for which is said
    what of it is not drawn.
    """
    left = box.x + 16 if largest is not None else max(box.x, box.x + box.width / 2 - 140)
    place = Box(min(left, board.width - 300), box.bottom + 14, 280, 14)
    words = [] if largest is None else [range_note(shading, largest, board.style)]
    words += [] if values is None else [thinned_note(values, box, board.style)]
    said = "; ".join(filter(None, words))
    if board.scene.window is not None:  # less room, and what stands at its right has words there
        room = WIDTH - box.x - 24 - text_width(said, NOTE) if said else box.width
        place = Box(box.x, place.y, min(280, box.width, max(room, 100)), 14)
    board.scale_bar(place, shading, bar_ticks(shading, board.style.notation))
    board.note(place.right + 24, place.y + 7, said, size=NOTE)


def large_box(
    board: Board, shape: tuple[int, ...], *, left: float, top: float, right: float = RIGHT
) -> Box:
    """Where the current step's matrix lies: all the room, for a tiny one no more than is good."""
    width = min(board.width - left - right, shape[1] * LARGEST_CELL[0])
    return Box(left, top, width, min(board.height - top - FOOT, shape[0] * LARGEST_CELL[1]))


def labels_width(tokens: Sequence[str], pitch: float) -> float:
    """Room that row labels need, the axis' name among them."""
    return side_width(tokens, label_size(pitch), smallest=14, air=0, least=76) + 18


def token_matrix(
    board: HeadBoard,
    box: Box,
    values: Floats,
    shading: Shading,
    largest: float | None = None,
    *,
    whole: Floats,
    outside: bool = False,
) -> None:
    """What stands around a large matrix (query, key): tokens, marks, colour bar, points to click.

    largest: as in `bar`. whole: what it was cut from, or itself. outside: its rows have a sum, of
    which is said how much is elsewhere.
    """
    axes, theme, names = board.scene.axes, board.theme, board.style.labels
    row_edge(board, box, queries(axes))
    column_edge(board, box, keys(axes))
    axis_names(board, box, names, {"key_axis": -66, "query_axis": -42, "query_axis_2": -20})
    parting(board, box, axes)
    parted(board, axes, names, 0, board.height - 12)
    mark_cross(board, box, axes.cell, axes.shape, (theme.q, theme.k), "dot")
    bar(board, box, shading, largest)
    clicks(board, box, values, axes.cell, axes.queries, columns=axes.keys)
    whole_of(board, box, whole, shading, outside=outside)


def whole_of(
    board: HeadBoard,
    box: Box,
    values: Floats,
    shading: Shading,
    *,
    role: str = "",
    outside: bool = False,
) -> None:
    """Beside the large matrix all that it was cut from; nothing where that is all there is.

    values: (row, column). role, outside: as in `clicks`, `token_matrix`.
    """
    scene, window = board.scene, board.scene.window
    if window is None:
        return
    rows, ids = (window.columns if role in ("k", "v") else window.rows), scene.whole.axes
    notes = []
    if outside:
        weights = scene.whole.one.steps.weights[scene.whole.query]
        notes.append(zoom.outside(weights, window.columns, board.style))
    every = zoom.Window(rows, slice(0, values.shape[1]) if role else window.columns)
    names = (scene.whole.ids_of(role), None if role else ids.key_ids)
    whole = zoom.Whole(values, shading, every, names, role, bool(role), notes)
    zoom.draw_whole(board, zoom.place(board, box, board.style), whole, board.style)
