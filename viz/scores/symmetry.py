"""A head's scores as they are and with W_K = W_Q, and how asymmetric every head of a model is.

Two matrices of the same tokens, in each the chosen cell and its mirror image; at the right a mark
for each head, layer by layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.scores.symmetry import RANDOM, HeadAsymmetry, HeadScores, TwoMatrices
from models.trace import Floats
from viz.board.axes import Cell, Edge, side_width
from viz.board.board import Board, Box, Figure, symmetric
from viz.board.kept import kept
from viz.board.markup import indexed
from viz.board.panel import SMALLEST_NUMBER_CELL, Clicks, Panel, Texts, draw, pair_words, written
from viz.board.plane import Plane
from viz.board.shading import Shading
from viz.board.style import Style

WIDTH, HEIGHT = 1190, 528
_TOP, _SIDE, _GAP = 122, 352, 32  # where matrices begin, how large they are, what parts them
_MOST = 48  # tokens of which each cell tells its number under the pointer


@dataclass(frozen=True, slots=True)
class Drawn:
    """tokens: of the text; query, key: the chosen cell; heads: of the model; chosen: its place."""

    found: TwoMatrices
    tokens: Sequence[str]
    query: int
    key: int
    heads: Sequence[HeadAsymmetry]
    chosen: tuple[int, int]


@kept
def symmetry(drawn: Drawn, style: Style) -> Figure:
    """style.labels: own, one_matrix, asymmetry, every_head, layers, layer, head_number."""
    board = Board(WIDTH, HEIGHT, style.theme)
    left = min(side_width(drawn.tokens, 20), 116.0)
    ways = ("own", drawn.found.recorded), ("one_matrix", drawn.found.one_matrix)
    for place, (name, scores) in enumerate(ways):
        box = Box(left + place * (_SIDE + _GAP), _TOP, _SIDE, _SIDE)
        _matrix(board, box, scores, name, drawn, style, edges=place == 0)
    right = left + 2 * _SIDE + _GAP + 78
    _every_head(board, Box(right, 60, WIDTH - right - 12, _TOP + _SIDE - 60), drawn, style)
    return board.figure()


def _matrix(
    board: Board,
    box: Box,
    scores: HeadScores,
    name: str,
    drawn: Drawn,
    style: Style,
    *,
    edges: bool,
) -> None:
    """Its name and its asymmetry above it; the chosen cell and its mirror image framed."""
    size, theme = len(drawn.tokens), board.theme
    said = f"{style.labels['asymmetry']} = {style.notation.fixed(scores.asymmetry)}"
    board.text(
        box.x,
        14,
        f"<b>{indexed(style.labels[name], 'W_Q', 'W_K')}</b>",
        size=18,
        anchor="middle right",
    )
    board.text(box.x, 38, said, size=17, colour=theme.plus, anchor="middle right")
    shading = symmetric(scores.raw, theme.scores)
    cells = _answering(size, drawn)
    panel = Panel(
        scores.raw,
        shading,
        rows=Edge(drawn.tokens, drawn.query, largest=19) if edges else None,
        columns=Edge(drawn.tokens, drawn.key, away=4, slack=0.8, largest=18),
        texts=_numbers(scores.raw, shading, box, style, cells),
        clicks=Clicks(
            cells,
            hover=pair_words(scores.raw, (drawn.tokens, drawn.tokens), cells, style.notation),
        ),
    )
    draw(board, box, panel)
    for (row, column), dash in (
        ((drawn.query, drawn.key), "solid"),
        ((drawn.key, drawn.query), "dot"),
    ):
        cell = box.cell(row, column, (size, size))
        air = max(0.0, 7 - cell.width / 2)  # a frame round a tiny cell stands around it
        board.frame(cell.grown(air, air), theme.ink, 3, dash)


def _answering(size: int, drawn: Drawn) -> list[Cell]:
    """Which cells tell their numbers: all, or of very many the two that are framed."""
    if size > _MOST:
        return [(drawn.query, drawn.key), (drawn.key, drawn.query)]
    return [(row, column) for row in range(size) for column in range(size)]


def _numbers(
    values: Floats, shading: Shading, box: Box, style: Style, cells: Sequence[Cell]
) -> Texts | None:
    """A number in each cell where it has room."""
    pitch = box.width / len(values)
    if pitch < SMALLEST_NUMBER_CELL * 0.76 or len(cells) < values.size:
        return None
    digits = 1 if np.abs(values).max() < 100 else 0
    return written(
        values, shading, min(16.0, pitch * 0.42), lambda v: style.notation.fixed(v, digits)
    )


def _every_head(board: Board, box: Box, drawn: Drawn, style: Style) -> None:
    """‖S − Sᵀ‖ / ‖S‖ of each head by its layer; lines where it is 0, and at random."""
    theme, labels = board.theme, style.labels
    board.text(box.x - 44, 14, f"<b>{labels['every_head']}</b>", size=18, anchor="middle right")
    board.text(box.x - 44, 38, labels["asymmetry"], size=17, colour=theme.muted,
               anchor="middle right")  # fmt: skip
    layers = sorted({one.layer for one in drawn.heads})
    plane = Plane(box, (-0.6, len(layers) - 0.4), (0.0, 2.0))
    ticks = [(value, style.notation.fixed(value, 1) if value else "0") for value in (0, 0.5, 1, 2)]
    plane.draw(board, [*ticks, (RANDOM, "√2")])
    plane.level(board, RANDOM, theme.muted, 2, dash="4px,6px")
    xs = plane.across([layers.index(one.layer) for one in drawn.heads])
    ys = plane.up([one.asymmetry for one in drawn.heads])
    board.line(xs, ys, theme.plus, 0, symbol="circle-open", size=8)
    said = [
        f"{labels['layer']} {one.layer}, {labels['head_number']} {one.head}: "
        f"{style.notation.fixed(one.asymmetry)}"
        for one in drawn.heads
    ]
    board.clicks(xs, ys, [[one.layer, one.head] for one in drawn.heads], 14, said)
    at = [(one.layer, one.head) for one in drawn.heads].index(drawn.chosen)
    for ink, size in ((theme.page, 19), (theme.plus, 14)):
        board.line(xs[at : at + 1], ys[at : at + 1], ink, 0, symbol="diamond", size=size)
    every = max(1, round(len(layers) / 8))
    for place, layer in enumerate(layers):
        if place % every == 0 or layer == drawn.chosen[0]:
            x = float(plane.across([place])[0])
            board.tick(x, box.bottom + 16, str(layer), layer == drawn.chosen[0], size=15)
    plane.name_x(board, labels["layers"], below=38)
