"""Where a matrix is largest."""

from __future__ import annotations

import numpy as np

from models.core.arrays import Floats


def largest_cell(weights: Floats) -> tuple[int, int]:
    """(query, key) → the row and column of the largest number, the first of several.

    What was not computed (NaN) is none. ValueError: nothing was.
    """
    at = int(np.nanargmax(weights))
    row, column = np.unravel_index(at, weights.shape)
    return int(row), int(column)
