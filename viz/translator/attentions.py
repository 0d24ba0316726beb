"""A translator's three attentions at one decoder step, in one figure.

At the left how Turkish looks at itself and how English looks back; at the right English above
Turkish on chips, lines of weight between them, and the cross-attention growing row by row.
"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from models.trace import Floats
from viz.board.axes import MOST_CLICKABLE, shown_labels
from viz.board.board import Board, Box, Shading
from viz.board.notation import for_html, shortened
from viz.board.style import Style
from viz.translation.alignment_matrix import draw_matrix
from viz.translation.chips import (
    HIGH,
    Layout,
    draw_lines,
    draw_pieces,
    draw_written,
    laid_out,
)
from viz.translator.stages import Stepping

WIDTH, HEIGHT = 980, 606
_SIDE = 240  # of the left part
_LEFT = 268  # where the right part begins
_NAMES = 98  # room for the words before its rows
_LABELS = 88  # room for the words before the small matrices' rows
_TITLE = 30
_CHIPS, _PIECES, _ROWS = _TITLE, 156, 202  # from the top
_FOOT = 40
_LONGEST = 10


def translation(stepping: Stepping, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """All three attentions of the chosen layer's head, up to the chosen step.

    Points in the traces named `viz.board.board.CELLS` carry [step, source piece] of the
    cross-attention, or "encoder" or "decoder" and [query, key].
    style.labels: encoder_title, decoder_title, cross_title (read, written), read_axis,
    written_axis, key_axis, weights, gold, gold_possible.
    """
    board = Board(WIDTH, height, style.theme)
    layout = _laid_out(stepping)
    draw_lines(board, stepping, layout)
    draw_written(board, stepping, layout)
    draw_pieces(board, stepping, layout)
    rows = Box(layout.pieces.x, _ROWS, layout.pieces.width, height - _ROWS - _FOOT)
    draw_matrix(board, rows, stepping, style)
    half = (height - _FOOT - 2 * _TITLE - 34) / 2
    _encoder(board, Box(_LABELS, _TITLE, _SIDE - _LABELS, half), stepping, style)
    lower = _TITLE + half + _TITLE + 24
    _decoder(board, Box(_LABELS, lower, _SIDE - _LABELS, half), stepping, style)
    _titles(board, stepping, style, lower)
    _foot(board, stepping, style, height)
    return board.figure()


def _laid_out(stepping: Stepping) -> Layout:
    written = Box(_LEFT, _CHIPS, WIDTH - _LEFT - 2, HIGH)
    left = _LEFT + _NAMES
    return laid_out(stepping, written, Box(left, _PIECES, WIDTH - left - 2, HIGH))


def _titles(board: Board, stepping: Stepping, style: Style, lower: float) -> None:
    labels, muted = style.labels, style.theme.muted
    for x, y, key in (
        (0, 12, "encoder_title"),
        (0, lower - _TITLE + 10, "decoder_title"),
        (_LEFT, 12, "cross_title"),
    ):
        board.text(x, y, f"<b>{labels[key]}</b>", size=18, anchor="middle right")
    for x, y, key in (
        (_LEFT, _ROWS - 12, "written_axis"),
        (_LEFT, _PIECES + 18, "key_axis"),
    ):
        board.text(x, y, labels[key], size=15, colour=muted, anchor="middle right")


def _encoder(board: Board, box: Box, stepping: Stepping, style: Style) -> None:
    """Each Turkish piece's row; the opened one framed."""
    weights = stepping.weights("encoder")
    lit = stepping.stage == "encoder"
    names = stepping.sources
    _small(board, box, weights, len(weights), style)
    _names(board, box, names, stepping.place, len(names))
    _marked(board, box, (stepping.place, stepping.key if lit else None), weights.shape)
    _clicks(board, box, "encoder", weights, (stepping.place, stepping.key), (names, names), style)


