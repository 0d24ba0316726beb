"""The loss of a unit with a sigmoid, and its gradient by the chain rule.

L(a, y) = −(y ln a + (1 − y) ln(1 − a)); backpropagation as in Rumelhart, Hinton & Williams 1986.
Everything is computed from z, so that neither ln 0 nor an overflow arises. numpy only, float64.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.core.arrays import Difference, Floats, difference
from models.neuron.unit import logistic


def losses(z: ArrayLike, y: ArrayLike) -> Floats:
    """(…), (…) of 0 and 1 → (…): −ln of the probability that σ(z) gives to y."""
    z, y = np.asarray(z, np.float64), np.asarray(y, np.float64)
    towards = np.where(y == 1, -z, z)
    return np.asarray(np.maximum(towards, 0) + np.log1p(np.exp(-np.abs(towards))))


@dataclass(frozen=True, slots=True, eq=False)
class ChainRule:
    """One example's gradient, factor by factor. x: (input,); y: its label; z: w·x + b."""

    x: Floats
    y: int
    z: float

    @property
    def a(self) -> float:
        """σ(z), the probability of y = 1."""
        return float(logistic(self.z))

    @property
    def rest(self) -> float:
        """1 − a = σ(−z)."""
        return float(logistic(-self.z))

    @property
    def loss(self) -> float:
        """L(a, y)."""
        return float(losses(self.z, self.y))

    @property
    def by_a(self) -> float:
        """∂L/∂a: −1/a where y is 1, 1/(1 − a) where it is 0."""
        return -1 / self.a if self.y else 1 / self.rest

    @property
    def slope(self) -> float:
        """∂a/∂z = a(1 − a)."""
        return self.a * self.rest

    @property
    def by_z(self) -> float:
        """∂L/∂z = a − y, without the rounding of 1 − a."""
        return -self.rest if self.y else self.a

    @property
    def gradient(self) -> Floats:
        """(input + 1,): ∂L/∂w_i and ∂L/∂b, as the product of the three factors."""
        return np.asarray(self.by_a * self.slope * np.append(self.x, 1.0))

    def difference(self) -> Difference:
        """How far the gradient lies from torch's autograd."""
        return difference(self.gradient, autograd(self.x, self.y, self.z))


def autograd(x: Floats, y: int, z: float) -> Floats:
    """(input + 1,): ∂L/∂w_i and ∂L/∂b by torch in float64. x: (input,); z: of x, in any weights.

    All weights that give z have the same gradient: autograd is asked at w = 0, b = z.
    """
    import torch
    from torch.nn import functional as f

    parameters = torch.tensor([*[0.0] * len(x), z], dtype=torch.float64, requires_grad=True)
    given = parameters @ torch.tensor([*x.tolist(), 1.0], dtype=torch.float64)
    (found,) = torch.autograd.grad(-f.logsigmoid(given if y else -given), parameters)
    return np.asarray(found.numpy())
