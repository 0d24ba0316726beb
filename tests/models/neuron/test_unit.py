"""One unit against torch's own functions, near and far from 0."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as f

from models.core.arrays import Difference
from models.neuron.layers import SECOND, two_layers
from models.neuron.unit import (
    ACTIVATIONS,
    LEAKY,
    Activation,
    Function,
    check,
    check_of_two,
    logistic,
    unit,
)

EVERY = pytest.mark.parametrize("name", ACTIVATIONS)
NUMBERS = st.floats(-60, 60)


def own(name: str, z: torch.Tensor, kept: float, rivals: int) -> torch.Tensor:
    """torch.nn.functional's value."""
    others = torch.zeros(rivals, dtype=torch.float64)
    found: torch.Tensor = {
        "sigmoid": lambda: torch.sigmoid(z),
        "tanh": lambda: torch.tanh(z),
        "relu": lambda: f.relu(z),
        "leaky": lambda: f.leaky_relu(z, LEAKY),
        "prelu": lambda: f.prelu(z[None], torch.tensor([kept], dtype=torch.float64))[0],
        "softmax": lambda: f.softmax(torch.cat((z[None], others)), 0)[0],
    }[name]()
    return found


@EVERY
@given(z=NUMBERS, kept=st.floats(0, 1), rivals=st.integers(1, 9))
def test_output_and_slope_are_torchs(name: Activation, z: float, kept: float, rivals: int) -> None:
    function = Function(name, kept, rivals)
    leaf = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    value = own(name, leaf, kept, rivals)
    (slope,) = torch.autograd.grad(value, leaf)
    # Of numbers up to 1 float64 rounds off 2e-16; torch's own derivative loses as much of 1 − a.
    assert float(function.value(z)) == pytest.approx(value.item(), rel=1e-14, abs=1e-15)
    assert float(function.slope(z)) == pytest.approx(slope.item(), rel=1e-13, abs=1e-15)


@EVERY
@given(z=NUMBERS)
def test_the_check_on_the_page_holds_at_both_ends(name: Activation, z: float) -> None:
    assert check(unit((z,), (1.0,), 0.0, Function(name))).rounding


@pytest.mark.parametrize("z", [-50.0, 50.0, -700.0, 700.0])
@pytest.mark.parametrize("name", ["sigmoid", "tanh", "softmax"])
def test_a_flat_end_is_never_flat_by_rounding(name: Activation, z: float) -> None:
    function = Function(name)
    # In whole exponents: a′ is e^−|z| times what it is at the curve's own middle, or e^−2|z|.
    exponent = {"sigmoid": -abs(z), "tanh": math.log(4) - 2 * abs(z)}
    exponent["softmax"] = -abs(z) + (math.log(2) if z > 0 else -math.log(2))
    expected = math.exp(exponent[name])
    with np.errstate(all="raise", under="ignore"):
        assert float(function.slope(z)) == pytest.approx(expected, rel=1e-12, abs=0)
    assert (float(function.slope(z)) > 0) == (expected > 0)


@given(z=NUMBERS, n=st.integers(1, 9))
def test_softmax_among_others_is_the_sigmoid_moved_by_their_logarithm(z: float, n: int) -> None:
    exact = 1 / (1 + n * math.exp(-z))
    assert float(Function("softmax", rivals=n).value(z)) == pytest.approx(exact, rel=1e-13, abs=0)
    assert check_of_two(unit((z,), (1.0,), 0.0, Function("sigmoid"))).rounding


