"""Two heads on one grid: their weights, what they differ by, and by how much all heads do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.heads.alignment import Both, Grid, Place
from models.trace import AttentionBlock, Floats, Kind

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Two heads on one grid, all (row, column).

    first, second: weights 0–1, float64, NaN where that recording has no such place. masked: of
    each, True where it may not look.
    """

    grid: Grid
    first: Floats
    second: Floats
    masked: tuple[Bools, Bools]

    @property
    def difference(self) -> Floats:
        """(row, column): first − second; NaN where a place is in one only: nothing to subtract."""
        return self.first - self.second

    @property
    def largest(self) -> tuple[int, int] | None:
        """(row, column) of the largest |first − second|; None: nothing is in both."""
        size = np.nan_to_num(np.abs(self.difference), nan=-1.0)
        if not size.size or size.max() < 0:
            return None
        row, column = np.unravel_index(int(size.argmax()), size.shape)
        return int(row), int(column)

    def cell(self, query: int | None, key: int | None) -> tuple[int, int]:
        """(row, column) of two of the first's tokens; None: of the largest difference, there."""
        row, column = self.largest or (_place(self.grid.rows, 0), _place(self.grid.columns, 0))
        if query is not None:
            row = _place(self.grid.rows, query)
        if key is not None:
            return row, _place(self.grid.columns, key)
        size = np.nan_to_num(np.abs(self.difference[row]), nan=-1.0)
        return row, int(size.argmax()) if size.max() >= 0 else column

    def in_both(self, row: int) -> tuple[float, float]:
        """How much of a row's weight each side has on what both have: they need not sum to 1."""
        shared = np.isfinite(self.difference[row])
        return float(self.first[row, shared].sum()), float(self.second[row, shared].sum())


def _place(places: tuple[Place, ...], token: int) -> int:
    """Where a token of the first recording stands."""
    return next(n for n, (group, _) in enumerate(places) if group and token in group)


def compared(
    grid: Grid, first: tuple[AttentionBlock, int], second: tuple[AttentionBlock, int]
) -> Comparison:
    """A head of each recording, as (block, head), on the grid of both. IndexError: no such head."""
    steps = first[0].head(first[1]), second[0].head(second[1])
    closed = [np.isneginf(one.masked).astype(np.float64) - 1 for one in steps]
    return Comparison(
        grid,
        grid.on(0, steps[0].weights),
        grid.on(1, steps[1].weights),
        (grid.on(0, closed[0]) == 0, grid.on(1, closed[1]) == 0),
    )


def changes(both: Both, grid: Grid, kind: Kind) -> tuple[Floats, ...]:
    """(head,) a layer: each head's largest |first − second| on what both have, one model's texts.

    Weights; 0 where nothing is in both.
    """
    pairs = zip(both.first.layers(kind), both.second.layers(kind), strict=True)
    return tuple(_sizes(grid, a.weights, b.weights).max(axis=(1, 2), initial=0) for a, b in pairs)


def closeness(
    both: Both, grid: Grid, block: AttentionBlock, head: int, other: Kind
) -> tuple[Floats, ...]:
    """(head,) a layer: every head of the second recording to one of the first.

    The mean |first − second| over what both have, weights; 0 where nothing is.
    """
    own = block.head(head).weights[None]
    found = []
    for one in both.second.layers(other):
        apart = _sizes(grid, own, one.weights)
        found.append(apart.sum(axis=(1, 2)) / max(apart[0].size, 1))
    return tuple(found)


def _sizes(grid: Grid, first: Floats, second: Floats) -> Floats:
    """(head, row, column) of |first − second|, only the places that are in both."""
    rows, columns = (
        [n for n, place in enumerate(axis) if None not in place]
        for axis in (grid.rows, grid.columns)
    )
    shared = Grid(tuple(grid.rows[n] for n in rows), tuple(grid.columns[n] for n in columns))
    return np.abs(shared.on(0, first) - shared.on(1, second))
