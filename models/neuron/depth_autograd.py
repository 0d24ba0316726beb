"""The same stacks of blocks by torch: its linear, its layer_norm and its autograd."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.core.arrays import Difference, difference, largest
from models.neuron.depth import EPSILON, WIDTH, Stack, StackComparison, weights
from models.trace import Floats


def check(found: StackComparison) -> Difference:
    """The largest difference of the four stacks, of signal and gradient, each layer by itself."""
    return largest(each for one in found.stacks.values() for each in differences(one))


def gradient_check(found: Stack) -> Difference:
    """How far a stack's gradients lie from torch's, each layer by itself."""
    return differences(found)[1]


def differences(found: Stack) -> tuple[Difference, Difference]:
    """Of x and of ∂L/∂x, each layer by itself."""
    x, gradient = by_torch(found)
    return difference(found.x, x, 1), difference(found.gradient, gradient, 1)


def by_torch(found: Stack) -> tuple[Floats, Floats]:
    """(block + 1, width) twice: x and ∂L/∂x of every layer, in float64."""
    import torch
    from torch.nn import functional as f

    given = weights(found.seed, found.depth, found.start)
    x, r, ws, vs = (torch.tensor(part) for part in (given.x, given.r, given.w, given.v))
    bend = torch.tanh if found.bend == "tanh" else torch.relu
    xs = [x.requires_grad_()]
    for w, v in zip(ws, vs, strict=True):
        normed = f.layer_norm(xs[-1], (WIDTH,), eps=EPSILON) if found.normed else xs[-1]
        block = f.linear(bend(f.linear(normed, w)), v)
        xs.append(xs[-1] + block if found.path else block)
    slopes = torch.autograd.grad(xs[-1] @ r, xs)
    return _rows(xs), _rows(slopes)


def _rows(layers: Any) -> Floats:
    return np.array([one.detach().numpy() for one in layers])
