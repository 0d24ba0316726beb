"""The same networks once more in torch: its own layers, its own loss, its own gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.core.arrays import Difference, difference
from models.neuron.xor import LABELS, POINTS, Network, Training, gradient


@dataclass(frozen=True, slots=True)
class AutogradCheck:
    """How far ours lie from torch's: the four outputs, and the gradient of every weight."""

    outputs: Difference
    gradient: Difference


def check(trained: Training, step: int) -> AutogradCheck:
    """One step's network as torch.nn layers in float64, once forward and once back."""
    import torch

    at = trained.at(step)
    layers, reads = _layers(at), torch.tensor(POINTS.copy())
    z = layers(reads)[:, 0]
    torch.nn.BCEWithLogitsLoss()(z, torch.tensor(LABELS.copy())).backward()
    theirs = np.concatenate([one.grad.numpy().ravel() for one in layers.parameters()])
    outputs = torch.sigmoid(z).detach().numpy()
    # A gradient is what is left of terms of this size, and rounds by theirs.
    terms = float(np.abs(trained.outputs[step] - LABELS).max())
    return AutogradCheck(
        difference(trained.outputs[step], outputs),
        difference(_flat(gradient(trained, step)), theirs, least=terms),
    )


def _layers(at: Network) -> Any:
    import torch

    bends = {"sigmoid": torch.nn.Sigmoid, "tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}
    parts: list[Any] = []
    if at.hidden != "none":
        parts = [_linear(at.w, at.b), bends[at.hidden]()]
    return torch.nn.Sequential(*parts, _linear(at.v[None], np.array([at.c])))


def _linear(weight: Any, bias: Any) -> Any:
    import torch

    layer = torch.nn.Linear(weight.shape[1], weight.shape[0], dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(weight.copy()))
        layer.bias.copy_(torch.tensor(bias.copy()))
    return layer


def _flat(slopes: Network) -> Any:
    """In the order of torch's parameters; without a hidden layer its part is empty."""
    return np.concatenate([slopes.w.ravel(), slopes.b, slopes.v, [slopes.c]])
