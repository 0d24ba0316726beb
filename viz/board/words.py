"""The words of a figure as things that take room: where they stand, how large, what they cover."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, radians, sin
from typing import Any

import numpy as np

from viz.board.box import Box, read_lines, text_width, word_box

_CUT = 4  # characters that a shortened word has at least, the dots among them

Span = tuple[float, float]  # of something: its width, its height; or pixels a pixel in both ways
Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a figure at x, y of the composed figure. where: trace and place, or annotation.

    angle: degrees that they are turned, as Plotly counts; cells: the heat map they stand in, or −1.
    """

    where: tuple[int, int]
    x: float
    y: float
    text: str
    anchor: str
    composed: float  # size of type
    size: float = 0
    angle: float = 0
    cells: int = -1

    def boxes(self, across: float, down: float, size: float) -> list[Box]:
        """What they cover in pixels: one box, or several along a turned line."""
        x, y = self.x * across, self.y * down
        if not self.angle:
            return [word_box(x, y, self.text, self.anchor, size)]
        turn = radians(self.angle)
        long = text_width(read_lines(self.text)[0], size)
        steps = np.linspace(0.5 * size, max(long - 0.5 * size, 0.5 * size), 4)
        side = size * 0.8
        return [
            Box(x + s * cos(turn) - side / 2, y + s * sin(turn) - side, side, side) for s in steps
        ]

    @property
    def rank(self) -> tuple[bool, float, bool, bool]:
        """Who stays where two cannot: the chosen, the larger, what is in a cell, a number."""
        number = not any(c.isalpha() for c in self.text)
        return "<b>" in self.text, self.composed, self.cells >= 0, number


def words(data: Sequence[Part], layout: Part) -> Iterator[Words]:
    """All that a figure writes on itself. data, layout: Plotly's."""
    for at, trace in enumerate(data):
        if "text" not in trace.get("mode", ""):
            continue
        texts, font = trace["text"], trace["textfont"]
        sizes = np.broadcast_to(font["size"], len(texts)).tolist()
        anchors = trace["textposition"]
        if isinstance(anchors, str):
            anchors = [anchors] * len(sizes)
        marks = zip(trace["x"], trace["y"], texts, anchors, sizes, strict=True)
        for place, (x, y, text, anchor, size) in enumerate(marks):
            if text:
                yield Words((at, place), float(x), float(y), text, anchor, size)
    for place, one in enumerate(layout.get("annotations", ())):
        anchor = f"{_UP[one.get('yanchor', 'middle')]} {_SIDE[one.get('xanchor', 'center')]}"
        size, angle = one.get("font", {}).get("size", 20), one.get("textangle", 0)
        if isinstance(one["x"], (int, float)) and one["text"]:
            yield Words((-1, place), one["x"], one["y"], one["text"], anchor, size, angle=angle)


# Where an annotation is held, and where its words lie from there.
_UP = {"bottom": "top", "top": "bottom", "middle": "middle", "auto": "middle"}
_SIDE = {"left": "right", "right": "left", "center": "center", "auto": "center"}


def cells(trace: Part) -> tuple[Box, Span]:
    """Where a heat map lies in the composed figure, and how large a cell is."""
    rows, columns = np.shape(trace["z"])
    wide, high = float(trace["dx"]), float(trace["dy"])
    left, top = trace["x0"] - wide / 2, trace["y0"] - high / 2
    return Box(left, top, wide * columns, high * rows), (wide, high)


def shortened(one: Words) -> Iterator[Words]:
    """The words as they are, then with fewer and fewer letters, a bold name with fewer words;
    numbers and lines are not cut."""
    yield one
    lines = read_lines(one.text)
    bold = one.text.startswith("<b>")
    bare = one.text.removeprefix("<b>").removesuffix("</b>")
    plain = len(lines) == 1 and "<" not in bare and "&" not in bare and bare == lines[0]
    if not plain or not any(c.isalpha() for c in bare):
        return
    ends: Sequence[int] = range(len(bare) - 2, _CUT - 2, -1)
    if " " in bare.strip():
        spelt = bold and not any(c.isdigit() for c in bare)
        ends = [n for n in ends if bare[n] == " " and bare[0].isalpha()] if spelt else []
    for length in ends:
        cut = bare[:length] + "…"
        yield replace(one, text=f"<b>{cut}</b>" if bold else cut)
