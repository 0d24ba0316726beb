"""One token's x, its queries at full width, and the piece that is one head's; below, X cut first.

Every strip is as wide as the figure: numbers side by side, the first at the left.
"""

from __future__ import annotations

import numpy as np

from models.scores.splitting import Split
from models.trace import Floats
from viz.board.board import Board, Box, Figure, symmetric
from viz.board.kept import kept
from viz.board.markup import indexed
from viz.board.panel import SMALLEST_NUMBER_CELL, Panel, draw, written
from viz.board.shading import Shading
from viz.board.style import Style

WIDTH, HEIGHT = 1190, 540
_HIGH, _LEFT, _RIGHT = 40, 2, 12
_X, _FULL, _OWN, _CUT = 36, 172, 346, 484  # where strips begin
_MOST = 32  # heads of which each has its number


@kept
def splitting(found: Split, token: int, style: Style) -> Figure:
    """token: whose x. style.labels: x, full, own, cut_first, all_of_x, part_of_x."""
    board, labels = Board(WIDTH, HEIGHT, style.theme), style.labels
    theme, notation = style.theme, style.notation
    first, last = found.columns[0], found.columns[1] - 1
    rows = found.rows[0], found.rows[1] - 1
    heads = {"head": found.head, "first": first, "last": last}
    x, full = found.x[token], found.full[token]
    strips = {y: Box(_LEFT, y, WIDTH - _LEFT - _RIGHT, _HIGH) for y in (_X, _FULL, _OWN, _CUT)}
    place = _part(strips[_FULL], found.columns, len(full))
    taken = _part(strips[_X], found.rows, found.width)
    _fan(board, strips[_X], place, theme.q)
    _fan(board, place, strips[_OWN], theme.q)
    for y, words in (
        (_X, labels["x"].format(width=found.width)),
        (_FULL, labels["full"].format(width=len(full), heads=found.heads, d=found.d)),
        (_OWN, labels["own"].format(**heads)),
        (_CUT, labels["cut_first"].format(first=rows[0], last=rows[1])),
    ):
        said = indexed(words, "W_Q")
        board.text(_LEFT, y - 14, f"<b>{said}</b>", size=17, anchor="middle right")
    _strip(board, strips[_X], x, symmetric(x, theme.scores), style)
    _strip(board, strips[_FULL], full, symmetric(full, theme.scores), style)
    both = symmetric(full[first : last + 1], theme.scores)
    _strip(board, strips[_OWN], found.query[token], both, style)
    _strip(board, strips[_CUT], found.cut_first[token], both, style)
    board.frame(strips[_X], theme.q, 3)
    board.frame(taken, theme.muted, 3, "dot")
    for head in range(found.heads):
        piece = _part(strips[_FULL], (head * found.d, (head + 1) * found.d), len(full))
        board.frame(piece, theme.ink, 1)
        if found.heads <= _MOST:
            board.tick(piece.x + piece.width / 2, piece.bottom + 13, str(head),
                       head == found.head, size=15)  # fmt: skip
    for box in (place, strips[_OWN]):
        board.frame(box, theme.q, 3)
    board.frame(strips[_CUT], theme.muted, 3, "dot")
    lost = notation.fixed(found.lost(token))
    board.note(WIDTH - _RIGHT, _CUT - 14, labels["lost"].format(lost=lost), anchor="middle left")
    return board.figure()


def _part(box: Box, columns: tuple[int, int], of: int) -> Box:
    """Where columns start … stop − 1 of so many lie in a strip."""
    start, stop = columns
    return Box(box.x + box.width * start / of, box.y, box.width * (stop - start) / of, box.height)


def _fan(board: Board, above: Box, below: Box, colour: str) -> None:
    """What is made of what: a veil from one strip to another, of which one is the wider."""
    if above.width > below.width:
        xs = np.array([above.x, below.x, below.right, above.right])
        edge, far = above.bottom, below.y
    else:
        xs = np.array([below.x, above.x, above.right, below.right])
        edge, far = below.y, above.bottom
    board.band(xs, np.full(4, edge), np.array([edge, far, far, edge]), colour)


def _strip(board: Board, box: Box, values: Floats, shading: Shading, style: Style) -> None:
    """values: (number,). Each is written where it has room."""
    row, pitch = values[None, :], box.width / len(values)
    texts = None
    if pitch > SMALLEST_NUMBER_CELL * 0.8:
        size = min(16.0, pitch * 0.4)
        texts = written(row, shading, size, lambda v: style.notation.fixed(v, 1))
    draw(board, box, Panel(row, shading, texts=texts))
