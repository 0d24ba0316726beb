"""What a translation left behind in an encoder-decoder Transformer, block by block: frozen records.

Numpy only, never torch. Each block keeps what the model gave it and what the model made of it, and
makes the same once more from its weights, in float64: `difference` is how far they lie apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from models.recording.ranking import NextWord, likeliest
from models.trace import AttentionBlock, AttentionTrace, Floats, Projection

__all__ = [
    "ACTIVATIONS",
    "Embedded",
    "FeedForward",
    "Layer",
    "Norm",
    "Output",
    "Run",
    "Step",
    "TransformerTrace",
]

MOST = 10  # likeliest words that a step keeps
Side = Literal["encoder", "decoder"]


def _swish(u: Floats) -> Floats:
    """u·σ(u), without overflow."""
    y: Floats = u * (0.5 * np.tanh(0.5 * u) + 0.5)
    return y


def _gelu(u: Floats) -> Floats:
    y: Floats = u * 0.5 * (1 + np.vectorize(math.erf, otypes=[float])(u / math.sqrt(2)))
    return y


def _relu(u: Floats) -> Floats:
    y: Floats = np.maximum(u, 0)
    return y


ACTIVATIONS: Mapping[str, Callable[[Floats], Floats]] = MappingProxyType(
    {"swish": _swish, "silu": _swish, "gelu": _gelu, "relu": _relu}
)


def wide(array: Floats) -> Floats:
    """float64."""
    return array.astype(np.float64)


def apart(one: Floats, other: Floats) -> float:
    """The largest difference."""
    return float(np.abs(wide(one) - wide(other)).max())


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """x = scale · E[token] + position (Vaswani et al. 2017, sections 3.4 and 3.5).

    vectors, positions, own: (place, width); own: what the model's first layer was given.
    """

    vectors: Floats
    scale: float
    positions: Floats
    own: Floats

    @property
    def made(self) -> Floats:
        """(place, width), float64."""
        return self.scale * wide(self.vectors) + wide(self.positions)

    def difference(self, place: int | None = None) -> float:
        """Largest |made − own|, at one place or at all."""
        return _difference(self.made, self.own, place)


@dataclass(frozen=True, slots=True, eq=False)
class Norm:
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
        return wide(self.x) + wide(self.added)

    @property
    def mean(self) -> Floats:
        """(place,): μ."""
        found: Floats = self.residual.mean(axis=1)
        return found

    @property
    def variance(self) -> Floats:
        """(place,): σ², divided by the width, not by one less."""
        found: Floats = self.residual.var(axis=1)
        return found

    @property
    def made(self) -> Floats:
        """(place, width), float64."""
        centred = self.residual - self.mean[:, None]
        spread = np.sqrt(self.variance[:, None] + self.epsilon)
        made: Floats = wide(self.gain) * centred / spread + wide(self.bias)
        return made

    def difference(self, place: int | None = None) -> float:
        """Largest |made − own|, at one place or at all."""
        return _difference(self.made, self.own, place)


@dataclass(frozen=True, slots=True, eq=False)
class FeedForward:
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
        return _applied(self.first, wide(self.x))

    @property
    def active(self) -> Floats:
        """(place, inner): f of it, float64."""
        return ACTIVATIONS[self.activation](self.inner)

    @property
    def made(self) -> Floats:
        """(place, width), float64."""
        return _applied(self.second, self.active)

    def difference(self, place: int | None = None) -> float:
        """Largest difference of the inner numbers before and after f, and of what comes out."""
        pairs = (
            (self.inner, self.inner_own),
            (self.active, self.active_own),
            (self.made, self.own),
        )
        return max(_difference(made, own, place) for made, own in pairs)


@dataclass(frozen=True, slots=True, eq=False)
class Output:
    """logits = x·W + b, a score for every word of the vocabulary. x: (place, width)."""

    x: Floats
    projection: Projection
    own: Floats

    @property
    def made(self) -> Floats:
        """(place, vocabulary), float64."""
        return _applied(self.projection, wide(self.x))

    def difference(self, place: int | None = None) -> float:
        """Largest |made − own|, at one place or at all."""
        return _difference(self.made, self.own, place)


def _applied(projection: Projection, x: Floats) -> Floats:
    y = x @ wide(projection.weight)
    return y if projection.bias is None else y + wide(projection.bias)


def _difference(made: Floats, own: Floats, place: int | None) -> float:
    return apart(made, own) if place is None else apart(made[place], own[place])


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
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


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One written word. best: the likeliest ones, the likeliest first; chosen: what was written.

    log_sum_exp: ln Σ e^logit over the whole vocabulary, so that p = e^(logit − log_sum_exp).
    """

    chosen: int
    logit: float
    best: tuple[NextWord, ...]
    log_sum_exp: float

    @property
    def log_probability(self) -> float:
        """ln p of the word that was written."""
        return self.logit - self.log_sum_exp

    @property
    def others(self) -> float:
        """What all words that are not among `best` share."""
        return max(1 - sum(one.probabilities[0] for one in self.best), 0.0)


