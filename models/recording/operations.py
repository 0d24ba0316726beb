"""The operations of a forward pass, kept with what each was given and gave. Imports torch.

Operations that only move numbers about can be run once more on marks, which say of each number
which one of which projection it was: so nothing about a layout is guessed from names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

APART = 2.0**40  # so far behind each other begin the marks of two projections
_NO_MARK = -1.0  # of a number that no watched projection gave
# Operations that move numbers and compute none; properties (.mT, .real) are called __get__.
_MOVES = frozenset(
    (
        *(
            "view",
            "view_as",
            "reshape",
            "reshape_as",
            "flatten",
            "unflatten",
            "contiguous",
            "clone",
        ),
        *("transpose", "permute", "swapaxes", "swapdims", "movedim", "t", "T", "__get__"),
        *("chunk", "split", "split_with_sizes", "tensor_split", "unbind", "select", "narrow"),
        *("__getitem__", "index_select", "squeeze", "unsqueeze", "expand", "expand_as"),
        *("cat", "concat", "stack", "repeat", "repeat_interleave", "roll", "flip", "pad"),
        *("view_as_complex", "view_as_real"),
    )
)


@dataclass(eq=False)
class Product:
    """One call of one linear layer, y = x·weight + bias. x: (token, in), weight: (in, out).

    parameter: the weight as the model holds it; source: the tensor that x is.
    """

    x: Tensor
    weight: Tensor
    bias: Tensor | None
    y: Tensor
    parameter: Tensor
    source: Tensor


@dataclass(eq=False)
class Step:
    """One operation: `result` is its place-th result, or (None) its only one.

    earlier: what `result` held before another operation wrote over it.
    """

    func: Any
    args: Any
    kwargs: Any
    result: Tensor
    place: int | None
    earlier: list[Tensor] = field(default_factory=list)


class Operations(TorchFunctionMode):
    """What this thread computes from linear layers, and from the heads' outputs.

    paused: nothing is followed for now.
    """

    def __init__(self) -> None:
        super().__init__()
        self.paused = False
        self._steps: dict[int, Step] = {}  # by the id of their results, which it keeps alive
        self._products: dict[int, Product] = {}
        self._heads: Tensor | None = None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if self.paused:
            return func(*args, **kwargs)
        if args and isinstance(args[0], Tensor) and _writes(func.__name__):
            self._keep_apart(args[0])  # perhaps it writes over a projection's numbers (OLMoE)
        result = func(*args, **kwargs)
        product = _linear(func, args, kwargs, result)
        if product is not None:
            self._multiplied(product, result)
        elif isinstance(result, Tensor):
            self._note(Step(func, args, kwargs, result, None))
        elif isinstance(result, (tuple, list)):
            for place, each in enumerate(result):
                if isinstance(each, Tensor):
                    self._note(Step(func, args, kwargs, each, place))
        return result

    def _multiplied(self, product: Product, result: Tensor) -> None:
        """A linear layer was called."""
        self._products[id(result)] = product

    def _forget(self) -> None:
        self._steps.clear()
        self._products.clear()
        self._heads = None

    def _note(self, step: Step) -> None:
        given = [each for each in tensors((step.args, step.kwargs)) if self._knows(each)]
        # What writes over its argument hands that back: no step from a tensor to itself.
        if given and not any(each is step.result for each in given):
            self._steps[id(step.result)] = step

    def _knows(self, tensor: Tensor) -> bool:
        at = id(tensor)
        return at in self._steps or at in self._products or tensor is self._heads

    def _keep_apart(self, written: Tensor) -> None:
        if written.layout is not torch.strided:
            return
        with torch._C.DisableTorchFunction():
            place = written.untyped_storage().data_ptr()
            for product in self._products.values():
                if product.y.untyped_storage().data_ptr() == place:
                    product.y = product.y.clone()
            for step in self._steps.values():
                if step.result.untyped_storage().data_ptr() == place:
                    step.earlier.append(step.result.clone())

    def _behind(self, tensor: Tensor) -> Iterator[Tensor]:
        """A tensor and all that it was computed from, back to the nearest projections."""
        waiting, seen = [tensor], set()
        while waiting:
            here = waiting.pop()
            if id(here) in seen or not self._knows(here):
                continue
            seen.add(id(here))
            yield here
            step = self._steps.get(id(here))
            if step is not None:
                waiting.extend(tensors((step.args, step.kwargs)))

    def _products_of(self, tensor: Tensor) -> list[Product]:
        found = (self._products.get(id(each)) for each in self._behind(tensor))
        return [each for each in found if each is not None]

    def _from_inside(self, product: Product, inside: set[int]) -> bool:
        """Whether a projection was given numbers of another one of the same module."""
        sources = self._products_of(product.source)
        return any(id(each.parameter) in inside for each in sources)

    def _only_moved(self, tensor: Tensor) -> bool:
        steps = (self._steps.get(id(each)) for each in self._behind(tensor))
        return all(step is None or step.func.__name__ in _MOVES for step in steps)

    def _marks(self, tensor: Tensor, known: dict[int, Tensor | None]) -> Tensor | None:
        """(…) of any tensor: which number of which projection each was; None: not known."""
        if id(tensor) not in known:
            known[id(tensor)] = self._marked(tensor, known)
        return known[id(tensor)]

    def _marked(self, tensor: Tensor, known: dict[int, Tensor | None]) -> Tensor | None:
        if tensor is self._heads or id(tensor) in self._products:
            at = 0 if tensor is self._heads else 1 + list(self._products).index(id(tensor))
            marks = torch.arange(tensor.numel(), dtype=torch.float64) + at * APART
            return marks.reshape(tensor.shape)
        step = self._steps.get(id(tensor))
        if step is None:
            return None
        if step.func.__name__ in _MOVES:
            return self._moved(step, known)
        # Number by number: each stays in its place. Of x·cos + turned(x)·sin the first is meant.
        for each in tensors((step.args, step.kwargs)):
            if each.shape == tensor.shape and self._knows(each):
                return self._marks(each, known)
        return None

    def _moved(self, step: Step, known: dict[int, Tensor | None]) -> Tensor | None:
        def marked(value: Any) -> Any:
            if isinstance(value, Tensor) and (value.is_floating_point() or value.is_complex()):
                found = self._marks(value, known) if self._knows(value) else None
                return torch.full(value.shape, _NO_MARK).double() if found is None else found
            if isinstance(value, (tuple, list)):
                return type(value)([marked(each) for each in value])
            return value

        func = Tensor.reshape if step.func.__name__ == "view" else step.func
        try:
            moved = func(*(marked(each) for each in step.args), **step.kwargs)
        except (RuntimeError, TypeError):
            return None
        moved = moved if step.place is None else moved[step.place]
        return moved if moved.shape == step.result.shape else None


def _writes(name: str) -> bool:
    """Whether an operation of this name writes over its first argument: clamp_, x *= y."""
    inplace = ("__setitem__", "__iadd__", "__isub__", "__imul__", "__itruediv__")
    return name in inplace or (name.endswith("_") and not name.endswith("__"))


def _linear(func: Any, args: Any, kwargs: Any, result: Any) -> Product | None:
    """The call of a linear layer, GPT-2's Conv1D among them; None: it is another operation."""
    given = _arguments(func, args, kwargs)
    if given is None or given[1].dim() != 2:
        return None
    source, parameter, bias, turned = given
    with torch._C.DisableTorchFunction():
        weight = parameter.T if turned else parameter
        x = source.reshape(-1, weight.shape[0])
        return Product(x, weight, bias, result, parameter, source)


def _arguments(func: Any, args: Any, kwargs: Any) -> tuple[Tensor, Tensor, Any, bool] | None:
    """x, weight, bias and whether the weight is (out, in), as functional.linear has it."""
    if func is functional.linear:
        names = dict(zip(("input", "weight", "bias"), args, strict=False)) | kwargs
        return names["input"], names["weight"], names.get("bias"), True
    if func in (torch.addmm, Tensor.addmm) and len(args) == 3 and not kwargs:
        return args[1], args[2], args[0], False
    products = (torch.matmul, torch.mm, Tensor.matmul, Tensor.mm, Tensor.__matmul__)
    if func in products and len(args) == 2 and isinstance(args[1], nn.Parameter):
        return args[0], args[1], None, False
    return None


def tensors(value: Any) -> Iterator[Tensor]:
    """All tensors in a call's arguments, in order, each of any shape ()."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, dict):
        yield from tensors(tuple(value.values()))
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from tensors(each)
