"""Added and joined, one below the other: one matrix for the sum, or one each for x and p.

Strips, matrices and results have one scale of pixels, so that what is twice as many is twice as
large.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.positions.added import AddedPositions
from models.trace import Floats
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.panel import strip
from viz.board.shading import Shading
from viz.board.style import Style

WIDTH, HEIGHT = 1190, 690
TOKEN, POSITION = "v", "k"  # the colours of what comes of x, and of p
_STRIP, _THICK, _PITCH = 232, 26, 44  # pixels of a strip of d numbers, and from one to the next
_LEFT, _MATRIX, _RESULT = 92, 640, 884  # where strips, matrices and results begin
_SIDE = (108, 158)  # a head's columns of W_Q: wide, high
_WIDE = 232  # a head's query
_TOP, _BELOW, _BARS = 58, 292, 470  # where the two ways and the bars begin


@dataclass(frozen=True, slots=True, eq=False)
class AddedHead:
    """One head of a record at one token. dim: the chosen one of the head's, 0 to d_k − 1."""

    record: AddedPositions
    token: int
    head: int
    dim: int

    @property
    def columns(self) -> slice:
        """The head's columns of W_Q."""
        return self.record.columns(self.head)

    @property
    def x(self) -> Floats:
        """(width,): the token's part of what enters W_Q."""
        return np.asarray(self.record.token_in[self.token])

    @property
    def p(self) -> Floats:
        """(width,): the position's part."""
        return np.asarray(self.record.position_in[self.token])

    @property
    def weight(self) -> Floats:
        """(width, d_k): the head's columns of W_Q, in float64."""
        return np.asarray(self.record.w_q.weight[:, self.columns].astype(np.float64))

    @property
    def results(self) -> tuple[Floats, Floats]:
        """(d_k,) twice: x·W and p·W."""
        return np.asarray(self.x @ self.weight), np.asarray(self.p @ self.weight)

    @property
    def constant(self) -> Floats:
        """(d_k,): what the head's every query has besides."""
        return np.asarray(self.record.constant[self.columns])


@kept
def added(drawn: AddedHead, style: Style) -> Figure:
    """Above one matrix for x + p, below [x; p] with a matrix for each; each head's share of p.

    labels: adding, joining, same, weights, shares, head, cost, cost.first, cost.layers.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    vectors = _shading(np.stack((drawn.x, drawn.p, drawn.x + drawn.p)), style)
    weights = _shading(drawn.weight, style)
    results = _shading(np.stack((*drawn.results, sum(drawn.results))), style)
    _adding(board, drawn, (vectors, weights, results), style)
    _joining(board, drawn, (vectors, weights, results), style)
    _shares(board, drawn, style)
    _cost(board, drawn.record, style)
    return board.figure()


def _shading(values: Floats, style: Style) -> Shading:
    """Centred at 0; it ends where 99 % of the numbers lie inside."""
    top = float(np.quantile(np.abs(values), 0.99)) or 1.0
    return Shading(style.theme.scores, -top, top)


_Shadings = tuple[Shading, Shading, Shading]


def _adding(board: Board, drawn: AddedHead, shadings: _Shadings, style: Style) -> None:
    vectors, weights, results = shadings
    board.text(4, 20, bold(style.labels["adding"]), size=19, anchor="middle right")
    rows = (("x", drawn.x, TOKEN), ("+ p", drawn.p, POSITION), ("= x + p", drawn.x + drawn.p, ""))
    for row, (name, values, role) in enumerate(rows):
        box = Box(_LEFT, _TOP + row * _PITCH, _STRIP, _THICK)
        _named(board, box, name, role, style)
        strip(board, box, values, vectors)
    place = Box(_MATRIX, _TOP - 10, *_SIDE)
    _matrix(board, place, drawn, weights, "W", "", style)
    middle = _TOP + 2 * _PITCH + _THICK / 2
    board.line([_LEFT + _STRIP + 16, _MATRIX - 34], [middle] * 2, board.theme.hatch, 2)
    board.text(_MATRIX - 20, middle, "<b>·</b>", size=30)
    _count(board, place, drawn.weight.size, style)
    token, position = drawn.results
    of_results = (("x·W", token, TOKEN), ("p·W", position, POSITION),
                  ("(x + p)·W", (drawn.x + drawn.p) @ drawn.weight, ""))  # fmt: skip
    for row, (name, values, role) in enumerate(of_results):
        box = Box(_RESULT, _TOP + row * _PITCH, _WIDE, _THICK)
        _result(board, box, drawn, (name, values, role), results, style)


def _joining(board: Board, drawn: AddedHead, shadings: _Shadings, style: Style) -> None:
    vectors, weights, results = shadings
    board.text(4, _BELOW - 38, bold(style.labels["joining"]), size=19, anchor="middle right")
    y = _BELOW + 20.0
    for part, (name, values, role) in enumerate((("x", drawn.x, TOKEN), ("p", drawn.p, POSITION))):
        box = Box(_LEFT + part * _STRIP, y, _STRIP, _THICK)
        strip(board, box, values, vectors, edge=style.colour(role), width=2)
        colour = style.colour(role)
        board.text(box.x + box.width / 2, y - 18, bold(name), size=18, colour=colour)
        place = Box(_MATRIX, _BELOW + part * _SIDE[1], *_SIDE)
        _matrix(board, place, drawn, weights, "W" + "′" * part, role, style)
    board.text(_LEFT - 12, y + _THICK / 2, "[x; p]", size=17, anchor="middle left")
    end = _LEFT + 2 * _STRIP + 16
    board.line([end, _MATRIX - 34], [y + _THICK / 2] * 2, board.theme.hatch, 2)
    board.text(_MATRIX - 20, y + _THICK / 2, "<b>·</b>", size=30)
    both = Box(_MATRIX, _BELOW, _SIDE[0], 2 * _SIDE[1])
    _count(board, both, 2 * drawn.weight.size, style)
    box = Box(_RESULT, y, _WIDE, _THICK)
    total = np.concatenate((drawn.x, drawn.p)) @ np.concatenate((drawn.weight,) * 2)
    _result(board, box, drawn, ("x·W + p·W′", total, ""), results, style)
    for line, words in enumerate(style.labels["same"].split("|")):
        board.note(box.x, box.bottom + 24 + 21 * line, words, size=16)


def _cost(board: Board, record: AddedPositions, style: Style) -> None:
    """How many weights more it would take, at the right below."""
    x, y = _RESULT - 84.0, _BELOW + 206.0
    board.text(x, y, bold(style.labels["cost"].format(d=record.width)), size=18,
               anchor="middle right")  # fmt: skip
    for name in ("first", "layers"):
        size = getattr(record.cost, name)
        once, twice = (style.notation.grouped(n) for n in (size, 2 * size))
        board.note(x, y + 30, style.labels[f"cost.{name}"], size=16)
        board.text(x, y + 53, f"{once} → <b>{twice}</b>", size=17, anchor="middle right")
        y += 58


def _named(board: Board, box: Box, name: str, role: str, style: Style) -> None:
    colour = style.colour(role) if role else style.theme.ink
    y = box.y + box.height / 2
    board.text(box.x - 12, y, bold(name), size=17, colour=colour, anchor="middle left")


def _matrix(
    board: Board, box: Box, drawn: AddedHead, shading: Shading, name: str, role: str, style: Style
) -> None:
    """The head's columns of W_Q, the chosen one framed."""
    colour = style.colour(role) if role else style.theme.ink
    strip(board, box, drawn.weight, shading, edge=colour, width=2)
    count = drawn.weight.shape[1]
    board.frame(box.column(drawn.dim, count).grown(1, 0), style.theme.ink, 2)
    y = box.y + box.height / 2
    board.text(box.right + 10, y, bold(name), size=20, colour=colour, anchor="middle right")


