"""What a model draws at random while it reads, the same in each pass. Imports torch.

Reformer's hash (Kitaev et al. 2020) seeds the process's one generator and draws from it: what
another thread draws in between would be other buckets. Here it draws from a generator of its own,
seeded in the same way, so with the same numbers.
"""

from __future__ import annotations

from types import MethodType
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode


def settle(module: nn.Module) -> None:
    """Has a module that hashes draw alike each time; of others nothing. Copies keep it."""
    if getattr(module, "hash_seed", 0) is None:  # else each pass would have other buckets
        module.hash_seed = 0  # type: ignore[assignment]
    if hasattr(type(module), "_hash_vectors"):
        module._hash_vectors = MethodType(_hashed, module)  # type: ignore[assignment]


def _hashed(self: Any, *args: Any, **kwargs: Any) -> Any:
    with _Drawn(self.hash_seed):
        return type(self)._hash_vectors(self, *args, **kwargs)


class _Drawn(TorchFunctionMode):
    """This thread's normal numbers, from a generator that nothing else draws from."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._own = torch.Generator().manual_seed(seed)

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = {**(kwargs or {}), "generator": self._own} if func is torch.randn else kwargs or {}
        return func(*args, **given)
