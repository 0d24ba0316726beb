"""What the neuron page says of XOR is so, on its stages."""

from __future__ import annotations

import numpy as np
import pytest

from models.neuron.xor import LABELS, LAST, training
from tests.pages.claims import both


def test_neuron_another_start_leaves_two_points_undecided_in_one_place() -> None:
    start, end = both("neuron", 4, "No: two points stay undecided")
    assert (start.trained, end.trained) == (0, LAST)
    assert (start.hidden, start.seed) == (end.hidden, end.seed)
    found = training(end.hidden, end.seed)
    assert (found.right(LAST), found.undecided(LAST)) == (2, 2)
    open_ = np.flatnonzero(np.abs(found.outputs[LAST] - 0.5) < 0.01)
    assert end.point in open_
    assert set(LABELS[open_]) == {0, 1}
    one, other = found.h[LAST, open_]
    assert one == pytest.approx(other, abs=0.01)
