"""One unit drawn: its inputs, weights and sum; its activation beside the derivative; all others."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from models.neuron.unit import ACTIVATIONS, Function, Unit
from models.trace import Floats
from viz.board.board import Board, Box, Figure, Place
from viz.board.kept import kept
from viz.board.notation import bold, reads_as_one
from viz.board.plane import Plane
from viz.board.style import Style
from viz.neuron.writer import exact

WIDTH, HEIGHT = 1190, 680
VALUE, SLOPE, SUM = "output", "gate_g", "state_c"  # the colours of a, a′ and z
_SHOWN = 6.0  # of z, to both sides, where the present one lies within
_LEFT, _TOP = 120.0, 40.0  # the first input's centre
_PITCH, _RADIUS = 78.0, 30.0  # between two inputs; of a node
_SUM, _BENT, _OUT = 560.0, 770.0, 980.0  # the centres of what follows
_CURVES, _SMALL = 300.0, 574.0  # where the rows below begin
_POINTS = 241


@kept
def unit(drawn: Unit, style: Style) -> Figure:
    """The unit above; its activation's curve and the derivative's, z marked; all to choose from.

    labels: input, bias, sum, output, derivative, rivals, name.<activation>.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    _nodes(board, drawn, style)
    for column, role in enumerate((VALUE, SLOPE)):
        _curve(board, Box(76 + 600 * column, _CURVES, 480, 196), drawn, role, style)
    _choices(board, drawn, style)
    return board.figure()


def written(style: Style, value: float, rest: float | None = None, digits: int = 3) -> str:
    """A number that must not read as 0, nor as 1 where it is none. rest: 1 − |value|."""
    if rest is not None and reads_as_one(rest, digits):
        small = style.notation.scientific(rest, 1)
        return f"1 − {small}" if value > 0 else f"−1 + {small}"
    return style.notation.tiny(value, digits)


def shown(drawn: Unit, style: Style) -> str:
    """What the unit puts out."""
    return written(style, drawn.a, drawn.rest if drawn.function.bounded else None)


def _disc(board: Board, place: Place, colour: str, radius: float = _RADIUS) -> None:
    """A node: a ring in a colour, filled with the page's own."""
    for fill, size in ((colour, 2 * radius), (board.theme.page, 2 * radius - 5)):
        board.line([place[0]], [place[1]], fill, 0, symbol="circle", size=size)


def _nodes(board: Board, drawn: Unit, style: Style) -> None:
    theme, number = board.theme, partial(exact, style)
    middle = _TOP + _PITCH
    given = [*drawn.x.tolist(), 1.0]
    weights = [*drawn.w.tolist(), drawn.b]
    for place, (value, weight) in enumerate(zip(given, weights, strict=True)):
        y, bias = _TOP + place * _PITCH, place == len(drawn.x)
        _edge(board, y, middle, weight)
        _disc(board, (_LEFT, y), theme.muted if bias else theme.ink)
        board.text(_LEFT, y, f"<b>{1 if bias else number(value)}</b>", size=18)
        x, w = f"x{_index(place)}", f"w{_index(place)}"
        name = style.labels["bias"] if bias else x
        board.text(_LEFT - _RADIUS - 12, y, name, size=18, anchor="middle left")
        words = f"b = <b>{number(weight)}</b>"
        if not bias:
            given_x = number(value) if value >= 0 else f"({number(value)})"
            product = f"<b>{number(weight)}</b> · {given_x} = {number(weight * value)}"
            words = f"{w} · {x} = {product}"
        at = _LEFT + _RADIUS + 24
        on_edge = y + (middle - y) * (at - _LEFT) / (_SUM - _LEFT)
        lift = 17 if bias else -17  # on the side from which the edge turns away
        colour = _signed(board, weight)
        board.text(at, on_edge + lift, words, size=17, colour=colour, anchor="middle right")
    _chain(board, drawn, middle, style)


def _index(place: int) -> str:
    return "₁₂₃₄₅"[place]


def _signed(board: Board, value: float) -> str:
    theme = board.theme
    return theme.plus if value > 0 else theme.minus if value < 0 else theme.muted


def _edge(board: Board, y: float, middle: float, weight: float) -> None:
    """From an input to the sum, as wide as the weight is large."""
    width = 1.5 + 1.3 * abs(weight)
    dash = "solid" if weight else "dot"
    board.line([_LEFT, _SUM], [y, middle], _signed(board, weight), width, dash=dash)


def _chain(board: Board, drawn: Unit, y: float, style: Style) -> None:
    """Sum, activation, output, and the numbers that pass between them."""
    theme = board.theme
    box = Box(_BENT - 62, y - 44, 124, 88)
    for ends in ((_SUM, box.x), (box.right, _OUT)):
        board.line(ends, [y, y], theme.hatch, 2)
    _disc(board, (_SUM, y), theme.state_c, 38)
    board.text(_SUM, y, "<b>Σ</b>", size=30, colour=theme.state_c)
    z = f"z = <b>{exact(style, drawn.z)}</b>"
    board.text(_SUM, y + 58, z, size=20, colour=theme.state_c)
    board.note(_SUM, y - 56, style.labels["sum"], anchor="middle center")
    board.frame(box, style.colour(VALUE), 3)
    _thumb(board, box.grown(-10, -10), drawn.function, style)
    board.note(_BENT, y - 62, named(drawn.function, style), anchor="middle center")
    if drawn.function.name == "softmax":
        rivals = style.labels["rivals"].format(count=drawn.function.rivals)
        board.note(_BENT, y + 62, rivals, anchor="middle center")
    _disc(board, (_OUT, y), style.colour(VALUE), 38)
    board.text(_OUT, y, "<b>a</b>", size=26, colour=style.colour(VALUE))
    board.note(_OUT, y - 56, style.labels["output"], anchor="middle center")
    words = f"a = <b>{shown(drawn, style)}</b>"
    board.text(_OUT, y + 58, words, size=20, colour=style.colour(VALUE))


