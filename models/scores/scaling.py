"""Why scores are divided by √d_k: how far q·k spreads, and what a softmax makes of it.

Of independent components with mean 0 and variance 1, Var(q·k) = Σ Var(q_i k_i) = d_k (Vaswani et
al. 2017, section 3.2.1, footnote 4). ∂α_j/∂s_j = α_j(1 − α_j): where a weight is nearly 0 or 1,
its score hardly moves it. Numpy only, float64.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isclose, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.core.attention import HeadSteps, Scoring, masked_softmax, scores, softmax
from models.trace import AttentionTrace, Floats, Kind

DIMENSIONS = (4, 8, 16, 32, 64, 128, 256, 512)
ROWS, KEYS, SEED = 256, 16, 0  # of random vectors: queries, each with so many keys of its own
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Saturation:
    """A softmax's rows: the mean of each row's largest weight, the mean of α(1 − α)."""

    largest: float
    slope: float


@dataclass(frozen=True, slots=True)
class RandomScores:
    """q·k of random vectors of d components. spread: as `spread`; error: its standard error."""

    d: int
    spread: float
    error: float
    divided: Saturation
    undivided: Saturation

    @property
    def expected(self) -> float:
        """√d."""
        return sqrt(self.d)


@dataclass(frozen=True, slots=True)
class HeadSpread:
    """How far one head's q·k spread in a text, before any scaling. d: components of a key."""

    layer: int
    head: int
    d: int
    spread: float

    @property
    def ratio(self) -> float:
        """To √d: 1 for independent components of variance 1."""
        return self.spread / sqrt(self.d)


@dataclass(frozen=True, slots=True)
class HeadScaling:
    """One head in a text: its spread, and its softmax as it is and with nothing divided.

    uncorrelated: the spread if its components were as large as they are, and uncorrelated.
    factor: what its scores are multiplied by, usually 1/√d; divided: with it, whatever it is.
    """

    spread: float
    uncorrelated: float
    factor: float
    divided: Saturation
    undivided: Saturation

    @property
    def plain(self) -> bool:
        """Nothing is divided: the factor is 1 (T5, Raffel et al. 2020)."""
        return self.factor == 1.0

    def by_root(self, d: int) -> bool:
        """Whether the factor is 1/√d, as far as float32 tells."""
        return divisor(self.factor, d) == "root"


def divisor(factor: float, d: int) -> Literal["root", "none", "other"]:
    """By what a factor divides the scores of d components: √d, nothing (1), or another number.

    √d as far as float32 tells.
    """
    if isclose(factor, 1 / sqrt(d), rel_tol=1e-5):
        return "root"
    return "none" if factor == 1.0 else "other"


@dataclass(frozen=True, slots=True)
class CellWeight:
    """One weight as it is, and with no score divided."""

    divided: float
    undivided: float


def deviations(raw: Floats, seen: Bools) -> tuple[Floats, NDArray[np.int64]]:
    """(query, key), (query, key) what may be looked at → (query,) Σ of squares about each query's
    mean, and (query,) how many terms of that Σ are free: the keys less one.

    About its own mean, because a softmax does not see what all scores of a row have in common.
    """
    count = np.maximum(seen.sum(axis=1), 1)
    kept = np.where(seen, raw.astype(np.float64), 0.0)
    mean = kept.sum(axis=1) / count
    squares = (np.where(seen, kept - mean[:, None], 0.0) ** 2).sum(axis=1)
    return squares, count - 1


def spread(raw: Floats, seen: Bools) -> float | None:
    """(query, key), (query, key) → the standard deviation of q·k within rows, over all rows.

    None: no query sees two keys.
    """
    squares, free = deviations(raw, seen)
    return sqrt(squares.sum() / free.sum()) if free.sum() else None


def random_scores(d: int, rows: int = ROWS, keys: int = KEYS, seed: int = SEED) -> RandomScores:
    """Queries and keys of d independent normal components, every row with keys of its own.

    The error is that of a mean over rows, which are independent; scores of one row are not.
    """
    draw = np.random.default_rng((seed, d))
    q, k = draw.normal(size=(rows, d)), draw.normal(size=(rows, keys, d))
    raw = np.einsum("qd,qkd->qk", q, k)
    squares, free = deviations(raw, np.ones_like(raw, dtype=bool))
    found = squares / free
    size = sqrt(found.mean())
    error = float(found.std(ddof=1)) / sqrt(rows) / (2 * size)
    return RandomScores(
        d, size, error, saturation(softmax(raw / sqrt(d))), saturation(softmax(raw))
    )


