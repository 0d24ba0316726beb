"""q × k dimension by dimension: what one query's scores, or several queries' together, are sums of.

Σ_t q_t·k_t is linear in q: the products of several queries add up to those of their sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.core.arrays import Difference, difference
from models.core.attention import unsettled_head
from models.trace import AttentionBlock, Floats, HeadSteps, read_only


@dataclass(frozen=True, slots=True, eq=False)
class PairProducts:
    """One head's products of q and k, in float64, for all keys at once.

    queries: their places, the chosen one first; steps: the head's. q: (d,), the queries' sum.
    values: (key, d), q·k in each dimension; sums: (key,), over the dimensions: the raw score, of
    several queries their scores' sum. weights: (key,), of several queries the mean. masked: (key,),
    how many of the queries may not look there. difference: of the queries' outputs, from these
    sums through softmax and ·V, to the model's own.
    """

    queries: tuple[int, ...]
    steps: HeadSteps
    q: Floats
    values: Floats
    sums: Floats
    weights: Floats
    masked: NDArray[np.int64]
    difference: Difference

    @property
    def blocked(self) -> NDArray[np.bool_]:
        """(key,): none of the queries may look there."""
        return np.equal(self.masked, len(self.queries))

    @property
    def in_order(self) -> NDArray[np.int64]:
        """(d,): the dimensions as the model has them."""
        return np.arange(len(self.q))

    def largest_first(self, key: int) -> NDArray[np.int64]:
        """(d,): the dimensions by the size of their products with a key."""
        return np.argsort(-np.abs(self.values[key]), kind="stable")

    def raw(self, key: int) -> Floats:
        """(query,): each query's own raw score of a key, in float64."""
        q = self.steps.q[list(self.queries)].astype(np.float64)
        return np.asarray(q @ self.steps.k[key].astype(np.float64))


def products(block: AttentionBlock, head: int, queries: Sequence[int]) -> PairProducts:
    """q × k of one head for one query or several, summed. IndexError: no such head or query.

    ValueError: no query, or one twice.
    """
    rows = block.shape[0]
    if not queries or len(set(queries)) < len(queries):
        raise ValueError(f"queries are different ones, at least one: {tuple(queries)}")
    if min(queries) < 0 or max(queries) >= rows:
        raise IndexError(f"queries {tuple(queries)} are not all in 0..{rows - 1}")
    steps, chosen = block.head(head), list(queries)
    q, k = (part.astype(np.float64) for part in (steps.q[chosen], steps.k))
    summed = q.sum(axis=0)
    values = summed * k
    scores = steps.raw.astype(np.float64)
    scores[chosen] = [(one * k).sum(axis=1) for one in q]
    how = steps.scoring
    masked = how.masked(how.scaled(scores))
    weights = how.weights(masked)[chosen]
    own = block.output[head]
    return PairProducts(
        queries=tuple(queries),
        steps=steps,
        q=read_only(summed),
        values=read_only(values),
        sums=read_only(values.sum(axis=1)),
        weights=read_only(weights.mean(axis=0)),
        masked=np.isneginf(masked[chosen]).sum(axis=0),
        difference=difference(
            weights @ steps.v, own[chosen], among=own, least=unsettled_head(steps)
        ),
    )
