"""The weights of a translation, a row a written word: what is not written yet is an outline."""

from __future__ import annotations

from dataclasses import replace

from viz.board.axes import MOST_CLICKABLE, Edge, clickable
from viz.board.board import Board, Box, Shading
from viz.board.notation import for_html, shortened
from viz.board.panel import Clicks, Marks, Panel, Texts, draw, mark, written
from viz.board.style import Style
from viz.translation.growing import Growing

_HIGHEST = 38.0  # pixels of a row
_SMALLEST = 13.0  # type of numbers in cells
_LONGEST = 13


def draw_matrix(board: Board, room: Box, growing: Growing, style: Style) -> Box:
    """Rows up to the chosen step on the fixed 0–1 scale; returns where the whole matrix lies."""
    rows, columns = growing.matrix.shape
    box = Box(room.x, room.y, room.width, min(room.height, rows * _HIGHEST))
    done = growing.step + 1
    places = clickable((rows, columns), (growing.step, growing.source))
    panel = Panel(
        growing.matrix,
        Shading(style.theme.weights, 0.0, 1.0),
        gap=min(box.width / columns, box.height / rows) >= 10,
        until=done,
        rows=Edge(growing.written, growing.step, longest=_LONGEST, until=done),
        texts=_numbers(box, growing, style),
        clicks=Clicks(places, hover=[_said(growing, i, j, style) for i, j in places]),
    )
    draw(board, box, panel)
    _gold(board, box, growing)
    marks = Marks(growing.step, growing.source, tiny=(1.5, 2, 2), rows=done)
    mark(board, box, panel.shape, marks)
    return box


def _numbers(box: Box, growing: Growing, style: Style) -> Texts | None:
    """α in the written cells while it fits."""
    rows, columns = growing.matrix.shape
    high, wide = box.height / rows, box.width / columns
    size = min(20.0, high * 0.6, wide * 0.36)
    if max(rows, columns) > MOST_CLICKABLE or size < _SMALLEST:
        return None
    shading = Shading(style.theme.weights, 0.0, 1.0)
    share = style.notation.share
    found = written(growing.matrix, shading, size, share, quiet=style.theme.muted)
    there = (growing.step + 1) * columns
    return replace(found, texts=[*found.texts[:there], *[""] * (rows * columns - there)])


def _said(growing: Growing, step: int, piece: int, style: Style) -> str:
    """What a cell says when pointed at; of a row to come only that it is to come."""
    words = (growing.written[step], growing.sources[piece])
    word, key = (for_html(shortened(name, 40)) for name in words)
    if step > growing.step:
        return f"… → {key}"
    numbers = (float(part[step, piece]) for part in (growing.matrix, growing.scores))
    weight, score = (style.notation.fixed(number, 4) for number in numbers)
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
