"""XOR by gradient descent, held against torch's own layers, optimiser and gradients."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch

from models.core.arrays import ROUNDING
from models.errors import OutOfRange
from models.neuron import xor, xor_autograd
from models.neuron.xor import HIDDEN, LABELS, LAST, LAYERS, POINTS, SEEDS, Hidden

EVERY = pytest.mark.parametrize("hidden", HIDDEN)
X, Y = torch.tensor(POINTS.copy()), torch.tensor(LABELS.copy())
BENDS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


def descended(hidden: Hidden, seed: int, steps: int) -> tuple[list[np.ndarray], float]:
    """Weights and loss after so many steps of torch's own SGD from the same start."""
    start = xor.training(hidden, seed).at(0)
    parts = [start.w, start.b, start.v, np.array(start.c)]
    weights = [torch.tensor(part.copy(), requires_grad=True) for part in parts]
    own = torch.optim.SGD(weights, lr=xor.RATE)

    def loss() -> torch.Tensor:
        w, b, v, c = weights
        h = X if hidden == "none" else BENDS[hidden](X @ w.T + b)
        return torch.nn.functional.binary_cross_entropy_with_logits(h @ v + c, Y)

    for _ in range(steps):
        own.zero_grad()
        loss().backward()  # type: ignore[no-untyped-call]
        own.step()
    return [one.detach().numpy() for one in weights], loss().item()


@EVERY
def test_every_step_is_torchs_own_gradient_descent(hidden: Hidden) -> None:
    steps = 150
    found = xor.training(hidden, 3)
    weights, loss = descended(hidden, 3, steps)
    for ours, theirs in zip((found.w, found.b, found.v, found.c), weights, strict=True):
        np.testing.assert_allclose(ours[steps], theirs, rtol=1e-9, atol=1e-12)
    assert found.losses[steps] == pytest.approx(loss, rel=1e-10)


@EVERY
@pytest.mark.parametrize("step", [0, 17, LAST])
def test_outputs_and_gradients_are_torchs(hidden: Hidden, step: int) -> None:
    check = xor_autograd.check(xor.training(hidden, 1), step)
    assert check.outputs.relative < 1e-12
    assert check.gradient.relative < 1e-12


def test_the_check_sees_a_wrong_slope(monkeypatch: pytest.MonkeyPatch) -> None:
    found = xor.training("tanh", 1)
    monkeypatch.setitem(xor._SLOPES, "tanh", lambda h: 1 - h)
    assert xor_autograd.check(found, 5).gradient.relative > ROUNDING


@EVERY
def test_what_is_kept_of_a_step_belongs_together(hidden: Hidden) -> None:
    found = xor.training(hidden, 5)
    assert len(found.losses) == LAST + 1
    for step in (0, 40, LAST):
        at = found.at(step)
        h = at.represented(POINTS)
        np.testing.assert_allclose(h, found.h[step], rtol=1e-12)
        np.testing.assert_allclose(at.output(h), found.outputs[step], rtol=1e-12)
        points = [found.loss(step, point) for point in range(4)]
        assert np.mean(points) == pytest.approx(found.losses[step], rel=1e-9)
    assert not found.w.flags.writeable


def test_one_unit_ends_at_ln_2_with_four_halves_from_every_seed() -> None:
    survey = xor.survey("none")
    np.testing.assert_allclose(survey.losses, np.log(2), rtol=1e-9)
    assert not survey.right.any()
    found = xor.training("none", 8)
    np.testing.assert_allclose(found.outputs[LAST], 0.5, atol=1e-6)
    assert (found.right(LAST), found.undecided(LAST)) == (0, 4)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_one_unit_never_has_four_right_on_its_way(seed: int) -> None:
    found = xor.training("none", seed)
    assert max(found.right(step) for step in range(LAST + 1)) <= 3


@EVERY
def test_the_survey_is_what_each_training_ends_with(hidden: Hidden) -> None:
    survey = xor.survey(hidden)
    assert len(survey.right) == SEEDS
    for seed in (0, 1, 2, SEEDS - 1):
        found = xor.training(hidden, seed)
        assert survey.right[seed] == found.right(LAST)
        assert survey.losses[seed] == pytest.approx(found.losses[LAST], rel=1e-6)


def test_the_layer_that_is_shown_first_mostly_learns_and_others_fail_more_often() -> None:
    learned = {hidden: xor.survey(hidden).learned for hidden in LAYERS}
    assert learned["sigmoid"] > SEEDS / 2
    assert max(learned, key=learned.__getitem__) == "sigmoid"
    assert min(learned.values()) > 0
    assert learned["relu"] < SEEDS / 2


def test_a_dead_relu_has_no_slope_to_come_back_by() -> None:
    stuck = np.flatnonzero(xor.survey("relu").right < 4).tolist()
    dead = next(one for one in (xor.training("relu", n) for n in stuck) if not one.h[LAST].any())
    gradient = xor.gradient(dead, LAST)
    assert not gradient.w.any()
    assert not gradient.b.any()


def test_the_same_seed_gives_the_same_training_and_another_one_another() -> None:
    one, same, other = (xor.training("tanh", seed) for seed in (4, 4, 5))
    np.testing.assert_array_equal(one.outputs, same.outputs)
    assert one.key == same.key != other.key
    assert not np.allclose(one.w[0], other.w[0])
    assert np.abs(one.w[0]).max() <= 2**-0.5


def test_what_cannot_be_trained_is_refused() -> None:
    for seed in (-1, SEEDS):
        with pytest.raises(OutOfRange):
            xor.training("tanh", seed)
    with pytest.raises(ValueError, match="none of"):
        xor.training("cubic", 0)  # type: ignore[arg-type]


@pytest.mark.parametrize("step", [0, 20, 421, LAST])
def test_the_chosen_step_is_among_those_stepped_through(step: int) -> None:
    found = xor.stops(step)
    assert step in found
    assert (found[0], found[-1]) == (0, LAST)
    assert all(a < b for a, b in pairwise(found))
