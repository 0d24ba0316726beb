"""Scaled dot-product attention, every intermediate kept. Numpy only.

Attention(Q, K, V) = softmax(Q·Kᵀ / √d_k + M)·V   (Vaswani et al. 2017, eq. 1; M: section 3.2.3)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from models.core.arrays import Floats
from models.core.kinds import Sight, sight


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A named part of the scores that stands beside q·kᵀ.

    name: what it is (position_bias: T5, Raffel et al. 2020), a key that pages translate.
    values: broadcastable to (head, query, key), or to one head's (query, key).
    scaled: it is scaled together with q·kᵀ; else it is added behind the scaling and its cap.
    """

    name: str
    values: Floats
    scaled: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Scoring:
    """How scores become weights, in one head or in all of a block: said here and nowhere else.

    scaled = (q·kᵀ + Σ scaled terms) · scaling, with a cap then cap · tanh(· / cap)
    masked = scaled + Σ other terms + mask
    weights = softmax over the keys of masked, the sink as one more key that has no value

    terms, mask: broadcastable to the scores; masked = −inf. softcap: Gemma 2's bound. sink:
    a score of its own (GPT-OSS), (head, 1, 1) for a whole block; so is scaling where each head
    has its own (Swin v2).
    """

    scaling: float | Floats
    terms: tuple[Term, ...] = ()
    softcap: float | None = None
    mask: Floats | None = None
    sink: Floats | float | None = None

    def scaled(self, raw: Floats) -> Floats:
        """(…, query, key) q·kᵀ → the same, scaled and soft-capped."""
        for term in self.terms_scaled:
            raw = raw + term.values
        return soft_capped(raw * np.asarray(self.scaling, raw.dtype), self.softcap)

    def masked(self, scaled: Floats) -> Floats:
        """(…, query, key) scaled → the same with what is added behind it; a masked cell is −inf."""
        for term in self.terms_added:
            scaled = scaled + term.values
        return scaled if self.mask is None else scaled + self.mask

    def weights(self, masked: Floats) -> Floats:
        """(…, query, key) masked → the same: each row's softmax."""
        return masked_softmax(masked, self.sink)

    @property
    def terms_scaled(self) -> tuple[Term, ...]:
        """Those that are scaled together with q·kᵀ."""
        return tuple(term for term in self.terms if term.scaled)

    @property
    def terms_added(self) -> tuple[Term, ...]:
        """Those that are added behind the scaling."""
        return tuple(term for term in self.terms if not term.scaled)

    def of_head(self, head: int, shape: tuple[int, int]) -> Scoring:
        """One head's share of a block's; shape: its (query, key)."""
        terms = (replace(term, values=_of_head(term.values, head, shape)) for term in self.terms)
        mask = None if self.mask is None else _of_head(self.mask, head, shape)
        sink = self.sink if self.sink is None else float(np.ravel(self.sink)[head])
        scaling = float(np.ravel(self.scaling)[head if np.size(self.scaling) > 1 else 0])
        return replace(self, scaling=scaling, terms=tuple(terms), mask=mask, sink=sink)


def _of_head(array: Floats, head: int, shape: tuple[int, int]) -> Floats:
    """One head's (query, key) of something broadcastable to (head, query, key)."""
    part = array[head if array.shape[0] > 1 else 0] if array.ndim == 3 else array
    return np.broadcast_to(part, shape)


