"""Products of Jacobians: against torch's own gradient, and against their bounds."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.memory import products, products_autograd
from models.memory.gradients import Gradients, drawn, gradients
from models.memory.products import ACTIVATIONS, FURTHEST, KINDS, NONLINEARITIES, Activation, Kind
from models.memory.steps import Nonlinearity
from models.trace import Floats
from tests.present import present

EACH = pytest.mark.parametrize("kind", KINDS)
SIGMAS = (0.5, 1.0, 1.3)


@pytest.fixture(scope="module")
def found() -> Gradients:
    return gradients(drawn(14))


def driven(found: Gradients) -> Floats:
    return found.inputs @ found.rnn.w.T + found.bias


@EACH
@pytest.mark.parametrize("sigma", SIGMAS)
def test_the_largest_singular_value_is_the_one_asked_for(
    kind: Kind, sigma: float, found: Gradients
) -> None:
    u = products.matrix(kind, found.rnn.u, sigma)
    assert np.sqrt(np.linalg.eigvalsh(u.T @ u)[-1]) == pytest.approx(sigma)


def test_the_trained_matrix_left_alone_gives_the_models_own_states(found: Gradients) -> None:
    u = products.matrix("own", found.rnn.u)
    assert u is found.rnn.u
    a = products.preactivations(u, driven(found), "tanh")
    np.testing.assert_allclose(products.bent(a, "tanh"), found.rnn.h, atol=1e-12)
    np.testing.assert_array_equal(products.inputs(found), driven(found))


BENDS = {"linear": lambda x: x, "tanh": torch.tanh, "relu": torch.relu}
BENT = pytest.mark.parametrize("activation", ACTIVATIONS)


def autograd(u: Floats, z: Floats, distance: int, activation: Activation) -> float:
    """‖∂h_n/∂h_{n−t}‖ by torch."""
    matrix, inputs = torch.from_numpy(u.copy()), torch.from_numpy(z.copy())
    bend = BENDS[activation]
    h = torch.zeros(len(u), dtype=torch.float64)
    for row in inputs[: len(z) - distance]:
        h = bend(matrix @ h + row)

    def rest(start: torch.Tensor) -> torch.Tensor:
        for row in inputs[len(z) - distance :]:
            start = bend(matrix @ start + row)
        return start

    jacobian = torch.autograd.functional.jacobian(rest, h)  # type: ignore[no-untyped-call]
    return float(torch.linalg.matrix_norm(jacobian, 2))


@EACH
@BENT
@pytest.mark.parametrize("sigma", [*SIGMAS, None])
def test_every_norm_and_every_chain_is_torchs_own_gradient(
    kind: Kind, activation: Activation, sigma: float | None, found: Gradients
) -> None:
    u, z = products.matrix(kind, found.rnn.u, sigma), driven(found)
    diagonals = products.slope(products.preactivations(u, z, activation), activation)
    norms = products.norms(u, diagonals)
    assert len(norms) == len(z)
    for distance in (1, 2, 7, len(z) - 1):
        own = autograd(u, z, distance, activation)
        chain = products.back(u, diagonals, distance)
        assert chain is not None
        assert norms[distance] == pytest.approx(own, rel=1e-9)
        assert chain.product == pytest.approx(own, rel=1e-9)
    assert norms[0] == 1
    assert products.back(u, diagonals, 0) is None


def norms_of(u: Floats, z: Floats, activation: Activation) -> Floats:
    return products.norms(u, products.slope(products.preactivations(u, z, activation), activation))


@EACH
@BENT
@pytest.mark.parametrize("sigma", SIGMAS)
def test_no_product_is_larger_than_its_bound(
    kind: Kind, activation: Activation, sigma: float, found: Gradients
) -> None:
    u = products.matrix(kind, found.rnn.u, sigma)
    norms = norms_of(u, driven(found), activation)
    assert (norms <= sigma ** np.arange(len(norms)) * (1 + 1e-9)).all()


def test_a_linear_rotation_reaches_its_bound(found: Gradients) -> None:
    for sigma in SIGMAS:
        u = products.matrix("rotation", found.rnn.u, sigma)
        norms = norms_of(u, driven(found), "linear")
        np.testing.assert_allclose(norms, sigma ** np.arange(len(norms)), rtol=1e-9)


def test_a_singular_value_above_one_does_not_have_to_explode(found: Gradients) -> None:
    u = products.matrix("random", found.rnn.u, 1.25)
    norms = norms_of(u, driven(found), "linear")
    assert norms[1] > 1 > norms[-1]


def test_no_more_steps_than_can_be_drawn() -> None:
    u = np.eye(2)
    assert len(products.norms(u, np.ones((FURTHEST + 50, 2)))) == FURTHEST + 1
    with pytest.raises(IndexError):
        products.back(u, np.ones((5, 2)), 5)


def test_sigma_and_radius_are_those_of_the_matrix_and_differ() -> None:
    u = np.random.default_rng(3).normal(size=(24, 24))
    assert products.largest(u) == pytest.approx(np.sqrt(np.linalg.eigvalsh(u.T @ u).max()))
    grown = np.linalg.norm(np.linalg.matrix_power(u / 5, 400), 2) ** (1 / 400) * 5
    assert products.radius(u) == pytest.approx(grown, rel=0.02)
    assert products.largest(u) > 1.2 * products.radius(u)


@EACH
@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
@pytest.mark.parametrize("distance", [1, 6, 15])
def test_a_step_back_is_torchs_and_ends_at_the_products_norm(
    kind: Kind, nonlinearity: Nonlinearity, distance: int, found: Gradients
) -> None:
    step = products.step_back(found, kind, 1.5, nonlinearity, distance)
    own = products_autograd.by_torch(found, step, nonlinearity, distance)
    np.testing.assert_allclose(step.leaving, own, rtol=0, atol=1e-12 * np.abs(own).max())
    assert products_autograd.check(found, kind, 1.5, nonlinearity, distance).rounding
    norm = products.products(found, kind, 1.5, activation=nonlinearity).norms[distance]
    assert np.linalg.norm(step.leaving) == pytest.approx(norm, rel=1e-9)
    assert np.linalg.norm(step.p) == pytest.approx(1)
    assert step.terms.sum() == pytest.approx(step.leaving[step.opened], rel=1e-9)
    assert step.leaving[step.opened] == np.abs(step.leaving).max()


def test_relus_slope_is_0_or_1_and_tanhs_lies_between(found: Gradients) -> None:
    relu = products.step_back(found, "own", None, "relu", 3)
    assert set(relu.slopes.tolist()) == {0.0, 1.0}
    assert ((relu.slopes == 1) == (relu.a > 0)).all()
    assert relu.off == int((relu.a <= 0).sum())
    assert not relu.terms[relu.slopes == 0].any()
    tanh = products.step_back(found, "own", None, "tanh", 3)
    assert ((tanh.slopes > 0) & (tanh.slopes < 1)).all()
    a = torch.from_numpy(tanh.a.copy()).requires_grad_()
    torch.tanh(a).sum().backward()  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(tanh.slopes, present(a.grad).numpy())
    zero = np.zeros(1)
    assert products.slope(zero, "relu") == torch.relu(torch.zeros(1)).item() == 0


@pytest.mark.parametrize("distance", [0, 16])
def test_a_step_that_the_text_does_not_have_is_refused(distance: int, found: Gradients) -> None:
    with pytest.raises(IndexError, match="distance"):
        products.step_back(found, "own", None, "tanh", distance)


def test_a_wrong_slope_is_no_rounding(found: Gradients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "slope", lambda a, _: np.ones_like(a))
    assert not products_autograd.check(found, "own", None, "relu", 4).rounding
