"""What goes into a block and what comes out of it, as strips of coloured numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.trace import Floats
from viz.board.board import Board, Box, Shading
from viz.board.kept import kept
from viz.board.panel import strip
from viz.board.style import Style

WIDTH = 520
_COLUMNS = 64
_LINE = 12  # pixels of one folded line
_HEAD, _GAP, _FOOT = 24, 8, 30
_OUTLIER = 2.0  # the largest number beyond so many times the 98th percentile is clipped


@dataclass(frozen=True, slots=True)
class Strip:
    """label: safe HTML; sign: what stands before it, +, =, →; mark: the framed number, None: none.

    chooses: a click on a number chooses its dimension.
    """

    label: str
    values: Floats
    sign: str = ""
    mark: int | None = None
    chooses: bool = True


@kept
def strips(rows: Sequence[Strip], style: Style, *, apart: bool = False) -> go.Figure:
    """Each vector folded into lines of 64, read as text is; one scale for all of them.

    apart: each has its own scale instead, since they do not add up to each other.

    Points in the trace named `viz.board.board.CELLS` carry [dimension].
    style.labels: clipped (limit), apart.
    """
    board, shared, y = Board(WIDTH, 0, style.theme), _shading(rows, style), 0.0
    for row in rows:
        count = -(-len(row.values) // _COLUMNS)
        shading, _ = _shading([row], style) if apart else shared
        _strip(board, row, Box(0, y + _HEAD, WIDTH, count * _LINE), count, shading, style)
        y += _HEAD + count * _LINE + _GAP
    board.height = int(y + _FOOT)
    _foot(board, None if apart else shared, style, y)
    return board.figure()


def _shading(rows: Sequence[Strip], style: Style) -> tuple[Shading, bool]:
    sizes = np.abs(np.concatenate([row.values for row in rows]))
    top, usual = float(sizes.max()), float(np.quantile(sizes, 0.98))
    clipped = top > _OUTLIER * usual > 0
    limit = usual if clipped else top or 1.0
    return Shading(style.theme.scores, -limit, limit), clipped


def _strip(board: Board, row: Strip, box: Box, lines: int, shading: Shading, style: Style) -> None:
    columns = min(_COLUMNS, len(row.values))
    box = Box(box.x, box.y, box.width * columns / _COLUMNS, box.height)
    cells = np.full(lines * columns, np.nan, np.float32)
    cells[: len(row.values)] = row.values
    sign = f"<b>{row.sign}</b> " if row.sign else ""
    board.text(0, box.y - 12, sign + row.label, size=17, anchor="middle right")
    board.grid(box)
    strip(board, box, cells.reshape(lines, columns), shading)
    write = style.notation.fixed
    if row.chooses:
        places = [divmod(i, columns) for i in range(len(row.values))]
        hover = [f"{i}: {write(float(v), 4)}" for i, v in enumerate(row.values)]
        ids = [[i] for i in range(len(row.values))]
        board.cells(box, (lines, columns), hover=hover, ids=ids, at_cells=places)
    if row.mark is not None:
        cell = box.cell(*divmod(row.mark, columns), (lines, columns))
        board.frame(cell.grown(2, 1), style.theme.page, 4)
        board.frame(cell.grown(2, 1), style.theme.ink, 2)
        value = write(float(row.values[row.mark]), 4)
        board.text(WIDTH, box.y - 12, f"[{row.mark}] = {value}", size=17, anchor="middle left")


def _foot(board: Board, shared: tuple[Shading, bool] | None, style: Style, y: float) -> None:
    """The scale, where there is one; whether numbers lie beyond it."""
    write, labels = style.notation.fixed, style.labels
    words = labels["apart"]
    if shared is not None:
        shading, clipped = shared
        top = write(shading.high)
        ticks = [(shading.low, write(shading.low)), (0.0, "0"), (shading.high, top)]
        board.scale_bar(Box(30, y, 130, 10), shading, ticks)
        words = labels["clipped"].format(limit=top) if clipped else ""
    if words:
        board.note(0 if shared is None else 210, y + 6, words, size=15)
