"""The four points in a plane, shaded by the output, with the lines that units part it by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from models.neuron.xor import LABELS, LAST, POINTS, Training
from models.trace import Floats
from viz.board.board import Board, Box, Place, Shading
from viz.board.box import word_box
from viz.board.plane import Plane
from viz.board.style import Style
from viz.board.theme import ink_on

# Hidden unit → its colour and its name; the output unit's.
UNITS = (("q", "h₁"), ("k", "h₂"))
OUTPUT = ("output", "ŷ")
SYMBOLS = ("square", "circle")  # of label 0, of label 1
_CELLS = 96  # of the shading, a side
_INPUTS = (-0.5, 1.5)
# Steps that a trail passes: all at first, then ever farther apart.
_EARLY = np.unique(np.rint(np.geomspace(1, LAST + 1, 200)).astype(int)) - 1
_AIR = 0.16  # share of the hidden units' range that is left around it
_ARROW = 26.0  # pixels
_COVERED = 18.0  # pixels between two points of which one hides the other's number
# Where a name may stand from its point: right, left, above, below, and the corners.
_AROUND = (
    *((24, 0, "middle right"), (-24, 0, "middle left"), (0, -30, "middle center")),
    *((0, 30, "middle center"), (20, -28, "middle right"), (20, 28, "middle right")),
)


def shading(style: Style) -> Shading:
    """ŷ from 0 to 1, paler than the points that lie on it."""
    return Shading(style.theme.scores, -0.45, 1.45)


def label_colour(style: Style, label: float) -> str:
    """Of points of label 0 or 1."""
    return style.theme.plus if label else style.theme.minus


def name_of(point: int) -> str:
    """A point as it is written: (0, 1)."""
    x1, x2 = POINTS[point]
    return f"({x1:.0f}, {x2:.0f})"


def input_plane(
    board: Board, box: Box, training: Training, step: int, chosen: int, style: Style
) -> Plane:
    """The points where they are, and each hidden unit's line; without one, the output's."""
    plane, at = Plane(box, _INPUTS, _INPUTS), training.at(step)
    _shade(board, plane, lambda points: at.output(at.represented(points)), style)
    _ticks(board, plane, (0, 1), (("ink", "x₁"), ("ink", "x₂")), style)
    places = _places(plane, POINTS)
    lines = [(*w, b) for w, b in zip(at.w, at.b, strict=True)]
    if at.hidden == "none" and training.undecided(step) < len(POINTS):
        lines = [(*at.v, at.c)]
    names = _names(places, plane, lines)
    _lines(board, plane, lines, [OUTPUT] if at.hidden == "none" else UNITS, (places, names), style)
    _points(board, places, names, chosen, style)
    return plane


def hidden_plane(
    board: Board, box: Box, training: Training, step: int, chosen: int, style: Style
) -> Plane:
    """Where the hidden layer puts the points, from where they began, and the output's line."""
    at = training.at(step)
    low, high = reached(training)
    air = (high - low) * _AIR
    points = training.h[step]
    plane = Plane(box, (low - air, high + air), (low - air, high + air))
    _shade(board, plane, at.output, style)
    _limits(board, plane, (low, high), bounded=training.hidden != "relu")
    _ticks(board, plane, (low, float(np.floor(high))), UNITS, style)
    way = np.unique(np.append(_EARLY[step >= _EARLY], step))
    trails = [_places(plane, trail) for trail in training.h[way].transpose(1, 0, 2)]
    for label, trail in zip(LABELS, trails, strict=True):
        x, y = zip(*trail, strict=True)
        board.line(x, y, label_colour(style, label), 2)
        board.line(x[:1], y[:1], label_colour(style, label), 0, symbol="circle", size=7)
    places, lines = _places(plane, points), [(*at.v, at.c)]
    names = _names(places, plane, lines, [place for trail in trails for place in trail])
    _lines(board, plane, lines, [OUTPUT], (places, names), style)
    _points(board, places, names, chosen, style)
    return plane


def _limits(board: Board, plane: Plane, ends: tuple[float, float], *, bounded: bool) -> None:
    """What the units cannot leave; bounded: upwards, too."""
    (left, right), (bottom, top) = plane.across(ends), plane.up(ends)
    if not bounded:
        right, top = plane.box.right, plane.box.y
    board.frame(Box(left, top, right - left, bottom - top), board.theme.hatch, 1, "dot")


