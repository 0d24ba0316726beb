"""One query's row tile by tile: which scores and values are read now, and what is carried on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.cost.tiles import State, Tile, Tiled
from models.trace import Floats
from viz.board.axes import Edge, column_edge
from viz.board.board import Board, Box, Figure, Shading
from viz.board.kept import kept
from viz.board.panel import Panel, Texts, draw, strip
from viz.board.shading import number_inks, symmetric
from viz.board.style import Style

WIDTH, HEIGHT = 1190, 590
_LEFT, _ROOM = 136.0, 1040.0  # the rows of keys; their names stand at the left
_WIDEST = 104.0  # pixels of a key's column
_SCORES, _EXPONENTIALS, _VALUES = (96.0, 46.0), (158.0, 46.0), (222.0, 120.0)  # y, height
_STATE = 416.0
_EXPONENTIAL, _OUTPUT = "exp(s − m′)", "o / ℓ"
_NUMBER = 40.0  # pixels of a column that has room for a number


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """A row and how far it was walked. step: the tile that is read; behind the last: the division.

    tokens: of the keys; query: the word that asks; dim: the dimension whose sum is written out.
    """

    row: Tiled
    step: int
    tokens: Sequence[str]
    query: str
    dim: int

    @property
    def done(self) -> bool:
        """All tiles were read: what is left is to divide."""
        return self.step == len(self.row.tiles)

    @property
    def tile(self) -> Tile:
        """The tile that is read, or was read last."""
        return self.row.tiles[min(self.step, len(self.row.tiles) - 1)]


@kept
def walk(drawn: Walk, style: Style) -> Figure:
    """Above the keys by tiles, below what is carried from tile to tile.

    labels: scores, values, gone, coming, carried, before, after, nothing.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    n = len(drawn.row.scores)
    pitch = min(_WIDEST, _ROOM / n)
    scores, e, values = (
        Box(_LEFT, y, pitch * n, tall) for y, tall in (_SCORES, _EXPONENTIALS, _VALUES)
    )
    size = 22.0 if pitch > _NUMBER else None
    column_edge(board, scores, Edge(drawn.tokens, None, style.theme.k, away=6, largest=size or 16))
    tile = drawn.tile
    lit = range(0) if drawn.done else range(tile.start, tile.stop)
    _row(
        board, scores, drawn.row.scores, lit, symmetric(drawn.row.scores, style.theme.scores), style
    )
    whole = np.zeros(n)
    whole[tile.start : tile.stop] = tile.e
    _row(board, e, whole, lit, Shading(style.theme.weights, 0, 1), style, digits=3)
    _strips(board, values, drawn, lit, style)
    _names(board, (scores, e, values), style)
    _tiles(board, drawn, Box(scores.x, scores.y, scores.width, values.bottom - scores.y), style)
    _carried(board, drawn, style)
    return board.figure()


def _part(box: Box, lit: range, n: int) -> Box:
    """The columns of the tile that is read."""
    first, last = box.column(lit.start, n), box.column(lit.stop - 1, n)
    return Box(first.x, box.y, last.right - first.x, box.height)


def _row(
    board: Board,
    box: Box,
    values: Floats,
    lit: range,
    shading: Shading,
    style: Style,
    digits: int = 2,
) -> None:
    """One number a key: only those of the tile that is read are there."""
    if not lit:
        return
    part = _part(box, lit, len(values))
    shown = values[None, lit.start : lit.stop]
    texts = None
    if part.width / len(lit) > _NUMBER:
        words = [style.notation.fixed(one, digits) for one in shown[0].tolist()]
        texts = Texts(words, number_inks(shown, shading, masked=style.theme.muted), 17)
    draw(board, part, Panel(shown, shading, texts=texts))


def _strips(board: Board, box: Box, drawn: Walk, lit: range, style: Style) -> None:
    """(key, dv) values as columns."""
    if lit:
        shading = symmetric(drawn.row.values, style.theme.scores)
        part = _part(box, lit, len(drawn.row.scores))
        strip(board, part, drawn.tile.values.T, shading)
        board.frame(part, style.theme.v, 1.5)