def _decoder(board: Board, box: Box, stepping: Stepping, style: Style) -> None:
    """A row for each word read so far; what it may not see is hatched, what is to come empty."""
    weights = stepping.weights("decoder")
    rows, done = len(weights), stepping.step + 1
    names = stepping.trace.reads
    masked = np.triu(np.ones((rows, rows), bool), 1)
    shown = np.where(masked, -np.inf, weights)[:done]
    upper = Box(box.x, box.y, box.width, box.height * done / rows)
    _small(board, upper, shown, done, style)
    board.hatch(masked[:done], upper)
    if rows > 2:
        corner = box.cell(0, rows - 1, (rows, rows))
        board.text(min(corner.x, box.right - 16), corner.y + min(14, corner.height), "−∞",
                   size=16)  # fmt: skip
    for i in range(done, rows):
        board.frame(box.row(i, rows).grown(0, -1), board.theme.grid, 1.2, "dot")
    _names(board, box, names, stepping.step, done)
    lit = stepping.stage == "decoder"
    _marked(board, box, (stepping.step, stepping.key if lit else None), weights.shape)
    _clicks(board, upper, "decoder", shown, (stepping.step, stepping.key), (names, names), style)


def _small(board: Board, box: Box, weights: Floats, rows: int, style: Style) -> None:
    board.grid(box)
    fine = min(box.width / weights.shape[1], box.height / rows) > 6
    board.matrix(weights, box, Shading(style.theme.weights, 0.0, 1.0), gap=1 if fine else 0)


def _names(board: Board, box: Box, names: tuple[str, ...], chosen: int, done: int) -> None:
    """Words before the rows that are there, the chosen one in Q's colour."""
    pitch = box.height / len(names)
    shown, size = shown_labels(len(names), chosen, pitch)
    for i in shown:
        if i >= done:
            continue
        word = for_html(shortened(names[i], _LONGEST))
        now = i == chosen
        word, ink = (f"<b>{word}</b>", board.theme.q) if now else (word, board.theme.ink)
        board.text(box.x - 7, box.y + (i + 0.5) * pitch, word, size=min(size, 17), colour=ink,
                   anchor="middle left")  # fmt: skip


def _marked(board: Board, box: Box, cell: tuple[int, int | None], shape: tuple[int, ...]) -> None:
    """The opened row framed, and in the lit attention the opened cell."""
    row, key = cell
    rows, columns = shape
    board.frame(box.row(row, rows).grown(0, 1), board.theme.q, 2)
    if key is not None:
        board.frame(box.cell(row, key, (rows, columns)).grown(1, 1), board.theme.ink, 3)


def _clicks(
    board: Board,
    box: Box,
    kind: str,
    shown: Floats,
    chosen: tuple[int, int],
    names: tuple[tuple[str, ...], tuple[str, ...]],
    style: Style,
) -> None:
    rows, columns = shown.shape
    places = [(i, j) for i in range(rows) for j in range(columns) if np.isfinite(shown[i, j])]
    if max(rows, columns) > MOST_CLICKABLE:
        places = [(i, j) for i, j in places if i == chosen[0] or j == chosen[1]]
    hover = [
        f"{for_html(names[0][i])} → {for_html(names[1][j])}: α = "
        + style.notation.fixed(float(shown[i, j]), 4)
        for i, j in places
    ]
    ids = [[kind, i, j] for i, j in places]
    board.cells(box, (rows, columns), hover=hover, ids=ids, at_cells=places)


def _foot(board: Board, stepping: Stepping, style: Style, height: int) -> None:
    """The scale, and what rings mean while there are any."""
    theme, labels, notation = style.theme, style.labels, style.notation
    y = height - 36
    board.text(0, y + 6, labels["weights"], size=15, colour=theme.muted, anchor="middle right")
    board.scale_bar(Box(_LABELS, y, _SIDE - _LABELS, 11), Shading(theme.weights, 0.0, 1.0),
                    [(0, "0"), (0.5, notation.fixed(0.5, 1)), (1, "1")])  # fmt: skip
    board.text(_LEFT, y + 6, labels["gold" if stepping.gold else "places"], size=15,
               colour=theme.muted, anchor="middle right")  # fmt: skip