def reached(training: Training) -> tuple[float, float]:
    """Between what the hidden units lie: their activation's own limits; ReLU's largest value."""
    limits = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
    return limits.get(training.hidden, (0.0, max(float(training.h.max()), 1.0)))


def segment(line: Sequence[float] | Floats, plane: Plane) -> tuple[Place, Place] | None:
    """Where a line (w₁, w₂, b) enters a plane and leaves it, in its numbers; None: it misses it."""
    w1, w2, b = map(float, line)
    ends = []
    if w2:
        ends += [(x, -(b + w1 * x) / w2) for x in plane.x]
    if w1:
        ends += [(-(b + w2 * y) / w1, y) for y in plane.y]
    (left, right), (low, high) = plane.x, plane.y
    inside = sorted(
        (x, y)
        for x, y in ends
        if left - 1e-9 <= x <= right + 1e-9 and low - 1e-9 <= y <= high + 1e-9
    )
    if len(inside) < 2 or inside[0] == inside[-1]:
        return None
    return inside[0], inside[-1]


def _shade(board: Board, plane: Plane, output: Callable[[Floats], Floats], style: Style) -> None:
    steps = (np.arange(_CELLS) + 0.5) / _CELLS
    x, y = (low + (high - low) * steps for low, high in (plane.x, plane.y))
    grid = np.stack(np.meshgrid(x, y[::-1]), axis=-1).reshape(-1, 2)
    values = output(grid).reshape(_CELLS, _CELLS)
    board.matrix(values, plane.box, shading(style), gap=0)
    board.frame(plane.box, style.theme.grid, 1)


def _ticks(
    board: Board,
    plane: Plane,
    values: Sequence[float],
    axes: Sequence[tuple[str, str]],
    style: Style,
) -> None:
    """Numbers and names of both axes."""
    box = plane.box
    for value in values:
        word = style.notation.fixed(value, 0)
        board.tick(float(plane.across([value])[0]), box.bottom + 15, word, False)
        board.note(box.x - 7, float(plane.up([value])[0]), word, anchor="middle left")
    (across, below), (up, beside) = axes
    x, y = box.x + box.width / 2, box.y + box.height / 2
    board.text(x, box.bottom + 15, f"<b>{below}</b>", colour=style.colour(across))
    board.text(box.x - 7, y, f"<b>{beside}</b>", colour=style.colour(up), anchor="middle left")


def _places(plane: Plane, points: Floats) -> list[Place]:
    x, y = plane.across(points[:, 0]), plane.up(points[:, 1])
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _meet(one: Box, other: Box) -> bool:
    across = one.x < other.right and other.x < one.right
    return across and one.y < other.bottom and other.y < one.bottom


def _inside(one: Box, box: Box) -> bool:
    return one.x > box.x and one.right < box.right and one.y > box.y and one.bottom < box.bottom


def _names(
    places: Sequence[Place],
    plane: Plane,
    lines: Sequence[Sequence[float]],
    trails: Sequence[Place] = (),
) -> list[tuple[Place, str]]:
    """Where each point's name stands, and how it lies from there: none over another or a point.

    Where there is room, not over a line or a trail, either.
    """
    taken = [Box(x - 16, y - 16, 32, 32) for x, y in places]
    drawn = [*trails, *(place for line in lines for place in _along(line, plane))]
    avoided = [Box(x - 2, y - 2, 4, 4) for x, y in drawn]
    found: list[tuple[Place, str]] = []
    for point, (x, y) in enumerate(places):
        spots = [((x + dx, y + dy), anchor) for dx, dy, anchor in _AROUND]
        boxes = [word_box(*at, name_of(point), anchor, 17) for at, anchor in spots]
        free = [
            n
            for n, one in enumerate(boxes)
            if _inside(one, plane.box) and not any(_meet(one, other) for other in taken)
        ]
        clear = (n for n in free if not any(_meet(boxes[n], other) for other in avoided))
        chosen = next(clear, free[0] if free else 0)
        taken.append(boxes[chosen])
        found.append(spots[chosen])
    return found