def all_random() -> tuple[RandomScores, ...]:
    """The same for every one of DIMENSIONS."""
    return tuple(random_scores(d) for d in DIMENSIONS)


def saturation(weights: Floats, seen: Bools | None = None) -> Saturation:
    """(query, key) weights, (query, key) what may be looked at, None: all → means over them.

    Queries that see one key are left out: its weight is 1 whatever its score. ValueError: all do.
    """
    seen = np.ones_like(weights, dtype=bool) if seen is None else seen
    rows = seen.sum(axis=1) > 1
    if not rows.any():
        raise ValueError("no query sees two keys")
    alpha = weights[rows].astype(np.float64)
    slopes = (alpha * (1 - alpha))[seen[rows]]
    return Saturation(float(alpha.max(axis=1).mean()), float(slopes.mean()))


def visible(steps: HeadSteps) -> Bools:
    """(query, key): what the mask leaves to each query."""
    return _visible(steps.mask, *steps.raw.shape)


def _visible(mask: Floats | None, queries: int, keys: int) -> Bools:
    """(query, key) → the same."""
    return np.ones((queries, keys), bool) if mask is None else ~np.isneginf(mask)


def undivided(steps: HeadSteps) -> Floats:
    """(query, key): the head's weights with its scores as they come out of QKᵀ, all else its own.

    In float64, so that a weight close to 1 differs from 1.
    """
    return _precise(steps, replace(steps.scoring, scaling=1.0))


def _precise(steps: HeadSteps, how: Scoring) -> Floats:
    """(query, key): weights in float64."""
    return masked_softmax(how.masked(how.scaled(steps.raw.astype(np.float64))), how.sink)


def of_head(steps: HeadSteps) -> HeadScaling | None:
    """One recorded head. None: no query sees two keys."""
    seen = visible(steps)
    found = spread(steps.raw, seen)
    if found is None:
        return None
    return HeadScaling(
        found,
        _uncorrelated(steps, seen),
        steps.scaling,
        saturation(steps.weights, seen),
        saturation(undivided(steps), seen),
    )


def _uncorrelated(steps: HeadSteps, seen: Bools) -> float:
    """The spread from Σ_i q_i² Var(k_i) alone, without any covariance of two components."""
    q, k = steps.q.astype(np.float64), steps.k.astype(np.float64)
    count = np.maximum(seen.sum(axis=1), 1)
    about = seen @ k**2 - (seen @ k) ** 2 / count[:, None]
    return sqrt(max(float((q**2 * about).sum()), 0.0) / (count - 1).sum())


def of_head_at(trace: AttentionTrace, kind: Kind, layer: int, head: int) -> HeadScaling | None:
    """One head of a recording. KeyError, IndexError: there is none such; None: as `of_head`."""
    return of_head(trace.with_layer(layer).block(kind, layer).head(head))


def weight(steps: HeadSteps, query: int, key: int) -> CellWeight:
    """One cell of a head, both in float64. IndexError: there is none such."""
    cell = query, key
    kept, free = _precise(steps, steps.scoring), undivided(steps)
    return CellWeight(float(kept[cell]), float(free[cell]))


def of_all_heads(trace: AttentionTrace, kind: Kind) -> tuple[HeadSpread, ...]:
    """Every head of one kind that was recorded with q and k, layer by layer."""
    blocks = [block for block in trace.all_blocks if block.kind == kind and block.whole]
    found = []
    for block in blocks:
        for head in range(block.heads):
            # q·kᵀ alone: no softmax and no output of a head is needed here.
            q, k = block.q[head], block.k[block.kv_head(head)]
            mask = block.scoring.of_head(head, block.shape).mask
            size = spread(scores(q, k), _visible(mask, *block.shape))
            if size is not None:
                found.append(HeadSpread(block.layer, head, int(q.shape[1]), size))
    return tuple(found)


def quantiles(heads: tuple[HeadSpread, ...]) -> tuple[float, float, float]:
    """The least, the median and the largest ratio of several heads. ValueError: there is none."""
    if not heads:
        raise ValueError("no head has two keys in a row")
    low, middle, high = np.quantile([one.ratio for one in heads], [0, 0.5, 1])
    return float(low), float(middle), float(high)
