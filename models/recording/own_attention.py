"""Attention of families that have one of their own: seen in the operations that it is made of.

Their code hands nothing to an interface, but it multiplies queries by keys, adds what it adds,
and gives a softmax to the values. What is not understood on that way raises. Imports torch.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from models.errors import NotCapturable
from models.recording.score_sum import ScoreSum, chosen, followed

_PRODUCTS = ("matmul", "bmm", "einsum", "baddbmm")
# What a softmax goes through on its way to the values, changed by none of it while not training.
_UNCHANGED = ("dropout", "to", "type_as", "type", "view", "reshape", "float", "contiguous")
_SUMS = ("add", "iadd", "radd")
_CLOSE = 1e-4  # of weights, which are at most 1


@dataclass(eq=False)
class Weights:
    """The scores' softmax, as the model computed it."""

    scores: ScoreSum
    values: Tensor


@dataclass(eq=False)
class ComputedAttention:
    """One attention: v (1, kv_head, key, dv); output (1, query, head, dv).

    product: the same numbers as the model goes on with them, the output's axes in this order.
    """

    module: nn.Module
    scores: ScoreSum
    v: Tensor
    output: Tensor
    product: Tensor
    order: tuple[int, ...]


class OwnAttention(TorchFunctionMode):
    """Calls `keep` with each attention of this thread's forward pass, where it is not `paused`."""

    def __init__(self, keep: Callable[[ComputedAttention], None]) -> None:
        super().__init__()
        self._keep, self.paused = keep, False
        self._addends: dict[int, tuple[Tensor, list[Tensor]]] = {}  # of what was added up, as above
        self._known: dict[int, tuple[Tensor, ScoreSum | Weights]] = {}  # by id, and kept alive

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        if isinstance(result, Tensor) and args and not self.paused:
            self._note_sum(func.__name__.strip("_"), args, result)
            found = self._see(func.__name__.strip("_"), args, kwargs, result)
            self._known.pop(id(result), None)
            if found is not None:
                self._known[id(result)] = result, found
        return result

    def _note_sum(self, name: str, args: Any, result: Tensor) -> None:
        """DeBERTa adds its two terms to each other first: they stay two."""
        parts = [part for each in args for part in self._parts(each)]
        written_over = any(part is result for part in parts)  # by the sum itself
        self._addends.pop(id(result), None)
        if written_over:
            return
        if name in _SUMS and result.dim() >= 3 and not any(self._of(each) for each in args):
            self._addends[id(result)] = result, parts

    def _parts(self, value: Any) -> list[Tensor]:
        if not isinstance(value, Tensor):
            return []
        known = self._addends.get(id(value))
        return known[1] if known is not None and known[0] is value else [value]

    def _of(self, value: Any) -> Any:
        known = self._known.get(id(value)) if isinstance(value, Tensor) else None
        return None if known is None or known[0] is not value else known[1]

    def _see(self, name: str, args: Any, kwargs: Any, result: Tensor) -> ScoreSum | Weights | None:
        if name in _PRODUCTS:
            return self._product(name, args, kwargs, result)
        if name == "where" and len(args) == 3:
            scores = self._of(args[1])
            return chosen(args[0], scores, args[2]) if isinstance(scores, ScoreSum) else None
        first = self._of(args[0])
        if isinstance(first, Weights):
            same = result.shape[-2:] == first.values.shape[-2:]
            return Weights(first.scores, result) if name in _UNCHANGED and same else None
        if isinstance(first, ScoreSum):
            if name == "softmax":
                return self._softmax(first, result)
            if result is args[0] and name in ("clamp", "max", "dropout"):
                return None
            if name in _SUMS and len(args) == 2 and not kwargs:
                for part in self._parts(args[1]):
                    first = first.plus(part)
                return first
            return followed(first, name, args, kwargs, result)
        if name in ("add", "mul") and len(args) == 2 and isinstance(self._of(args[1]), ScoreSum):
            return followed(self._of(args[1]), name, args[::-1], kwargs, result)
        return None

    def _product(self, name: str, args: Any, kwargs: Any, result: Tensor) -> ScoreSum | None:
        parts = _operands(name, args, kwargs)
        if parts is None:
            return None
        a, b, order = parts
        weights = self._of(a)
        if isinstance(weights, Weights):
            self._record(weights, b, result, order)
            return None
        return _scores(name, a, b, order, args, kwargs)

    def _softmax(self, scores: ScoreSum, result: Tensor) -> Weights:
        return Weights(scores, result)

    def _record(self, weights: Weights, v: Tensor, result: Tensor, order: str | None) -> None:
        values, heads = _values(v, result, order)
        if not _fits(weights, values):
            raise NotCapturable("its softmax is not that of the scores that were seen")
        self._known.clear()
        self._addends.clear()
        with torch._C.DisableTorchFunction():
            turned = heads.transpose(1, 2)
            output = turned.contiguous().clone()  # Nyströmformer adds to it in place afterwards
            axes = tuple(sorted(range(4), key=turned.stride, reverse=True))
        self._keep(ComputedAttention(_module(), weights.scores, values, output, result, axes))


