"""What a recurrent matrix does to a gradient on its way back, if it were larger or smaller.

∂h_n/∂h_{n−t} = D_n U · D_{n−1} U ⋯ D_{n−t+1} U, D_k = diag(f′(a_k)), a_k = U h_{k−1} + W x_k + b;
f′ is 1 − h² with tanh, 0 or 1 with ReLU (at a = 0 torch takes 0); in a linear network D = 1 and the
product is Uᵗ. Its 2-norm is at most σᵗ, σ the largest singular value of U: below 1 it has to
vanish; above 1 it may explode and need not (Pascanu, Mikolov and Bengio 2013, section 2.1). An RNN
of ReLUs: Le, Jaitly and Hinton 2015. Numpy only, float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose
from typing import Literal, get_args

import numpy as np

from models.memory.gradients import Gradients
from models.memory.jacobian_paths import Chain, chain, slopes
from models.memory.steps import Nonlinearity, StepBack
from models.trace import Floats, read_only

Kind = Literal["own", "rotation", "random"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Activation = Literal["linear", "tanh", "relu"]
ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)
NONLINEARITIES: tuple[Nonlinearity, ...] = get_args(Nonlinearity)
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


def bent(a: Floats, activation: Activation) -> Floats:
    """(…) → (…): f(a)."""
    return np.tanh(a) if activation == "tanh" else np.maximum(a, 0) if activation == "relu" else a


def slope(a: Floats, activation: Activation) -> Floats:
    """(…) → (…): f′(a); of ReLU 0 at a = 0, as torch has it."""
    if activation == "tanh":
        return slopes(np.tanh(a))
    return (a > 0).astype(np.float64) if activation == "relu" else np.ones_like(a)


def preactivations(u: Floats, driven: Floats, activation: Activation) -> Floats:
    """(step, unit): a_t = U f(a_{t−1}) + W x_t + b, h_0 = 0. driven: (step, unit) W x_t + b."""
    h: Floats = np.zeros(len(u))
    kept: list[Floats] = []
    for z in driven:
        kept.append(u @ h + z)
        h = bent(kept[-1], activation)
    return np.array(kept)


def inputs(found: Gradients) -> Floats:
    """(step, unit): W x_t + b of the trained RNN, what each word adds."""
    return np.asarray(found.inputs @ found.rnn.w.T + found.bias)


@dataclass(frozen=True, slots=True, eq=False)
class JacobianProducts:
    """One recurrent matrix along a text: u (unit, unit), diagonals (step, unit), norms by t.

    last: (unit,) h_n.
    """

    u: Floats
    last: Floats
    diagonals: Floats
    norms: Floats

    @property
    def size(self) -> float:
        """‖h_n‖: how large the last state is."""
        return float(np.linalg.norm(self.last))


def products(
    found: Gradients, kind: Kind, sigma: float | None = None, *, activation: Activation
) -> JacobianProducts:
    """The products with that matrix in the place of the trained RNN's U, and that activation."""
    u = matrix(kind, found.rnn.u, sigma)
    a = preactivations(u, inputs(found), activation)
    diagonals = slope(a, activation)
    return JacobianProducts(u, bent(a[-1], activation), diagonals, norms(u, diagonals))


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


def step_back(
    found: Gradients, kind: Kind, sigma: float | None, activation: Activation, distance: int
) -> StepBack:
    """The step so many before the last one. IndexError: distance is not in 1..steps − 1."""
    u = matrix(kind, found.rnn.u, sigma)
    a = preactivations(u, inputs(found), activation)
    if not 1 <= distance < len(a):
        raise IndexError(f"distance {distance} is not in 1..{len(a) - 1}")
    on_the_way = slope(a, activation)[len(a) - distance :]
    whole = np.eye(len(u))
    for diagonal in on_the_way:
        whole = diagonal[:, None] * (u @ whole)
    p = np.linalg.svd(whole)[0][:, 0]
    arriving, leaving = p, p
    for diagonal in on_the_way[::-1]:
        arriving, leaving = leaving, (leaving * diagonal) @ u
    # Of p and −p the one with which the opened number is positive.
    sign = -1.0 if leaving[np.abs(leaving).argmax()] < 0 else 1.0
    parts = (u, sign * p, a[-distance], on_the_way[0], sign * arriving, sign * leaving)
    return StepBack(*map(read_only, parts))
