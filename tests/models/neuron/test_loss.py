"""Loss, gradient and steps against torch's own loss, autograd and optimizer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as f

from models.neuron.descent import FACTORS, OTHERS, STEPS, Examples, descent, examples, learning
from models.neuron.loss import ChainRule, losses

LABELS = st.integers(0, 1)
FAR = st.floats(-60, 60)
SETTINGS = st.tuples(*[st.integers(-20, 20).map(lambda n: n / 4)] * 3)
INPUTS = st.tuples(*[st.integers(-10, 10).map(lambda n: n / 2)] * 2)


def torch_loss(given_: Examples, leaf: torch.Tensor) -> torch.Tensor:
    x, y = (torch.tensor(v.tolist(), dtype=torch.float64) for v in (given_.x, given_.y))
    return f.binary_cross_entropy_with_logits(x @ leaf[:-1] + leaf[-1], y)


def tensor(values: object) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


@given(z=FAR, y=LABELS)
def test_the_loss_is_torchs_and_exact_at_both_ends(z: float, y: int) -> None:
    leaf = torch.tensor(z, dtype=torch.float64)
    own = f.binary_cross_entropy_with_logits(leaf, torch.tensor(float(y), dtype=torch.float64))
    assert float(losses(z, y)) == pytest.approx(own.item(), rel=1e-12, abs=1e-15)
    away = z if y else -z
    if away > 40:  # −ln(1 − e^−z) is e^−z to all digits, where 1 − a would be 0
        assert float(losses(z, y)) == pytest.approx(np.exp(-away), rel=1e-12, abs=0)


@given(z=FAR, y=LABELS, x=INPUTS)
def test_the_three_factors_make_a_minus_y_and_autograds_gradient(
    z: float, y: int, x: tuple[float, ...]
) -> None:
    rule = ChainRule(np.array(x), y, z)
    assert rule.by_a * rule.slope == pytest.approx(rule.by_z, rel=1e-12)
    a = torch.sigmoid(torch.tensor(z, dtype=torch.float64)).item()
    assert rule.by_z == pytest.approx(a - y, abs=1e-15)
    assert rule.difference().rounding
    leaf = tensor([0.0, 0.0, z])
    own = f.binary_cross_entropy_with_logits(
        leaf[:-1] @ torch.tensor(x, dtype=torch.float64) + leaf[-1],
        torch.tensor(float(y), dtype=torch.float64),
    )
    (gradient,) = torch.autograd.grad(own, leaf)
    np.testing.assert_allclose(rule.gradient, gradient.numpy(), rtol=1e-12, atol=1e-14)


@given(x=INPUTS, y=LABELS, start=SETTINGS, rate=st.sampled_from([0.1, 1.0, 4.0, 32.0]))
def test_every_step_is_one_of_torchs_sgd(
    x: tuple[float, ...], y: int, start: tuple[float, ...], rate: float
) -> None:
    found = descent(examples(x, y), start, rate, steps=3)
    leaf = tensor(start)
    optimizer = torch.optim.SGD([leaf], lr=rate)
    for place in range(4):
        own = torch_loss(found.examples, leaf)
        np.testing.assert_allclose(found.path[place], leaf.detach().numpy(), rtol=1e-9, atol=1e-9)
        assert found.losses[place] == pytest.approx(own.item(), rel=1e-9)
        optimizer.zero_grad()
        leaf.grad = torch.autograd.grad(own, leaf)[0]
        optimizer.step()


@given(x=INPUTS, y=LABELS)
def test_there_is_a_lowest_point_whatever_the_visitors_example_is(
    x: tuple[float, ...], y: int
) -> None:
    given_ = examples(x, y)
    lowest = given_.lowest()
    leaf = tensor(lowest.tolist())
    (gradient,) = torch.autograd.grad(torch_loss(given_, leaf), leaf)
    assert float(gradient.abs().max()) < 1e-9
    # Strictly convex: in no direction does the loss stay as it is.
    assert np.linalg.eigvalsh(given_.curvature(lowest)).min() > 1e-4
    assert np.abs(lowest).max() < 50


def test_the_five_fixed_examples_are_not_to_be_separated() -> None:
    """The 0 at (1, 1) is a mean of the three 1s with positive shares."""
    ones = np.array([(*row[:2], 1.0) for row in OTHERS if row[2] == 1])
    shares = np.linalg.solve(ones.T, [1.0, 1.0, 1.0])
    assert (shares > 0).all()
    assert (1.0, 1.0, 0) in OTHERS


@given(x=INPUTS, y=LABELS, start=SETTINGS)
def test_the_lowest_point_on_the_way_is_lower_than_its_neighbours(
    x: tuple[float, ...], y: int, start: tuple[float, ...]
) -> None:
    given_, parameters = examples(x, y), np.array(start)
    best = given_.lowest_along(parameters)
    values = given_.along(parameters, best * np.array([0.0, 0.9, 1.0, 1.1]))
    assert values[2] <= values.min() + 1e-12
    assert best > 0
    gradient = given_.gradient(parameters - best * given_.gradient(parameters))
    assert abs(float(gradient @ given_.gradient(parameters))) < 1e-6


_SHARES = (
    *((0.1, "short"), (0.24, "short"), (0.26, "part"), (0.59, "part"), (0.61, "close")),
    *((1.0, "close"), (1.39, "close"), (1.41, "past"), (1.8, "past"), (3.0, "up")),
)


def test_a_step_is_called_by_where_it_ends() -> None:
    given_, start = examples((1.0, -2.0), 1), (1.5, 0.5, 0.5)
    best = given_.lowest_along(np.array(start))
    for share, name in _SHARES:
        one = descent(given_, start, best * share, steps=1)
        assert one.pace(0) == name
        assert (one.losses[1] > one.losses[0]) == (name == "up")


def test_the_rates_that_the_page_opens_with_are_not_called_close() -> None:
    found = learning((1.0, -2.0), 1, (1.5, 0.5, 0.5), 1.0)
    assert [one.pace(0) for one in found.descents] == ["short", "part", "up"]
    best = found.examples.lowest_along(found.descents[1].path[0])
    assert 1.0 / best == pytest.approx(0.36, abs=0.005)


def test_the_lowest_loss_is_looked_for_once_and_no_longer_than_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[str] = []
    for name in ("lowest", "curvature"):
        own = getattr(Examples, name)

        def counted(*given_: object, name: str = name, own: Callable[..., object] = own) -> object:
            calls.append(name)
            return own(*given_)

        monkeypatch.setattr(Examples, name, counted)
    found = learning((1.0, -2.0), 1, (1.5, 0.5, 0.5), 1.0)
    assert len({found.lowest for _ in range(16)}) == 1
    assert calls.count("lowest") == 1
    assert calls.count("curvature") < 20


def test_the_three_learning_rates_start_alike_and_their_gradients_are_autograds() -> None:
    found = learning((1.0, -2.0), 1, (1.5, 0.5, 0.5), 1.0)
    assert [one.rate for one in found.descents] == list(FACTORS)
    assert len({tuple(one.path[0]) for one in found.descents}) == 1
    assert all(len(one.losses) == STEPS + 1 for one in found.descents)
    assert all(found.difference(step).rounding for step in (0, 1, STEPS))
    assert found.lowest < min(float(one.losses.min()) for one in found.descents)


def test_what_cannot_be_learned_is_refused() -> None:
    with pytest.raises(ValueError, match="label 2"):
        examples((1.0, 1.0), 2)
    with pytest.raises(ValueError, match="not above 0"):
        descent(examples((1.0, 1.0), 1), (0.0, 0.0, 0.0), 0.0)
