"""The inside of a recurrent cell as a diagram, with one unit's numbers of one step in it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from viz.board.board import Board, Box
from viz.board.kept import kept
from viz.board.style import Style
from viz.board.theme import ink_on
from viz.lstm.cell_parts import (
    HEIGHT,
    LEFT,
    LINE,
    LOW,
    RIGHT,
    TOP,
    WIDTH,
    Drawing,
    cut,
    gate,
    inputs,
    lead,
    leave,
    named,
    operator,
    wire,
)
from viz.lstm.gru_cell import gru
from viz.lstm.step import Reading

__all__ = ["HEIGHT", "WIDTH", "cell_diagram"]

_H, _MEET = 162, 114  # heights of the lines h and i·g
_AT = {"f": 196.0, "i": 326.0, "g": 446.0, "o": 566.0}  # the gates' middles
_ADD, _HELD, _TANH = 386.0, 582, 650


@kept
def cell_diagram(
    reading: Reading, style: Style, *, height: int = HEIGHT
) -> tuple[go.Figure, go.Figure]:
    """The chosen unit's cell at the chosen step: what comes in, what each part makes, what leaves.

    The first figure is the cell, as it is at every step; its numbers lie on top of it.
    style.labels: silent, numbers (n), below (n).
    """
    terms = reading.layer.terms(reading.step, reading.unit)
    ground, board = (Board(WIDTH, height, style.theme) for _ in range(2))
    drawing = Drawing(ground, board, reading, style, terms)
    ground.fill(Box(LEFT, 8, RIGHT - LEFT, LOW + 12 - 8), style.theme.soft)
    {"lstm": _gated, "gru": gru, "rnn": _plain}[reading.layer.cell](drawing)
    return ground.figure(), board.figure()


def _gated(d: Drawing) -> None:
    """An LSTM's cell."""
    _state(d, d.terms.c_before or 0.0)
    _candidate(d)
    _output(d)
    sums = d.terms.sums()
    for part, x in _AT.items():
        gate(d, part, x, sums[part])
    inputs(d, list(_AT.values()))


def _state(d: Drawing, before: float) -> None:
    """The line of c: times f, plus i·g, on to the next step."""
    colour, f, now = d.ink("c"), d.now("f"), d.now("c")
    leave(d, 0, LINE, colour)
    d.board.text(4, LINE - 22, named("c", d.before, d.number(before)), colour=colour, size=20,
                 anchor="middle right")  # fmt: skip
    end = named("c", "t", d.number(now))
    d.board.text(WIDTH - 2, LINE - 22, end, colour=colour, size=20, anchor="middle left")
    middle = (_AT["f"] + _ADD) / 2
    d.board.text(middle, LINE - 20, d.number(f * before), colour=colour, size=19)
    made = f * before + d.now("i") * d.now("g")
    d.board.text((_ADD + _HELD) / 2, LINE - 20, d.number(made), colour=colour, size=19)
    lead(d, [(_AT["f"], TOP), (_AT["f"], LINE + 24)], d.ink("f"), "up")
    operator(d, (_AT["f"], LINE), "×", d.ink("f"))
    operator(d, (_ADD, LINE), "+", colour)
    if d.reading.unit in d.reading.silenced:
        cut(d, (_HELD, LINE))


def _candidate(d: Drawing) -> None:
    """i times g, up to the sum."""
    for part, side in (("i", -1), ("g", 1)):
        x, end = _AT[part], _ADD + side * 24
        way = "left" if side > 0 else "right"
        lead(d, [(x, TOP), (x, _MEET), (end, _MEET)], d.ink(part), way)
    ink = d.style.theme.ink
    lead(d, [(_ADD, _MEET), (_ADD, LINE + 24)], ink, "up")
    operator(d, (_ADD, _MEET), "×", ink)
    product = d.number(d.now("i") * d.now("g"))
    i, g = (f"<span style='color:{d.ink(part)}'><i>{part}</i></span>" for part in "ig")
    d.board.text(_ADD + 16, (_MEET + LINE) / 2 + 2, f"{i}·{g} <b>{product}</b>", size=18,
                 anchor="middle right")  # fmt: skip


def _output(d: Drawing) -> None:
    """tanh of c, times o, out as h."""
    c, o, h = d.ink("c"), d.ink("o"), d.ink("h")
    capsule = Box(_TANH - 34, 84, 68, 30)
    wire(d, [(_TANH, LINE), (_TANH, capsule.y)], c)
    lead(d, [(_TANH, capsule.bottom), (_TANH, _H - 24)], c, "down")
    d.ground.fill(capsule, d.style.theme.page)
    d.ground.frame(capsule, c, 2)
    d.ground.text(_TANH, 99, "tanh", colour=c, size=18)
    d.board.text(_TANH + 10, 130, d.number(float(np.tanh(d.now("c")))), colour=c, size=18,
                 anchor="middle right")  # fmt: skip
    lead(d, [(_AT["o"], TOP), (_AT["o"], _H), (_TANH - 24, _H)], o, "right")
    leave(d, _TANH, _H, h)
    operator(d, (_TANH, _H), "×", o)
    end = named("h", "t", d.number(d.now("h")))
    d.board.text(WIDTH - 2, _H - 22, end, colour=h, size=20, anchor="middle left")


def _plain(d: Drawing) -> None:
    """An RNN's cell: one sum, one tanh."""
    theme, h, y = d.style.theme, d.ink("h"), _MEET
    capsule = Box(_ADD + 150, y - 20, 84, 40)
    lead(d, [(_ADD, LOW + 12), (_ADD, y + 24)], theme.hatch, "up")
    wire(d, [(_ADD, y), (capsule.x, y)], theme.ink)
    leave(d, capsule.right, y, h)
    operator(d, (_ADD, y), "+", theme.ink)
    d.ground.fill(capsule, h)
    d.ground.text(capsule.x + 42, y, "<b>tanh</b>", size=20, colour=ink_on(h))
    d.board.text(_ADD + 84, y - 22, d.number(d.terms.sums()["h"]), size=19)
    end = named("h", "t", d.number(d.now("h")))
    d.board.text(WIDTH - 2, y - 22, end, colour=h, size=20, anchor="middle left")
    if d.reading.unit in d.reading.silenced:
        cut(d, (RIGHT - 36, y))
    inputs(d, [_ADD])
