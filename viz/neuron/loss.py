"""Three learning rates: each one's step on the loss along its gradient; the loss of all steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.neuron.descent import Descent, Learning
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.plane import Plane, name_y, parted, steps_shown
from viz.board.style import Style
from viz.neuron.planes import segment

WIDTH, HEIGHT = 1190, 680
ROLES = ("minus", "good", "plus")  # too small, right, too large: blue and orange as elsewhere
_DASHES = ("dot", "solid", "dash")
_SYMBOLS = ("triangle-down", "circle", "diamond")
_BEYOND = 1.12  # of the largest learning rate, to which the curves go
_POINTS = 161
_MAP = 4.0  # of x₁ and x₂, to both sides of 0, at least


@dataclass(frozen=True, slots=True, eq=False)
class Downhill:
    """What three learning rates have led to. step: how many steps were taken."""

    learning: Learning
    step: int

    @property
    def descents(self) -> Sequence[Descent]:
        """One a learning rate, from the smallest."""
        return self.learning.descents

    @property
    def lowest(self) -> float:
        """The lowest mean loss that there is."""
        return self.learning.lowest


@kept
def loss(drawn: Downhill, style: Style) -> Figure:
    """Above a panel a learning rate, below the loss by steps and the examples with their lines.

    labels: along, loss, loss_axis, steps, lowest, examples, pace.<pace>.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    for place in range(len(drawn.descents)):
        _panel(board, Box(64 + 394 * place, 82, 322, 196), drawn, place, style)
    board.note(WIDTH / 2, 326, style.labels["along"], anchor="middle center")
    _history(board, Box(64, 392, 700, 212), drawn, style)
    _map(board, Box(920, 392, 212, 212), drawn, style)
    return board.figure()


def _panel(board: Board, box: Box, drawn: Downhill, place: int, style: Style) -> None:
    """The loss along the gradient from where this one stands; its step, and the lowest point."""
    descent, colour = drawn.descents[place], style.colour(ROLES[place])
    here, far = descent.path[drawn.step], drawn.descents[-1].rate * _BEYOND
    t = np.linspace(0, far, _POINTS)
    along = descent.examples.along(here, t)
    start, end = descent.examples.along(here, np.array([0.0, descent.rate])).tolist()
    best = descent.examples.lowest_along(here)
    top = max(float(along.max()), start * 1.02)
    room = 0.06 * (top - drawn.lowest)
    plane = Plane(box, (-0.02 * far, far), (drawn.lowest - 1.6 * room, top + room))
    rate = rate_words(descent, style)
    board.text(box.x, 22, f"<b>η = {rate}</b>", size=21, colour=colour, anchor="middle right")
    said = style.labels[f"pace.{descent.pace(drawn.step)}"]
    board.text(box.x, 52, said, size=16, colour=colour, anchor="middle right")
    plane.draw(board, _levels(plane.y, style))
    _lowest(board, plane, drawn)
    plane.curve(board, t, along, board.theme.muted, 3)
    if best <= far:
        value = descent.examples.along(here, np.array([best]))
        x, y = plane.across([best]), plane.up(value)
        board.line(x, y, board.theme.ink, 0, symbol="line-ns-open", size=16)
    ends = np.array([0.0, descent.rate])
    xs, ys = plane.across(ends), plane.up([start, end])
    board.line(xs, ys, colour, 2.5, dash="dot")
    board.line(xs[:1], ys[:1], colour, 0, symbol="circle-open", size=15)
    board.line(xs[1:], ys[1:], colour, 0, symbol=_SYMBOLS[place], size=15)
    numbers = style.notation.fixed(start, 3), style.notation.fixed(end, 3)
    board.text(box.right, 22, "{} → <b>{}</b>".format(*numbers), size=18, colour=colour,
               anchor="middle left")  # fmt: skip
    plane.words(board, _along(far, style))


def rate_words(descent: Descent, style: Style) -> str:
    """A learning rate in full, without zeros at its end."""
    digits = next(n for n in range(6) if n == 5 or round(descent.rate, n) == descent.rate)
    return style.notation.fixed(descent.rate, digits)


def _along(far: float, style: Style) -> list[tuple[float, str]]:
    """Round numbers of the axis of learning rates."""
    gap = next(g * 10.0**p for p in range(-2, 3) for g in (1, 2, 5) if far / (g * 10.0**p) <= 5)
    digits = 0 if gap >= 1 else 1 if gap >= 0.1 else 2
    return [(gap * n, style.notation.fixed(gap * n, digits if n else 0))
            for n in range(int(far / gap) + 1)]  # fmt: skip


