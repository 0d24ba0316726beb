"""A token's vector as strips: what its pixels give, what its position adds, and their sum."""

from __future__ import annotations

import numpy as np

from models.trace import Floats
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.panel import strip
from viz.board.shading import symmetric
from viz.board.style import Style

WIDTH, HEIGHT = 560, 152
_ROW, _HIGH = 50.0, 24.0
NAMES = ("from_pixels", "position", "vector")


@kept
def strips(rows: tuple[Floats, Floats, Floats], chosen: int, style: Style) -> Figure:
    """rows: (number,) each, from top to bottom; the same colours mean the same numbers in all.

    labels: from_pixels, position, vector.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    shading, count = symmetric(np.array(rows), style.theme.scores), len(rows[0])
    for place, (name, row) in enumerate(zip(NAMES, rows, strict=True)):
        box = Box(0, place * _ROW + 24, WIDTH, _HIGH)
        value = style.notation.fixed(float(row[chosen]))
        words = f"{('', '+ ', '= ')[place]}{style.labels[name]}: <b>{value}</b>"
        board.text(0, box.y - 12, words, size=16, anchor="middle right")
        strip(board, box, row, shading)
        board.frame(box.column(chosen, count), style.theme.ink, 3)
        board.clicks(*box.centres((1, count)), [[n] for n in range(count)], WIDTH / count)
    return board.figure()
