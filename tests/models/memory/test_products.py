"""Products of Jacobians: against torch's own gradient, and against their bounds."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.memory import products
from models.memory.gradients import Gradients, drawn, gradients
from models.memory.products import FURTHEST, KINDS, Kind
from models.trace import Floats

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
    np.testing.assert_allclose(products.states(u, driven(found)), found.rnn.h, atol=1e-12)


def autograd(u: Floats, z: Floats, distance: int, *, linear: bool) -> float:
    """‖∂h_n/∂h_{n−t}‖ by torch."""
    matrix, inputs = torch.from_numpy(u.copy()), torch.from_numpy(z.copy())
    bend = (lambda x: x) if linear else torch.tanh
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
@pytest.mark.parametrize("linear", [True, False])
@pytest.mark.parametrize("sigma", [*SIGMAS, None])
def test_every_norm_and_every_chain_is_torchs_own_gradient(
    kind: Kind, linear: bool, sigma: float | None, found: Gradients
) -> None:
    u, z = products.matrix(kind, found.rnn.u, sigma), driven(found)
    diagonals = products.slopes_of(u, z, linear=linear)
    norms = products.norms(u, diagonals)
    assert len(norms) == len(z)
    for distance in (1, 2, 7, len(z) - 1):
        own = autograd(u, z, distance, linear=linear)
        chain = products.back(u, diagonals, distance)
        assert chain is not None
        assert norms[distance] == pytest.approx(own, rel=1e-9)
        assert chain.product == pytest.approx(own, rel=1e-9)
    assert norms[0] == 1
    assert products.back(u, diagonals, 0) is None


@EACH
@pytest.mark.parametrize("linear", [True, False])
@pytest.mark.parametrize("sigma", SIGMAS)
def test_no_product_is_larger_than_its_bound(
    kind: Kind, linear: bool, sigma: float, found: Gradients
) -> None:
    u = products.matrix(kind, found.rnn.u, sigma)
    norms = products.norms(u, products.slopes_of(u, driven(found), linear=linear))
    assert (norms <= sigma ** np.arange(len(norms)) * (1 + 1e-9)).all()


def test_a_linear_rotation_reaches_its_bound(found: Gradients) -> None:
    for sigma in SIGMAS:
        u = products.matrix("rotation", found.rnn.u, sigma)
        norms = products.norms(u, products.slopes_of(u, driven(found), linear=True))
        np.testing.assert_allclose(norms, sigma ** np.arange(len(norms)), rtol=1e-9)


def test_a_singular_value_above_one_does_not_have_to_explode(found: Gradients) -> None:
    u = products.matrix("random", found.rnn.u, 1.25)
    norms = products.norms(u, products.slopes_of(u, driven(found), linear=True))
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