def named(function: Function, style: Style) -> str:
    """An activation's name, with the slope of its left side where a visitor sets that."""
    name = str(style.labels[f"name.{function.name}"])
    return (
        f"{name}, α = {style.notation.fixed(function.kept)}" if function.name == "prelu" else name
    )


def _span(z: float) -> float:
    """How far a curve goes to both sides: whole, and a little further than z."""
    return float(np.ceil(max(_SHOWN, abs(z) * 1.1)))


def _places(far: float) -> Floats:
    """z for a curve: evenly, and both sides of the kink."""
    return np.sort(np.append(np.linspace(-far, far, _POINTS), [-1e-9, 1e-9]))


def _limits(values: Floats) -> tuple[float, float]:
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    room = 0.09 * max(high - low, 0.2)
    return low - room, high + room


def _curve(board: Board, box: Box, drawn: Unit, role: str, style: Style) -> None:
    """a, or a′, over z, with the present z; over a its tangent, too."""
    slope = role == SLOPE
    function, z, far = drawn.function, drawn.z, _span(drawn.z)
    x = _places(far)
    compute = function.slope if slope else function.value
    values = compute(x)
    plane = Plane(box, (-far, far), _limits(values))
    plane.draw(board, _ticks(plane.y, style))
    colour = style.colour(role)
    letter = "a′" if slope else "a"
    words = style.labels["derivative"] if slope else named(function, style)
    board.text(box.x, box.y - 22, bold(f"{letter} · {words}"), size=19, anchor="middle right",
               colour=colour)  # fmt: skip
    plane.upright(board, 0, 0.5)
    plane.upright(board, z, 2, dash="dot")
    plane.curve(board, x, values, colour, 4)
    if not slope:
        _tangent(board, plane, drawn, style)
    here = np.array([drawn.slope if slope else drawn.a])
    board.line(plane.across([z]), plane.up(here), colour, 0, symbol="circle", size=15)
    said = written(style, drawn.slope) if slope else shown(drawn, style)
    left = z > 0.35 * far  # the number stands where the curve has room
    place = float(plane.across([z])[0]) + (-14 if left else 14)
    y = min(max(float(plane.up(here)[0]), box.y + 16), box.bottom - 16)
    y += -20 if y > box.y + box.height / 2 else 20
    board.text(place, y, bold(said), size=19, colour=colour,
               anchor="middle left" if left else "middle right")  # fmt: skip
    free = [v for v in (-far, 0.0, far) if abs(v - z) > far * 0.17]
    plane.words(board, [(v, style.notation.fixed(v, 0)) for v in free])
    at = float(plane.across([z])[0])
    board.text(at, box.bottom + 15, f"<b>z = {exact(style, z)}</b>", size=16,
               colour=style.colour(SUM))  # fmt: skip


def _ticks(limits: tuple[float, float], style: Style) -> list[tuple[float, str]]:
    """Three or so round numbers between two."""
    wide = limits[1] - limits[0]
    gap = next(g for g in (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100) if wide / g <= 4.5)
    first = int(np.ceil(limits[0] / gap))
    digits = 0 if gap >= 1 else 2 if gap == 0.25 else 1
    places = [gap * n for n in range(first, int(np.floor(limits[1] / gap)) + 1)]
    return [(v, style.notation.fixed(v, digits if v else 0)) for v in places]


def _tangent(board: Board, plane: Plane, drawn: Unit, style: Style) -> None:
    """A short line with the slope that stands at the right."""
    far = 0.16 * (plane.x[1] - plane.x[0])
    ends = np.clip(drawn.z + np.array([-far, far]), *plane.x)
    if drawn.slope:  # cut where it leaves the picture
        low, high = sorted((level - drawn.a) / drawn.slope for level in plane.y)
        ends = drawn.z + np.clip(ends - drawn.z, low, high)
    values = drawn.a + drawn.slope * (ends - drawn.z)
    plane.curve(board, ends, values, style.colour(SLOPE), 3, dash="dash")


def _thumb(board: Board, box: Box, function: Function, style: Style) -> None:
    """Both curves, small, without numbers."""
    x = _places(4.0)[::4]
    values = np.concatenate((function.value(x), function.slope(x)))
    plane = Plane(box, (-4.0, 4.0), _limits(values))
    plane.level(board, 0.0, board.theme.grid, 1)
    plane.curve(board, x, function.slope(x), style.colour(SLOPE), 2, dash="dash")
    plane.curve(board, x, function.value(x), style.colour(VALUE), 3)


def _choices(board: Board, drawn: Unit, style: Style) -> None:
    """All activations side by side; the chosen one in a frame. A click chooses."""
    row = Box(30, _SMALL, WIDTH - 60, 74)
    hover = []
    for place, name in enumerate(ACTIVATIONS):
        function = replace(drawn.function, name=name)
        box, chosen = row.column(place, len(ACTIVATIONS)).grown(-10, 0), name == drawn.function.name
        board.fill(box, board.theme.soft)
        _thumb(board, box.grown(-8, -8), function, style)
        if chosen:
            board.frame(box, board.theme.ink, 3)
        words = str(style.labels[f"name.{name}"])
        board.tick(box.x + box.width / 2, row.bottom + 16, words, chosen, size=17)
        a, slope = float(function.value(drawn.z)), float(function.slope(drawn.z))
        hover.append(f"{words}: a = {written(style, a)}, a′ = {written(style, slope)}")
    ids = [[place] for place in range(len(ACTIVATIONS))]
    board.cells(row, (1, len(ACTIVATIONS)), ids=ids, hover=hover)
