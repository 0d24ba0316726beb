"""The weights of a translation, a row a written word: what is not written yet is an outline."""

from __future__ import annotations

from viz.board.axes import MOST_CLICKABLE, shown_labels
from viz.board.board import (
    Board,
    Box,
    Shading,
    number_inks,
)
from viz.board.notation import for_html, shortened
from viz.board.style import Style
from viz.translation.growing import Growing, Link

_HIGHEST = 38.0  # pixels of a row
_SMALLEST = 13.0  # type of numbers in cells
_LONGEST = 13


def draw_matrix(board: Board, room: Box, growing: Growing, style: Style) -> Box:
    """Rows up to the chosen step on the fixed 0–1 scale; returns where the whole matrix lies."""
    rows, columns = growing.matrix.shape
    box = Box(room.x, room.y, room.width, min(room.height, rows * _HIGHEST))
    done = growing.step + 1
    shading = Shading(style.theme.weights, 0.0, 1.0)
    shown = growing.matrix[:done]
    filled = Box(box.x, box.y, box.width, box.height * done / rows)
    board.grid(filled)
    thin = min(box.width / columns, box.height / rows) < 10
    board.matrix(shown, filled, shading, gap=0 if thin else 1)
    _outlines(board, box, growing, rows)
    _names(board, box, growing)
    _numbers(board, box, growing, style, shading)
    _gold(board, box, growing)
    _chosen(board, box, growing)
    return box


def _outlines(board: Board, box: Box, growing: Growing, rows: int) -> None:
    for i in range(growing.step + 1, rows):
        board.frame(box.row(i, rows).grown(0, -1), board.theme.grid, 1.5, "dot")


def _names(board: Board, box: Box, growing: Growing) -> None:
    """The written words at the left, the chosen one in Q's colour."""
    theme, rows = board.theme, len(growing.written)
    pitch = box.height / rows
    shown, size = shown_labels(rows, growing.step, pitch)
    for i in shown:
        if i > growing.step:
            continue
        word = for_html(shortened(growing.written[i], _LONGEST))
        now = i == growing.step
        word, colour = (f"<b>{word}</b>", theme.q) if now else (word, theme.ink)
        y = box.y + (i + 0.5) * pitch
        board.text(box.x - 8, y, word, size=size, colour=colour, anchor="middle left")


def _numbers(board: Board, box: Box, growing: Growing, style: Style, shading: Shading) -> None:
    """α in the written cells while it fits; points that answer clicks with [step, piece]."""
    rows, columns = growing.matrix.shape
    high, wide = box.height / rows, box.width / columns
    size = min(20.0, high * 0.6, wide * 0.36)
    places = _clickable(growing, rows, columns)
    weights = growing.matrix
    texts = inks = None
    if len(places) == rows * columns and size >= _SMALLEST:
        write = style.notation.bare if wide < 52 else style.notation.share
        written = [i <= growing.step for i, _ in places]
        cells = [float(weights[place]) for place in places]
        texts = [write(v, 2) if on else "" for v, on in zip(cells, written, strict=True)]
        inks = number_inks(weights, shading, style.theme.muted)
    hover = [_said(growing, i, j, style) for i, j in places]
    board.cells(
        box,
        (rows, columns),
        texts=texts,
        inks=inks,
        size=size,
        hover=hover,
        ids=[list(place) for place in places],
        at_cells=places,
    )


def _clickable(growing: Growing, rows: int, columns: int) -> list[Link]:
    """All cells, or of a large matrix the chosen row and column."""
    if max(rows, columns) <= MOST_CLICKABLE:
        return [(i, j) for i in range(rows) for j in range(columns)]
    across = [(growing.step, j) for j in range(columns)]
    return across + [(i, growing.source) for i in range(rows) if i != growing.step]


def _said(growing: Growing, step: int, piece: int, style: Style) -> str:
    """What a cell says when pointed at; of a row to come only that it is to come."""
    key = for_html(shortened(growing.sources[piece], 40))
    if step > growing.step:
        return f"… → {key}"
    word = for_html(shortened(growing.written[step], 40))
    weight = style.notation.fixed(float(growing.matrix[step, piece]), 4)
    score = style.notation.fixed(float(growing.scores[step, piece]), 4)
    return f"{word} → {key}: α = {weight}, <i>e</i> = {score}"


def _gold(board: Board, box: Box, growing: Growing) -> None:
    """Rings over the cells that the grammar aligns: closed where sure, dotted where possible."""
    if growing.gold is None:
        return
    rows, columns = growing.matrix.shape
    for links, dash in ((growing.gold.sure, "solid"), (growing.gold.possible, "dot")):
        for step, piece in sorted(links):
            if step <= growing.step:
                ring(board, box.cell(step, piece, (rows, columns)), dash)


def ring(board: Board, cell: Box, dash: str) -> None:
    """A round outline with a halo, to be seen on every weight's colour."""
    inner = cell.grown(-cell.width * 0.06, -cell.height * 0.08)
    place = {"x0": inner.x, "x1": inner.right, "y0": inner.y, "y1": inner.bottom}
    thin = min(cell.width, cell.height) < 16
    for colour, width, line in (
        (board.theme.page, 3.0 if thin else 5.5, "solid"),
        (board.theme.gold, 1.5 if thin else 3.0, dash),
    ):
        style = {"color": colour, "width": width, "dash": line}
        board.shapes.append({"type": "circle", "layer": "above", **place, "line": style})


def _chosen(board: Board, box: Box, growing: Growing) -> None:
    """The row framed in Q's colour, the column so far in K's, the cell in ink."""
    rows, columns = growing.matrix.shape
    theme, step, piece = board.theme, growing.step, growing.source
    tiny = min(box.width / columns, box.height / rows) < 14
    air = 4 if tiny else 0
    board.frame(box.row(step, rows).grown(0, air), theme.q, 1.5 if tiny else 2.5)
    column = box.column(piece, columns)
    so_far = Box(column.x, box.y, column.width, box.height * (step + 1) / rows)
    board.frame(so_far.grown(air, 0), theme.k, 2, "dot")
    board.frame(box.cell(step, piece, (rows, columns)).grown(air, air), theme.ink, 2 if tiny else 4)
