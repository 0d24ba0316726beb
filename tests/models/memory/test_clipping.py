"""Clipping by norm: against torch's own, its gradient against small differences, its step anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from models.memory import clipping
from models.memory.clipping import check, clipped_step
from models.memory.products import NONLINEARITIES
from models.memory.steps import ClippedStep, Nonlinearity


@pytest.fixture(scope="module")
def exploding() -> ClippedStep:
    return clipped_step("relu", 1.75, 1.0, 0)


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
@pytest.mark.parametrize(("gain", "most"), [(0.5, 1.0), (1.75, 0.1), (2.0, 20.0)])
def test_norm_and_clipped_numbers_are_torchs(
    nonlinearity: Nonlinearity, gain: float, most: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipping, "_POINTS", 2)
    found = clipped_step(nonlinearity, gain, most, 1)
    assert check(found).rounding
    assert found.factor == (1 if found.norm <= most else pytest.approx(most / found.norm, rel=1e-4))
    assert found.clipped <= most * (1 + 1e-12)


def test_the_parts_norm_is_that_of_all_numbers_in_one_vector(exploding: ClippedStep) -> None:
    parts = clipping._changed(1.75, 0)
    loss, _ = clipping._loss(parts, "relu")
    vector = torch.cat([g.ravel() for g in torch.autograd.grad(loss, list(parts.values()))])
    assert exploding.norm == pytest.approx(
        float(torch.linalg.vector_norm(vector.detach())), rel=1e-12
    )
    assert exploding.loss == pytest.approx(float(loss.detach()), rel=1e-12)


def test_the_gradient_is_that_of_small_differences(exploding: ClippedStep) -> None:
    """The loss falls by ‖g‖ for each unit of distance, at first."""
    slope = (exploding.losses[0] - exploding.loss) / exploding.along[0]
    assert slope == pytest.approx(-exploding.norm, rel=0.15)
    parts, h = clipping._changed(1.75, 0), 1e-6
    u = parts["recurrent.weight_hh_l0"]
    losses = []
    with torch.no_grad():
        for sign in (1, -1):
            u[exploding.place] += sign * h
            losses.append(float(clipping._loss(parts, "relu")[0]))
            u[exploding.place] -= sign * h
    assert (losses[0] - losses[1]) / (2 * h) == pytest.approx(exploding.number, rel=1e-5)


def test_the_step_is_torchs_sgd(exploding: ClippedStep) -> None:
    for most, wanted in ((None, exploding.after_plain), (1.0, exploding.after_clipped)):
        parts = clipping._changed(1.75, 0)
        descent = torch.optim.SGD(parts.values(), lr=clipping.RATE)
        clipping._loss(parts, "relu")[0].backward()
        if most is not None:
            torch.nn.utils.clip_grad_norm_(parts.values(), most)
        descent.step()
        after = float(clipping._loss(parts, "relu")[0].detach())
        assert after == pytest.approx(wanted, rel=1e-6)


def test_the_gradient_by_steps_grows_where_it_explodes_and_clipping_keeps_its_shape(
    exploding: ClippedStep,
) -> None:
    assert len(exploding.by_step) == clipping.DISTRACTORS + 2
    assert (np.diff(exploding.by_step) > 0).all()
    assert exploding.far == exploding.by_step[-1] / exploding.by_step[0]
    assert exploding.far > 10


def test_a_wrong_factor_or_norm_is_no_rounding(exploding: ClippedStep) -> None:
    assert check(exploding).rounding
    wrong = {**exploding.norms, "lm_head.bias": exploding.norms["lm_head.bias"] * 2}
    assert not check(replace(exploding, norms=wrong)).rounding
    assert not check(replace(exploding, number=-exploding.number)).rounding
