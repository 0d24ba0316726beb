"""One step of a gradient back through an RNN, and one clipped step downhill. Numpy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.trace import Floats, read_only

Nonlinearity = Literal["tanh", "relu"]  # torch.nn.RNN's own word
EPSILON = 1e-6  # what clip_grad_norm_ adds to the norm
# torch's names → the letters of the sums; both biases of the cell get the same gradient.
PARTS: Mapping[str, str] = {
    "embedding.weight": "E",
    "recurrent.weight_ih_l0": "W",
    "recurrent.weight_hh_l0": "U",
    "recurrent.bias_ih_l0": "b",
    "recurrent.bias_hh_l0": "b'",
    "lm_head.weight": "V",
    "lm_head.bias": "b_V",
}


@dataclass(frozen=True, slots=True, eq=False)
class StepBack:
    """The last step of ∂(p·h_n)/∂h on its way back; p: the direction that is stretched most.

    g = ∂(p·h_n)/∂h_k arrives, Uᵀ(f′(a_k) ⊙ g) = ∂(p·h_n)/∂h_{k−1} comes out, and ‖…‖ of that is
    the whole product's norm. p, a, slopes, arriving, leaving: (unit,); u: (unit, unit); opened:
    the unit whose number is largest.
    """

    u: Floats
    p: Floats
    a: Floats
    slopes: Floats
    arriving: Floats
    leaving: Floats

    @property
    def opened(self) -> int:
        """Which number of `leaving` is the largest in size."""
        return int(np.abs(self.leaving).argmax())

    @property
    def terms(self) -> Floats:
        """(unit,): U_ij f′(a_i) g_i of that number j."""
        return read_only(self.u[:, self.opened] * self.slopes * self.arriving)

    @property
    def off(self) -> int:
        """How many units let nothing through: f′ = 0."""
        return int((self.slopes == 0).sum())


@dataclass(frozen=True, slots=True, eq=False)
class ClippedStep:
    """One gradient, and the step along it.

    norms: torch's name of a part → ‖g‖ of it; by_step: (step,) ‖∂L/∂h_{n−t}‖ of the batch by t;
    number: the largest of U's gradient; place: its (row, column); loss: before the step; along:
    (point,) distances from there against the gradient, losses: (point,) there; after_plain,
    after_clipped: the loss behind the step without and with clipping.
    """

    nonlinearity: Nonlinearity
    gain: float
    most: float
    seed: int
    norms: Mapping[str, float]
    by_step: Floats
    number: float
    place: tuple[int, int]
    loss: float
    along: Floats
    losses: Floats
    after_plain: float
    after_clipped: float

    @property
    def key(self) -> tuple[object, ...]:
        """Everything that it was computed from."""
        return (self.nonlinearity, self.gain, self.most, self.seed)

    @property
    def norm(self) -> float:
        """‖g‖: the root of the sum of the parts' squares."""
        return float(np.sqrt(sum(size * size for size in self.norms.values())))

    @property
    def factor(self) -> float:
        """min(1, c / (‖g‖ + 1e-6)): what all of g is multiplied with."""
        return min(1.0, self.most / (self.norm + EPSILON))

    @property
    def clipped(self) -> float:
        """The norm after clipping."""
        return self.norm * self.factor

    @property
    def far(self) -> float:
        """The first symbol's share: ‖∂L/∂h‖ at the first step ÷ at the last; clipping keeps it."""
        return float(self.by_step[-1] / self.by_step[0])