@dataclass(frozen=True, slots=True, eq=False)
class HeadSteps:
    """Every step of one head's attention.

    q: (query, d), k: (key, d), v: (key, dv)
    raw: (query, key)      q·kᵀ
    scaled: (query, key)   with the terms that are scaled along, · scaling, soft-capped
    masked: (query, key)   with the terms that are added and the mask; a masked cell is −inf
    weights: (query, key)  softmax over keys
    output: (query, dv)    weights·v
    scoring: how raw became weights; its terms and mask are (query, key)
    """

    q: Floats
    k: Floats
    v: Floats
    raw: Floats
    scaled: Floats
    masked: Floats
    weights: Floats
    output: Floats
    scoring: Scoring

    @property
    def whole(self) -> bool:
        """Every step is there; else it is of a block of weights alone."""
        return self.raw.size > 0

    @property
    def scaling(self) -> float:
        """The factor of the scores, usually 1/√d_k."""
        return float(self.scoring.scaling)

    @property
    def mask(self) -> Floats | None:
        """(query, key), masked = −inf; None: nothing is added."""
        return self.scoring.mask

    @property
    def sight(self) -> Sight:
        """Which keys the mask leaves to each query."""
        return sight(self.mask, *self.raw.shape)

    @property
    def softcap(self) -> float | None:
        """The bound on scaled scores; None: there is none."""
        return self.scoring.softcap

    @property
    def sink(self) -> float | None:
        """The score that takes part in the softmax and has no value; None: there is none."""
        return None if self.scoring.sink is None else float(self.scoring.sink)

    @property
    def sink_shares(self) -> Floats | None:
        """(query,): what the sink has of each row, which with it sums to 1; None: there is none.

        From the scores alone, not from what the weights leave.
        """
        if self.sink is None:
            return None
        joined = np.column_stack((self.masked, np.full(len(self.masked), self.sink)))
        everywhere = np.isneginf(self.masked).all(axis=1)  # a row masked altogether ties at 0
        joined[everywhere, :-1] = 0
        return softmax(joined.astype(np.float64))[:, -1]

    def part(self, rows: slice, columns: slice) -> HeadSteps:
        """These queries and keys of every step, to be drawn: no row sums to 1 any more."""
        square, how = (rows, columns), self.scoring
        terms = tuple(replace(term, values=term.values[square]) for term in how.terms)
        mask = None if how.mask is None else how.mask[square]
        q, k, v, output = self.q[rows], self.k[columns], self.v[columns], self.output[rows]
        raw, scaled, masked, weights = (
            each[square] for each in (self.raw, self.scaled, self.masked, self.weights)
        )
        how = replace(how, terms=terms, mask=mask)
        return HeadSteps(q, k, v, raw, scaled, masked, weights, output, how)


def scores(q: Floats, k: Floats) -> Floats:
    """(…, query, d), (…, key, d) → (…, query, key): q·kᵀ, unscaled."""
    return q @ np.swapaxes(k, -1, -2)


def softmax(scores: Floats) -> Floats:
    """(…, key) → (…, key); −inf gets exactly 0, beside at least one score that is finite."""
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = e / e.sum(axis=-1, keepdims=True)
    return shares


def exponentials(scores: Floats) -> tuple[Floats, float]:
    """A row of masked scores → (eˢ⁻ᵐ, m); m is 0 where eˢ is pleasant to read, else the maximum."""
    finite = scores[np.isfinite(scores)].astype(np.float64)
    top = float(finite.max()) if finite.size else 0.0
    shift = top if abs(top) > 9 else 0.0
    return np.exp(scores.astype(np.float64) - shift), shift


def masked_softmax(scores: Floats, sink: float | Floats | None = None) -> Floats:
    """(…, query, key) → the same: softmax over keys; a key at −inf gets exactly 0.

    A row that is masked altogether comes out uniform, as with the smallest finite number for −inf.
    sink: a learned score that takes part in the sum but has no value (GPT-OSS), so that rows sum
    to less than 1; (…, 1, 1) where it differs by head.
    """
    all_masked = np.isneginf(scores).all(axis=-1, keepdims=True)
    open_scores = np.where(all_masked, scores.dtype.type(0), scores)
    if sink is None:
        return softmax(open_scores)
    extra = np.asarray(sink, dtype=scores.dtype)
    top = np.maximum(open_scores.max(axis=-1, keepdims=True), extra)
    e = np.exp(open_scores - top)
    weights: Floats = e / (e.sum(axis=-1, keepdims=True) + np.exp(extra - top))
    return weights


