"""The same step back by torch: its own nn.RNN, run on from a state, and its autograd."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.core.arrays import Difference, difference
from models.memory.gradients import Gradients
from models.memory.products import Kind, inputs, step_back
from models.memory.steps import Nonlinearity, StepBack
from models.trace import Floats


def by_torch(found: Gradients, step: StepBack, kind: Nonlinearity, distance: int) -> Floats:
    """(unit,): ∂(p·h_n)/∂h_{n−t}, t = distance, in float64."""
    import torch

    units = len(step.u)
    rnn: Any = torch.nn.RNN(units, units, nonlinearity=kind, bias=False, dtype=torch.float64)
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(torch.eye(units))
        rnn.weight_hh_l0.copy_(torch.from_numpy(step.u.copy()))
    driven: Any = torch.from_numpy(inputs(found))[:, None]
    start = len(driven) - distance
    with torch.no_grad():
        state = rnn(driven[:start])[1]
    state.requires_grad_()
    last = rnn(driven[start:], state)[1][0, 0]
    (gradient,) = torch.autograd.grad(last @ torch.from_numpy(step.p.copy()), state)
    return np.asarray(gradient[0, 0].numpy())


def check(
    found: Gradients, kind: Kind, sigma: float | None, activation: Nonlinearity, distance: int
) -> Difference:
    """How far the (unit,) gradient that leaves products.step_back lies from torch's."""
    step = step_back(found, kind, sigma, activation, distance)
    return difference(step.leaving, by_torch(found, step, activation, distance))
