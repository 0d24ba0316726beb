"""Right answers by training steps, a curve for each bias that the forget gate began with."""

from __future__ import annotations

import numpy as np

from models.lstm.forget_bias import BiasCurves
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.plane import Plane, name_y, parted
from viz.board.style import Style
from viz.board.theme import Theme

WIDTH, HEIGHT = 1120, 620
_ROWS = 10  # points a place that answer a click
_SYMBOLS = ("circle", "square", "diamond")
_DASHES = ("solid", "dash", "dot")


CURVES = ("net_rnn", "weight", "net_lstm")  # the roles of the first, second, third bias


def colour_of(theme: Theme, place: int) -> str:
    """Of the first, second or third bias. IndexError: there are three."""
    return str(getattr(theme, CURVES[place]))


@kept
def forget_bias(found: BiasCurves, place: int, style: Style) -> Figure:
    """The means as lines, the seeds as hollow points and a veil from the least to the best.

    place: which of the points of training is chosen; points in the trace named
    `viz.board.board.CELLS` carry it.
    style.labels: chance (chance), seeds, steps_axis, accuracy_axis.
    """
    board, labels, theme = Board(WIDTH, HEIGHT, style.theme), style.labels, style.theme
    fixed, last = style.notation.fixed, found.steps[-1]
    plane = Plane(Box(84, 52, WIDTH - 84 - 120, HEIGHT - 52 - 92), (-8, last + 8), (-0.02, 1.05))
    plane.draw(board, [(v / 10, fixed(v / 10, 1)) for v in range(0, 11, 2)])
    plane.upright(board, found.steps[place], 2)
    y = plane.level(board, found.chance, theme.muted, 2, dash="dash")
    board.note(plane.box.right + 8, y + 20, labels["chance"].format(chance=fixed(found.chance, 3)),
               size=15)  # fmt: skip
    ends = []
    for at, (bias, seeds) in enumerate(found.accuracy.items()):
        colour = colour_of(theme, at)
        x = plane.across(found.steps)
        board.band(x, plane.up(seeds.min(axis=0)), plane.up(seeds.max(axis=0)), colour)
        for seed in seeds:
            board.line(x, plane.up(seed), colour, 0, symbol=f"{_SYMBOLS[at % 3]}-open", size=6)
        mean = plane.up(found.mean(bias))
        board.line(x, mean, colour, 4, dash=_DASHES[at % 3])
        ends.append((float(mean[-1]), colour, bias))
    heights = parted([height for height, _, _ in sorted(ends)], 24.0)
    for height, (_, colour, bias) in zip(heights, sorted(ends), strict=True):
        told = f"<b><i>b</i> = {bias:g}</b>"
        board.text(plane.box.right + 8, height - 6, told, size=18, colour=colour,
                   anchor="middle right")  # fmt: skip
    shown = [step for step in found.steps if step % 150 == 0]
    plane.numbers(board, shown, found.steps[place])
    plane.name_x(board, labels["steps_axis"])
    board.note(plane.box.x, plane.box.bottom + 74, labels["seeds"])
    name_y(board, labels["accuracy_axis"], top=16)
    _clicks(board, plane, found)
    return board.figure()


def _clicks(board: Board, plane: Plane, found: BiasCurves) -> None:
    """A click near a point of training chooses its place."""
    x = plane.across(found.steps)
    column = np.linspace(plane.box.y + 20, plane.box.bottom - 20, _ROWS)
    ids = [[place] for place in range(len(x)) for _ in range(_ROWS)]
    board.clicks(np.repeat(x, _ROWS), np.tile(column, len(x)), ids, 24)
