"""The inside of a recurrent cell as a diagram, with one unit's numbers of one step in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.trace import CellTerms, Floats
from viz.board.axes import text_width
from viz.board.board import Board, Box, Place, symmetric
from viz.board.notation import for_html, shortened
from viz.board.panel import strip
from viz.board.style import Style
from viz.board.theme import ink_on
from viz.lstm.gates_layout import identity
from viz.lstm.step import Reading

WIDTH, HEIGHT = 850, 312
_C, _H, _MEET, _BELOW = 52, 162, 114, 272  # heights of the lines c, h, i·g, and h before
_LEFT, _RIGHT = 112, 736  # the cell's edges
_AT = {"f": 196, "i": 326, "g": 446, "o": 566}  # the gates' middles
_ADD, _HELD, _TANH = 386, 582, 650
_TOP, _LOW = 192, 244  # the gates' boxes
_STATE, _WIRE = 5.0, 3.5  # widths of lines
_WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}  # right, down


@dataclass(frozen=True, slots=True)
class _Drawing:
    """ground: what stays from step to step; board: what lies on top of it."""

    ground: Board
    board: Board
    reading: Reading
    style: Style
    terms: CellTerms

    def ink(self, part: str) -> str:
        return identity(self.style.theme, part)

    def number(self, value: float) -> str:
        return self.style.notation.fixed(value)

    def now(self, part: str) -> float:
        """The value that the layer has there: of a silenced unit's c and h, 0."""
        return self.reading.value(part)

    @property
    def before(self) -> str:
        """The index of the step before: a backward unit reads the word after first."""
        return "t+1" if self.reading.backwards else "t−1"


def cell_diagram(
    reading: Reading, style: Style, *, height: int = HEIGHT
) -> tuple[go.Figure, go.Figure]:
    """The chosen unit's cell at the chosen step: what comes in, what each part makes, what leaves.

    The first figure is the cell, as it is at every step; its numbers lie on top of it.
    style.labels: silent, numbers (n), below (n).
    """
    terms = reading.layer.terms(reading.step, reading.unit)
    ground, board = (Board(WIDTH, height, style.theme) for _ in range(2))
    drawing = _Drawing(ground, board, reading, style, terms)
    ground.fill(Box(_LEFT, 8, _RIGHT - _LEFT, _LOW + 12 - 8), style.theme.soft)
    if terms.c_before is None:
        _plain(drawing)
    else:
        _state(drawing, terms.c_before)
        _candidate(drawing)
        _output(drawing)
        _gates(drawing)
    _inputs(drawing)
    return ground.figure(), board.figure()


def _state(d: _Drawing, before: float) -> None:
    """The line of c: times f, plus i·g, on to the next step."""
    colour, f, now = d.ink("c"), d.now("f"), d.now("c")
    _leave(d, 0, _C, colour)
    d.board.text(4, _C - 22, _named("c", d.before, d.number(before)), colour=colour, size=20,
                 anchor="middle right")  # fmt: skip
    end = _named("c", "t", d.number(now))
    d.board.text(WIDTH - 2, _C - 22, end, colour=colour, size=20, anchor="middle left")
    middle = (_AT["f"] + _ADD) / 2
    d.board.text(middle, _C - 20, d.number(f * before), colour=colour, size=19)
    made = f * before + d.now("i") * d.now("g")
    d.board.text((_ADD + _HELD) / 2, _C - 20, d.number(made), colour=colour, size=19)
    _lead(d, [(_AT["f"], _TOP), (_AT["f"], _C + 24)], d.ink("f"), "up")
    _operator(d, (_AT["f"], _C), "×", d.ink("f"))
    _operator(d, (_ADD, _C), "+", colour)
    if d.reading.unit in d.reading.silenced:
        _cut(d, (_HELD, _C))


