"""One step of gradient descent with and without clipping, and the gradient by steps back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.memory.steps import ClippedStep
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.plane import Plane, name_y, power_ticks
from viz.board.style import Style
from viz.memory.now import size

PLAIN, CLIPPED = "plus", "minus"  # roles: orange explodes, blue is held back


@dataclass(frozen=True, slots=True)
class ClippingLayout:
    """Where both panels stand; foot: how far below a panel what its marks mean is said, in pixels.

    gap: between the two ends' words.
    """

    width: int
    height: int
    loss: Box
    back: Box
    gap: int


_FOOT = 66.0
WIDE = ClippingLayout(1190, 640, Box(84, 74, 440, 466), Box(664, 74, 440, 466), 290)
NARROW = ClippingLayout(528, 900, Box(62, 74, 370, 290), Box(62, 520, 440, 290), 225)


@kept
def clipping(step: ClippedStep, style: Style) -> Figure:
    """The loss along the step with both ends, and ‖∂L/∂h‖ by steps back before and after."""
    layout = NARROW if style.narrow else WIDE
    board = Board(layout.width, layout.height, style.theme)
    for box, name in ((layout.loss, "along"), (layout.back, "by_step")):
        board.text(box.x, box.y - 44, bold(style.labels[name]), size=20, anchor="middle right")
    _along(board, layout, step, style)
    _by_step(board, layout.back, step, style)
    return board.figure()


def _limits(values: np.ndarray) -> tuple[float, float]:
    """Exponents between which positive numbers lie, with a little room."""
    exponents = np.log10(values[values > 0])
    return float(exponents.min()) - 0.1, float(exponents.max()) + 0.15


def _along(board: Board, layout: ClippingLayout, step: ClippedStep, style: Style) -> None:
    theme, labels, box = style.theme, style.labels, layout.loss
    losses = np.append(step.losses, [step.loss, step.after_plain, step.after_clipped])
    low, high = _limits(losses)
    low, high = (np.floor(low), np.ceil(high)) if high - low > 1 else (low, high)
    plane = Plane(box, _limits(step.along), (float(low), float(high)), x_log=True, y_log=True)
    ticks = power_ticks(*plane.y, style.notation)
    plane.draw(board, ticks if len(ticks) > 1 else _plain_ticks(plane, style))
    y = plane.level(board, step.loss, theme.muted, 2, dash="dash")
    before = labels["before"].format(loss=size(step.loss, style))
    board.note(box.right + 8, y, before.split("|")[0])
    board.note(box.right + 8, y + 20, before.split("|")[-1])
    plane.curve(board, step.along, step.losses, theme.ink, 2.5)
    rate_norm = float(step.along[-1]) / 2
    ends = (
        (rate_norm, step.after_plain, PLAIN, "diamond", 20.0),
        (rate_norm * step.factor, step.after_clipped, CLIPPED, "circle", 14.0),
    )
    for distance, loss, role, symbol, mark in ends:
        at = np.array([distance]), np.array([loss])
        plane.curve(board, *at, style.colour(role), 0, symbol=symbol, size=mark)
    ticks = [(10.0**n, word) for n, word in _powers(plane.x, style)]
    plane.words(board, ticks)
    plane.name_x(board, labels["distance_along"])
    name_y(board, labels["loss_axis"], top=52)
    values = ("plain", step.after_plain, PLAIN), ("clipped", step.after_clipped, CLIPPED)
    for place, (name, loss, role) in enumerate(values):
        words = labels[f"end_{name}"].format(loss=size(loss, style))
        y = box.bottom + _FOOT
        x = box.x + place * layout.gap
        symbol = "diamond" if role == PLAIN else "circle"
        board.line([x], [y], style.colour(role), 0, symbol=symbol, size=13)
        colour = style.colour(role)
        board.text(x + 14, y, words, size=17, colour=colour, anchor="middle right")


def _plain_ticks(plane: Plane, style: Style) -> list[tuple[float, str]]:
    """Where no power of ten lies: three numbers in full."""
    values = 10.0 ** np.linspace(plane.y[0], plane.y[1], 5)[1:-1]
    return [(float(value), size(float(value), style)) for value in values]


def _powers(ends: tuple[float, float], style: Style) -> list[tuple[int, str]]:
    return [
        (round(float(np.log10(value))), word) for value, word in power_ticks(*ends, style.notation)
    ]


def _by_step(board: Board, box: Box, step: ClippedStep, style: Style) -> None:
    labels, last = style.labels, len(step.by_step) - 1
    both = np.concatenate([step.by_step, step.by_step * step.factor])
    low, high = _limits(both)
    plane = Plane(box, (0, last), (np.floor(low), np.ceil(high)), y_log=True)
    plane.draw(board, power_ticks(*plane.y, style.notation))
    steps = np.arange(last + 1)
    lines = (
        (step.by_step, PLAIN, "solid", "diamond", 4.0),
        (step.by_step * step.factor, CLIPPED, "dash", "circle", 2.5),
    )
    for values, role, dash, symbol, width in lines:
        colour = style.colour(role)
        plane.curve(board, steps, values, colour, width, dash=dash, symbol=symbol, size=8)
    plane.numbers(board, list(range(0, last + 1, 3)), -1)
    plane.name_x(board, labels["steps_axis"])
    board.note(box.x, box.bottom + _FOOT, labels["both_lines"])