def _along(line: Sequence[float], plane: Plane) -> list[Place]:
    """Places on a line, a few pixels between them."""
    ends = segment(line, plane)
    return [] if ends is None else _places(plane, np.linspace(*ends, 60))


def _points(
    board: Board,
    places: Sequence[Place],
    names: Sequence[tuple[Place, str]],
    chosen: int,
    style: Style,
) -> None:
    """Labels as colour, shape and number; the chosen point in a ring."""
    theme = style.theme
    order = sorted(range(len(places)), key=lambda point: point == chosen)  # above the others
    for n, point in enumerate(order):
        label, (x, y) = LABELS[point], places[point]
        symbol, colour = SYMBOLS[int(label)], label_colour(style, label)
        ring = theme.ink if point == chosen else theme.page
        board.line([x], [y], ring, 0, symbol=symbol, size=32 if point == chosen else 28)
        board.line([x], [y], colour, 0, symbol=symbol, size=24)
        above = (places[other] for other in order[n + 1 :])
        if not any(np.hypot(x - u, y - v) < _COVERED for u, v in above):
            board.text(x, y, f"<b>{label:.0f}</b>", size=16, colour=ink_on(colour))
        (at_x, at_y), anchor = names[point]
        word = f"<b>{name_of(point)}</b>" if point == chosen else name_of(point)
        board.text(at_x, at_y, word, size=17, anchor=anchor)


def _lines(
    board: Board,
    plane: Plane,
    lines: Sequence[Sequence[float]],
    looks: Sequence[tuple[str, str]],
    around: tuple[Sequence[Place], Sequence[tuple[Place, str]]],
    style: Style,
) -> None:
    """Where each unit's sum is 0, with an arrow to the side on which it is positive."""
    places, names = around
    taken = [Box(x - 18, y - 18, 36, 36) for x, y in places]
    words = ((name_of(n), at, anchor) for n, (at, anchor) in enumerate(names))
    taken += [word_box(*at, word, anchor, 17) for word, at, anchor in words]
    for line, (role, name) in zip(lines, looks, strict=False):
        ends = segment(line, plane)
        if ends is None:
            continue
        x, y = plane.across([end[0] for end in ends]), plane.up([end[1] for end in ends])
        board.line(x, y, style.theme.page, 7)
        board.line(x, y, style.colour(role), 4)
        arrows = list(_arrows(x, y, line, plane.box))
        free = (a for a in arrows if not any(_meet(a[2], other) for other in taken))
        arrow = next(free, arrows[0] if arrows else None)
        if arrow is not None:
            (foot, tip, word) = arrow
            taken.append(word)
            _arrow(board, foot, tip, style.colour(role))
            middle = word.x + word.width / 2, word.y + word.height / 2
            board.text(*middle, f"<b>{name}</b>", size=19, colour=style.colour(role))


def _arrows(
    x: Floats, y: Floats, line: Sequence[float], box: Box
) -> Iterator[tuple[Place, Place, Box]]:
    """Feet along a line, each with its tip and the box of a name behind it, inside the plane."""
    towards = np.array([line[0], -line[1]], np.float64)  # y runs downwards
    towards /= np.hypot(*towards)
    for share in (0.1, 0.9, 0.22, 0.78, 0.35, 0.65, 0.5, 0.03, 0.97):
        foot = np.array([x[0] + share * (x[1] - x[0]), y[0] + share * (y[1] - y[0])])
        tip, middle = foot + _ARROW * towards, foot + (_ARROW + 17) * towards
        word = Box(middle[0] - 14, middle[1] - 13, 28, 26)
        if _inside(word, box):
            yield (foot[0], foot[1]), (tip[0], tip[1]), word


def _arrow(board: Board, foot: Place, tip: Place, colour: str) -> None:
    along = np.subtract(tip, foot) / _ARROW
    across = np.array([-along[1], along[0]])
    barbs = [tuple(np.array(tip) - 9 * along + side * 6 * across) for side in (1, -1)]
    for start, end in pairwise((foot, tip, barbs[0])):
        board.line([start[0], end[0]], [start[1], end[1]], colour, 3)
    board.line([tip[0], barbs[1][0]], [tip[1], barbs[1][1]], colour, 3)
