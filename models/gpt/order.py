"""Temperature, top-k and top-p one after another, in any order → SamplingChain, Orders.

transformers divides by the temperature first, then cuts by top-k, then by top-p: `LIBRARY`. In
another order the same settings may keep other tokens. Numpy only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import numpy as np

from models.core.arrays import Floats, read_only
from models.core.attention import softmax
from models.core.sampling import Ids, Settings, top_k, top_p

Operation = Literal["temperature", "top_k", "top_p"]
Order = tuple[Operation, ...]

LIBRARY: Order = ("temperature", "top_k", "top_p")
# By their first letters; what a link names.
OTHERS: Mapping[str, Order] = MappingProxyType(
    {
        "kpt": ("top_k", "top_p", "temperature"),
        "pkt": ("top_p", "top_k", "temperature"),
        "ptk": ("top_p", "temperature", "top_k"),
        "tpk": ("temperature", "top_p", "top_k"),
        "ktp": ("top_k", "temperature", "top_p"),
    }
)
# Small enough to be computed by hand: (token,) logits, and what they are sampled with.
EXAMPLE_LOGITS = read_only(np.array([3.0, 2.0, 1.0]))
EXAMPLE = Settings(temperature=0.5, top_p=0.8)


@dataclass(frozen=True, eq=False)
class SamplingChain:
    """One vector of logits through the operations of an order.

    logits: (vocabulary,), the model's own. order: the operations that do something, as they are
    applied. scores: (vocabulary,) after each of them, −inf where a token was cut.
    """

    settings: Settings
    logits: Floats
    order: Order
    scores: tuple[Floats, ...]

    @cached_property
    def shares(self) -> tuple[Floats, ...]:
        """(vocabulary,) softmax of the logits, then of what each operation left; float64."""
        left = (self.logits, *self.scores)
        return tuple(read_only(softmax(one.astype(np.float64))) for one in left)

    @property
    def probabilities(self) -> Floats:
        """(vocabulary,) float64: with what a token is drawn in the end."""
        return self.shares[-1]

    @cached_property
    def ranking(self) -> Ids:
        """(vocabulary,): the most probable first."""
        return np.argsort(self.logits, kind="stable")[::-1]

    @cached_property
    def kept(self) -> frozenset[int]:
        """The tokens that can be drawn; at a small T the share of one that was not cut may be 0."""
        return frozenset(np.flatnonzero(self.probabilities).tolist())

    @property
    def added_up(self) -> Floats | None:
        """(vocabulary,): the shares that top-p adds up; None: it is not applied."""
        return self.shares[self.order.index("top_p")] if "top_p" in self.order else None

    @property
    def reaching(self) -> Floats:
        """(kept by top-p,): of these shares those that it leaves, the largest first; (0,): none."""
        shares = self.added_up
        if shares is None:
            return np.zeros(0)
        left = np.isfinite(self.scores[self.order.index("top_p")])
        return np.sort(shares[left])[::-1]


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """The same logits and settings in the library's order, and in another one."""

    library: SamplingChain
    other: SamplingChain

    @property
    def same(self) -> bool:
        """Both apply the same operations in the same order: the rest of them does nothing."""
        return self.library.order == self.other.order

    @property
    def differ(self) -> bool:
        """They keep different tokens."""
        return self.library.kept != self.other.kept

    @property
    def only_library(self) -> tuple[int, ...]:
        """The tokens that only the library's order keeps, the most probable first."""
        return self._only(self.library, self.other)

    @property
    def only_other(self) -> tuple[int, ...]:
        """The tokens that only the other order keeps, the most probable first."""
        return self._only(self.other, self.library)

    def _only(self, one: SamplingChain, against: SamplingChain) -> tuple[int, ...]:
        more = list(one.kept - against.kept)
        return tuple(one.ranking[np.isin(one.ranking, more)].tolist()) if more else ()

    @property
    def distance(self) -> float:
        """½ Σ |p − p′|, total variation distance: how much of the probability lies elsewhere."""
        return float(np.abs(self.library.probabilities - self.other.probabilities).sum() / 2)


def active(settings: Settings, order: Sequence[Operation]) -> Order:
    """The operations that do something: at 1, 0 and 1 `generate` leaves them out; greedy: none."""
    works = {
        "temperature": settings.temperature != 1,
        "top_k": settings.top_k > 0,
        "top_p": settings.top_p < 1,
    }
    return () if settings.greedy else tuple(one for one in order if works[one])


def chain(
    logits: Floats, settings: Settings, order: Sequence[Operation] = LIBRARY
) -> SamplingChain:
    """(vocabulary,) logits → what each operation leaves, in float32 as the library computes it."""
    now = np.asarray(logits, np.float32)
    applied, scores = active(settings, order), []
    for one in applied:
        now = _OPERATIONS[one](now, settings)
        scores.append(now)
    return SamplingChain(settings, np.asarray(logits, np.float32), applied, tuple(scores))


def orders(logits: Floats, settings: Settings, other: Sequence[Operation]) -> Orders:
    """(vocabulary,) logits → the library's order beside another one."""
    return Orders(chain(logits, settings), chain(logits, settings, other))


def _divided(scores: Floats, settings: Settings) -> Floats:
    return scores / np.float32(settings.temperature)


_OPERATIONS: Mapping[Operation, Callable[[Floats, Settings], Floats]] = {
    "temperature": _divided,
    "top_k": top_k,
    "top_p": top_p,
}
