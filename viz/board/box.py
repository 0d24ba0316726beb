"""Rectangles on a drawing board, in pixels: cells, rows, columns, outlines of many cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.trace import Floats
from viz.board.markup import Safe, plain


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the board, in pixels from the top left."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """y of the lower edge."""
        return self.y + self.height

    def grown(self, x: float, y: float) -> Box:
        """Larger by x at the left and right, by y above and below."""
        return Box(self.x - x, self.y - y, self.width + 2 * x, self.height + 2 * y)

    def meets(self, other: Box, least: float = 2) -> bool:
        """They share more than so many pixels both ways."""
        across = min(self.right, other.right) - max(self.x, other.x)
        return across > least and min(self.bottom, other.bottom) - max(self.y, other.y) > least

    def cell(self, row: int, column: int, shape: tuple[int, int]) -> Box:
        """The rectangle of one cell of a matrix of that shape (rows, columns)."""
        height, width = self.height / shape[0], self.width / shape[1]
        return Box(self.x + column * width, self.y + row * height, width, height)

    def row(self, row: int, rows: int) -> Box:
        """The rectangle of one row."""
        return self.cell(row, 0, (rows, 1))

    def column(self, column: int, columns: int) -> Box:
        """The rectangle of one column."""
        return self.cell(0, column, (1, columns))

    def centres(self, shape: tuple[int, int]) -> tuple[Floats, Floats]:
        """x and y of every cell's centre, row by row: two arrays of rows·columns."""
        rows, columns = shape
        x = self.x + (np.arange(columns) + 0.5) * self.width / columns
        y = self.y + (np.arange(rows) + 0.5) * self.height / rows
        return np.tile(x, rows), np.repeat(y, columns)


def outlines(
    masked: np.ndarray[Any, np.dtype[np.bool_]], box: Box
) -> tuple[list[float | None], list[float | None]]:
    """Rectangles around the masked cells, rows that are masked alike taken together."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    rows = masked.shape[0]
    top = 0
    while top < rows:
        below = top + 1
        while below < rows and bool((masked[below] == masked[top]).all()):
            below += 1
        for start, stop in _runs(masked[top]):
            first = box.cell(top, start, (rows, masked.shape[1]))
            last = box.cell(below - 1, stop - 1, (rows, masked.shape[1]))
            xs += [first.x, last.right, last.right, first.x, first.x, None]
            ys += [first.y, first.y, last.bottom, last.bottom, first.y, None]
        top = below
    return xs, ys


def _runs(row: np.ndarray[Any, np.dtype[np.bool_]]) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], row, [False])).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def text_width(text: str, size: float) -> float:
    """About how wide a word is in the app's font, in pixels."""
    return len(text) * size * 0.53


def read_lines(words: str) -> list[str]:
    """What one reads of a figure's words, line by line: without tags and what keeps directions."""
    bare = re.sub("[\u2066-\u2069]", "", words)
    return [plain(Safe(line)) for line in bare.split("<br>")]


def word_box(
    x: float,
    y: float,
    words: str,
    anchor: str,
    size: float,
    reckon: Callable[[str, float], float] = text_width,
) -> Box:
    """About where words lie whose place is (x, y); anchor: where they lie from it, as in Plotly.

    reckon: how wide a line is.
    """
    lines = read_lines(words)
    wide, high = max(reckon(line, size) for line in lines), len(lines) * size * 1.25
    up, aside = anchor.split()
    left = {"left": x - wide, "center": x - wide / 2, "right": x}[aside]
    top = {"top": y - high, "middle": y - high / 2, "bottom": y}[up]
    return Box(left, top, wide, high)
