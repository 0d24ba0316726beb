"""One head's map with fewer and fewer bits side by side; below each, what that costs and saves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.cost.bits import Quantised
from models.cost.quantisation import FULL
from models.trace import Floats
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.panel import Clicks, Marks, Panel, draw
from viz.board.shading import Shading
from viz.board.style import Style

WIDTH, HEIGHT = 1190, 590
_LEFT, _TOP, _SIDE, _GAP = 110.0, 64.0, 196.0, 20.0
_ROWS = ("size", "bits", "loss", "held_out", "next", "apart")
_TABLE, _PITCH = 318.0, 46.0


@dataclass(frozen=True, slots=True, eq=False)
class BitsCompared:
    """The same text with all numbers of bits; the first is the model as it is.

    layer, head, query, key: the cell that is marked. chosen: which of them. words: of the
    vocabulary.
    """

    found: Sequence[Quantised]
    chosen: int
    layer: int
    head: int
    query: int
    key: int
    words: Sequence[str]

    @property
    def one(self) -> Quantised:
        """The chosen one."""
        return self.found[self.chosen]

    def weights(self, place: int) -> Floats:
        """(query, key) of the head with so many bits."""
        trace = self.found[place].trace
        found: Floats = trace.block("decoder", self.layer).weights[self.head]
        return found

    def apart(self, place: int) -> float:
        """Largest change of one of the head's weights."""
        return float(np.abs(self.weights(place) - self.weights(0)).max())

    def next_word(self, place: int) -> tuple[str, float]:
        """The most probable next token, and its probability."""
        p = self.found[place].next
        return self.words[int(p.argmax())], float(p.max())


@kept
def bits_compared(drawn: BitsCompared, style: Style) -> Figure:
    """Five maps above five columns of numbers.

    labels: full, bits_n, row.<row>,.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    tokens = drawn.one.trace.typed
    for place in range(len(drawn.found)):
        _map(board, place, drawn, tokens, style)
    _numbers(board, drawn, style)
    return board.figure()


def _box(place: int) -> Box:
    return Box(_LEFT + place * (_SIDE + _GAP), _TOP, _SIDE, _SIDE)


def named(bits: int, style: Style) -> str:
    """How many bits, in words."""
    return str(style.labels["full"] if bits == FULL else style.labels["bits_n"].format(count=bits))


def _map(
    board: Board, place: int, drawn: BitsCompared, tokens: Sequence[str], style: Style
) -> None:
    box, weights = _box(place), drawn.weights(place)
    chosen = place == drawn.chosen
    block = drawn.found[place].trace.block("decoder", drawn.layer)
    masked = np.isneginf(block.head(drawn.head).masked)
    shape = weights.shape
    cells = [(i, j) for i in range(shape[0]) for j in range(shape[1]) if not masked[i, j]]
    said = [
        f"{for_html(tokens[i])} → {for_html(tokens[j])}: "
        f"{style.notation.fixed(float(weights[i, j]), 4)}"
        for i, j in cells
    ]
    panel = Panel(
        np.where(masked, -np.inf, weights),
        Shading(board.theme.weights, 0.0, 1.0),
        clicks=Clicks(cells, [[place, i, j] for i, j in cells], said),
        marks=Marks(drawn.query, drawn.key, tiny=None, widths=(0, 0, 3)),
    )
    draw(board, box, panel)
    word = named(drawn.found[place].bits, style)
    board.text(box.x + box.width / 2, 14, bold(word, chosen), size=18)
    if chosen:
        board.frame(box.grown(5, 5), board.theme.ink, 3)
    _tokens(board, box, drawn, tokens, first=place == 0)


def _tokens(
    board: Board, box: Box, drawn: BitsCompared, tokens: Sequence[str], *, first: bool
) -> None:
    """The chosen key above every map; the queries at the left of the first."""
    key = box.column(drawn.key, len(tokens))
    word = shortened(tokens[drawn.key].strip() or tokens[drawn.key], 9)
    x = min(max(key.x + key.width / 2, box.x + 26), box.right - 26)
    board.text(x, _TOP - 20, for_html(word), size=15, colour=board.theme.k)
    if not first:
        return
    pitch = box.height / len(tokens)
    for row, token in enumerate(tokens):
        chosen = row == drawn.query
        if chosen or pitch >= 14:
            y = box.y + (row + 0.5) * pitch
            colour = board.theme.q if chosen else board.theme.muted
            body = bold(for_html(shortened(token, 11)), chosen)
            board.text(box.x - 12, y, body, size=14, colour=colour, anchor="middle left")


def _numbers(board: Board, drawn: BitsCompared, style: Style) -> None:
    """A row a measure, a column a number of bits."""
    for row, name in enumerate(_ROWS):
        y = _TABLE + _PITCH * row
        board.line([0, WIDTH], [y - _PITCH / 2] * 2, board.theme.grid, 1.5)
        board.note(0, y, style.labels[f"row.{name}"], size=15)
        for place in range(len(drawn.found)):
            box, chosen = _box(place), place == drawn.chosen
            word = bold(_cell(name, place, drawn, style), chosen)
            board.text(box.x + box.width / 2, y, word, size=17)


def _cell(name: str, place: int, drawn: BitsCompared, style: Style) -> str:
    one, write = drawn.found[place], style.notation.fixed
    if name == "size":
        return f"{write(one.bytes / 1e6, 2)} MB"
    if name == "bits":
        return write(one.bits_a_weight, 0)
    if name == "loss":
        return write(one.loss, 3)
    if name == "held_out":
        return write(one.held_out, 3)
    if name == "next":
        word, p = drawn.next_word(place)
        return f"{for_html(shortened(word.replace('▁', ''), 11))} {write(p, 2)}"
    return write(drawn.apart(place), 3) if place else "–"
