"""What a recurrent matrix does to a gradient on its way back, if it were larger or smaller.

∂h_n/∂h_{n−t} = D_n U · D_{n−1} U ⋯ D_{n−t+1} U, D_k = diag(1 − h_k²); in a linear network D = 1
and the product is Uᵗ. Its 2-norm is at most σᵗ, σ the largest singular value of U: below 1 it has
to vanish; above 1 it may explode and need not (Pascanu, Mikolov and Bengio 2013, section 2.1).
Numpy only, float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose
from typing import Literal, get_args

import numpy as np

from models.memory.gradients import Gradients
from models.memory.jacobian_paths import Chain, chain, slopes
from models.trace import Floats

Kind = Literal["own", "rotation", "random"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FURTHEST = 100  # steps back
REFERENCES = (0.8, 1.0, 1.25)  # σ below, at and above 1, drawn beside the chosen one


def matrix(kind: Kind, own: Floats, sigma: float | None = None) -> Floats:
    """(unit, unit): a recurrent matrix whose largest singular value is sigma; None: its own.

    "own": the trained one, scaled; "rotation": orthogonal; "random": independent normal numbers;
    both are drawn once and for all, their own σ is 1.
    """
    u = own
    if kind != "own":
        u = np.random.default_rng(0).normal(size=own.shape)
        u = np.linalg.qr(u)[0] if kind == "rotation" else u / np.linalg.norm(u, 2)
    return u if sigma is None else u * (sigma / np.linalg.norm(u, 2))


def largest(u: Floats) -> float:
    """(unit, unit) → σ, the largest singular value."""
    return float(np.linalg.norm(u, 2))


def radius(u: Floats) -> float:
    """(unit, unit) → the largest size of an eigenvalue: it decides in the long run what Uᵗ does."""
    return float(np.abs(np.linalg.eigvals(u)).max())


def states(u: Floats, driven: Floats) -> Floats:
    """(step, unit): h_t = tanh(U h_{t−1} + W x_t + b) from h_0 = 0. driven: W x_t + b."""
    h, kept = np.zeros(len(u)), []
    for z in driven:
        h = np.tanh(u @ h + z)
        kept.append(h)
    return np.array(kept)


def slopes_of(u: Floats, driven: Floats, *, linear: bool) -> Floats:
    """(step, unit): the diagonals D of all steps; of a linear network 1."""
    return np.ones_like(driven) if linear else slopes(states(u, driven))


@dataclass(frozen=True, slots=True, eq=False)
class JacobianProducts:
    """One recurrent matrix along a text: u (unit, unit), diagonals (step, unit), norms by t."""

    u: Floats
    diagonals: Floats
    norms: Floats


def products(
    found: Gradients, kind: Kind, sigma: float | None = None, *, linear: bool
) -> JacobianProducts:
    """The products with that matrix in the place of the trained RNN's U, all else its own."""
    u = matrix(kind, found.rnn.u, sigma)
    diagonals = slopes_of(u, found.inputs @ found.rnn.w.T + found.bias, linear=linear)
    return JacobianProducts(u, diagonals, norms(u, diagonals))


def norms(u: Floats, diagonals: Floats) -> Floats:
    """(FURTHEST + 1 at the most,): ‖∂h_n/∂h_{n−t}‖ for t = 0, 1, …; 1 at t = 0."""
    product, found = np.eye(len(u)), [1.0]
    for diagonal in diagonals[:0:-1][:FURTHEST]:
        product = (product * diagonal) @ u
        # The largest eigenvalue of PᵀP costs half of what the singular values of P do.
        found.append(float(np.sqrt(np.linalg.eigvalsh(product.T @ product)[-1])))
    return np.array(found)


def change(norm: float) -> Literal["stays", "grows", "shrinks"]:
    """What has become of a gradient whose size was 1."""
    if isclose(norm, 1, rel_tol=1e-6):
        return "stays"
    return "grows" if norm > 1 else "shrinks"


def back(u: Floats, diagonals: Floats, distance: int) -> Chain | None:
    """The last `distance` steps of (step, unit) as a chain; None: at 0. IndexError: too far."""
    if not 0 <= distance < len(diagonals):
        raise IndexError(f"distance {distance} is not in 0..{len(diagonals) - 1}")
    return chain(u, diagonals[len(diagonals) - distance :]) if distance else None
