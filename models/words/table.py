"""One-hot times E picks a row; one-hot vectors are all equally far apart, rows of E are not.

Rows as word representations: Bengio et al. (2003), "A Neural Probabilistic Language Model", their
matrix C. Imports no torch by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.core.arrays import Difference, Floats, difference
from models.errors import OutOfRange
from models.words.space import VectorSpace

ONE_HOT_DISTANCE = 2.0**0.5  # ‖x − y‖ of two different one-hot vectors: √(1² + 1²)


@dataclass(frozen=True, eq=False)
class Lookup:
    """Two words of a table: row, other. OutOfRange: the table has no such row."""

    space: VectorSpace
    row: int
    other: int

    def __post_init__(self) -> None:
        last = len(self.space.vectors) - 1
        for value in (self.row, self.other):
            if not 0 <= value <= last:
                raise OutOfRange(f"row {value} is not in 0..{last}", name="row", value=value,
                                 last=last)  # fmt: skip

    @property
    def vector(self) -> Floats:
        """(D,): the word's row of E."""
        return np.asarray(self.space.vectors[self.row])

    @property
    def offset(self) -> Floats:
        """(D,): how much the word's row differs from the other's, in float64."""
        pair = (self.space.vectors[at].astype(np.float64) for at in (self.row, self.other))
        return np.asarray(next(pair) - next(pair))

    @property
    def distance(self) -> float:
        """‖row − other row‖₂."""
        return float(np.sqrt((self.offset**2).sum()))

    @cached_property
    def distances(self) -> Floats:
        """(row,): ‖row − each‖₂."""
        # Differences first: by ‖a‖² + ‖b‖² − 2 a·b what is near would be lost in rounding.
        offsets = self.space.vectors - self.vector
        return np.asarray(np.linalg.norm(offsets, axis=1).astype(np.float64))

    @cached_property
    def spread(self) -> tuple[float, float, float]:
        """The smallest, the middle and the largest distance from the word to all others."""
        others = np.delete(self.distances, self.row)
        return float(others.min()), float(np.median(others)), float(others.max())

    def one_hot(self) -> Floats:
        """(V,): 0 everywhere, 1 at the word's row."""
        x = np.zeros(len(self.space.vectors), np.float32)
        x[self.row] = 1.0
        return x

    def product(self) -> Floats:
        """(V,) · (V, D) → (D,): x·E, every term of it added up."""
        return np.asarray(self.one_hot() @ self.space.vectors)

    def check(self) -> Difference:
        """How far x·E is from what torch's embedding layer looks up."""
        import torch

        table = torch.tensor(self.space.vectors)
        looked = torch.nn.functional.embedding(torch.tensor([self.row]), table)[0]
        return difference(self.product(), looked.numpy())

    def check_distance(self) -> Difference:
        """How far the distance is from torch's own."""
        import torch

        rows = torch.tensor(self.space.vectors[[self.row, self.other]])
        own = torch.nn.functional.pairwise_distance(rows[0], rows[1], eps=0.0)
        return difference(self.distance, float(own))
