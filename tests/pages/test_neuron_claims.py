"""What the neuron page calls right is right, on its stages."""

from __future__ import annotations

import numpy as np
import pytest

from models.neuron import descent
from models.neuron.unit import Function, unit
from models.neuron.xor import LABELS, LAST, training
from pages.neuron import GIVEN
from tests.pages.claims import both


def slope_at(state: object) -> tuple[float, float]:
    """(z, slope) of a stage."""
    given = {name: getattr(state, name) for name in (*GIVEN, "activation", "alpha", "rivals")}
    function = Function(given["activation"], given["alpha"], given["rivals"])
    one = unit((given["x1"], given["x2"]), (given["w1"], given["w2"]), given["b"], function)
    return one.z, one.slope


def test_twice_the_weight_leaves_less_than_a_fiftieth_of_the_slope() -> None:
    asked, shown = both("neuron", 1, "It falls to less than a fiftieth")
    (z, before), (double, after) = slope_at(asked), slope_at(shown)
    assert (z, double) == (4.0, 8.0)
    assert round(before, 3) == 0.018
    assert round(after, 6) == 0.000335
    assert after < before / 50


def test_a_relu_below_0_changes_no_weight_and_prelu_does() -> None:
    asked, shown = both("neuron", 2, "None of them")
    assert slope_at(asked) == (-3.0, 0.0)
    assert slope_at(shown) == (-3.0, 0.25)


def test_the_largest_learning_rate_more_than_doubles_the_loss() -> None:
    asked, shown = both("neuron", 3, "More than double it")
    start = asked.w1, asked.w2, asked.b
    found = descent.learning((asked.x1, asked.x2), asked.y, start, asked.rate)
    small, middle, large = found.descents
    assert [one.rate for one in found.descents] == [0.125, 1.0, 8.0]
    assert [round(large.losses[n], 3) for n in (0, shown.step)] == [0.785, 1.676]
    assert large.losses[1] > 2 * large.losses[0]
    assert round(found.examples.lowest_along(small.path[0]), 1) == 2.8
    assert (np.diff(small.losses) < 0).all()
    assert middle.losses[3] < small.losses[20] < middle.losses[2]


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
