"""Every head by what it gives the first token and by what it passes on from there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.heads.sinks import FirstToken
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.markup import Safe
from viz.board.plane import Plane, name_y
from viz.board.style import Style
from viz.tables.bars import measured

WIDTH, HEIGHT = 720, 560
_BOX = Box(96, 52, WIDTH - 96 - 24, HEIGHT - 52 - 66)
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_SMALL, _LARGE, _CLICKED = 9, 12, 20  # pixels across: other layers', the chosen layer's, to press


@kept
def first_token(layers: Sequence[FirstToken], layer: int, head: int, style: Style) -> Figure:
    """A dot a head; those of the chosen layer are full, the chosen head is ringed.

    layer: the model's own number of it. style.labels: x, y, equal, head.
    ValueError: no such layer.
    """
    place = [one.layer for one in layers].index(layer)
    board = Board(WIDTH, HEIGHT, style.theme)
    plane = Plane(_BOX, (0, 1), (0, 1))
    ticks = [(tick, style.notation.fixed(tick, 2)) for tick in _TICKS]
    plane.draw(board, ticks)
    plane.words(board, ticks)
    plane.name_x(board, style.labels["x"])
    name_y(board, style.labels["y"], top=18)
    plane.curve(board, np.array([0.0, 1.0]), np.array([0.0, 1.0]), style.theme.muted, 2, dash="dot")
    at = float(plane.across([0.56])[0]), float(plane.up([0.64])[0])
    board.note(*at, style.labels["equal"], anchor="middle left")
    for number, one in enumerate(layers):
        if number != place:
            _dots(board, plane, one, "circle-open", _SMALL)
    _dots(board, plane, layers[place], "circle", _LARGE)
    chosen = layers[place].weights[head], layers[place].passed[head]
    x, y = plane.across([chosen[0]]), plane.up([chosen[1]])
    board.line(x, y, style.theme.ink, 0, symbol="circle-open", size=_LARGE + 10)
    _answers(board, plane, layers, style)
    return board.figure()


def table(one: FirstToken, head: int, style: Style) -> Safe:
    """A head's weight on the first token, both lengths (bars: to the longer), what it passes on.

    style.labels: weight, first, others, passed.
    """
    first, others = float(one.first[head]), float(one.others[head])
    longer = max(first, others) or 1.0
    values = {"weight": float(one.weights[head]), "first": first, "others": others}
    values["passed"] = float(one.passed[head])
    bars = values | {"first": first / longer, "others": others / longer}
    rows = [(style.labels[name], value, bars[name]) for name, value in values.items()]
    return measured(rows, style.notation)


def _dots(board: Board, plane: Plane, one: FirstToken, symbol: str, size: float) -> None:
    x, y = plane.across(one.weights), plane.up(one.passed)
    board.line(x, y, board.theme.weight, 0, symbol=symbol, size=size)


def _answers(board: Board, plane: Plane, layers: Sequence[FirstToken], style: Style) -> None:
    """What a click chooses, and what a dot says when pointed at."""
    ids = [[one.layer, head] for one in layers for head in range(len(one.weights))]
    pairs = [pair for one in layers for pair in zip(one.weights, one.passed, strict=True)]
    fixed, said = style.notation.fixed, style.labels["head"]
    hover = [
        said.format(layer=layer, head=head, weight=fixed(float(w), 2), passed=fixed(float(p), 2))
        for (layer, head), (w, p) in zip(ids, pairs, strict=True)
    ]
    weights, passed = (np.array(part) for part in zip(*pairs, strict=True))
    board.clicks(plane.across(weights), plane.up(passed), ids, _CLICKED, hover)
