"""What a recurrent network hands out: all hidden states of its last layer, and each layer's last.

torch's nn.LSTM gives output, (h_n, c_n); Keras's layers ask for the same by return_sequences and
return_state. A backward direction has read everything at the first word: there its last state
stands, not at the last word. Numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.core.arrays import Difference, difference
from models.trace import Floats, RecurrentTrace


@dataclass(frozen=True, slots=True, eq=False)
class Returned:
    """output: (step, direction·unit) torch's own of the last layer; h: (row, step, unit) of every
    layer and direction, a row each in torch's order (layer 0 forward, layer 0 backward …).

    h_n, c_n: (row, unit) torch's own last states; c_n is None without a cell state.
    directions: 1 or 2. ValueError: arrays that do not fit each other.
    """

    output: Floats
    h: Floats
    h_n: Floats
    c_n: Floats | None
    directions: int

    def __post_init__(self) -> None:
        rows, steps, units = self.h.shape
        if self.output.shape != (steps, self.directions * units):
            raise ValueError(f"an output of {self.output.shape} beside {self.h.shape}")
        if self.h_n.shape != (rows, units):
            raise ValueError(f"last states of {self.h_n.shape} beside {self.h.shape}")

    @property
    def units(self) -> int:
        """How many units a direction has."""
        return int(self.h.shape[2])

    @property
    def steps(self) -> int:
        """How many words were read."""
        return int(self.h.shape[1])

    @property
    def layers(self) -> int:
        """How many layers there are."""
        return int(self.h.shape[0]) // self.directions

    def backward(self, row: int) -> bool:
        """Whether that row reads from the end."""
        return self.directions == 2 and row % 2 == 1

    def end(self, row: int) -> int:
        """The place at which that row has read everything: the last word, or the first."""
        return 0 if self.backward(row) else self.steps - 1

    def in_output(self, row: int) -> bool:
        """Whether that row is of the last layer, all of whose states are handed out."""
        return row >= len(self.h) - self.directions

    def part(self, row: int) -> Floats:
        """(step, unit): that row's half of `output`. ValueError: of a layer below the last."""
        if not self.in_output(row):
            raise ValueError(f"row {row} is of a layer below the last")
        first = self.units * (row % self.directions)
        return self.output[:, first : first + self.units]

    def deviation(self, row: int, step: int) -> Difference:
        """How far the state computed here at that step lies from torch's h_n, over its units."""
        return difference(self.h[row, step], self.h_n[row])


def returned(trace: RecurrentTrace) -> Returned:
    """A recording as what it handed out. ValueError: it was recorded without torch's own."""
    if trace.output is None or not trace.final:
        raise ValueError("recorded without torch's own output")
    both = 2 if trace.layers[0].backward else 1
    h = [part for layer in trace.layers for part in np.split(layer.h, both, axis=1)]
    last = [np.concatenate([np.split(part, both) for part in kept]) for kept in _kinds(trace)]
    c_n = last[1] if len(last) > 1 else None
    return Returned(trace.output, np.stack(h), last[0], c_n, both)


def _kinds(trace: RecurrentTrace) -> list[tuple[Floats, ...]]:
    """h of all layers, then c where there is one."""
    return list(zip(*trace.final, strict=True))
