"""Steps downhill: six examples, their mean loss, and three learning rates from one start.

w ← w − η·∂L/∂w over all examples, as in Rumelhart, Hinton & Williams 1986. numpy only, float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from models.core.arrays import Difference, Floats, difference
from models.neuron.loss import losses
from models.neuron.unit import logistic

# What is learned beside the chosen example: x₁, x₂, label. A 0 lies amid three 1s, so that no line
# parts them whatever the sixth is: the mean loss has a lowest point, and only one.
OTHERS = ((2.0, 1.0, 1), (1.0, 2.0, 1), (-1.0, -1.0, 1), (1.0, 1.0, 0), (-2.0, -1.0, 0))
STEPS = 20
FACTORS = (1 / 8, 1.0, 8.0)  # of the three learning rates, from the middle one
# Shares of the way to the lowest point: a shorter step is a short one; between these it is close.
SHORT, CLOSE = 0.25, (0.6, 1.4)
FLAT = 1e-10  # a gradient of which no part is larger: the lowest point is reached
FARTHEST = 2.0**40  # where the search for a lowest point ends


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """x: (example, input); y: (example,) of 0 and 1; parameters below: (input + 1,) w and b."""

    x: Floats
    y: Floats

    @property
    def joined(self) -> Floats:
        """(example, input + 1): a 1 behind each x, for the bias."""
        return np.column_stack((self.x, np.ones(len(self.x))))

    def loss(self, parameters: Floats) -> float:
        """(input + 1,) → the mean loss."""
        return float(losses(self.joined @ parameters, self.y).mean())

    def gradient(self, parameters: Floats) -> Floats:
        """(input + 1,) → (input + 1,): the mean gradient."""
        z = self.joined @ parameters
        errors = np.where(self.y == 1, -logistic(-z), logistic(z))
        return np.asarray(errors @ self.joined / len(self.y))

    def curvature(self, parameters: Floats) -> Floats:
        """(input + 1,) → (input + 1, input + 1): the second derivatives of the mean loss."""
        z = self.joined @ parameters
        slopes = logistic(z) * logistic(-z)
        return np.asarray((self.joined.T * slopes) @ self.joined / len(self.y))

    def along(self, parameters: Floats, far: ArrayLike) -> Floats:
        """(input + 1,), (…) → (…): the loss at w − t·∂L/∂w for every t, one gradient for all."""
        moved = parameters - np.multiply.outer(far, self.gradient(parameters))
        z = moved @ self.joined.T
        return np.asarray(losses(z, np.broadcast_to(self.y, z.shape)).mean(-1))

    def lowest_along(self, parameters: Floats) -> float:
        """(input + 1,) → the t at which `along` is lowest; 0 where the gradient is 0."""
        gradient = self.gradient(parameters)

        def falls(t: float) -> bool:
            return float(self.gradient(parameters - t * gradient) @ gradient) > 0

        low, high = 0.0, 1.0
        if not falls(low):
            return 0.0
        while falls(high) and high < FARTHEST:
            low, high = high, 2 * high
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if falls(middle) else (low, middle)
        return high

    def lowest(self) -> Floats:
        """(input + 1,): where the mean loss is lowest, by Newton's method with shortened steps."""
        parameters = np.zeros(self.x.shape[1] + 1)
        for _ in range(100):
            gradient = self.gradient(parameters)
            if np.abs(gradient).max() < FLAT:
                break
            step = np.linalg.solve(self.curvature(parameters), gradient)
            share = 1.0
            while share > 1e-6 and self.loss(parameters - share * step) > self.loss(parameters):
                share /= 2
            parameters = parameters - share * step
        return parameters


def examples(x: tuple[float, ...], y: int) -> Examples:
    """The chosen example, first, and the five others. ValueError: the label is neither 0 nor 1."""
    if y not in (0, 1):
        raise ValueError(f"label {y} is neither 0 nor 1")
    rows = np.array([(*x, y), *OTHERS], np.float64)
    return Examples(rows[:, :2], rows[:, 2])


Pace = Literal["short", "part", "close", "past", "up"]


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """Steps w ← w − η·∂L/∂w over all examples, η the rate.

    path: (step + 1, input + 1) w and b, the start first; losses: (step + 1,) the mean loss at each.
    """

    examples: Examples
    rate: float
    path: Floats
    losses: Floats

    def loss_after(self, step: int) -> float:
        """The mean loss after so many steps."""
        return float(self.losses[step])

    def pace(self, step: int) -> Pace:
        """How the step from there compares with the lowest point on its way."""
        parameters = self.path[step]
        best = self.examples.lowest_along(parameters)
        if self.examples.along(parameters, self.rate) > self.losses[step]:
            return "up"
        if self.rate < best * CLOSE[0]:
            return "short" if self.rate < best * SHORT else "part"
        return "close" if self.rate <= best * CLOSE[1] else "past"


def descent(given: Examples, start: tuple[float, ...], rate: float, steps: int = STEPS) -> Descent:
    """start: w and b. ValueError: the learning rate is not above 0."""
    if not rate > 0:
        raise ValueError(f"learning rate {rate} is not above 0")
    path = [np.array(start, np.float64)]
    for _ in range(steps):
        path.append(path[-1] - rate * given.gradient(path[-1]))
    return Descent(given, rate, np.array(path), np.array([given.loss(one) for one in path]))


@dataclass(frozen=True, slots=True, eq=False)
class Learning:
    """The same start at three learning rates.

    descents: one each, from the smallest rate; lowest: the lowest mean loss that there is.
    """

    descents: tuple[Descent, ...]
    lowest: float

    @property
    def examples(self) -> Examples:
        """What is learned, the same by all."""
        return self.descents[0].examples

    def difference(self, step: int) -> Difference:
        """How far the three mean gradients after so many steps lie from torch's autograd."""
        pairs = [(one.path[step], self.examples) for one in self.descents]
        ours = np.array([given.gradient(parameters) for parameters, given in pairs])
        theirs = np.array([by_autograd(given, parameters) for parameters, given in pairs])
        return difference(ours, theirs, 1)


def learning(x: tuple[float, ...], y: int, start: tuple[float, ...], rate: float) -> Learning:
    """x, y: the first example; start: w and b; rate: the middle one. ValueError as of the parts."""
    given = examples(x, y)
    descents = tuple(descent(given, start, rate * factor) for factor in FACTORS)
    return Learning(descents, given.loss(given.lowest()))


def by_autograd(given: Examples, parameters: Floats) -> Floats:
    """(input + 1,) → (input + 1,): the mean gradient by torch's autograd, in float64."""
    import torch
    from torch.nn import functional as f

    leaf = torch.tensor(parameters.tolist(), dtype=torch.float64, requires_grad=True)
    z = torch.tensor(given.joined.tolist(), dtype=torch.float64) @ leaf
    signs = torch.tensor((2 * given.y - 1).tolist(), dtype=torch.float64)
    (found,) = torch.autograd.grad(-f.logsigmoid(signs * z).mean(), leaf)
    return np.asarray(found.numpy())
