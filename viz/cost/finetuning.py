"""The loss of an adapter's training by steps: the visitor's own, and the shipped one's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.cost.finetuning import BATCH, STEPS, TOGETHER, AdapterTraining, ShippedCurve, means
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.plane import Plane, name_y
from viz.board.style import Style

WIDTH, HEIGHT = 1190, 640
_NARROW = (528, 520)
HERE, SHIPPED = "output", "state_h"  # colours
_LIMITS = (-1.7, 0.9)  # exponents of the loss
_TICKS = (0.03, 0.1, 0.3, 1.0, 3.0)


@dataclass(frozen=True, slots=True, eq=False)
class TrainingShown:
    """run: the visitor's own, None: there is none. rank: what is to be trained next.

    shipped: None: its curve is not known.
    """

    run: AdapterTraining | None
    rank: int
    shipped: ShippedCurve | None
    shipped_rank: int


@kept
def loss_curves(drawn: TrainingShown, style: Style) -> Figure:
    """Each step's loss thin, means of TOGETHER steps thick; the loss on a log scale.

    labels: loss_axis, steps_axis, here, shipped, nothing.
    """
    width, height = _NARROW if style.narrow else (WIDTH, HEIGHT)
    board = Board(width, height, style.theme)
    plane = Plane(Box(66, 56, width - 66 - 20, height - 56 - 74), (0, STEPS), _LIMITS, y_log=True)
    plane.draw(board, [(one, style.notation.significant(one, 1)) for one in _TICKS])
    plane.numbers(board, range(0, STEPS + 1, 40), -1)
    plane.name_x(board, style.labels["steps_axis"])
    name_y(board, style.labels["loss_axis"], top=26)
    if drawn.shipped is not None:
        points = np.array([one for one in drawn.shipped.points if one[0] <= STEPS])
        colour = style.colour(SHIPPED)
        # A mean of steps stands in their middle.
        x = points[:, 0] - TOGETHER / 2
        plane.curve(board, x, points[:, 1], colour, 3, dash="dash", symbol="square", size=8)
    _here(board, plane, drawn, style)
    _legend(board, plane, drawn, style)
    return board.figure()


def _here(board: Board, plane: Plane, drawn: TrainingShown, style: Style) -> None:
    losses = () if drawn.run is None else drawn.run.losses
    colour = style.colour(HERE)
    if len(losses) > 1:
        plane.curve(board, np.arange(1, len(losses) + 1), np.array(losses), colour, 1)
    found = np.array(means(losses))
    if len(found):
        x = found[:, 0] - TOGETHER / 2
        plane.curve(board, x, found[:, 1], colour, 4, symbol="circle", size=10)


def _legend(board: Board, plane: Plane, drawn: TrainingShown, style: Style) -> None:
    """Which curve is whose, at the upper right, where both have long fallen."""
    right, top = plane.box.right - 8, plane.box.y + 22
    rows = []
    if drawn.shipped is not None:
        rows.append(("shipped", SHIPPED, drawn.shipped_rank))
    if drawn.run is not None:
        rows.append(("here", HERE, drawn.run.rank))
    for at, (name, role, rank) in enumerate(rows):
        words = style.labels[name].format(rank=rank, batch=BATCH, together=TOGETHER)
        board.text(right, top + 26 * at, bold(words), size=17, colour=style.colour(role),
                   anchor="middle left")  # fmt: skip
    if drawn.run is None or not drawn.run.losses:
        board.note(right, top + 26 * len(rows), style.labels["nothing"], size=17,
                   anchor="middle left")  # fmt: skip
