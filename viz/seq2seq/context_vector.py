"""The one vector that a network without attention is told of a sentence, as two long strips."""

from __future__ import annotations

import plotly.graph_objects as go

from models.trace import Floats
from viz.board.board import Board, Box
from viz.board.kept import kept
from viz.board.panel import strip
from viz.board.style import Style
from viz.seq2seq.strips import state_scale, state_shading

WIDTH, HEIGHT = 860, 118
_LEFT = 170


@kept
def one_vector(last: Floats, backward: int, style: Style) -> go.Figure:
    """(2·units,): forward units above, backward units below, each a row of cells, −1 to 1.

    style.labels: forward_last, backward_last, states.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    shading, cut = state_shading(style.theme), len(last) - backward
    rows = (("forward_last", last[:cut]), ("backward_last", last[cut:]))
    for place, (name, values) in enumerate(rows):
        box = Box(_LEFT, 2 + place * 38, WIDTH - _LEFT - 4, 32)
        strip(board, box, values, shading, edge=style.theme.output, width=2)
        board.text(_LEFT - 10, box.y + 16, style.labels[name], size=16, anchor="middle left")
    bar = Box(_LEFT + 60, HEIGHT - 34, 130, 12)
    board.note(_LEFT, bar.y + 6, style.labels["states"])
    state_scale(board, bar, style.notation)
    return board.figure()
