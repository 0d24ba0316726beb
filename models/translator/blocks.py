"""The blocks of an encoder-decoder Transformer, each with its numbers twice: frozen records.

Numpy only, never torch. Each block keeps what the model gave it and what the model made of it, and
makes the same once more from its weights, in float64: `difference` is how far they lie apart.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from models.core.arrays import Difference, Recomputed, difference, largest
from models.trace import AttentionBlock, Floats, Projection, read_only


def _swish(u: Floats) -> Floats:
    """u·σ(u), without overflow."""
    y: Floats = u * (0.5 * np.tanh(0.5 * u) + 0.5)
    return y


def _gelu(u: Floats) -> Floats:
    y: Floats = u * 0.5 * (1 + np.vectorize(math.erf, otypes=[float])(u / math.sqrt(2)))
    return y


def _relu(u: Floats) -> Floats:
    return np.maximum(u, 0)


ACTIVATIONS: Mapping[str, Callable[[Floats], Floats]] = MappingProxyType(
    {"swish": _swish, "silu": _swish, "gelu": _gelu, "relu": _relu}
)


def double(array: Floats) -> Floats:
    """(…) → (…) in float64."""
    return array.astype(np.float64)


class Block(Recomputed):
    """What came out of a block of the model, `own`, and the same once more: (place, …) both."""

    __slots__ = ()
    own: Floats

    @property
    @abstractmethod
    def recomputed(self) -> Floats:
        """(place, …), float64."""

    def difference(self, place: int | None = None) -> Difference:
        """`recomputed` to `own`, at one place or at all."""
        return _difference(self.recomputed, self.own, place)


@dataclass(frozen=True, slots=True, eq=False)
class ScaledEmbedding(Block):
    """x = scale · E[token] + position (Vaswani et al. 2017, sections 3.4 and 3.5).

    vectors, positions, own: (place, width); own: what the model's first layer was given.
    """

    vectors: Floats
    scale: float
    positions: Floats
    own: Floats

    @property
    def recomputed(self) -> Floats:
        """(place, width), float64."""
        return self.scale * double(self.vectors) + double(self.positions)


@dataclass(frozen=True, slots=True, eq=False)
class Norm(Block):
    """y = γ ⊙ (r − μ) / √(σ² + ε) + β of r = x + added: layer norm (Ba et al. 2016) of a residual.

    x, added, own: (place, width); gain γ, bias β: (width,). μ and σ² are over a place's width.
    """

    x: Floats
    added: Floats
    gain: Floats
    bias: Floats
    epsilon: float
    own: Floats

    @property
    def residual(self) -> Floats:
        """(place, width): x + added, float64."""
        return double(self.x) + double(self.added)

    @property
    def mean(self) -> Floats:
        """(place,): μ."""
        return read_only(self.residual.mean(axis=1))

    @property
    def variance(self) -> Floats:
        """(place,): σ², divided by the width, not by one less."""
        return read_only(self.residual.var(axis=1))

    @property
    def recomputed(self) -> Floats:
        """(place, width), float64."""
        centred = self.residual - self.mean[:, None]
        spread = np.sqrt(self.variance[:, None] + self.epsilon)
        return read_only(double(self.gain) * centred / spread + double(self.bias))


@dataclass(frozen=True, slots=True, eq=False)
class FeedForward(Recomputed):
    """y = f(x·W₁ + b₁)·W₂ + b₂, the same at every place (Vaswani et al. 2017, eq. 2).

    x, own: (place, width); inner_own, active_own: (place, inner) the model's own before and
    after f. activation: the name of f in ACTIVATIONS.
    """

    x: Floats
    first: Projection
    activation: str
    second: Projection
    inner_own: Floats
    active_own: Floats
    own: Floats

    @property
    def inner(self) -> Floats:
        """(place, inner): x·W₁ + b₁, float64."""
        return _applied(self.first, double(self.x))

    @property
    def active(self) -> Floats:
        """(place, inner): f of it, float64."""
        return ACTIVATIONS[self.activation](self.inner)

    @property
    def recomputed(self) -> Floats:
        """(place, width), float64."""
        return _applied(self.second, self.active)

    def difference(self, place: int | None = None) -> Difference:
        """Of the inner numbers before and after f, and of what comes out."""
        made = (self.inner, self.active, self.recomputed)
        own = (self.inner_own, self.active_own, self.own)
        return largest(_difference(a, b, place) for a, b in zip(made, own, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Output(Block):
    """logits = x·W + b, a score for every word of the vocabulary. x: (place, width)."""

    x: Floats
    projection: Projection
    own: Floats

    @property
    def recomputed(self) -> Floats:
        """(place, vocabulary), float64."""
        return _applied(self.projection, double(self.x))


def _applied(projection: Projection, x: Floats) -> Floats:
    y = x @ double(projection.weight)
    return y if projection.bias is None else y + double(projection.bias)


def _difference(recomputed: Floats, own: Floats, place: int | None) -> Difference:
    at = slice(None) if place is None else place
    return difference(double(recomputed[at]), double(own[at]))


@dataclass(frozen=True, slots=True, eq=False)
class TransformerLayer:
    """Self-attention, in the decoder cross-attention, feed-forward; a norm after each of them."""

    attention: AttentionBlock
    norm: Norm
    feed: FeedForward
    feed_norm: Norm
    cross: AttentionBlock | None = None
    cross_norm: Norm | None = None

    @property
    def blocks(self) -> tuple[Norm | FeedForward, ...]:
        """All but the attentions."""
        norms = (self.norm, self.cross_norm, self.feed, self.feed_norm)
        return tuple(block for block in norms if block is not None)