def _fits(weights: Weights, v: Tensor) -> bool:
    """Whether q, k and all that was added give the model's own softmax."""
    scores = weights.scores
    if not scores.settled or v.shape[-2] != scores.k.shape[-2]:
        return False
    with torch._C.DisableTorchFunction():
        total = summed(scores)
        made = total.softmax(-1)
        own = weights.values.reshape(made.shape) if made.numel() == weights.values.numel() else None
        return own is not None and bool((made - own).abs().max() <= _CLOSE)


def summed(scores: ScoreSum) -> Tensor:
    """(1, head, query, key): the scores, the smallest number where a cell is hidden."""
    group = scores.q.shape[1] // scores.k.shape[1]
    k = scores.k.repeat_interleave(group, 1)
    total = scores.q @ k.transpose(-1, -2) * scores.factor
    for each in scores.scaled:
        total = total + heads_of(each.values) * (scores.factor / each.factor)
    for each in scores.added:
        total = total + heads_of(each.values)
    if scores.hidden is None:
        return total
    return total.masked_fill(heads_of(scores.hidden), torch.finfo(total.dtype).min)


def heads_of(tensor: Tensor) -> Tensor:
    """(…, row, column) → (1, head or 1, row, column)."""
    while tensor.dim() < 4:
        tensor = tensor.unsqueeze(0)
    return tensor


def _operands(name: str, args: Any, kwargs: Any) -> tuple[Tensor, Tensor, str | None] | None:
    """The two factors of a product, and of an einsum its letters; None: it is none of these."""
    if name == "einsum":
        parts = args[1] if len(args) == 2 and isinstance(args[1], (list, tuple)) else args[1:]
        return (*parts, args[0].replace(" ", "")) if len(parts) == 2 else None
    if name == "baddbmm":
        a, b = kwargs.get("batch1", *args[1:2]), kwargs.get("batch2", *args[2:3])
        return a, b, None
    other = args[1] if len(args) > 1 else kwargs.get("other", kwargs.get("mat2"))
    return (args[0], other, None) if isinstance(other, Tensor) else None


def _scores(
    name: str, a: Tensor, b: Tensor, order: str | None, args: Any, kwargs: Any
) -> ScoreSum | None:
    """A product of two tensors as queries by keys; None: it can be none."""
    if order is not None:
        laid = _laid_out(a, b, order)
        return None if laid is None else ScoreSum(*laid)
    plain = any(isinstance(each, nn.Parameter) or not 3 <= each.dim() <= 4 for each in (a, b))
    if plain or heads_of(a).shape[0] != 1 or heads_of(b).shape[0] != 1:
        return None
    q, k = heads_of(a), heads_of(b.transpose(-1, -2))
    if q.shape[1] % k.shape[1]:
        return None
    if name != "baddbmm":
        return ScoreSum(q, k)
    alpha, beta = float(kwargs.get("alpha", 1)), float(kwargs.get("beta", 1))
    return ScoreSum(q, k).times(alpha).plus(args[0] * beta)


def _laid_out(a: Tensor, b: Tensor, order: str) -> tuple[Tensor, Tensor] | None:
    """q and k (1, head, token, d) of an einsum that ends in (…, query, key)."""
    given, out = order.split("->")
    one, other = given.split(",")
    summed_over = (set(one) & set(other)) - set(out)
    i, j, before = out[-2], out[-1], out[:-2]
    if len(summed_over) != 1 or len(before) != 2 or i not in one or j not in other:
        return None
    d = summed_over.pop()
    if set(one) != {*before, i, d} or set(other) != {*before, j, d}:
        return None
    return _turned(a, one, before + i + d), _turned(b, other, before + j + d)


def _values(v: Tensor, result: Tensor, order: str | None) -> tuple[Tensor, Tensor]:
    """v (1, kv_head, key, dv) and the output (1, head, query, dv) of weights·v."""
    if order is None:
        return heads_of(v), heads_of(result)
    given, out = order.split("->")
    one, other = given.split(",")
    before, i, j = one[:-2], one[-2], one[-1]
    d = next(letter for letter in out if letter not in one)
    return _turned(v, other, before + j + d), _turned(result, out, before + i + d)


def _turned(tensor: Tensor, letters: str, wanted: str) -> Tensor:
    return tensor.permute([letters.index(letter) for letter in wanted])


def _module() -> nn.Module:
    """Whose code multiplies here: the nearest module up the stack."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        own = frame.f_locals.get("self")
        if isinstance(own, nn.Module):
            return own
        frame = frame.f_back
    raise NotCapturable("no module computes this attention")
