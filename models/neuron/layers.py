"""Two layers with nothing between them: one matrix does the same. numpy only, float64.

W₂(W₁x) = (W₂W₁)x; with an activation between them in general no single matrix does what they do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.core.arrays import Difference, Floats, difference
from models.neuron.unit import Function

SECOND = ((1.0, -2.0),)  # (1, 2): the second layer of the example


@dataclass(frozen=True, slots=True, eq=False)
class TwoLayers:
    """x: (input,); first: (hidden, input); second: (output, hidden); function: between them."""

    x: Floats
    first: Floats
    second: Floats
    function: Function

    @property
    def hidden(self) -> Floats:
        """(hidden,): W₁x."""
        return self.first @ self.x

    @property
    def output(self) -> Floats:
        """(output,): layer by layer, nothing between them."""
        return self.second @ self.hidden

    @property
    def product(self) -> Floats:
        """(output, input): W₂W₁."""
        return self.second @ self.first

    @property
    def at_once(self) -> Floats:
        """(output,): (W₂W₁)x, by the one matrix."""
        return self.product @ self.x

    @property
    def singly(self) -> bool:
        """The function takes each unit by itself; a softmax would be one over the whole layer."""
        return self.function.name != "softmax"

    @property
    def active(self) -> Floats:
        """(hidden,): f(W₁x). ValueError: the function does not take each unit by itself."""
        if not self.singly:
            raise ValueError(f"{self.function.name} does not take each unit by itself")
        return self.function.value(self.hidden)

    @property
    def bent(self) -> Floats:
        """(output,): W₂f(W₁x). ValueError as of `active`."""
        return self.second @ self.active

    def difference(self) -> Difference:
        """How far layer by layer lies from the one matrix."""
        size = np.abs(self.second) @ np.abs(self.first) @ np.abs(self.x)
        return difference(self.output, self.at_once, among=size)


def two_layers(x: tuple[float, ...], w: tuple[float, ...], function: Function) -> TwoLayers:
    """x, w: of a unit of two inputs (input,); beside it in the first layer stands one with the
    weights exchanged, behind both `SECOND`. ValueError: not two inputs and two weights."""
    if len(x) != 2 or len(w) != 2:
        raise ValueError(f"{len(x)} inputs and {len(w)} weights are not two of each")
    return TwoLayers(np.array(x), np.array([w, w[::-1]]), np.array(SECOND), function)
