"""A few numbers by which an array is known again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIRST = 12  # numbers that are told one by one


@dataclass(frozen=True, slots=True)
class Digest:
    """shape; and of its finite numbers: total, the largest |·|, and the first ones in order."""

    shape: tuple[int, ...]
    total: float
    largest: float
    first: tuple[float, ...]


def digest(values: NDArray[Any]) -> Digest:
    """Of (…), in float64, to six significant digits; an array without finite numbers has 0."""
    kept = np.asarray(values, dtype=np.float64).ravel()
    kept = kept[np.isfinite(kept)]
    largest = float(np.abs(kept).max(initial=0.0))
    return Digest(
        values.shape, _short(kept.sum()), _short(largest), tuple(map(_short, kept[:FIRST]))
    )


def _short(value: float) -> float:
    return float(f"{value:.6g}")
