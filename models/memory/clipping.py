"""Clipping a gradient by its norm, and what one step of gradient descent does with and without it.

The trained RNN with a rotation · gain in the place of its U, on a batch of the memory task: the
loss is the mean cross-entropy of the first symbol. g → g · min(1, c / ‖g‖), ‖g‖ over all parameters
(Pascanu, Mikolov and Bengio 2013, *On the difficulty of training recurrent neural networks*,
algorithm 1; torch adds 1e-6 to the norm). Gradients by torch's autograd, in float64.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from models.catalog import load
from models.core.arrays import Difference, difference, largest
from models.memory.gradients import NETWORKS, drawn, network
from models.memory.products import matrix
from models.memory.steps import EPSILON, PARTS, ClippedStep, Nonlinearity
from models.trace import read_only

DISTRACTORS, TEXTS = 20, 64
RATE = 0.1  # η of the one step
_POINTS = 40  # of the loss along the step


@cache
def _batch() -> Any:
    """(text, n): the ids of TEXTS texts, the page's own first."""
    import torch

    encode = load(NETWORKS["rnn"]).encode
    return torch.tensor([encode(drawn(DISTRACTORS, draw)).ids for draw in range(TEXTS)])


def _changed(gain: float, seed: int) -> dict[str, Any]:
    """Parameters by torch's names, U a rotation · gain; leaves of the graph."""
    import torch

    weights = dict(network("rnn", seed).named_parameters())
    u = weights["recurrent.weight_hh_l0"].numpy()
    rotated = torch.from_numpy(matrix("rotation", u, gain).copy())
    kept = {**weights, "recurrent.weight_hh_l0": rotated}
    return {name: kept[name].detach().clone().requires_grad_() for name in PARTS}


def _loss(parts: Mapping[str, Any], nonlinearity: Nonlinearity) -> tuple[Any, list[Any]]:
    """The batch's mean loss, and h of every step: (text, unit) each."""
    import torch

    bend = torch.tanh if nonlinearity == "tanh" else torch.relu
    ids = _batch()
    e, w, u, b, b2, v, c = (parts[name] for name in PARTS)
    driven = e[ids] @ w.T + b + b2
    h, states = torch.zeros(len(ids), len(u), dtype=u.dtype), []
    for t in range(ids.shape[1]):
        h = bend(driven[:, t] + h @ u.T)
        states.append(h)
    return torch.nn.functional.cross_entropy(h @ v.T + c, ids[:, 0]), states


def clipped_step(
    nonlinearity: Nonlinearity, gain: float, most: float, seed: int, rate: float = RATE
) -> ClippedStep:
    """The gradient and the step; most: c, the largest norm; rate: η."""
    import torch

    parts = _changed(gain, seed)
    loss, states = _loss(parts, nonlinearity)
    found = torch.autograd.grad(loss, [*parts.values(), *states])
    gradients = dict(zip(PARTS, found, strict=False))
    norms = {name: float(torch.linalg.vector_norm(g)) for name, g in gradients.items()}
    norm = sum(size * size for size in norms.values()) ** 0.5
    factor = min(1.0, most / (norm + EPSILON))

    def at(distance: float) -> float:
        with torch.inference_mode():
            moved = {name: parts[name] - distance / norm * gradients[name] for name in PARTS}
            return float(_loss(moved, nonlinearity)[0])

    ends = rate * norm, rate * norm * factor
    along = np.geomspace(min(ends) / 30, max(ends) * 2, _POINTS)
    of_u = gradients["recurrent.weight_hh_l0"].numpy()
    row, column = np.unravel_index(int(np.abs(of_u).argmax()), of_u.shape)
    by_step = [float(torch.linalg.vector_norm(g)) for g in found[len(PARTS) :]]
    return ClippedStep(
        nonlinearity,
        gain,
        most,
        seed,
        norms,
        read_only(np.array(by_step[::-1])),
        float(of_u[row, column]),
        (int(row), int(column)),
        float(loss.detach()),
        read_only(along),
        read_only(np.array([at(distance) for distance in along])),
        at(ends[0]),
        at(ends[1]),
    )


def check(step: ClippedStep) -> Difference:
    """Against torch.nn.utils.clip_grad_norm_: the norm before, and every clipped number after.

    The gradient is computed anew by torch's own nn.RNN, not by the loop above.
    """
    import torch

    parts = _changed(step.gain, step.seed)
    units, width = len(parts["recurrent.weight_hh_l0"]), parts["embedding.weight"].shape[1]
    rnn: Any = torch.nn.RNN(
        width, units, nonlinearity=step.nonlinearity, batch_first=True, dtype=torch.float64
    )
    own = {name.removeprefix("recurrent."): part for name, part in parts.items()}
    rnn.load_state_dict({name: own[name].detach() for name in rnn.state_dict()})
    e, v, c = (parts[n] for n in ("embedding.weight", "lm_head.weight", "lm_head.bias"))
    ids = _batch()
    logits = rnn(e[ids])[1][0] @ v.T + c
    loss: Any = torch.nn.functional.cross_entropy(logits, ids[:, 0])
    loss.backward()
    every = [e, *rnn.parameters(), v, c]
    ours = np.array([step.norm, step.norms["recurrent.weight_hh_l0"] * step.factor])
    ours = np.append(ours, [step.clipped, step.number * step.factor])
    before = float(torch.nn.utils.clip_grad_norm_(every, step.most))
    clipped = rnn.weight_hh_l0.grad
    after = sum(float(one.grad.square().sum()) for one in every if one.grad is not None) ** 0.5
    theirs = [before, float(torch.linalg.vector_norm(clipped)), after, float(clipped[step.place])]
    return largest(difference(a, b) for a, b in zip(ours, theirs, strict=True))
