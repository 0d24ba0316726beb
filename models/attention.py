"""Scaled dot-product attention, every intermediate kept. Numpy only.

Attention(Q, K, V) = softmax(Q·Kᵀ / √d_k + M)·V   (Vaswani et al. 2017, eq. 1; M: section 3.2.3)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.arrays import Floats


@dataclass(frozen=True, slots=True, eq=False)
class HeadSteps:
    """Every step of one head's attention.

    q: (query, d), k: (key, d), v: (key, dv)
    raw: (query, key)      q·kᵀ
    scaled: (query, key)   raw · scaling, then soft-capped where the model does that
    masked: (query, key)   scaled + position bias + mask; a masked cell is −inf
    weights: (query, key)  softmax over keys
    output: (query, dv)    weights·v
    bias, mask: (query, key) what was added between scaled and masked, or None
    """

    q: Floats
    k: Floats
    v: Floats
    raw: Floats
    scaled: Floats
    masked: Floats
    weights: Floats
    output: Floats
    scaling: float
    bias: Floats | None = None
    mask: Floats | None = None
    softcap: float | None = None
    sink: float | None = None


def scores(q: Floats, k: Floats) -> Floats:
    """(…, query, d), (…, key, d) → (…, query, key): q·kᵀ, unscaled."""
    raw: Floats = q @ np.swapaxes(k, -1, -2)
    return raw


def softmax(scores: Floats) -> Floats:
    """Over the last axis; −inf gets exactly 0, beside at least one score that is finite."""
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = e / e.sum(axis=-1, keepdims=True)
    return shares


def masked_softmax(scores: Floats, sink: float | Floats | None = None) -> Floats:
    """(…, query, key) → the same: softmax over keys; a key at −inf gets exactly 0.

    A row that is masked altogether comes out uniform: models add the smallest finite
    number instead of −inf, and there every key of such a row ties.
    `sink` is a learned score that takes part in the sum but has no value (GPT-OSS),
    so rows then sum to less than 1; (…, 1, 1) where it differs by head.
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


def unsettled(
    weights: Floats, q: Floats, k: Floats, v: Floats, scaling: float, bias: Floats | None = None
) -> Floats:
    """(…, query, key), (…, query, d), (…, key, d), (…, key, dv) → (…): a head's size at least.

    An eighth of max |v| · Σ α(1 − α)·|score|, of the query where that is largest. Float32 rounds
    a score by its size, |q·k| summed term by term, and that moves its weight by α(1 − α) of it:
    much where large scores nearly tie, not at all where one key has it all. An eighth, because
    roundings of many terms mostly cancel.
    """
    size = scores(np.abs(q), np.abs(k)) * abs(scaling)
    if bias is not None:
        size = size + np.abs(bias)
    moved = (weights * (1 - weights) * size).sum(axis=-1).max(axis=-1)
    found: Floats = np.asarray(moved * np.abs(v).max(axis=(-2, -1)) / 8)
    return found


def unsettled_head(steps: HeadSteps) -> Floats:
    """The same of one head's steps."""
    return unsettled(steps.weights, steps.q, steps.k, steps.v, steps.scaling, steps.bias)


def soft_capped(scores: Floats, cap: float | None) -> Floats:
    """cap · tanh(scores / cap): Gemma 2's bound on scores; unchanged without a cap."""
    return scores if cap is None else np.tanh(scores / cap) * cap


def attend(
    q: Floats,
    k: Floats,
    v: Floats,
    *,
    scaling: float,
    mask: Floats | None = None,
    bias: Floats | None = None,
    softcap: float | None = None,
    sink: float | None = None,
) -> HeadSteps:
    """(query, d), (key, d), (key, dv) → all steps of one head.

    scaling: usually 1/√d_k. mask, bias: additive, broadcastable to (query, key).
    Raises ValueError when the shapes do not fit each other.
    """
    if q.ndim != 2 or k.ndim != 2 or v.ndim != 2:
        raise ValueError("q, k and v of one head are matrices")
    if q.shape[1] != k.shape[1]:
        raise ValueError(f"q has width {q.shape[1]}, k has {k.shape[1]}: they must agree")
    if k.shape[0] != v.shape[0]:
        raise ValueError(f"{k.shape[0]} keys but {v.shape[0]} values: one value a key")
    raw = scores(q, k)
    scaled = soft_capped(raw * raw.dtype.type(scaling), softcap)
    masked = scaled
    if bias is not None:
        bias = np.broadcast_to(bias, raw.shape)
        masked = masked + bias
    if mask is not None:
        mask = np.broadcast_to(mask, raw.shape)
        masked = masked + mask
    weights = masked_softmax(masked, sink)
    return HeadSteps(
        q, k, v, raw, scaled, masked, weights, weights @ v, scaling, bias, mask, softcap, sink
    )


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
    """The same q, k, v under another scaling and mask: a what-if, not the model's own computation.

    A position bias, soft cap or sink stays as the model has it.
    """
    return attend(
        steps.q,
        steps.k,
        steps.v,
        scaling=scaling,
        mask=mask,
        bias=steps.bias,
        softcap=steps.softcap,
        sink=steps.sink,
    )
