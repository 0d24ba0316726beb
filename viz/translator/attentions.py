"""A translator's three attentions at one decoder step, in one figure.

At the left how Turkish looks at itself and how English looks back; at the right English above
Turkish on chips, lines of weight between them, and the cross-attention growing row by row.
"""

from __future__ import annotations

import plotly.graph_objects as go

from models.trace import Kind
from viz.board.axes import MOST_CLICKABLE, Edge, every_cell
from viz.board.board import Board, Box, Shading
from viz.board.kept import kept
from viz.board.panel import Clicks, Marks, Panel, draw, pair_words
from viz.board.ranges import bar_ticks
from viz.board.style import Style
from viz.translation.alignment_matrix import draw_matrix
from viz.translation.chips import HIGH, draw_chips
from viz.translator.stages import Stepping

WIDTH, HEIGHT = 980, 606
SELF: dict[str, Kind] = {"e": "encoder", "d": "decoder"}  # a letter is sent with every cell
_SIDE = 240  # of the left part
_LEFT = 268  # where the right part begins
_NAMES = 98  # room for the words before its rows
_LABELS = 88  # room for the words before the small matrices' rows
_TITLE = 30
_CHIPS, _PIECES, _ROWS = _TITLE, 156, 202  # from the top
_FOOT = 40
_LONGEST = 10


@kept
def translation(stepping: Stepping, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """All three attentions of the chosen layer's head, up to the chosen step.

    Points in the traces named `viz.board.board.CELLS` carry [step, source piece] of the
    cross-attention, or a self-attention's letter in SELF and [query, key].
    style.labels: encoder_title, decoder_title, cross_title (read, written), read_axis,
    written_axis, key_axis, weights, gold, gold_possible.
    """
    board = Board(WIDTH, height, style.theme)
    left = _LEFT + _NAMES
    written = Box(_LEFT, _CHIPS, WIDTH - _LEFT - 2, HIGH)
    layout = draw_chips(board, stepping, written, Box(left, _PIECES, WIDTH - left - 2, HIGH))
    rows = Box(layout.pieces.x, _ROWS, layout.pieces.width, height - _ROWS - _FOOT)
    draw_matrix(board, rows, stepping, style)
    half = (height - _FOOT - 2 * _TITLE - 34) / 2
    upper = Box(_LABELS, _TITLE, _SIDE - _LABELS, half)
    _small(board, upper, stepping, "encoder", len(stepping.sources), style)
    lower = _TITLE + half + _TITLE + 24
    _decoder(board, Box(_LABELS, lower, _SIDE - _LABELS, half), stepping, style)
    _titles(board, style, lower)
    _foot(board, stepping, style, height)
    return board.figure()


def _titles(board: Board, style: Style, lower: float) -> None:
    labels = style.labels
    for x, y, key in (
        (0, 12, "encoder_title"),
        (0, lower - _TITLE + 10, "decoder_title"),
        (_LEFT, 12, "cross_title"),
    ):
        board.text(x, y, f"<b>{labels[key]}</b>", size=18, anchor="middle right")
    board.note(_LEFT, _ROWS - 12, labels["written_axis"], size=15)
    board.note(_LEFT, _PIECES + 18, labels["key_axis"], size=15)


def _decoder(board: Board, box: Box, stepping: Stepping, style: Style) -> None:
    """A row for each word read so far; what it may not see is hatched, what is to come empty."""
    masked = stepping.masked("decoder")
    if len(masked) > 2 and masked[0, -1]:
        corner = box.cell(0, len(masked) - 1, (len(masked), len(masked)))
        y = corner.y + min(14, corner.height)
        board.text(min(corner.x, box.right - 16), y, "−∞", size=16)
    _small(board, box, stepping, "decoder", stepping.step + 1, style)


def _small(board: Board, box: Box, stepping: Stepping, kind: Kind, done: int, style: Style) -> None:
    """One attention's weights, `done` rows of them; the opened row framed, the lit one's cell."""
    weights, masked = stepping.weights(kind), stepping.masked(kind)
    names = stepping.sources if kind == "encoder" else stepping.trace.reads
    row = stepping.place if kind == "encoder" else stepping.step
    places = [(i, j) for i, j in every_cell(weights.shape) if i < done and not masked[i, j]]
    if max(weights.shape) > MOST_CLICKABLE:
        places = [(i, j) for i, j in places if i == row or j == stepping.key]
    key = stepping.key if stepping.stage == kind else None
    said = pair_words(weights, (names, names), places, style.notation, "α = ")
    panel = Panel(
        weights,
        Shading(style.theme.weights, 0.0, 1.0),
        masked,
        until=done,
        outline=1.2,
        rows=Edge(names, row, longest=_LONGEST, away=7, largest=17, until=done),
        clicks=Clicks(places, [[kind[0], i, j] for i, j in places], said),
        marks=Marks(row, key, widths=(2, 0, 3), tiny=None, always=1),
    )
    draw(board, box, panel)


def _foot(board: Board, stepping: Stepping, style: Style, height: int) -> None:
    """The scale, and what rings mean while there are any."""
    labels, shading = style.labels, Shading(style.theme.weights, 0.0, 1.0)
    y = height - 36
    board.note(0, y + 6, labels["weights"], size=15)
    bar = Box(_LABELS, y, _SIDE - _LABELS, 11)
    board.scale_bar(bar, shading, bar_ticks(shading, style.notation))
    board.note(_LEFT, y + 6, labels["gold" if stepping.gold else "places"], size=15)
