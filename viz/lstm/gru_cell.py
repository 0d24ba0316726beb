"""The inside of a GRU: two gates, a candidate, and one state that both keeps and is shown."""

from __future__ import annotations

from viz.lstm.cell_parts import (
    BELOW,
    LINE,
    LOW,
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

_AT = {"z": 196.0, "r": 330.0, "n": 536.0}  # the boxes' middles
_RESET, _HELD = 434.0, 640.0  # where r weighs what the candidate hears of the step before; h at 0
_MEET = 124  # height of (1 − z)·n


def gru(d: Drawing) -> None:
    """h_t = (1 − z)·n + z·h_{t−1}: what z keeps of the old state, and what it lets in of n."""
    sums = d.terms.sums()
    _state(d)
    _candidate(d)
    for part, x in _AT.items():
        gate(d, part, x, sums[part])
    inputs(d, list(_AT.values()))


def _state(d: Drawing) -> None:
    """The line of h: times z, plus (1 − z)·n, on to the next step."""
    colour, keep, before = d.ink("h"), d.now("z"), d.terms.own_before
    leave(d, 0, LINE, colour)
    d.board.text(4, LINE - 22, named("h", d.before, d.number(before)), colour=colour, size=20,
                 anchor="middle right")  # fmt: skip
    end = named("h", "t", d.number(d.now("h")))
    d.board.text(WIDTH - 2, LINE - 22, end, colour=colour, size=20, anchor="middle left")
    middle = (_AT["z"] + _AT["n"]) / 2
    d.board.text(middle, LINE - 20, d.number(keep * before), colour=colour, size=19)
    lead(d, [(_AT["z"], TOP), (_AT["z"], LINE + 24)], d.ink("z"), "up")
    operator(d, (_AT["z"], LINE), "×", d.ink("z"))
    operator(d, (_AT["n"], LINE), "+", colour)
    if d.reading.unit in d.reading.silenced:
        cut(d, (_HELD, LINE))


def _candidate(d: Drawing) -> None:
    """n times 1 − z, up to the sum; r times what comes from the step before, into n."""
    keep, n, z = d.now("z"), d.now("n"), d.ink("z")
    lead(d, [(_AT["z"], _MEET), (_AT["n"] - 24, _MEET)], z, "right")
    wire(d, [(_AT["n"], TOP), (_AT["n"], _MEET)], d.ink("n"))
    lead(d, [(_AT["n"], _MEET), (_AT["n"], LINE + 24)], d.style.theme.ink, "up")
    operator(d, (_AT["n"], _MEET), "×", d.style.theme.ink)
    middle = (_AT["z"] + _AT["n"]) / 2
    told = f"1 − <i>z</i> = <b>{d.number(1 - keep)}</b>"
    d.board.text(middle, _MEET - 18, told, colour=z, size=18)
    product = f"(1 − <i>z</i>)·<i>n</i> <b>{d.number((1 - keep) * n)}</b>"
    d.board.text(_AT["n"] + 18, (_MEET + LINE) / 2, product, size=18, anchor="middle right")
    y = (TOP + LOW) / 2
    _reset(d, y)


def _reset(d: Drawing, y: float) -> None:
    """r into the candidate, over what that hears of the step before."""
    row, r = d.terms.rows["n"], d.ink("r")
    heard = row.heard(d.terms.h_before)
    lead(d, [(_AT["r"] + 53, y), (_RESET - 24, y)], r, "right")
    lead(d, [(_RESET, BELOW), (_RESET, y + 24)], d.style.theme.hatch, "up")
    lead(d, [(_RESET, y), (_AT["n"] - 55, y)], r, "right")
    operator(d, (_RESET, y), "×", r)
    told = f"<i>r</i>·(<i>u·h</i> + <i>b</i>) <b>{d.number(d.now('r') * heard)}</b>"
    d.board.text(_RESET, TOP - 14, told, colour=r, size=17)
