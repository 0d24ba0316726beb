"""scikit-learn's 1,797 handwritten digits of 8 × 8 pixels, in two parts that never mix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from models.trace import Floats, read_only

HELD_OUT = 0.2  # share of each digit that no training ever sees


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """pixels: (n, 8, 8) float32 in 0..1, 1 is ink; labels: (n,) which digit; read-only."""

    pixels: Floats
    labels: NDArray[np.int64]


@cache
def split() -> tuple[Digits, Digits]:
    """(for training, held out): always the same two parts, the share of each digit equal."""
    from sklearn.datasets import load_digits  # a second to import
    from sklearn.model_selection import train_test_split

    data = load_digits()
    parts = train_test_split(
        (data.images / 16).astype(np.float32),
        data.target,
        test_size=HELD_OUT,
        random_state=0,
        stratify=data.target,
    )
    return Digits(read_only(parts[0]), parts[2]), Digits(read_only(parts[1]), parts[3])
