"""What goes into and comes out of a model's named layers in one forward pass. Imports torch.

Nothing is hung onto the shared model: a TorchFunctionMode sees the calls of this thread alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

# What each kind of layer calls, and where its weight stands among the arguments.
_FUNCTIONS: tuple[tuple[type[nn.Module], Any, int], ...] = (
    (nn.Linear, functional.linear, 1),
    (nn.Embedding, functional.embedding, 1),
    (nn.LayerNorm, functional.layer_norm, 2),
)
_WEIGHT_AT = {function: at for _, function, at in _FUNCTIONS}


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One call of one layer: its first argument, and what it gave."""

    given: Tensor
    gave: Tensor


class _CallRecorder(TorchFunctionMode):
    """Keeps every layer's last call, found by its function and the weight that it computes with.

    By both: the words' table is often the last layer's weight, too.
    """

    def __init__(self, layers: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.names = {(_function(one), id(one.weight)): name for name, one in layers.items()}
        self.calls: dict[str, Call] = {}

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        gave = func(*args, **kwargs)
        at = _WEIGHT_AT.get(func)
        if at is not None:
            weight = args[at] if len(args) > at else kwargs.get("weight")
            name = self.names.get((func, id(weight)))
            if name is not None:
                self.calls[name] = Call(args[0] if args else kwargs["input"], gave)
        return gave


def _function(layer: nn.Module) -> Any:
    for kind, function, _ in _FUNCTIONS:
        if isinstance(layer, kind):
            return function
    raise ValueError(f"{type(layer).__name__} is none of the layers that can be watched")


def forward(
    model: nn.Module, inputs: Mapping[str, Any], layers: Mapping[str, nn.Module], **options: Any
) -> tuple[Any, dict[str, Call]]:
    """One pass: the model's answer, and each of those layers' last call (those that were made).

    layers: name → nn.Linear, nn.Embedding or nn.LayerNorm. ValueError: another kind of layer.
    """
    recorder = _CallRecorder(layers)
    with torch.inference_mode(), recorder:
        answer = model(**inputs, **options)
    return answer, recorder.calls
