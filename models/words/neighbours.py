"""The words nearest to a word by cosine, and how all others lie."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.core.arrays import Difference, Floats
from models.words.space import VectorSpace, cosine_check

MOST = 12  # neighbours that are shown
BINS = 40


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """A word's row, and ranked: the rows nearest to it by cosine, itself left out."""

    space: VectorSpace
    row: int
    ranked: tuple[int, ...]

    @cached_property
    def cosines(self) -> Floats:
        """(row,): cos(word, each row)."""
        return self.space.cosines(self.space.vectors[self.row])

    def cosine(self, rank: int) -> float:
        """cos(word, the neighbour of that rank), in float64."""
        a, b = self.pair(rank)
        return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))

    def pair(self, rank: int) -> tuple[Floats, Floats]:
        """(D,), (D,): both vectors in float64."""
        rows = self.space.vectors[[self.row, self.ranked[rank]]].astype(np.float64)
        return rows[0], rows[1]

    @cached_property
    def counts(self) -> tuple[Floats, Floats]:
        """(bin,) how many rows have that cosine with the word, (bin + 1,) where bins end."""
        found, edges = np.histogram(np.delete(self.cosines, self.row), BINS, (-1.0, 1.0))
        return found.astype(np.float64), edges

    def check(self, rank: int) -> Difference:
        """How far the cosine is from torch's own."""
        return cosine_check(*self.pair(rank))


def neighbours(space: VectorSpace, row: int, count: int = MOST) -> Neighbourhood:
    """The nearest rows of a word's row."""
    ranked = space.nearest(space.vectors[row], count, without=(row,))
    return Neighbourhood(space, row, tuple(ranked))