def steps_of(logits: Floats, ids: Sequence[int], words: Sequence[str]) -> tuple[Step, ...]:
    """(step, vocabulary), the word written at each step → the likeliest words of each."""
    found = []
    for row, chosen in zip(logits, ids, strict=True):
        z = wide(row)
        top = z.max()
        log_sum_exp = float(top + np.log(np.exp(z - top).sum()))
        best = likeliest([row], words, most=MOST, also=chosen)
        found.append(Step(chosen, float(row[chosen]), tuple(best), log_sum_exp))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What a translator wrote, the likeliest word at every step, each read again at the next.

    source, written: the tokenizer's own pieces, the end token among the written ones where it
    came (ended); source_typed, written_typed: by their letters. steps: one a written word.
    """

    model_id: str
    text: str
    source: tuple[str, ...]
    source_typed: tuple[str, ...]
    written: tuple[str, ...]
    written_typed: tuple[str, ...]
    steps: tuple[Step, ...]
    ended: bool

    @property
    def ids(self) -> tuple[int, ...]:
        """The vocabulary's numbers of what was written."""
        return tuple(step.chosen for step in self.steps)

    @property
    def log_probability(self) -> float:
        """ln p of the whole sentence."""
        return sum(step.log_probability for step in self.steps)


@dataclass(frozen=True, slots=True, eq=False)
class TransformerTrace:
    """A sentence's whole way through a translator, its own words read again as it writes them.

    attention: q, k, v of all its attentions, with what surrounds the heads; the decoder's tokens
    are its inputs, the start token first. ids: the vocabulary's number of the word written at
    every step, pieces: by the tokenizer's name, written: by its letters; special: the end token.
    vocabulary: the word of each logit. Row t of the decoder is where it reads word t − 1 and
    writes word t.
    ValueError: not as many steps as rows.
    """

    attention: AttentionTrace
    ids: tuple[int, ...]
    pieces: tuple[str, ...]
    written: tuple[str, ...]
    special: tuple[bool, ...]
    source: Embedded
    target: Embedded
    encoder: tuple[Layer, ...]
    decoder: tuple[Layer, ...]
    output: Output
    vocabulary: tuple[str, ...]

    def __post_init__(self) -> None:
        if not len(self.ids) == len(self.written) == len(self.output.own):
            raise ValueError(f"{len(self.ids)} words for {len(self.output.own)} rows of logits")

    @property
    def model_id(self) -> str:
        """Which model."""
        return self.attention.model_id

    @property
    def text(self) -> str:
        """What it translates."""
        return self.attention.text

    @property
    def typed(self) -> tuple[str, ...]:
        """The source's pieces as they were typed."""
        return self.attention.typed

    @property
    def reads(self) -> tuple[str, ...]:
        """What the decoder reads at each step."""
        return self.attention.target_typed or ()

    @property
    def logits(self) -> Floats:
        """(step, vocabulary), the model's own."""
        return self.output.own

    def step(self, at: int) -> Step:
        """One written word with the likeliest ones. IndexError: no such step."""
        return steps_of(self.logits[at][None], (self.ids[at],), self.vocabulary)[0]

    def layers(self, side: Side) -> tuple[Layer, ...]:
        """The layers of a side."""
        return self.encoder if side == "encoder" else self.decoder

    def fidelity(self) -> float:
        """The largest difference of anything recomputed to the model's own."""
        parts: Sequence[Embedded | Norm | FeedForward | Output] = (
            self.source,
            self.target,
            self.output,
            *(block for layer in (*self.encoder, *self.decoder) for block in layer.blocks),
        )
        return max(self.attention.fidelity(), *(part.difference() for part in parts))
