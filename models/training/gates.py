"""Many rows through a recurrent language model at once, every layer's gates with them.

The same as torch's own nn.LSTM, nn.GRU or nn.RNN on the same weights (a test holds them together),
and differentiable, so that a training can be asked for gates that are worth looking at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class LayerSteps:
    """One layer's steps, each (row, step, unit). An RNN has only h, a GRU h, r, z and n.

    sums: (row, step, gate·unit) what σ is taken of: an LSTM's i, f, o, a GRU's r, z.
    """

    h: Tensor
    i: Tensor | None = None
    f: Tensor | None = None
    g: Tensor | None = None
    o: Tensor | None = None
    r: Tensor | None = None
    z: Tensor | None = None
    n: Tensor | None = None
    sums: Tensor | None = None

    @property
    def gated(self) -> bool:
        """It has gates: no plain RNN."""
        return self.sums is not None

    def pushed(self, edge: float) -> Tensor:
        """(excess of |sum| over edge)² of all gates: how far into their ends they stand."""
        assert self.sums is not None
        return (self.sums.abs() - edge).relu().square()

    def written(self) -> Tensor:
        """|i·g|, or |(1 − z)·n|: how much each unit adds to its state at each step."""
        if self.z is not None and self.n is not None:
            return ((1 - self.z) * self.n).abs()
        assert self.i is not None
        assert self.g is not None
        return (self.i * self.g).abs()

    def state(self) -> Tensor:
        """What a unit keeps: c of an LSTM, h of a GRU or an RNN."""
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
    h_{t−1} is known. module: an nn.LSTM, nn.GRU or nn.RNN that reads forward, batch first.
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
    rest = (weights, True, 1, 0.0, True, False, True)
    if module.mode == "RNN_TANH":
        return LayerSteps(torch.rnn_tanh(x, start, *rest)[0])
    if module.mode == "GRU":
        return _gru(torch.gru(x, start, *rest)[0], x, *weights)
    return _lstm(torch.lstm(x, (start, start), *rest)[0], x, *weights)


def _lstm(h: Tensor, x: Tensor, w: Tensor, u: Tensor, b_x: Tensor, b_h: Tensor) -> LayerSteps:
    i, f, g, o = (x @ w.T + _before(h) @ u.T + b_x + b_h).chunk(4, dim=-1)
    sums = torch.cat((i, f, o), dim=-1)
    return LayerSteps(h, i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid(), sums=sums)


def _gru(h: Tensor, x: Tensor, w: Tensor, u: Tensor, b_x: Tensor, b_h: Tensor) -> LayerSteps:
    of_x, of_h = (x @ w.T + b_x).chunk(3, dim=-1), (_before(h) @ u.T + b_h).chunk(3, dim=-1)
    r, z = (of_x[at] + of_h[at] for at in (0, 1))
    n = (of_x[2] + r.sigmoid() * of_h[2]).tanh()
    return LayerSteps(h, r=r.sigmoid(), z=z.sigmoid(), n=n, sums=torch.cat((r, z), dim=-1))


def _before(h: Tensor) -> Tensor:
    """(row, step, unit): each step's h_{t−1}, zeros at the first."""
    return torch.cat((torch.zeros_like(h[:, :1]), h[:, :-1]), dim=1)
