"""What the neuron page calls right is right, on its stages."""

from __future__ import annotations

import numpy as np
import pytest

from models.neuron import depth, descent
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


def stacks_at(state: object) -> depth.StackComparison:
    """The four stacks of a stage."""
    return depth.comparison(*(getattr(state, name) for name in ("blocks", "bend", "start")))


def test_many_plain_blocks_leave_nothing_of_the_gradient_and_a_path_does() -> None:
    asked, shown = both("neuron", 5, "Less than 10⁻¹⁴")
    assert asked.stack == shown.stack == "plain"
    few, many = stacks_at(asked).stacks, stacks_at(shown).stacks
    assert (few["plain"].depth, many["plain"].depth) == (2, 32)
    assert round(float(few["plain"].sizes[0]), 3) == 0.084
    sizes = many["plain"].sizes
    assert f"{sizes[0]:.0e}" == "3e-16"
    assert float(sizes[0] ** (1 / 32)) == pytest.approx(1 / 3, abs=0.02)
    assert many["plain"].signal[-1] < 1e-14
    assert round(float(many["residual"].sizes[0]), 1) == 2.6
    careful = depth.comparison(32, "tanh", "lecun").stacks["plain"]
    assert round(float(careful.sizes[0]), 2) == 0.12


def test_a_path_without_norm_grows_a_millionfold_with_larger_weights() -> None:
    asked, shown = both("neuron", 6, "It grows more than a millionfold")
    before, after = stacks_at(asked).stacks, stacks_at(shown).stacks
    assert (asked.stack, shown.stack, asked.bend, shown.start) == (*["residual"] * 2, "relu", "he")
    assert round(float(before["residual"].signal[-1]), 1) == 2.7
    grown = after["residual"]
    assert f"{grown.signal[-1]:.1e}" == "3.2e+07"
    assert grown.signal[-1] > 1e6 * before["residual"].signal[-1]
    assert grown.sizes[0] > 1e7
    assert round(float(grown.signal[-1] ** (1 / 32)), 1) == 1.7
    assert round(float(after["both"].signal[-1]), 1) == 8.1
