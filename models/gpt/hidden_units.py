"""The hidden units of a feed-forward in one pass, and the pass with one of them off. Imports torch.

Nothing is hung onto the shared model: a TorchFunctionMode sees the calls of this thread alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from models.core.arrays import as_numpy
from models.trace import Floats

# Where what is projected stands among the arguments: GPT-2's Conv1D calls addmm.
_GIVEN = {nn.functional.linear: 0, torch.addmm: 1}


class _Units(TorchFunctionMode):
    """Keeps what one matrix projects, and sets one of its columns to 0 before that."""

    def __init__(self, weight: Tensor, off: int | None) -> None:
        super().__init__()
        self.weight, self.off = weight, off
        self.units: Tensor | None = None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        at = _GIVEN.get(func)
        if at is not None and any(one is self.weight for one in args):
            given = args[at]
            self.units = given
            if self.off is not None:
                without = given.clone()
                without[..., self.off] = 0
                args = (*args[:at], without, *args[at + 1 :])
        return func(*args, **(kwargs or {}))


def run(
    model: nn.Module, inputs: Mapping[str, Any], weight: Tensor, off: int | None = None
) -> tuple[Floats, Floats]:
    """One pass → (token, vocabulary) logits, (token, unit) the units that `weight` projects.

    off: the unit that is held at 0 at every token. ValueError: nothing was projected by it.
    """
    watching = _Units(weight, off)
    with torch.inference_mode(), watching:
        logits = model(**inputs).logits[0]
    if watching.units is None:
        raise ValueError("the model has not used this weight")
    units = watching.units
    return as_numpy(logits), as_numpy(units.reshape(-1, units.shape[-1]))


class _Linear(TorchFunctionMode):
    """Hands on what one matrix gives to the next one as it is, whatever is done in between."""

    def __init__(self, pairs: Sequence[tuple[Tensor, Tensor]]) -> None:
        super().__init__()
        self.pairs = pairs
        self.hidden: dict[int, Tensor] = {}
        self.around: dict[int, list[Tensor]] = {}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        at, into, out = _GIVEN.get(func), None, None
        if at is not None:
            for number, (first, last) in enumerate(self.pairs):
                into = number if any(one is first for one in args) else into
                out = number if any(one is last for one in args) else out
        if at is not None and out is not None:
            args = (*args[:at], self.hidden[out], *args[at + 1 :])
        result = func(*args, **(kwargs or {}))
        if at is not None and into is not None:
            self.hidden[into], self.around[into] = result, [args[at]]
        elif out is not None:
            self.around[out].append(result)
        return result


def without_activation(
    model: nn.Module, inputs: Mapping[str, Any], pairs: Sequence[tuple[Tensor, Tensor]]
) -> tuple[Floats, list[tuple[Floats, Floats]]]:
    """One pass → (token, vocabulary) logits; of each pair (token, width) what went into its first
    matrix and what came out of its second.

    pairs: W_in and W_out of layers whose activation is left out. KeyError: one was not used.
    """
    watching = _Linear(pairs)
    with torch.inference_mode(), watching:
        logits = model(**inputs).logits[0]
    sides = [watching.around[number] for number in range(len(pairs))]
    flat = [[as_numpy(part.reshape(-1, part.shape[-1])) for part in both] for both in sides]
    return as_numpy(logits), [(x, y) for x, y in flat]
