"""One unit: z = w·x + b, then an activation a = f(z) and its slope f′(z). numpy only, float64.

sigmoid and tanh as in Rumelhart, Hinton & Williams 1986; ReLU as in Glorot, Bordes & Bengio 2011;
PReLU as in He et al. 2015, eq. 1. Every form is stable: far from 0 a slope is tiny, never 0 by
rounding, and nothing overflows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from models.core.arrays import Difference, Floats, difference, largest

Activation = Literal["sigmoid", "tanh", "relu", "leaky", "prelu", "softmax"]
ACTIVATIONS: tuple[Activation, ...] = get_args(Activation)
BOUNDED = ("sigmoid", "tanh", "softmax")  # both of their ends are flat
LEAKY = 0.01  # what leaky ReLU keeps of a negative z (Maas, Hannun & Ng 2013)


def logistic(z: ArrayLike) -> Floats:
    """(…) → (…): 1 / (1 + e^−z), accurate down to the smallest values, without overflow."""
    z = np.asarray(z, np.float64)
    small = np.exp(-np.abs(z))
    return np.asarray(np.where(z < 0, small, 1.0) / (1 + small))


@dataclass(frozen=True, slots=True)
class Function:
    """An activation. kept: of a negative z, by ReLU and its kin; rivals: scores of 0 beside z.

    softmax is a unit's share among `rivals` others, whose scores are 0: e^z / (e^z + n), which is
    the sigmoid of z − ln n. ValueError: no such activation, or no rivals.
    """

    name: Activation
    kept: float = 0.25
    rivals: int = 2

    def __post_init__(self) -> None:
        if self.name not in ACTIVATIONS:
            raise ValueError(f"{self.name!r} is none of {', '.join(ACTIVATIONS)}")
        if self.rivals < 1:
            raise ValueError(f"rivals {self.rivals} is less than 1")

    @property
    def bounded(self) -> bool:
        """Both of its ends are flat."""
        return self.name in BOUNDED

    @property
    def kinked(self) -> bool:
        """Its two sides have different slopes and meet at 0."""
        return not self.bounded and self.leak != 1

    @property
    def leak(self) -> float:
        """The slope of its left side, of ReLU and its kin."""
        return {"leaky": LEAKY, "prelu": self.kept}.get(self.name, 0.0)

    def shifted(self, z: ArrayLike) -> Floats:
        """(…) → (…): z of the sigmoid that it is: softmax is one further to the right by ln n."""
        shift = np.log(self.rivals) if self.name == "softmax" else 0.0
        return np.asarray(z, np.float64) - shift

    def value(self, z: ArrayLike) -> Floats:
        """(…) → (…): a = f(z)."""
        z = np.asarray(z, np.float64)
        if self.name == "tanh":
            return np.asarray(np.tanh(z))
        if self.bounded:
            return logistic(self.shifted(z))
        return np.where(z > 0, z, self.leak * z + 0.0)

    def rest(self, z: ArrayLike) -> Floats:
        """(…) → (…): 1 − |a|, what is left to the end, of those that are bounded."""
        if self.name == "tanh":
            return np.asarray(2 * logistic(-2 * np.abs(np.asarray(z, np.float64))))
        return logistic(-self.shifted(z))

    def slope(self, z: ArrayLike) -> Floats:
        """(…) → (…): f′(z); of ReLU and its kin at 0 that of the left side, as torch takes it."""
        if self.name == "tanh":
            rest = self.rest(z)
            return np.asarray(rest * (2 - rest))
        if self.bounded:
            return np.asarray(self.value(z) * self.rest(z))
        return np.where(np.asarray(z) > 0, 1.0, self.leak)


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A unit and what it computes. x, w: (input,); b: its bias; function: its activation."""

    x: Floats
    w: Floats
    b: float
    function: Function

    @property
    def terms(self) -> Floats:
        """(input,): w_i · x_i."""
        return np.asarray(self.w * self.x)

    @property
    def z(self) -> float:
        """w·x + b."""
        return float(self.terms.sum() + self.b)

    @property
    def a(self) -> float:
        """What it puts out."""
        return float(self.function.value(self.z))

    @property
    def rest(self) -> float:
        """1 − |a| where a is bounded."""
        return float(self.function.rest(self.z))

    @property
    def slope(self) -> float:
        """a′(z): the factor by which an error is multiplied on its way back through the unit."""
        return float(self.function.slope(self.z))

    @property
    def ending(self) -> Literal["kink", "whole", "nothing", "flat", "some", "steep"]:
        """What the slope does to an error that comes back."""
        if self.function.kinked and self.z == 0:
            return "kink"
        if self.slope in (0.0, 1.0):
            return "whole" if self.slope else "nothing"
        if not self.function.bounded:  # of two slopes the smaller one, however near the other
            return "flat" if self.slope < FLAT else "some"
        share = self.slope / (1.0 if self.function.name == "tanh" else 0.25)
        return "flat" if share < FLAT else "steep" if share > STEEP else "some"


FLAT, STEEP = 0.1, 0.8  # shares of the steepest slope


def unit(x: tuple[float, ...], w: tuple[float, ...], b: float, function: Function) -> Unit:
    """x, w: a number an input. ValueError: not as many weights as inputs."""
    if len(x) != len(w):
        raise ValueError(f"{len(w)} weights for {len(x)} inputs")
    return Unit(np.array(x, np.float64), np.array(w, np.float64), b, function)


def by_torch(z: float, function: Function) -> tuple[float, float]:
    """(a, a′) from torch's own functions, in float64, the slope by autograd.

    Where an output is near 1 its own derivative rounds to 0: there autograd goes through the
    logarithm of what is left to 1.
    """
    import torch
    from torch.nn import functional as f

    given = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    scores = torch.cat((given[None], torch.zeros(function.rivals, dtype=torch.float64)))
    logs = f.log_softmax(scores, 0).exp()
    values = {
        "sigmoid": (torch.sigmoid(given), f.logsigmoid(given).exp()),
        "tanh": (torch.tanh(given), 2 * f.logsigmoid(2 * given).exp()),
        "relu": (f.relu(given),) * 2,
        "leaky": (f.leaky_relu(given, LEAKY),) * 2,
        "prelu": (f.prelu(given[None], given.new_tensor([function.kept]))[0],) * 2,
        "softmax": (torch.softmax(scores, 0)[0], -logs[1:].sum() if z > 0 else logs[0]),
    }
    shown, differentiated = values[function.name]
    (slope,) = torch.autograd.grad(differentiated, given)
    return float(shown.detach()), float(slope)


def check(found: Unit) -> Difference:
    """How far a and a′ lie from torch's own."""
    a, slope = by_torch(found.z, found.function)
    return largest((difference(found.a, a), difference(found.slope, slope)))


def two_scores(z: float) -> float:
    """softmax([z, 0])₁ by the definition of a softmax, in torch: what the sigmoid of z is."""
    import torch

    return float(torch.softmax(torch.tensor([z, 0.0], dtype=torch.float64), 0)[0])


def check_of_two(found: Unit) -> Difference:
    """How far the sigmoid of z lies from the first share of softmax([z, 0])."""
    return difference(float(logistic(found.z)), two_scores(found.z))
