"""Arrows between boxes, collected so that those of one colour are drawn together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from viz.board.board import Board, Place

_HEAD = {"up": (0, 1), "right": (-1, 0), "left": (1, 0)}  # where an arrow's head stands back to


@dataclass(frozen=True, slots=True)
class Arrows:
    """Straight ones of any colour, and broken lines; nothing is drawn before `draw`."""

    board: Board
    size: float = 10
    width: float = 2
    lines: dict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))
    heads: dict[tuple[str, str], list[Place]] = field(default_factory=lambda: defaultdict(list))
    broken: list[Place] = field(default_factory=list)

    def up(self, x: float, low: float, high: float, colour: str) -> None:
        """From a place below to one above it. low, high: pixels from the top."""
        self._one((x, low), (x, high), "up", colour)

    def right(self, start: float, end: float, y: float, colour: str) -> None:
        """From left to right."""
        self._one((start, y), (end, y), "right", colour)

    def left(self, start: float, end: float, y: float, colour: str) -> None:
        """From right to left."""
        self._one((start, y), (end, y), "left", colour)

    def dashed(self, places: Sequence[Place]) -> None:
        """A quiet broken line through these places, its head pointing right."""
        self.broken.extend([*places, (np.nan, np.nan)])
        self._head(places[-1], "right", self.board.theme.muted)

    def _one(self, start: Place, end: Place, way: str, colour: str) -> None:
        self.lines[colour].extend([start, end, (np.nan, np.nan)])
        self._head(end, way, colour)

    def _head(self, end: Place, way: str, colour: str) -> None:
        right, down = _HEAD[way]
        back = self.size * 0.45
        self.heads[colour, way].append((end[0] + right * back, end[1] + down * back))

    def draw(self) -> None:
        """All lines, then all heads."""
        if self.broken:
            xs, ys = np.array(self.broken).T
            self.board.line(xs, ys, self.board.theme.muted, 1.5, dash="dot")
        for colour, places in self.lines.items():
            xs, ys = np.array(places).T
            self.board.line(xs, ys, colour, self.width)
        for (colour, way), places in self.heads.items():
            xs, ys = np.array(places).T
            self.board.line(xs, ys, colour, 0, symbol=f"triangle-{way}", size=self.size)
