"""A token's vector as strips: what its pixels give, what its position adds, and their sum."""

from __future__ import annotations

import numpy as np

from models.trace import Floats
from viz.board.board import Board, Box, Figure
from viz.board.panel import strip
from viz.board.shading import symmetric
from viz.board.style import Style

WIDTH, HEIGHT = 560, 152
_ROW, _HIGH = 50.0, 24.0
NAMES = ("from_pixels", "position", "vector")


def strips(rows: tuple[Floats, Floats, Floats], chosen: int, style: Style) -> Figure:
    """rows: (number,) each, from top to bottom; the same colours mean the same numbers in all.

    labels: from_pixels, position, vector.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    shading = symmetric(np.array(rows), style.theme.scores)
    count = len(rows[0])
    pitch = WIDTH / count
    for place, (name, row) in enumerate(zip(NAMES, rows, strict=True)):
        sign = ("", "+ ", "= ")[place]
        box = Box(0, place * _ROW + 24, WIDTH, _HIGH)
        value = style.notation.fixed(float(row[chosen]))
        words = f"{sign}{style.labels[name]}: <b>{value}</b>"
        board.text(0, box.y - 12, words, size=16, anchor="middle right")
        strip(board, box, row, shading)
        board.frame(Box(box.x + chosen * pitch, box.y, pitch, _HIGH), style.theme.ink, 3)
        x = box.x + (np.arange(count) + 0.5) * pitch
        y = np.full(count, box.y + _HIGH / 2)
        board.clicks(x, y, [[n] for n in range(count)], pitch)
    return board.figure()
