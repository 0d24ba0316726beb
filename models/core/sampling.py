"""From scores to one next token: temperature, top-k, top-p and a draw, every stage kept.

In the order and by the definitions of transformers' `generate`: TemperatureLogitsWarper,
TopKLogitsWarper (Fan et al. 2018), TopPLogitsWarper (nucleus sampling, Holtzman et al. 2020).
Numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.core.arrays import Floats
from models.core.attention import softmax

Ids = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a next token is chosen. As in `generate`, 1, 0 and 1 change nothing.

    temperature: 0 is greedy, always the likeliest; nothing is cut or drawn then.
    top_k: how many tokens stay, and all that tie with the last of them; 0: all.
    top_p: the likeliest tokens stay until they have this much of the probability together.
    least: so many tokens always stay. ValueError: out of range.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    least: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.temperature < np.inf:
            raise ValueError(f"a temperature is 0 or more, not {self.temperature}")
        if self.top_k < 0 or self.least < 1:
            raise ValueError(f"top-k {self.top_k}, at least {self.least}")
        if not 0 <= self.top_p <= 1:
            raise ValueError(f"top-p is from 0 to 1, not {self.top_p}")

    @property
    def greedy(self) -> bool:
        """The likeliest token is taken without a draw."""
        return self.temperature == 0


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """One vector of scores on its way to probabilities, each (vocabulary,).

    logits: the model's own. divided: logits ÷ T. after_k, after_p: what top-k, then top-p left,
    −inf where it was cut. probabilities: softmax of what is left, float64. Greedy: divided,
    after_k and after_p are the logits, and the likeliest has all the probability.
    """

    settings: Settings
    logits: Floats
    divided: Floats
    after_k: Floats
    after_p: Floats
    probabilities: Floats

    @property
    def order(self) -> Ids:
        """(vocabulary,): likeliest first; of equals the one that is kept longest comes first."""
        return _ascending(self.divided)[::-1]

    @property
    def kept(self) -> Ids:
        """(kept,): the tokens that can be drawn, likeliest first."""
        order = self.order
        return order[self.probabilities[order] > 0]

    @property
    def of_k(self) -> Floats:
        """(vocabulary,): softmax of what top-k left, float64: what top-p adds up."""
        return softmax(self.after_k.astype(np.float64))

    @property
    def kept_by_k(self) -> int:
        """How many tokens top-k left."""
        return int(np.isfinite(self.after_k).sum())


def stages(logits: Floats, settings: Settings) -> Stages:
    """(vocabulary,) → every stage, computed in float32 as the library does."""
    z = np.asarray(logits, np.float32)
    if settings.greedy:
        certain = np.zeros(z.shape)
        certain[int(z.argmax())] = 1.0
        return Stages(settings, z, z, z, z, certain)
    divided = z / np.float32(settings.temperature)
    after_k = top_k(divided, settings)
    after_p = top_p(after_k, settings)
    return Stages(settings, z, divided, after_k, after_p, softmax(after_p.astype(np.float64)))


def top_k(scores: Floats, settings: Settings) -> Floats:
    """(vocabulary,) → the k largest and all that tie with the last of them, −inf elsewhere."""
    if settings.top_k == 0:
        return scores
    k = min(max(settings.top_k, settings.least), len(scores))
    last = np.partition(scores, len(scores) - k)[len(scores) - k]
    return np.where(scores < last, np.float32(-np.inf), scores)


def top_p(scores: Floats, settings: Settings) -> Floats:
    """(vocabulary,) → from the least likely on, tokens go while together they have at most 1 − p.

    Which of equal ones go the library leaves open: here those with the lower numbers.
    """
    if settings.top_p >= 1:
        return scores
    order = _ascending(scores)
    shares = softmax(scores[order]).astype(np.float32)
    # torch, too, adds up in float64 and keeps float32.
    together = np.cumsum(shares, dtype=np.float64).astype(np.float32)
    going = together <= 1 - settings.top_p
    going[-settings.least :] = False
    left = scores.copy()
    left[order[going]] = -np.inf
    return left


def _ascending(scores: Floats) -> Ids:
    return np.argsort(scores, kind="stable")


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """How one number chose one of the kept tokens.

    u: in [0, 1). ids: the kept tokens, likeliest first; ends: where each one's share of [0, 1)
    ends, one after another. place: the chosen one's among them, the first whose end is above u.
    """

    u: float
    ids: Ids
    ends: Floats
    place: int = field(default=0)

    @property
    def chosen(self) -> int:
        """The drawn token."""
        return int(self.ids[self.place])

    @property
    def start(self) -> float:
        """Where the chosen token's share begins."""
        return float(self.ends[self.place - 1]) if self.place else 0.0

    @property
    def end(self) -> float:
        """Where it ends."""
        return float(self.ends[self.place])


def uniform(seed: int, step: int) -> float:
    """The number in [0, 1) of that seed's step, whatever was drawn before."""
    return float(np.random.default_rng([seed, step]).random())


def draw(found: Stages, u: float) -> Draw:
    """One token by inverse transform sampling: u falls into one of the shares."""
    ids = found.kept
    ends = np.cumsum(found.probabilities[ids])
    # Rounding may leave the last end a hair below 1, and u above it.
    place = min(int(np.searchsorted(ends, u, side="right")), len(ids) - 1)
    return Draw(u, ids, ends, place)
