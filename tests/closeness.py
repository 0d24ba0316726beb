"""How close float32 numbers have to lie: by their size, so that any processor's kernels may add.

Absolute tolerances are left to float64, to counts and to shares of one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

CLOSE = 1e-5  # of the largest number compared; sums in another order lie up to 2e-6 apart


def assert_close(made: Any, own: Any, within: float = CLOSE, *, among: Any = None) -> None:
    """Largest |made − own| ≤ within · the largest |own|. Arrays or tensors of one shape.

    among: all the numbers whose size counts, where `own` is only some of them.
    """
    ours, theirs = (np.asarray(each, np.float64) for each in (made, own))
    assert ours.shape == theirs.shape
    size = float(np.abs(theirs if among is None else np.asarray(among)).max())
    off = float(np.abs(ours - theirs).max())
    assert off <= within * size, f"{off:.2e} apart, on numbers of size {size:.3g}"
