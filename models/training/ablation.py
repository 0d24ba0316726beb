"""Switching one head off: what the model can do without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from torch import Tensor, nn


@contextmanager
def heads_off(o_proj: nn.Module, heads: Iterable[int], d: int) -> Iterator[None]:
    """While inside, those heads' outputs are zeros on their way into W_O. d: width of a head."""
    places = [column for head in heads for column in range(head * d, (head + 1) * d)]

    def silence(_: nn.Module, inputs: tuple[Any, ...]) -> tuple[Tensor]:
        concat: Tensor = inputs[0].clone()
        concat[..., places] = 0
        return (concat,)

    handle = o_proj.register_forward_pre_hook(silence)
    try:
        yield
    finally:
        handle.remove()


@contextmanager
def all_off(modules: Iterable[tuple[nn.Module, Iterable[int]]], d: int) -> Iterator[None]:
    """The same in several layers at once: (W_O's module, heads) pairs."""
    with ExitStack() as stack:
        for o_proj, heads in modules:
            stack.enter_context(heads_off(o_proj, heads, d))
        yield
