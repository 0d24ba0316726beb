"""A translation step by step: pieces with their states, lines of weight, the matrix that grows."""

from __future__ import annotations

import plotly.graph_objects as go

from viz.board.board import Board, Box, Shading
from viz.board.kept import kept
from viz.board.ranges import bar_ticks
from viz.board.style import Style
from viz.seq2seq.step import Decoding
from viz.seq2seq.strips import halves, state_scale, strip, two_way
from viz.translation.alignment_matrix import draw_matrix
from viz.translation.chips import HIGH, Layout, draw_chips, laid_out

WIDTH, HEIGHT = 930, 772
LEFT = 152  # room for names and for h_t and C_t
_RIGHT = 4
WRITTEN = Box(LEFT, 2, WIDTH - LEFT - _RIGHT, HIGH)
_PIECES = Box(LEFT, 130, WIDTH - LEFT - _RIGHT, HIGH)
_STATES = Box(LEFT, 172, WIDTH - LEFT - _RIGHT, 104)
_CONTEXT = Box(34, _STATES.y, 92, _STATES.height)  # C_t
_DECODER = Box(34, 36, 92, 50)  # h_t


@kept
def source_states(decoding: Decoding, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """What no step changes, to lie below `alignment`: the source's states, names, both scales.

    A strip for each piece's state, both directions. style.labels: those of `alignment`.
    """
    board = Board(WIDTH, height, style.theme)
    layout = laid_out(decoding, WRITTEN, _PIECES)
    gap = min(5.0, layout.pitch * 0.08)
    for j, values in enumerate(decoding.trace.encoder):
        x = LEFT + j * layout.pitch + gap
        box = Box(x, _STATES.y, layout.pitch - 2 * gap, _STATES.height)
        two_way(board, box, values, decoding.trace.backward)
    _names(board, style)
    _foot(board, style, height)
    return board.figure()


@kept
def alignment(decoding: Decoding, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """Lines and weights of a translation up to the chosen step, to lie on `source_states`.

    From the top: h_t and the words written so far; lines from them to the source's pieces, as
    wide as their weights; C_t beside the pieces' states; and the weights, a row a step, in the
    same columns. Rows not written yet are outlines. Points in the trace named
    `viz.board.board.CELLS` carry [step, source piece].
    style.labels: decoder_state, context, query_axis, key_axis, weights, states, forward,
    backward, gold, gold_possible.
    """
    board = Board(WIDTH, height, style.theme)
    layout = draw_chips(board, decoding, WRITTEN, _PIECES)
    _vectors(board, decoding, layout)
    top = _STATES.bottom + 30
    rows = Box(LEFT, top, layout.pitch * len(decoding.sources), height - top - 46)
    draw_matrix(board, rows, decoding, style)
    return board.figure()


def _vectors(board: Board, decoding: Decoding, layout: Layout) -> None:
    """h_t above at the left, C_t beside the states, and the chosen state's frame."""
    theme, trace = board.theme, decoding.trace
    chosen = Box(LEFT + decoding.source * layout.pitch, _STATES.y, layout.pitch, _STATES.height)
    board.frame(chosen.grown(0, 2), theme.k, 3)
    two_way(board, _CONTEXT, decoding.attention.context[decoding.step], trace.backward)
    board.frame(_CONTEXT.grown(2, 2), theme.output, 2)
    strip(board, _DECODER, trace.h[decoding.step])
    board.frame(_DECODER.grown(2, 2), theme.q, 2)


def _names(board: Board, style: Style) -> None:
    theme, labels = style.theme, style.labels
    for sign, half in zip("→←", halves(_STATES), strict=True):
        board.note(140, half.y + half.height / 2, sign, size=18, anchor="middle center")
    for letter, box, colour in (("C", _CONTEXT, theme.output), ("h", _DECODER, theme.q)):
        name, y = f"<i>{letter}</i><sub>t</sub>", box.y + box.height / 2
        board.text(0, y, name, size=21, colour=colour, anchor="middle right")
    for name, y, colour in (
        ("decoder_state", 18, theme.q),
        ("key_axis", 112, theme.k),
        ("context", 148, theme.output),
        ("query_axis", _STATES.bottom + 16, theme.q),
    ):
        board.text(0, y, labels[name], size=16, colour=colour, anchor="middle right")


def _foot(board: Board, style: Style, height: int) -> None:
    theme, labels, notation = style.theme, style.labels, style.notation
    y = height - 34
    board.note(LEFT, y + 6, labels["weights"])
    weights = Shading(theme.weights, 0.0, 1.0)
    board.scale_bar(Box(LEFT + 92, y, 130, 12), weights, bar_ticks(weights, notation))
    board.note(LEFT + 258, y + 6, labels["states"])
    state_scale(board, Box(LEFT + 330, y, 130, 12), notation)
    words = f"→ {labels['forward']}   ← {labels['backward']}"
    board.note(LEFT + 482, y + 6, words)
