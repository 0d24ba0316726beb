"""Attention scores as a sum, followed operation by operation. Imports torch.

For families with an attention of their own: whatever is done to q·kᵀ on its way into the softmax
is taken apart into factor, named terms and hidden cells; what is none of these is not understood.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

FAR = -9_000.0  # families hide cells with −1e4, −1e30 or the smallest number: eˣ is 0 at each


@dataclass(eq=False)
class Added:
    """A part of the scores beside q·kᵀ; factor: what the scores had been multiplied by till then.

    values: (…, query, key), as they were added. scaled: a factor came behind.
    """

    values: Tensor
    factor: float
    scaled: bool = False


@dataclass(eq=False)
class ScoreSum:
    """factor·(q·kᵀ) + what was added, a cell that is `hidden` aside.

    q, k: (1, head, token, d). scaled: terms that a factor came behind; added: those without one.
    hidden, zeroed: (…, query, key) of bools; zeroed ones have to be hidden in the end.
    """

    q: Tensor
    k: Tensor
    factor: float = 1.0
    scaled: list[Added] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)
    hidden: Tensor | None = None
    zeroed: Tensor | None = None

    def times(self, factor: float) -> ScoreSum:
        """All of it multiplied by a positive number."""
        return replace(
            self, factor=self.factor * factor, scaled=[*self.scaled, *self.added], added=[]
        )

    def plus(self, values: Tensor) -> ScoreSum:
        """With (…, query, key) added, cells that are hidden by it aside."""
        far = values <= FAR
        hidden = self.hidden
        if bool(far.any()):
            hidden = far if hidden is None else hidden | far
            values = values.masked_fill(far, 0)
        if not bool(values.any()):
            return replace(self, hidden=hidden)
        return replace(self, added=[*self.added, Added(values, self.factor)], hidden=hidden)

    def masked(self, cells: Tensor) -> ScoreSum:
        """With these cells hidden. cells: (…, query, key) of bools."""
        hidden = cells if self.hidden is None else self.hidden | cells
        return replace(self, hidden=hidden)

    def kept(self, cells: Tensor) -> ScoreSum:
        """Multiplied by 1 in these cells (…, query, key) and by 0 in all others."""
        zeroed = ~cells if self.zeroed is None else self.zeroed | ~cells
        return replace(self, zeroed=zeroed)

    @property
    def settled(self) -> bool:
        """No cell was zeroed that is not hidden, too."""
        if self.zeroed is None:
            return True
        return self.hidden is not None and not bool((self.zeroed & ~self.hidden).any())


Operation = Callable[[ScoreSum, Any, Any, Tensor], ScoreSum | None]


def _number(value: Any) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    return float(value) if isinstance(value, Tensor) and value.numel() == 1 else None


def _multiplied(scores: ScoreSum, args: Any, kwargs: Any, result: Tensor) -> ScoreSum | None:
    factor = _number(args[1])
    if factor is not None:
        return scores.times(factor) if factor > 0 else None
    cells = args[1]
    if isinstance(cells, Tensor) and bool(((cells == 0) | (cells == 1)).all()):
        return scores.kept(cells.bool())
    return None


def _divided(scores: ScoreSum, args: Any, kwargs: Any, result: Tensor) -> ScoreSum | None:
    factor = _number(args[1])
    return scores.times(1 / factor) if factor is not None and factor > 0 else None


def _added(sign: int) -> Operation:
    def operation(scores: ScoreSum, args: Any, kwargs: Any, result: Tensor) -> ScoreSum | None:
        other = args[1]
        if kwargs or len(args) != 2:
            return None
        if not isinstance(other, Tensor):
            return scores  # the same to every key: softmax does not see it
        return scores.plus(other * sign if sign < 0 else other)

    return operation


def _filled(scores: ScoreSum, args: Any, kwargs: Any, result: Tensor) -> ScoreSum | None:
    given = list(args[1:]) + list(kwargs.values())
    far = _number(given[1]) if len(given) == 2 else None
    return scores.masked(given[0].bool()) if far is not None and far <= FAR else None


def _same(scores: ScoreSum, args: Any, kwargs: Any, result: Tensor) -> ScoreSum | None:
    return scores if result.shape[-2:] == args[0].shape[-2:] else None


def _equal(scores: ScoreSum, args: Any, kwargs: Any, result: Tensor) -> ScoreSum | None:
    return scores if result.shape == args[0].shape and torch.equal(result, args[0]) else None


# By the operation's name without its underlines: __iadd__, add_ and add are one.
OPERATIONS: dict[str, Operation] = {
    **dict.fromkeys(("mul", "imul", "rmul", "multiply"), _multiplied),
    **dict.fromkeys(("div", "truediv", "itruediv", "divide"), _divided),
    **dict.fromkeys(("add", "iadd", "radd"), _added(1)),
    **dict.fromkeys(("sub", "isub", "subtract"), _added(-1)),
    "masked_fill": _filled,
    **dict.fromkeys(("view", "reshape", "unsqueeze", "squeeze", "unflatten", "flatten"), _same),
    **dict.fromkeys(("to", "float", "type_as", "type", "contiguous", "clone"), _same),
    **dict.fromkeys(("clamp", "max", "maximum", "dropout", "nan_to_num"), _equal),
}


def followed(
    scores: ScoreSum, name: str, args: Any, kwargs: Any, result: Tensor
) -> ScoreSum | None:
    """What an operation makes of the scores that it was given first; None: not understood.

    result: (…, query, key), what it gave.
    """
    operation = OPERATIONS.get(name.strip("_"))
    return None if operation is None else operation(scores, args, kwargs, result)


def chosen(condition: Tensor, scores: ScoreSum, other: Any) -> ScoreSum | None:
    """torch.where(condition, scores, other). condition: (…, query, key) of bools."""
    far = bool((other <= FAR).all()) if isinstance(other, Tensor) else other <= FAR
    return scores.masked(~condition) if far else None
