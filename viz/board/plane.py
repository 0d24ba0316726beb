"""A pair of axes on a board: from numbers to pixels, linear or logarithmic, with ticks and grid."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.trace import Floats
from viz.board.board import Board, Box
from viz.board.notation import Notation

_TICK, _SMALL = 16, 15  # sizes of type


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
        return np.asarray(self.box.x + (scaled - low) / (high - low) * self.box.width)

    def up(self, values: Floats | Sequence[float]) -> Floats:
        """y in pixels; what lies beyond the range, 0 included, lies on its edge."""
        array = np.asarray(values, np.float64)
        low, high = self.y
        if self.y_log:
            array = np.log10(np.maximum(array, 10.0**low))
        share = (np.clip(array, low, high) - low) / (high - low)
        return np.asarray(self.box.bottom - share * self.box.height)

    def draw(self, board: Board, y_ticks: Sequence[tuple[float, str]]) -> None:
        """The grid, and the axis below."""
        self.grid(board, y_ticks)
        board.line([self.box.x, self.box.right], [self.box.bottom] * 2, board.theme.hatch, 1.5)

    def grid(
        self, board: Board, y_ticks: Sequence[tuple[float, str]], *, size: float = _TICK
    ) -> None:
        """Lines across at the ticks, with their words at the left."""
        for value, word in y_ticks:
            y = self.level(board, value, board.theme.grid, 1)
            board.note(self.box.x - 8, y, word, size=size, anchor="middle left")

    def upright(
        self, board: Board, x: float, width: float, *, above: float = 0, dash: str = "solid"
    ) -> None:
        """A line in ink from the top (or a little above it) to the bottom, not through words."""
        ends = (self.box.y - above, self.box.bottom)
        board.upright(float(self.across([x])[0]), ends, board.theme.ink, width, dash=dash)

    def level(
        self, board: Board, y: float, colour: str, width: float, *, dash: str = "solid"
    ) -> float:
        """A line across at a number; where it lies in pixels."""
        self._on(board)
        at = float(self.up([y])[0])
        board.line([self.box.x, self.box.right], [at, at], colour, width, dash=dash)
        return at

    def curve(
        self,
        board: Board,
        x: Floats | NDArray[np.integer],
        y: Floats | Sequence[float],
        colour: str,
        width: float,
        **look: Any,
    ) -> None:
        """x, y: (point,) joined by a line; look: dash, symbol, size of `Board.line`."""
        self._on(board)
        xs, ys = (part.astype(np.float32) for part in (self.across(x), self.up(y)))
        board.line(xs, ys, colour, width, **look)

    def numbers(
        self,
        board: Board,
        values: Sequence[int],
        chosen: int,
        *,
        below: float = 18,
        chosen_size: float = _TICK,
        write: Callable[[int], str] = str,
    ) -> None:
        """Whole numbers of x, `below` the axis; the chosen one bold and in ink."""
        for n, x in zip(values, self.across(values).tolist(), strict=True):
            size = chosen_size if n == chosen else _TICK
            board.tick(x, self.box.bottom + below, write(n), n == chosen, size=size)

    def _on(self, board: Board) -> None:
        if self not in board.planes:
            board.planes.append(self)

    def words(self, board: Board, ticks: Sequence[tuple[float, str]], name: str = "") -> None:
        """Quiet words below the axis at some x; the axis's name among them, in its last quarter."""
        y = self.box.bottom + 14
        for x, word in ticks:
            board.tick(float(self.across([x])[0]), y, word, False, size=_SMALL)
        if name:
            board.tick(self.box.x + self.box.width * 0.75, y, name, False, size=_SMALL)

    def name_x(self, board: Board, name: str, below: float = 44) -> None:
        """What the axis shows, in its middle."""
        middle = self.box.x + self.box.width / 2
        board.tick(middle, self.box.bottom + below, name, False)

    def clicks(self, board: Board, values: Sequence[int], rows: int, size: float) -> None:
        """A click near an x chooses it: points from the top to the bottom at each."""
        self._on(board)
        x = np.repeat(self.across(values), rows)
        column = np.linspace(self.box.y + 20, self.box.bottom - 20, rows)
        ids = [[n] for n in values for _ in range(rows)]
        board.clicks(x, np.tile(column, len(values)), ids, size)


def name_y(board: Board, name: str, top: float = 14) -> None:
    """What the upright axis shows, at the left edge, `top` from above."""
    board.note(0, top, name, size=_TICK)


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


def parted(places: Sequence[float], least: float) -> list[float]:
    """Places in pixels in rising order, moved on where they stand less than `least` apart."""
    found: list[float] = []
    for place in places:
        found.append(max(place, found[-1] + least) if found else place)
    return found


def share_ticks(notation: Notation) -> list[tuple[float, str]]:
    """(value, word) of 0, a half and 1."""
    return [(0.0, "0"), (0.5, notation.fixed(0.5, 1)), (1.0, "1")]