def _cut(d: _Drawing, at: Place) -> None:
    """Where a silenced unit's state is held at 0."""
    colour = d.style.theme.bad
    _operator(d, at, "0", colour)
    d.ground.text(at[0], at[1] - 32, d.style.labels["silent"], size=16, colour=colour)


def _candidate(d: _Drawing) -> None:
    """i times g, up to the sum."""
    for part, side in (("i", -1), ("g", 1)):
        x, end = _AT[part], _ADD + side * 24
        way = "left" if side > 0 else "right"
        _lead(d, [(x, _TOP), (x, _MEET), (end, _MEET)], d.ink(part), way)
    ink = d.style.theme.ink
    _lead(d, [(_ADD, _MEET), (_ADD, _C + 24)], ink, "up")
    _operator(d, (_ADD, _MEET), "×", ink)
    product = d.number(d.now("i") * d.now("g"))
    i, g = (f"<span style='color:{d.ink(part)}'><i>{part}</i></span>" for part in "ig")
    d.board.text(_ADD + 16, (_MEET + _C) / 2 + 2, f"{i}·{g} <b>{product}</b>", size=18,
                 anchor="middle right")  # fmt: skip


def _output(d: _Drawing) -> None:
    """tanh of c, times o, out as h."""
    c, o, h = d.ink("c"), d.ink("o"), d.ink("h")
    capsule = Box(_TANH - 34, 84, 68, 30)
    _wire(d, [(_TANH, _C), (_TANH, capsule.y)], c)
    _lead(d, [(_TANH, capsule.bottom), (_TANH, _H - 24)], c, "down")
    d.ground.fill(capsule, d.style.theme.page)
    d.ground.frame(capsule, c, 2)
    d.ground.text(_TANH, 99, "tanh", colour=c, size=18)
    d.board.text(_TANH + 10, 130, d.number(float(np.tanh(d.now("c")))), colour=c, size=18,
                 anchor="middle right")  # fmt: skip
    _lead(d, [(_AT["o"], _TOP), (_AT["o"], _H), (_TANH - 24, _H)], o, "right")
    _leave(d, _TANH, _H, h)
    _operator(d, (_TANH, _H), "×", o)
    end = _named("h", "t", d.number(d.now("h")))
    d.board.text(WIDTH - 2, _H - 22, end, colour=h, size=20, anchor="middle left")


def _gates(d: _Drawing) -> None:
    """Filled boxes: each gate's value, and what it is the σ or tanh of."""
    sums = d.terms.sums()
    for part, x in _AT.items():
        colour, value = d.ink(part), d.number(d.now(part))
        function, ink = "tanh" if part == "g" else "σ", ink_on(colour)
        d.ground.fill(Box(x - 53, _TOP, 106, _LOW - _TOP), colour)
        d.board.text(x, _TOP + 17, f"<b><i>{part}</i> = {value}</b>", size=20, colour=ink)
        d.board.text(x, _LOW - 14, f"{function}({d.number(sums[part])})", size=16, colour=ink)


def _plain(d: _Drawing) -> None:
    """An RNN's cell: one sum, one tanh."""
    theme, h, y = d.style.theme, d.ink("h"), _MEET
    capsule = Box(_ADD + 150, y - 20, 84, 40)
    _lead(d, [(_ADD, _LOW + 12), (_ADD, y + 24)], theme.hatch, "up")
    _wire(d, [(_ADD, y), (capsule.x, y)], theme.ink)
    _leave(d, capsule.right, y, h)
    _operator(d, (_ADD, y), "+", theme.ink)
    d.ground.fill(capsule, h)
    d.ground.text(capsule.x + 42, y, "<b>tanh</b>", size=20, colour=ink_on(h))
    d.board.text(_ADD + 84, y - 22, d.number(d.terms.sums()["h"]), size=19)
    end = _named("h", "t", d.number(d.now("h")))
    d.board.text(WIDTH - 2, y - 22, end, colour=h, size=20, anchor="middle left")
    if d.reading.unit in d.reading.silenced:
        _cut(d, (_RIGHT - 36, y))


