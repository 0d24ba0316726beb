"""How far two heads of one recording lie apart: Jensen–Shannon divergence, in bits. Numpy only.

JS(p, q) = ½ Σ p log₂(p/m) + ½ Σ q log₂(q/m), m = (p + q)/2 (Lin 1991, section IV): 0 for equal
rows, 1 for rows that share no key. Of two heads the mean over their query rows, where Clark et
al. 2019, section 6, take the sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.core.arrays import Difference, difference
from models.trace import AttentionBlock, AttentionTrace, Floats, Kind

MOST = 5e7  # numbers that all pairs of heads may take to compare: about two seconds


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """values: (head, head) in bits, heads counted layer by layer; rows of `queries` were taken."""

    values: Floats
    rows: int
    queries: int


def terms(p: Floats, q: Floats) -> Floats:
    """(…, key) twice → (…, key): what each key adds to JS(p, q), bits, none below 0."""
    p, q = np.broadcast_arrays(np.asarray(p, np.float64), np.asarray(q, np.float64))
    m = (p + q) / 2
    return (_times_log(p, p, m) + _times_log(q, q, m)) / 2


def divergence(p: Floats, q: Floats) -> Floats:
    """(…, key) twice, each row a distribution → (…,) bits, 0–1."""
    return np.asarray(terms(p, q).sum(axis=-1))


def by_entropy(p: Floats, q: Floats) -> Floats:
    """The same by another formula: H(m) − (H(p) + H(q))/2 (Lin 1991, definition 4.1)."""
    p, q = np.asarray(p, np.float64), np.asarray(q, np.float64)
    return np.asarray(entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2)


def entropy(p: Floats) -> Floats:
    """(…, key) → (…,) bits (Shannon 1948)."""
    return np.asarray(-_times_log(p, p, np.ones_like(p)).sum(axis=-1))


def _times_log(weight: Floats, above: Floats, below: Floats) -> Floats:
    """weight·log₂(above/below), 0 where the weight is."""
    there = weight > 0
    ratio = np.divide(above, below, out=np.ones_like(weight), where=there)
    return np.asarray(weight * np.log2(ratio))


def checked(p: Floats, q: Floats) -> Difference:
    """Two rows, (key,): both formulas' results, among the entropies that the second subtracts."""
    sizes = [float(entropy(np.asarray(one, np.float64))) for one in (p, q, (p + q) / 2)]
    return difference(divergence(p, q), by_entropy(p, q), among=sizes, least=1e-3)


def rows(block: AttentionBlock, head: int | None = None) -> Floats:
    """(head, query, key + 1) of a block, (query, key + 1) of one head: rows that sum to 1.

    The last is what a sink takes, or keys that are no tokens; 0 without. IndexError: no such head.
    """
    weights = block.weights if head is None else block.head(head).weights
    rest = np.zeros((*weights.shape[:-1], 1), weights.dtype)
    if not block.shared_out:
        rest = np.clip(1 - weights.sum(axis=-1, keepdims=True), 0, None)
    return np.concatenate((weights, rest), axis=-1)


def to_one(trace: AttentionTrace, kind: Kind, layer: int, head: int) -> tuple[Floats, ...]:
    """(head,) bits a layer: every head of a kind to that one. KeyError, IndexError: none such."""
    blocks, own = trace.layers(kind), rows(trace.block(kind, layer), head)
    return tuple(divergence(own[None], rows(block)).mean(axis=-1) for block in blocks)


def all_pairs(trace: AttentionTrace, kind: Kind) -> Pairs:
    """Every head of a kind to every other; of long texts evenly spaced query rows stand for all."""
    blocks = trace.layers(kind)
    heads = sum(block.heads for block in blocks)
    queries, keys = blocks[0].shape
    count = int(np.clip(MOST / (heads * heads / 2 * keys), 1, queries))
    taken = np.unique(np.linspace(0, queries - 1, count).astype(int))
    p = np.concatenate([rows(block)[:, taken] for block in blocks]).astype(np.float64)
    values = np.zeros((heads, heads))
    alone = entropy(p)
    for n in range(heads):
        mixed = entropy((p[n] + p[n:]) / 2)
        values[n, n:] = (mixed - (alone[n] + alone[n:]) / 2).mean(axis=-1)
    values = np.clip(np.maximum(values, values.T), 0, 1)
    return Pairs(values, len(taken), queries)
