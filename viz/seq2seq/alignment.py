"""A translation step by step: pieces with their states, lines of weight, the matrix that grows."""

from __future__ import annotations

import plotly.graph_objects as go

from viz.board.board import Board, Box, Shading
from viz.board.ranges import bar_ticks
from viz.board.style import Style
from viz.seq2seq.step import Decoding
from viz.seq2seq.strips import halves, state_scale, strip, two_way
from viz.translation.alignment_matrix import draw_matrix
from viz.translation.chips import HIGH, Layout, draw_chips

WIDTH, HEIGHT = 930, 772
LEFT = 152  # room for names and for h_t and C_t
_RIGHT = 4
WRITTEN = Box(LEFT, 2, WIDTH - LEFT - _RIGHT, HIGH)
_PIECES = Box(LEFT, 130, WIDTH - LEFT - _RIGHT, HIGH)
_STATES = Box(LEFT, 172, WIDTH - LEFT - _RIGHT, 104)


def alignment(decoding: Decoding, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """Lines, states and weights of a translation up to the chosen step.

    From the top: h_t and the words written so far; lines from them to the source's pieces, as
    wide as their weights; a strip for each piece's state, both directions; C_t beside them; and
    the weights, a row a step, in the same columns. Rows not written yet are outlines. Points in
    the trace named `viz.board.board.CELLS` carry [step, source piece].
    style.labels: decoder_state, context, query_axis, key_axis, weights, states, forward,
    backward, gold, gold_possible.
    """
    board = Board(WIDTH, height, style.theme)
    layout = draw_chips(board, decoding, WRITTEN, _PIECES)
    _states(board, decoding, layout, style)
    top = _STATES.bottom + 30
    rows = Box(LEFT, top, layout.pitch * len(decoding.sources), height - top - 46)
    draw_matrix(board, rows, decoding, style)
    _foot(board, decoding, style, height)
    return board.figure()


def _states(board: Board, decoding: Decoding, layout: Layout, style: Style) -> None:
    """A strip a piece, forward half above; h_t above at the left, C_t beside the strips."""
    theme, trace, labels = style.theme, decoding.trace, style.labels
    gap = min(5.0, layout.pitch * 0.08)
    for j, values in enumerate(trace.encoder):
        box = Box(LEFT + j * layout.pitch + gap, _STATES.y, layout.pitch - 2 * gap, _STATES.height)
        two_way(board, box, values, trace.backward)
    chosen = Box(LEFT + decoding.source * layout.pitch, _STATES.y, layout.pitch, _STATES.height)
    board.frame(chosen.grown(0, 2), theme.k, 3)
    beside = Box(34, _STATES.y, 92, _STATES.height)
    two_way(board, beside, decoding.attention.context[decoding.step], trace.backward)
    board.frame(beside.grown(2, 2), theme.output, 2)
    board.text(0, beside.y + beside.height / 2, "<i>C</i><sub>t</sub>", size=21,
               colour=theme.output, anchor="middle right")  # fmt: skip
    for sign, half in zip("→←", halves(_STATES), strict=True):
        board.note(140, half.y + half.height / 2, sign, size=18, anchor="middle center")
    now = Box(34, 36, 92, 50)
    strip(board, now, trace.h[decoding.step])
    board.frame(now.grown(2, 2), theme.q, 2)
    board.text(0, 61, "<i>h</i><sub>t</sub>", size=21, colour=theme.q, anchor="middle right")
    for name, y, colour in (
        ("decoder_state", 18, theme.q),
        ("key_axis", 112, theme.k),
        ("context", 148, theme.output),
        ("query_axis", _STATES.bottom + 16, theme.q),
    ):
        board.text(0, y, labels[name], size=16, colour=colour, anchor="middle right")


def _foot(board: Board, decoding: Decoding, style: Style, height: int) -> None:
    theme, labels, notation = style.theme, style.labels, style.notation
    y = height - 34
    board.note(LEFT, y + 6, labels["weights"])
    weights = Shading(theme.weights, 0.0, 1.0)
    board.scale_bar(Box(LEFT + 92, y, 130, 12), weights, bar_ticks(weights, notation))
    board.note(LEFT + 258, y + 6, labels["states"])
    state_scale(board, Box(LEFT + 330, y, 130, 12), notation)
    words = f"→ {labels['forward']}   ← {labels['backward']}"
    board.note(LEFT + 482, y + 6, words)