def _levels(limits: tuple[float, float], style: Style) -> list[tuple[float, str]]:
    """Round numbers of the loss, three to six."""
    wide = limits[1] - limits[0]
    steps = (g * 10.0**p for p in range(-4, 3) for g in (1, 2, 5))
    gap = next(g for g in steps if wide / g <= 5)
    digits = max(0, int(np.ceil(-np.log10(gap) - 1e-9)))
    first = int(np.ceil(max(limits[0], 0.0) / gap))
    places = [gap * n for n in range(first, int(np.floor(limits[1] / gap)) + 1)]
    return [(v, style.notation.fixed(v, digits)) for v in places]


def _lowest(board: Board, plane: Plane, drawn: Downhill) -> float:
    return plane.level(board, drawn.lowest, board.theme.ink, 1.5, dash="dash")


def _history(board: Board, box: Box, drawn: Downhill, style: Style) -> None:
    """The mean loss after every step, one curve a learning rate; the present step marked."""
    count = len(drawn.descents[0].losses)
    start = float(drawn.descents[0].losses[0])
    highest = max(float(one.losses.max()) for one in drawn.descents)
    top = max(start, min(highest, drawn.lowest + 4 * max(start - drawn.lowest, 0.1)))
    room = 0.07 * (top - drawn.lowest)
    plane = Plane(box, (-0.3, count - 0.7), (drawn.lowest - 1.5 * room, top + room))
    name_y(board, style.labels["loss_axis"], top=box.y - 26)
    plane.draw(board, _levels(plane.y, style))
    y = _lowest(board, plane, drawn)
    words = style.labels["lowest"].format(value=style.notation.fixed(drawn.lowest, 3))
    board.text(box.x + 40, y + 15, words, size=15, anchor="middle right")
    plane.upright(board, drawn.step, 1.5)
    ends = []
    for place, one in enumerate(drawn.descents):
        colour, highest_y = style.colour(ROLES[place]), top + room
        values, x = np.minimum(one.losses, highest_y), np.arange(count)
        look = {"dash": _DASHES[place], "symbol": _SYMBOLS[place], "size": 7}
        plane.curve(board, x, values, colour, 3, **look)
        beyond = one.losses > highest_y
        if beyond.any():  # an arrow where a point lies above the picture
            ys = np.full(int(beyond.sum()), highest_y)
            plane.curve(board, x[beyond], ys, colour, 0, symbol="triangle-up-open", size=14)
        here = slice(drawn.step, drawn.step + 1)
        plane.curve(board, x[here], values[here], colour, 0, symbol=_SYMBOLS[place], size=15)
        ends.append((float(plane.up(values[-1:])[0]), place))
    _at_ends(board, box.right + 8, sorted(ends), drawn, style)
    pitch = box.width / count
    plane.numbers(board, steps_shown(count, drawn.step, pitch), drawn.step)
    plane.name_x(board, style.labels["steps"])
    plane.clicks(board, range(count), rows=6, size=min(pitch * 0.95, 32.0))


def _at_ends(
    board: Board, x: float, ends: Sequence[tuple[float, int]], drawn: Downhill, style: Style
) -> None:
    """Each curve's learning rate at its end, none over another."""
    heights = parted([y for y, _ in ends], 19)
    for y, (_, place) in zip(heights, ends, strict=True):
        rate = rate_words(drawn.descents[place], style)
        colour = style.colour(ROLES[place])
        board.text(x, y, f"η = {rate}", size=16, colour=colour, anchor="middle right")


def _map(board: Board, box: Box, drawn: Downhill, style: Style) -> None:
    """The examples, and for each learning rate the line on which a is ½ now."""
    examples, theme = drawn.learning.examples, board.theme
    far = max(_MAP, float(np.abs(examples.x).max()) + 0.6)
    plane = Plane(box, (-far, far), (-far, far))
    board.note(box.x, box.y - 26, style.labels["examples"])
    board.frame(box, theme.grid, 1.5)
    for place, one in enumerate(drawn.descents):
        ends = segment(one.path[drawn.step], plane)
        if ends is not None:
            x, y = np.array(ends).T
            plane.curve(board, x, y, style.colour(ROLES[place]), 2.5, dash=_DASHES[place])
    for n, (point, y) in enumerate(zip(examples.x, examples.y.tolist(), strict=True)):
        xs, ys = plane.across(point[:1]), plane.up(point[1:])
        if n == 0:
            board.line(xs, ys, theme.ink, 0, symbol="square-open", size=24)
        symbol = "circle" if y else "circle-open"
        board.line(xs, ys, theme.ink, 0, symbol=symbol, size=13)
    board.tick(box.x + box.width / 2, box.bottom + 18, "x₁ →", False)
    board.note(box.x - 10, box.y + box.height / 2, "x₂ ↑", anchor="middle left")