def _names(board: Board, boxes: Sequence[Box], style: Style) -> None:
    """What each row of keys is, at its left."""
    for box, name, role in zip(boxes, ("scores", "exponentials", "values"), ("ink", "weight", "v"),
                               strict=True):  # fmt: skip
        colour = getattr(style.theme, role)
        middle = box.y + box.height / 2
        word = style.labels.get(name, _EXPONENTIAL)
        board.text(box.x - 14, middle, word, size=17, colour=colour,
                   anchor="middle left")  # fmt: skip


def _tiles(board: Board, drawn: Walk, box: Box, style: Style) -> None:
    """Frames of all tiles: those read are hatched, those to come are outlines."""
    n = len(drawn.row.scores)
    for place, tile in enumerate(drawn.row.tiles):
        part = _part(box, range(tile.start, tile.stop), n)
        if place == drawn.step:
            board.frame(part.grown(3, 5), style.theme.ink, 3)
            continue
        inner = part.grown(-2, 0)
        if place < drawn.step:
            board.hatch(np.ones((1, 1), bool), inner)
        board.frame(inner, style.theme.hatch, 1.2, "solid" if place < drawn.step else "dot")
        word = style.labels["gone" if place < drawn.step else "coming"]
        if inner.width > 8.5 * len(word):
            board.note(inner.x + inner.width / 2, inner.y + inner.height / 2, word, size=16,
                       anchor="middle center")  # fmt: skip


def _carried(board: Board, drawn: Walk, style: Style) -> None:
    """m, l and o before this tile and behind it; at the end o / l."""
    board.text(0, _STATE - 34, f"<b>{style.labels['carried']}</b>", size=17, anchor="middle right")
    ends = [tile.after for tile in drawn.row.tiles if tile.after.l]
    every = np.stack([part for end in ends for part in (end.o, end.output)])
    shading = symmetric(every, style.theme.scores)
    tile = drawn.tile
    rows: list[tuple[str, State]] = [("before", tile.before), ("after", tile.after)]
    if drawn.done:
        rows = [("after", tile.after)]
    for place, (name, state) in enumerate(rows):
        _state(board, _STATE + 56 * place, style.labels[name], state, drawn, shading, style)
    if drawn.done:
        y = _STATE + 56
        board.note(_LEFT - 14, y + 20, _OUTPUT, size=17, anchor="middle left")
        _numbers(board, Box(_LEFT + 300, y, 740, 40), tile.after.output, drawn, shading, style,
                 colour=style.theme.output)  # fmt: skip


def _state(
    board: Board, y: float, name: str, state: State, drawn: Walk, shading: Shading, style: Style
) -> None:
    """One line: m, l, and o as a strip."""
    board.note(_LEFT - 14, y + 20, name, size=17, anchor="middle left")
    if not state.l:
        board.note(_LEFT, y + 20, style.labels["nothing"], size=17)
        return
    write = style.notation
    board.text(_LEFT, y + 20, f"m = <b>{write.fixed(state.m, 3)}</b>", size=18,
               anchor="middle right")  # fmt: skip
    board.text(_LEFT + 134, y + 20, f"ℓ = <b>{write.fixed(state.l, 3)}</b>", size=18,
               colour=style.theme.weight, anchor="middle right")  # fmt: skip
    board.text(_LEFT + 292, y + 20, "o", size=18, colour=style.theme.output, anchor="middle left")
    _numbers(board, Box(_LEFT + 300, y, 740, 40), state.o, drawn, shading, style)


def _numbers(
    board: Board,
    box: Box,
    values: Floats,
    drawn: Walk,
    shading: Shading,
    style: Style,
    colour: str = "",
) -> None:
    """(dv,) as cells that answer clicks; the chosen dimension framed."""
    strip(board, box, values, shading, edge=colour, width=2 if colour else 1, gap=1)
    count = len(values)
    board.frame(box.column(drawn.dim, count).grown(1, 2), style.theme.ink, 2.5)
    x, y = box.centres((1, count))
    board.clicks(x, y, [[dim] for dim in range(count)], min(box.width / count, box.height))
