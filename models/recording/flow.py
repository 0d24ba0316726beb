"""Where q, k and v come from in a forward pass, and where the heads' outputs go. Imports torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from models.recording.operations import APART, Operations, Product, Step, tensors

_MOST_BETWEEN = 32  # steps between a projection and attention that are looked at


@dataclass(eq=False)
class Origin:
    """Where q, k or v comes from: a linear layer's columns, in the order of attention's heads.

    x: (token, in), weight: (in, head·d), bias: (head·d,). before: (token, head·d) what the layer
    gave, as the model itself cut it; used: the same place's numbers as they entered attention.
    between: the same numbers on their way, in order. latent: x is itself a projection's.
    """

    x: Tensor
    weight: Tensor
    bias: Tensor | None
    before: Tensor
    between: list[Tensor]
    used: Tensor
    latent: bool


@dataclass(eq=False)
class Outcome:
    """What the heads' outputs became. given: (token, head·dv) what W_O was really given, by head.

    weight: (head·dv, out). between: the outputs on their way, in order; factors: what they were
    multiplied by number by number and that does not come from them; before_factors: of which each
    factor is the sigmoid, None: of nothing that was seen. All (token, head·dv).
    """

    weight: Tensor
    bias: Tensor | None
    given: Tensor
    projected: Tensor
    between: list[Tensor]
    factors: list[Tensor]
    before_factors: list[Tensor | None]


class Flow(Operations):
    """The operations of one forward pass, from the last attention on."""

    def __init__(self) -> None:
        super().__init__()
        self._outcome: Outcome | None = None
        self._sigmoids: dict[int, Step] = {}  # since the heads gave, by the id of their results

    def _note(self, step: Step) -> None:
        # A gate comes from no head, and so from nothing that is followed.
        if self._heads is not None and step.func.__name__ == "sigmoid":
            self._sigmoids[id(step.result)] = step
        super()._note(step)

    def _forget(self) -> None:
        self._sigmoids.clear()
        super()._forget()

    def _multiplied(self, product: Product, result: Tensor) -> None:
        if self._is_output(product):
            self._outcome = self._projected_out(product)
        else:
            super()._multiplied(product, result)

    def origin(self, used: Tensor, module: nn.Module) -> Origin | None:
        """q, k or v (1, head, token, d) of an attention module; None: not understood."""
        with torch._C.DisableTorchFunction():
            return self._origin(used, {id(own) for own in module.parameters()})

    def is_latent(self, used: Tensor, module: nn.Module) -> bool:
        """Whether a projection behind it was given another one's numbers of this module (MLA)."""
        with torch._C.DisableTorchFunction():
            inside = {id(own) for own in module.parameters()}
            return any(self._from_inside(made, inside) for made in self._products_of(used))

    def heads_give(
        self, output: Tensor, product: Tensor | None = None, order: tuple[int, ...] = ()
    ) -> None:
        """From here on it is watched what becomes of the heads' outputs (1, token, head, dv).

        product: what the model goes on with, the same numbers, the output's axes in this order.
        """
        self._forget()
        self._heads, self._outcome = output, None
        if product is not None:
            self._laid_out(output, product, order)

    def _laid_out(self, output: Tensor, product: Tensor, order: tuple[int, ...]) -> None:
        """As if the product came from the output: the same numbers, in the product's order."""
        with torch._C.DisableTorchFunction():
            turned = output.permute(order)
        self._steps[id(turned)] = Step(Tensor.permute, (output, order), {}, turned, None)
        made = Step(Tensor.reshape, (turned, product.shape), {}, product, None)
        self._steps[id(product)] = made

    def outcome(self) -> Outcome | None:
        """What became of the heads' outputs; None: nothing yet, or it is not understood."""
        return self._outcome

    def _origin(self, used: Tensor, inside: set[int]) -> Origin | None:
        known: dict[int, Tensor | None] = {}
        marks = self._marks(used, known)
        if marks is None or used.shape[0] != 1:
            return None
        rows = marks[0].transpose(0, 1).flatten(1)
        number = int(rows[0, 0] // APART)
        product = list(self._products.values())[number - 1] if number > 0 else None
        width = 0 if product is None else product.y.shape[-1]
        columns = _columns(rows - number * APART, width)
        if product is None or columns is None or len(product.x) != len(rows):
            return None
        before, between = self._way(used, marks, known, product)
        return Origin(
            x=product.x,
            weight=_take(product.weight, columns),
            bias=None if product.bias is None else _take(product.bias, columns),
            before=_take(product.y.reshape(-1, width), columns) if before is None else before,
            between=between,
            used=_by_token(used),
            latent=self._from_inside(product, inside),
        )

    def _way(
        self, used: Tensor, marks: Tensor, known: dict[int, Tensor | None], product: Product
    ) -> tuple[Tensor | None, list[Tensor]]:
        """The model's own cut of a projection, and the same numbers between there and `used`."""
        if self._only_moved(used) and _shares(used, product.y):
            return _by_token(used), []  # nothing stands between
        places: _Places | None = None
        cut: Tensor | None = None
        between: list[Tensor] = []
        behind = {id(each) for each in self._behind(used)}
        for at, step in list(self._steps.items()):
            here = self._marks(step.result, known) if at in behind else None
            if here is None or here.numel() != marks.numel() or here.is_complex():
                continue
            alike = here.shape == used.shape and torch.equal(here, marks)
            moved: tuple[Tensor, Any] | None = None
            if not alike:
                places = places or _Places(marks)
                moved = places.of(here)
                if moved is None:
                    continue
            for values in (*step.earlier, step.result):
                laid = values
                if moved is not None:
                    flat = torch.empty(marks.numel(), dtype=values.dtype)
                    flat[moved[0]] = values.flatten()[moved[1]]
                    laid = flat.reshape(used.shape)
                if self._only_moved(step.result) and _shares(values, product.y):
                    cut = _by_token(laid)
                elif values is not used and len(between) < _MOST_BETWEEN:
                    between.append(_by_token(laid))
        return cut, between

    def _is_output(self, product: Product) -> bool:
        """Whether a linear layer was given what comes from the heads: it is W_O."""
        return self._heads is not None and any(
            each is self._heads for each in self._behind(product.source)
        )

    def _projected_out(self, product: Product) -> Outcome | None:
        """What became of the heads' outputs; what went before counts no more."""
        assert self._heads is not None
        with torch._C.DisableTorchFunction():
            outcome = self._given_to(product, self._heads)
        self._forget()
        return outcome

    def _given_to(self, product: Product, heads: Tensor) -> Outcome | None:
        known: dict[int, Tensor | None] = {}
        marks = self._marks(product.source, known)
        width = heads.shape[-1] * heads.shape[-2]
        if marks is None or marks.numel() != heads.numel():
            return None
        columns = _columns(marks.reshape(-1, width), width)
        if columns is None or not torch.equal(columns.sort()[0], torch.arange(width)):
            return None
        order = columns.argsort()
        between: list[Tensor] = []
        factors: list[Tensor] = []
        before: list[Tensor | None] = []
        plain = torch.arange(heads.numel(), dtype=torch.float64)
        steps = [] if self._only_moved(product.source) else list(self._steps.values())
        for step in steps:
            here = self._marks(step.result, known)
            if here is None or here.numel() != heads.numel() or here.is_complex():
                continue
            places: Any = slice(None)
            if not torch.equal(here.flatten(), plain):  # sorting is slow
                found, places = here.flatten().sort()
                if not torch.equal(found, plain):
                    continue
            between.append(step.result.flatten()[places].reshape(-1, width))
            for other in _factors(step, heads, self._behind):
                shape, sigmoid = step.result.shape, self._sigmoids.get(id(other))
                factors.append(other.expand(shape).flatten()[places].reshape(-1, width))
                raw = None if sigmoid is None else next(tensors(sigmoid.args), None)
                raw = None if raw is None else raw.expand(shape).flatten()[places]
                before.append(None if raw is None else raw.reshape(-1, width))
        return Outcome(
            weight=_take(product.weight.T, order).T,
            bias=product.bias,
            given=_take(product.x, order),
            projected=product.y.reshape(len(product.x), -1),
            between=between[:_MOST_BETWEEN],
            factors=factors,
            before_factors=before,
        )


class _Places:
    """Where each number of a tensor stands, by its mark. marks: of one projection."""

    def __init__(self, marks: Tensor) -> None:
        self._flat = marks.flatten()
        self._first = self._flat.min()
        at = (self._flat - self._first).long()
        self._where = torch.full((int(at.max()) + 1,), -1)
        self._where[at] = torch.arange(len(at))
        self._repeated = int((self._where >= 0).sum()) < len(at)

    def of(self, marks: Tensor) -> tuple[Tensor, Any] | None:
        """As many marks as this has → (to, from), places in the flattened tensors; None: they
        are others.

        Sorted only where a number is there twice: that takes ten times as long.
        """
        flat = marks.flatten()
        if self._repeated:
            wanted, order = self._flat.sort()
            found, places = flat.sort()
            return (order, places) if torch.equal(found, wanted) else None
        at = flat - self._first
        if not bool(((at >= 0) & (at < len(self._where))).all()):
            return None
        order = self._where[at.long()]
        once = int(order.min()) >= 0 and int(torch.bincount(order).max()) == 1
        return (order, slice(None)) if once else None


def _factors(
    step: Step, heads: Tensor, behind: Callable[[Tensor], Iterator[Tensor]]
) -> list[Tensor]:
    """What a product multiplies the heads' outputs by; none of another operation."""
    if step.func.__name__.strip("_") not in ("mul", "multiply", "rmul", "imul"):
        return []
    given = [each for each in step.args if isinstance(each, Tensor)]
    return [one for one in given if not any(each is heads for each in behind(one))]


def _columns(marks: Tensor, width: int) -> Tensor | None:
    """(token, column) marks of one projection → which of its columns; None: not the same ones."""
    if width < 1 or marks[0].min() < 0:
        return None
    columns = marks[0] % width
    begins = torch.arange(len(marks), dtype=marks.dtype)[:, None] * width
    return columns.long() if torch.equal(marks, begins + columns) else None


def _take(array: Tensor, columns: Tensor) -> Tensor:
    """(…, column) → those columns: a view where they lie side by side."""
    start, count = int(columns[0]), len(columns)
    if torch.equal(columns, torch.arange(start, start + count)):
        return array[..., start : start + count]
    return array[..., columns]


def _by_token(used: Tensor) -> Tensor:
    """(1, head, token, d) → (token, head·d)."""
    return used[0].transpose(0, 1).flatten(1)


def _shares(one: Tensor, other: Tensor) -> bool:
    """Both lie in the same memory, so nothing was copied, and nothing written over since."""
    return one.untyped_storage().data_ptr() == other.untyped_storage().data_ptr()
