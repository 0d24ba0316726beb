"""A pair of axes on a board: from numbers to pixels, linear or logarithmic, with ticks and grid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.trace import Floats
from viz.board import Board, Box
from viz.notation import Notation

_TICK = 16  # size of type


@dataclass(frozen=True, slots=True)
class Plane:
    """Where numbers lie in a box; x_log, y_log: the range is in powers of ten.

    x, y: (from, to), left to right and bottom to top.
    """

    box: Box
    x: tuple[float, float]
    y: tuple[float, float]
    x_log: bool = False
    y_log: bool = False

    def across(self, values: Floats | NDArray[np.integer] | Sequence[float]) -> Floats:
        """x in pixels."""
        scaled = np.log10(values) if self.x_log else np.asarray(values, np.float64)
        low, high = self.x
        pixels: Floats = self.box.x + (scaled - low) / (high - low) * self.box.width
        return pixels

    def up(self, values: Floats | Sequence[float]) -> Floats:
        """y in pixels; what lies beyond the range, 0 included, lies on its edge."""
        array = np.asarray(values, np.float64)
        low, high = self.y
        if self.y_log:
            array = np.log10(np.maximum(array, 10.0**low))
        share = (np.clip(array, low, high) - low) / (high - low)
        pixels: Floats = self.box.bottom - share * self.box.height
        return pixels

    def draw(self, board: Board, y_ticks: Sequence[tuple[float, str]]) -> None:
        """Lines across at the ticks, with their words at the left, and the axis below."""
        left, right = self.box.x, self.box.right
        for value, word in y_ticks:
            y = float(self.up([value])[0])
            board.line([left, right], [y, y], board.theme.grid, 1)
            board.text(left - 8, y, word, size=_TICK, colour=board.theme.muted, anchor=_LEFT)
        board.line([left, right], [self.box.bottom] * 2, board.theme.hatch, 1.5)


_LEFT = "middle left"


def powers(low: float, high: float, most: int = 8) -> list[int]:
    """Exponents between two, no more than `most`, evenly and at round distances."""
    span = max(high - low, 1)
    gap = next(g for g in (1, 2, 5, 10, 20, 50, 100, 200, 500) if span / g <= most)
    return list(range(math.ceil(low / gap) * gap, math.floor(high) + 1, gap))


def power_ticks(low: float, high: float, notation: Notation) -> list[tuple[float, str]]:
    """(value, word) of the powers of ten in a range of exponents."""
    return [(10.0**n, power(n, notation)) for n in powers(low, high)]


def power(n: int, notation: Notation) -> str:
    """10ⁿ as a word; 1 and its neighbours in full."""
    if n in (-1, 0, 1):
        return notation.fixed(10.0**n, max(-n, 0))
    return notation.scientific(10.0**n).split("·")[1]


def steps_shown(count: int, chosen: int, pitch: float, room: float = 34) -> list[int]:
    """Which of 0..count−1 get a label: as many as fit, the chosen always, its neighbours not."""
    every = next(g for g in (1, 2, 5, 10, 20, 50, 100, 200) if g * pitch >= room)
    spaced = {i for i in range(0, count, every) if abs(i - chosen) * pitch >= room * 0.8}
    return sorted(spaced | {chosen})