@given(
    x=st.lists(st.floats(-5, 5), min_size=2, max_size=3),
    w=st.lists(st.floats(-5, 5), min_size=3, max_size=3),
    b=st.floats(-5, 5),
)
def test_the_sum_is_a_linear_layers(x: list[float], w: list[float], b: float) -> None:
    weights = w[: len(x)]
    found = unit(tuple(x), tuple(weights), b, Function("relu"))
    rows = [torch.tensor(v, dtype=torch.float64) for v in (x, [weights], [b])]
    assert found.z == pytest.approx(f.linear(*rows).item(), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "z", "ending"),
    [
        *(("sigmoid", 4.0, "flat"), ("sigmoid", 1.0, "some")),
        *(("sigmoid", 0.0, "steep"), ("tanh", 0.25, "steep"), ("tanh", 0.0, "whole")),
        *(("relu", -3.0, "nothing"), ("relu", 3.0, "whole"), ("relu", 0.0, "kink")),
        *(("leaky", -3.0, "flat"), ("prelu", -3.0, "some")),
    ],
)
def test_what_a_slope_does_to_an_error(name: Activation, z: float, ending: str) -> None:
    assert unit((z,), (1.0,), 0.0, Function(name)).ending == ending


@pytest.mark.parametrize("kept", [0.5, 0.85, 0.9, 0.95])
def test_the_smaller_of_two_slopes_is_never_called_the_steepest(kept: float) -> None:
    assert unit((-1.0,), (1.0,), 0.0, Function("prelu", kept)).ending == "some"


@pytest.mark.parametrize(("kept", "ending"), [(0.0, "kink"), (0.95, "kink"), (1.0, "whole")])
def test_a_kink_is_where_two_slopes_differ(kept: float, ending: str) -> None:
    assert unit((0.0,), (1.0,), 0.0, Function("prelu", kept)).ending == ending


@given(z=st.floats(-800, 800))
def test_the_logistic_and_its_mirror_add_up_to_one(z: float) -> None:
    assert float(logistic(z) + logistic(-z)) == pytest.approx(1, abs=3e-16)


@given(
    x=st.tuples(st.floats(-5, 5), st.floats(-5, 5)), w=st.tuples(st.floats(-5, 5), st.floats(-5, 5))
)
def test_two_layers_without_an_activation_are_one_matrix(
    x: tuple[float, ...], w: tuple[float, ...]
) -> None:
    found = two_layers(x, w, Function("tanh"))
    first = torch.tensor([w, w[::-1]], dtype=torch.float64)
    second, given_x = (torch.tensor(v, dtype=torch.float64) for v in (SECOND, x))
    layered = f.linear(f.linear(given_x, first), second)
    bent = f.linear(torch.tanh(f.linear(given_x, first)), second)
    np.testing.assert_allclose(found.at_once, layered.numpy(), atol=1e-12)
    np.testing.assert_allclose(found.bent, bent.numpy(), atol=1e-12)
    assert found.difference().rounding


def test_a_softmax_is_none_of_each_unit_by_itself() -> None:
    found = two_layers((1.0, 2.0), (0.5, 0.25), Function("softmax"))
    assert not found.singly
    with pytest.raises(ValueError, match="softmax does not take each unit by itself"):
        _ = found.bent
    assert all(
        two_layers((1.0, 2.0), (0.5, 0.25), Function(name)).singly
        for name in ACTIVATIONS
        if name != "softmax"
    )


def test_both_ways_may_agree_all_the_same() -> None:
    """Therefore the page says "in general": with w = 0, and where ReLU meets no negative number."""
    for x, w in (((1.0, -2.0), (0.0, 0.0)), ((1.0, 2.0), (0.5, 0.25))):
        found = two_layers(x, w, Function("relu"))
        np.testing.assert_array_equal(found.bent, found.at_once)


def test_what_is_no_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="1 weights for 2 inputs"):
        unit((1.0, 2.0), (1.0,), 0.0, Function("relu"))
    with pytest.raises(ValueError, match="none of sigmoid"):
        Function("gelu")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="rivals 0"):
        Function("softmax", rivals=0)
    with pytest.raises(ValueError, match="not two of each"):
        two_layers((1.0,), (1.0, 2.0), Function("relu"))


def test_nothing_to_compare_differs_by_nothing() -> None:
    assert two_layers((0.0, 0.0), (1.0, 2.0), Function("relu")).difference() == Difference()