def unsettled(weights: Floats, q: Floats, k: Floats, v: Floats, scoring: Scoring) -> Floats:
    """(…, query, key), (…, query, d), (…, key, d), (…, key, dv) → (…): a head's size at least.

    An eighth of max |v| · Σ α(1 − α)·|score|, of the query where that is largest: float32 rounds a
    score by its size, |q·k| summed term by term, and that moves its weight by α(1 − α) of it. An
    eighth, because roundings of many terms mostly cancel.
    """
    scaling = np.abs(np.asarray(scoring.scaling, q.dtype))
    size = scores(np.abs(q), np.abs(k)) * scaling
    for term in scoring.terms:
        size = size + np.abs(term.values) * (scaling if term.scaled else 1)
    moved = (weights * (1 - weights) * size).sum(axis=-1).max(axis=-1)
    return np.asarray(moved * np.abs(v).max(axis=(-2, -1)) / 8)


def unsettled_head(steps: HeadSteps) -> Floats:
    """(): the same of one head's steps."""
    return unsettled(steps.weights, steps.q, steps.k, steps.v, steps.scoring)


def soft_capped(scores: Floats, cap: float | None) -> Floats:
    """cap · tanh(scores / cap): Gemma 2's bound on scores; unchanged without a cap."""
    return scores if cap is None else np.tanh(scores / cap) * cap


def stepped(q: Floats, k: Floats, v: Floats, scoring: Scoring) -> HeadSteps:
    """(query, d), (key, d), (key, dv) → all steps of one head, by its scoring.

    Raises ValueError when the shapes do not fit each other.
    """
    if q.ndim != 2 or k.ndim != 2 or v.ndim != 2:
        raise ValueError("q, k and v of one head are matrices")
    if q.shape[1] != k.shape[1]:
        raise ValueError(f"q has width {q.shape[1]}, k has {k.shape[1]}: they must agree")
    if k.shape[0] != v.shape[0]:
        raise ValueError(f"{k.shape[0]} keys but {v.shape[0]} values: one value a key")
    raw = scores(q, k)
    own = scoring.of_head(0, (len(q), len(k)))
    scaled = own.scaled(raw)
    masked = own.masked(scaled)
    weights = own.weights(masked)
    return HeadSteps(q, k, v, raw, scaled, masked, weights, weights @ v, own)


def causal_mask(queries: int, keys: int) -> Floats:
    """(query, key) of 0 and −inf: query i sees keys 0..i (Vaswani et al. 2017, section 3.2.3)."""
    return np.where(np.tri(queries, keys, dtype=bool), 0.0, -np.inf)


def window_mask(queries: int, keys: int, reach: int) -> Floats:
    """(query, key) of 0 and −inf: query i may see keys i−reach..i+reach. ValueError: reach < 0."""
    if reach < 0:
        raise ValueError(f"a window reaches 0 tokens or more, not {reach}")
    distance = np.abs(np.arange(queries)[:, None] - np.arange(keys)[None, :])
    return np.where(distance <= reach, 0.0, -np.inf)


def padding_mask(queries: int, keys: int, padded: int) -> Floats:
    """(query, key) of 0 and −inf: the last `padded` keys are padding that nobody sees.

    ValueError: not 0 ≤ padded < keys (somebody must be left to look at).
    """
    if not 0 <= padded < keys:
        raise ValueError(f"{padded} padded keys is not in 0..{keys - 1}")
    hidden = np.arange(keys) >= keys - padded
    return np.where(np.broadcast_to(hidden, (queries, keys)), -np.inf, 0.0)


def changed(steps: HeadSteps, *, scaling: float, mask: Floats | None) -> HeadSteps:
    """The same q, k, v under another scaling and mask (query, key): a what-if.

    Terms, soft cap and sink stay as the model has them.
    """
    return stepped(steps.q, steps.k, steps.v, replace(steps.scoring, scaling=scaling, mask=mask))
