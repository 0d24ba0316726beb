"""The arrays that everything here computes with: numpy, floating point, not to be written to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def read_only(array: Floats) -> Floats:
    """The same numbers, as a view that cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view
