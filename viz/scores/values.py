"""One query's output as it is and with W_V = W_K; below, what a trained model still gets right."""

from __future__ import annotations

import numpy as np

from models.scores.values import SecondRound, SharedMatrix
from models.trace import Floats
from viz.board.board import Board, Box, Figure, symmetric
from viz.board.kept import kept
from viz.board.markup import indexed
from viz.board.panel import SMALLEST_NUMBER_CELL, Panel, draw, written
from viz.board.shading import Shading
from viz.board.style import Style

WIDTH, HEIGHT = 1190, 400
_HIGH, _LEFT, _RIGHT = 40, 2, 12
_OWN, _SHARED, _BARS, _PITCH = 36, 124, 246, 64
_BAR = Box(360, 0, 420, 26)  # how wide, and where it begins


@kept
def values(
    found: SharedMatrix, query: int, dim: int, measured: SecondRound, style: Style
) -> Figure:
    """query: whose output; dim: its chosen number.

    style.labels: output, shared, measured (period), trained, same, right (n, of, loss).
    """
    board, labels = Board(WIDTH, HEIGHT, style.theme), style.labels
    own, shared = found.output[query], found.shared[query]
    shading = symmetric(np.stack((own, shared)), style.theme.scores)
    for y, name, row, colour in (
        (_OWN, "output", own, style.theme.v),
        (_SHARED, "shared", shared, style.theme.k),
    ):
        said = indexed(labels[name], "W_V", "W_K")
        board.text(_LEFT, y - 14, f"<b>{said}</b>", size=17, anchor="middle right")
        box = Box(_LEFT, y, WIDTH - _LEFT - _RIGHT, _HIGH)
        _strip(board, box, row, shading, style)
        board.frame(box, colour, 2, "solid" if name == "output" else "dot")
        board.frame(box.column(dim, len(row)).grown(1, 2), style.theme.ink, 3)
    title = labels["measured"].format(period=measured.period)
    board.text(_LEFT, _BARS - 34, f"<b>{title}</b>", size=17, anchor="middle right")
    rows = (
        ("trained", measured.right, measured.loss, style.theme.v),
        ("same", measured.shared_right, measured.shared_loss, style.theme.k),
    )
    for place, (name, right, loss, colour) in enumerate(rows):
        y = _BARS + place * _PITCH
        said = indexed(labels[name], "W_V", "W_K")
        board.text(_BAR.x - 14, y + _BAR.height / 2, said, size=17, anchor="middle left")
        bar = Box(_BAR.x, y, _BAR.width, _BAR.height)
        board.fill(bar, style.theme.soft)
        share = Box(bar.x, y, max(bar.width * right / measured.asked, 1.0), bar.height)
        board.fill(share, colour, layer="above")
        lost = style.notation.significant(loss, 2)
        words = labels["right"].format(n=right, of=measured.asked, loss=lost)
        board.text(bar.right + 14, y + bar.height / 2, words, size=17, anchor="middle right")
    return board.figure()


def _strip(board: Board, box: Box, row: Floats, shading: Shading, style: Style) -> None:
    """row: (number,). Each is written where it has room."""
    pitch, texts = box.width / len(row), None
    if pitch > SMALLEST_NUMBER_CELL * 0.8:
        size = min(16.0, pitch * 0.4)
        texts = written(row[None, :], shading, size, lambda v: style.notation.fixed(v, 1))
    draw(board, box, Panel(row[None, :], shading, texts=texts))
