"""Which labellings of the corners of a square a line can part, each with its proof.

A line w·x + b = 0 that has all points of label 1 on its positive side is one proof; a point that
lies between two points of either label is the other: it would have to lie on both sides (convex
hulls that meet, Radon 1921). Minsky and Papert (1969) show it for XOR.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import combinations, product

import numpy as np

from models.neuron.xor import LABELS, POINTS, mean_loss
from models.trace import Floats, read_only

_NORMALS = [w for w in product((-1.0, 0.0, 1.0), repeat=2) if any(w)]
_OFFSETS = (-0.5, 0.5, -1.5, 1.5, 2.5)
_FAR = 8**-0.5 - 1e-9  # from a corner's neighbours to the line that cuts it off: far enough


@dataclass(frozen=True, slots=True, eq=False)
class Labelling:
    """labels: (point,) 0 or 1. line: (3,) w₁, w₂, b of one that parts them, None: there is none.

    shared: (2,) a point between two of label 0 and between two of label 1, None: there is none.
    """

    labels: tuple[int, ...]
    line: Floats | None
    shared: Floats | None

    @property
    def agrees(self) -> int:
        """At how many of the four points it says what XOR does."""
        return int((np.array(self.labels) == LABELS).sum())

    @property
    def weights(self) -> tuple[float, ...]:
        """The line's w₁, w₂ and b; empty: there is none."""
        return () if self.line is None else tuple(self.line.tolist())

    @property
    def loss(self) -> float:
        """Mean loss on XOR of one unit with the line's numbers as its weights; NaN: no line."""
        if self.line is None:
            return float("nan")
        return float(mean_loss(POINTS @ self.line[:2] + self.line[2]))


@cache
def labellings() -> tuple[Labelling, ...]:
    """(16,): every way to label the four points."""
    every = product((0, 1), repeat=len(POINTS))
    return tuple(Labelling(labels, _line(labels), _shared(labels)) for labels in every)


def best_by_count() -> Labelling:
    """What a line can part and agrees with XOR at most points; of several that of least loss."""
    parted = [one for one in labellings() if one.line is not None]
    return max(parted, key=lambda one: (one.agrees, -one.loss))


def _line(labels: tuple[int, ...]) -> Floats | None:
    """The first candidate that parts them and keeps all points `_FAR` away."""
    signs = 2 * np.array(labels) - 1
    for (w1, w2), b in product(_NORMALS, _OFFSETS):
        if (signs * (POINTS @ (w1, w2) + b)).min() >= _FAR * np.hypot(w1, w2):
            return read_only(np.array([w1, w2, b]))
    return None


def _shared(labels: tuple[int, ...]) -> Floats | None:
    """The middle of two points of one label that is the middle of two of the other."""
    zeros, ones = (
        [POINTS[list(pair)].mean(0) for pair in combinations(np.flatnonzero(side), 2)]
        for side in (np.array(labels) == 0, np.array(labels) == 1)
    )
    return next((a for a in zeros for b in ones if np.array_equal(a, b)), None)
