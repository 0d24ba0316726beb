"""Many rows through a recurrent language model at once, every layer's gates with them.

The same as torch's own nn.LSTM or nn.RNN on the same weights (a test holds them together), and
differentiable, so that a training can be asked for gates that are worth looking at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class LayerSteps:
    """One layer's steps, each (row, step, unit). An RNN has only h.

    sums: (row, step, 4·unit) what σ or tanh is taken of, in torch's order i, f, g, o.
    """

    h: Tensor
    i: Tensor | None = None
    f: Tensor | None = None
    g: Tensor | None = None
    o: Tensor | None = None
    sums: Tensor | None = None

    def pushed(self, edge: float) -> Tensor:
        """(excess of |sum| over edge)² of the three gates: how far into their ends they stand."""
        assert self.sums is not None
        i, f, _, o = self.sums.chunk(4, dim=-1)
        return (torch.cat((i, f, o), dim=-1).abs() - edge).relu().square()

    def written(self) -> Tensor:
        """|i·g|: how much each unit adds to its state at each step."""
        assert self.i is not None
        assert self.g is not None
        return (self.i * self.g).abs()

    def state(self) -> Tensor:
        """What a unit keeps: c of an LSTM, h of an RNN."""
        if self.i is None or self.f is None or self.g is None:
            return self.h
        added, kept = (self.i * self.g).unbind(1), self.f.unbind(1)
        c, found = torch.zeros_like(added[0]), []
        for forget, add in zip(kept, added, strict=True):
            c = forget * c + add
            found.append(c)
        return torch.stack(found, dim=1)


def layers(
    module: Any, x: Tensor, between: Callable[[Tensor], Tensor] = lambda h: h
) -> list[LayerSteps]:
    """x: (row, step, in) → each layer, from a state of zeros. between: done to h on its way up.

    h comes from torch's own loop; all steps' gates then from one product, since
    h_{t−1} is known. module: an nn.LSTM or nn.RNN that reads forward, batch first.
    """
    found: list[LayerSteps] = []
    for layer in range(module.num_layers):
        x = between(found[-1].h) if found else x
        found.append(_layer(module, x, layer))
    return found


def _layer(module: Any, x: Tensor, layer: int) -> LayerSteps:
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    weights = [getattr(module, f"{name}_l{layer}") for name in names]
    start = x.new_zeros(1, len(x), module.hidden_size)
    if module.mode != "LSTM":
        return LayerSteps(torch.rnn_tanh(x, start, weights, True, 1, 0.0, True, False, True)[0])
    h = torch.lstm(x, (start, start), weights, True, 1, 0.0, True, False, True)[0]
    w, u, b_x, b_h = weights
    before = torch.cat((torch.zeros_like(h[:, :1]), h[:, :-1]), dim=1)
    sums = x @ w.T + before @ u.T + b_x + b_h
    i, f, g, o = sums.chunk(4, dim=-1)
    return LayerSteps(h, i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid(), sums)
