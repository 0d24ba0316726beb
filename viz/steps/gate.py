"""The step of an output gate: a head's output times its gate, number by number; σ of what."""

from __future__ import annotations

from dataclasses import dataclass

from models.trace import Floats
from viz.board.board import Box, Shading
from viz.board.ranges import clipped, short_note
from viz.board.theme import opening
from viz.steps import panels
from viz.steps.marks import mark_cross
from viz.steps.products import Named, draw_result, equation
from viz.steps.scene import HeadBoard

_WIDE, _TOP, _HEAD, _BETWEEN, _EQUALS = 220.0, 78.0, 32.0, 42.0, 44.0
_LARGEST = 150.0  # pixels that an input is high


@dataclass(frozen=True, slots=True)
class _Input:
    """One input: its letter, numbers (query, dv), what they were cut from, and its colour."""

    letter: str
    values: Floats
    whole: Floats
    colour: str
    sign: str = ""  # what joins it with the one below


def gate(board: HeadBoard) -> None:
    """O′ = O ⊙ G, and below G what it is the sigmoid of. ValueError: the head has no gate."""
    scene, theme = board.scene, board.theme
    one, whole = scene.one, scene.whole.one
    inputs = _inputs(board)
    parts: list[Named] = [("O′", theme.output), ("=", None), ("O", theme.output), ("⊙", None)]
    parts += [("G", theme.gate_o)]
    if len(inputs) > 2:
        parts += [
            (", &nbsp;", None),
            ("G", theme.gate_o),
            ("= σ(", None),
            ("Z", theme.ink),
            (")", None),
        ]
    equation(board, parts)
    tokens, room = scene.axes.queries, board.height - _TOP - panels.FOOT
    names = panels.labels_width(tokens, room / len(tokens))
    left = _WIDE + _EQUALS + names
    large = panels.large_box(board, one.gated.shape, left=left, top=_TOP, right=8)
    count = len(inputs)
    each = (room - _HEAD * count - _BETWEEN * (count - 1)) / count
    high, y = min(_LARGEST, each, large.height), _TOP
    places = []
    for n, part in enumerate(inputs):
        places.append(Box(0, y + _HEAD, _WIDE, high))
        _draw(board, part, places[n])
        y = places[n].bottom + _BETWEEN
        if part.sign:
            panels.operator(board, _WIDE / 2, places[n].bottom + _BETWEEN / 2, part.sign)
    middle = (places[0].y + places[1].bottom) / 2
    panels.operator(board, _WIDE + _EQUALS / 2 + 4, middle, "=", size=34)
    draw_result(board, large, one.gated, scene.dim, "o", theme.output, whole.gated)


def _inputs(board: HeadBoard) -> list[_Input]:
    """O, G, and where it is known what G is the sigmoid of, Z."""
    theme, one, whole = board.theme, board.scene.one, board.scene.whole.one
    if one.gate is None or whole.gate is None:
        raise ValueError("this head has no gate")
    found = [
        _Input("O", one.steps.output, whole.steps.output, theme.output, "⊙"),
        _Input("G", one.gate, whole.gate, theme.gate_o),
    ]
    if one.gate_before is None or whole.gate_before is None:
        return found
    below = _Input("Z", one.gate_before, whole.gate_before, theme.ink)
    return [found[0], _Input("G", one.gate, whole.gate, theme.gate_o, "↑ σ"), below]


def _draw(board: HeadBoard, part: _Input, box: Box) -> None:
    scene, theme = board.scene, board.theme
    shading, largest = clipped(part.whole, theme)
    words = short_note(shading, largest, board.style)
    if part.letter == "G" and scene.one.gate_before is not None:  # a sigmoid's numbers
        shading, words = Shading(opening(theme, "o"), 0.0, 1.0), "0 … 1"
    panels.panel(board, part.values, box, shading)
    title = panels.sized_name(part.letter, part.whole.shape)
    board.text(0, box.y - 16, title, size=panels.TITLE - 2, colour=part.colour,
               anchor="middle right")  # fmt: skip
    board.note(box.right, box.y - 15, words, size=panels.NOTE, anchor="middle left")
    mark_cross(board, box, (scene.query, scene.dim), part.values.shape, (theme.q, part.colour))
