"""Many small pictures of weights in rows and columns, as one matrix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

import numpy as np

from models.trace import Floats
from viz.board.board import Board, Box
from viz.vision.patches import weight_shading

FINEST = 2.0  # pixels of a patch; of finer ones the largest of several is shown


@dataclass(frozen=True, slots=True)
class Tiles:
    """How they stand, from (x, y) on: shape (down, across) of them, each of `cells` (rows,
    columns), `step` cells apart both ways, a cell `unit` pixels wide. block: of so many patches
    each way a cell shows the largest weight.
    """

    x: float
    y: float
    shape: tuple[int, int]
    cells: tuple[int, int]
    step: int
    unit: float
    block: int

    @classmethod
    def fitting(
        cls, x: float, y: float, shape: tuple[int, int], grid: tuple[int, int], room: float
    ) -> Tiles:
        """No finer than one can see. room: pixels from one to the next; grid: (rows, columns)."""
        block = 1
        while True:
            cells = ceil(grid[0] / block), ceil(grid[1] / block)
            step = max(cells) + max(1, round(max(cells) / 10))
            if room / step >= FINEST or max(cells) == 1:
                return cls(x, y, shape, cells, step, room / step, block)
            block += 1

    @property
    def pitch(self) -> float:
        """Pixels from one to the next."""
        return self.step * self.unit

    def box(self, down: int, across: int) -> Box:
        """Where one of them stands."""
        (rows, columns), x, y = self.cells, self.x + across * self.pitch, self.y + down * self.pitch
        return Box(x, y, columns * self.unit, rows * self.unit)

    def draw(self, board: Board, pictures: Iterable[Floats | None], end: float) -> None:
        """pictures: (row, column) of weights each, row by row of the tiles, of `cells` at most;
        None: that place is empty, as is a weight that is no number. end: of the scale.
        """
        down, across = self.shape
        places = np.full((down * self.step, across * self.step), np.nan)
        for place, picture in zip(np.ndindex(down, across), pictures, strict=True):
            if picture is None:
                continue
            top, left = (number * self.step for number in place)
            small = pooled(picture, self.block).clip(0, 1)
            rows, columns = small.shape
            places[top : top + rows, left : left + columns] = np.sqrt(small)
            box = self.box(*place)
            own = Box(box.x, box.y, columns * self.unit, rows * self.unit)
            board.frame(own, board.theme.grid, 0.75)
        size = Box(self.x, self.y, across * self.pitch, down * self.pitch)
        board.matrix(places, size, weight_shading(board.theme, end), gap=0)


def pooled(picture: Floats, block: int) -> Floats:
    """(row, column) → the largest of every block × block cells; at the ends of fewer."""
    for axis, side in enumerate(picture.shape):
        picture = np.maximum.reduceat(picture, np.arange(0, side, block), axis=axis)
    return picture