def _inputs(d: _Drawing) -> None:
    """The word's vector and all units' h of the step before, up into every box."""
    theme = d.style.theme
    boxes = [float(_ADD)] if d.terms.c_before is None else [float(x) for x in _AT.values()]
    grey = theme.hatch
    _wire(d, [(0, _BELOW), (boxes[-1], _BELOW)], grey)
    for x in boxes:
        _lead(d, [(x, _BELOW), (x, _LOW + 12)], grey, "up", ahead=3)
    name, y = _symbol("h", d.before), _BELOW - 38
    d.board.text(4, y, name, size=20, colour=d.ink("h"), anchor="middle right")
    _strip(d, Box(6, y + 14, 96, 14), d.terms.h_before)
    word = shortened(d.reading.words[d.reading.step], 16)
    if d.reading.depth:
        word = d.style.labels["below"].format(n=d.reading.depth - 1)
    wide = max(90.0, text_width(word, 19) + 60)
    chip = Box(0, _BELOW + 10, wide, 28)
    d.board.fill(chip, theme.ink)
    text = f"<i>x</i><sub>t</sub> = <b>{for_html(word)}</b>"
    d.board.text(wide / 2, chip.y + 14, text, size=18, colour=theme.page)
    _wire(d, [(56, chip.y), (56, _BELOW)], grey)
    _mark(d, (56, _BELOW), "circle", 11, grey)
    row = Box(wide + 8, chip.y + 4, 150, 20)
    _strip(d, row, d.terms.x)
    d.board.note(row.right + 8, row.y + 10, d.style.labels["numbers"].format(n=len(d.terms.x)))


def _strip(d: _Drawing, box: Box, values: Floats) -> None:
    """A vector as a row of coloured cells, −largest … +largest of its own."""
    shading = symmetric(values, d.style.theme.scores)
    strip(d.board, box, values, shading, edge=d.style.theme.hatch)


def _symbol(letter: str, index: str) -> str:
    return f"<i>{letter}</i><sub>{index}</sub>"


def _named(letter: str, index: str, value: str) -> str:
    return f"{_symbol(letter, index)} <b>{value}</b>"


def _wire(d: _Drawing, places: Sequence[Place], colour: str, width: float = _WIRE) -> None:
    xs, ys = zip(*places, strict=True)
    d.ground.line(xs, ys, colour, width)


def _lead(d: _Drawing, places: Sequence[Place], colour: str, way: str, *, ahead: int = 2) -> None:
    """A wire with an arrow a little ahead of its end."""
    _wire(d, places, colour)
    (x, y), (right, down) = places[-1], _WAYS[way]
    _mark(d, (x + ahead * right, y + ahead * down), f"triangle-{way}", 13, colour)


def _leave(d: _Drawing, x: float, y: float, colour: str) -> None:
    """A state's line out of the cell, to the next step."""
    _wire(d, [(x, y), (WIDTH - 14, y)], colour, _STATE)
    _mark(d, (WIDTH - 9, y), "triangle-right", 16, colour)


def _mark(d: _Drawing, at: Place, symbol: str, size: float, fill: str, edge: str = "") -> None:
    """Markers keep their shape where a narrow window squeezes the board."""
    line = {"width": 3 if edge else 0, "color": edge or fill}
    marker = {"symbol": symbol, "size": size, "color": fill, "line": line, "opacity": 1}
    look = {"mode": "markers", "marker": marker, "hoverinfo": "skip", "cliponaxis": False}
    d.ground.traces.append({"type": "scatter", "x": at[:1], "y": at[1:], **look})


def _operator(d: _Drawing, at: Place, sign: str, colour: str) -> None:
    _mark(d, at, "circle", 36, d.style.theme.page, colour)
    d.ground.text(at[0], at[1], f"<b>{sign}</b>", size=24, colour=colour)