def _count(board: Board, box: Box, size: int, style: Style) -> None:
    words = style.labels["weights"].format(n=style.notation.grouped(size))
    board.note(box.x + box.width / 2, box.bottom + 16, words, anchor="middle center")


def _result(
    board: Board,
    box: Box,
    drawn: AddedHead,
    row: tuple[str, Floats, str],
    shading: Shading,
    style: Style,
) -> None:
    """A head's d_k numbers, the chosen one framed and written at the right."""
    name, values, role = row
    _named(board, box, name, role, style)
    strip(board, box, values, shading)
    count = len(values)
    board.frame(box.column(drawn.dim, count).grown(1, 3), style.theme.ink, 2.5)
    colour = style.colour(role) if role else style.theme.ink
    number = bold(style.notation.fixed(float(values[drawn.dim]), 3))
    y = box.y + box.height / 2
    board.text(box.right + 12, y, number, size=18, colour=colour, anchor="middle right")
    ids = [[drawn.head, dim] for dim in range(count)]
    hover = [f"{name}, {dim}: {style.notation.fixed(v, 3)}" for dim, v in enumerate(values)]
    board.cells(box, (1, count), ids=ids, hover=hover)


def _shares(board: Board, drawn: AddedHead, style: Style) -> None:
    """A bar a head: how much of its query comes from the position. A click chooses the head."""
    theme, shares = style.theme, drawn.record.shares.tolist()
    word = for_html(shortened(style.labels["shares"], 90))
    board.text(4, _BARS - 24, bold(word), size=18, anchor="middle right")
    box = Box(_LEFT, _BARS, 2 * _STRIP, HEIGHT - _BARS - 46)
    pitch = box.width / len(shares)
    for value, name in ((0.0, "0"), (0.5, "½"), (1.0, "1")):
        y = box.bottom - box.height * value
        board.line([box.x, box.right], [y, y], theme.grid, 1.5)
        board.note(box.x - 10, y, name, anchor="middle left")
    for head, share in enumerate(shares):
        column, chosen = box.column(head, len(shares)), head == drawn.head
        tall = box.height * share
        side = min(pitch * 0.22, 14.0)
        bar = Box(column.x + side, box.bottom - tall, column.width - 2 * side, tall)
        board.fill(bar, style.colour(POSITION) if chosen else theme.hatch)
        board.tick(column.x + column.width / 2, box.bottom + 16, str(head), chosen)
    board.note(box.x - 10, box.bottom + 16, style.labels["head"], anchor="middle left")
    hover = [f"{style.labels['head']} {n}: {style.notation.fixed(s)}" for n, s in enumerate(shares)]
    ids = [[head, drawn.dim] for head in range(len(shares))]
    board.cells(box, (1, len(shares)), ids=ids, hover=hover)
