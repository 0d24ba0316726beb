"""Why −∞, and why before the softmax: one query's row, masked rightly and in two wrong ways.

A masked score of 0 is e⁰ = 1, not nothing. Weights that are zeroed behind the softmax leave a row
below 1, and its denominator has seen what was masked. Numpy only, float64.
(Mask: Vaswani et al. 2017, section 3.2.3.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.core.arrays import Difference, difference
from models.core.attention import HeadSteps, causal_mask, changed, masked_softmax
from models.trace import Floats

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class MaskedRow:
    """Ways of keeping a query from some keys.

    scores: (key,) before the mask. masked: (key,) what must not be looked at. sink: a score that
    takes part in the softmax and has no value; None: there is none.
    """

    scores: Floats
    masked: Bools
    sink: float | None = None

    @property
    def right(self) -> Floats:
        """(key,): masked scores −∞, then the softmax."""
        return _softmax(np.where(self.masked, -np.inf, self.scores), self.sink)

    @property
    def zero_scores(self) -> Floats:
        """(key,): masked scores 0, then the softmax."""
        return _softmax(np.where(self.masked, 0.0, self.scores), self.sink)

    @property
    def unmasked(self) -> Floats:
        """(key,): the softmax of all scores."""
        return _softmax(self.scores, self.sink)

    @property
    def zeroed(self) -> Floats:
        """(key,): the softmax of all scores, then masked weights 0."""
        return np.where(self.masked, 0.0, self.unmasked)

    @property
    def kept(self) -> float:
        """What zeroing leaves of the row's 1: its sum, with the sink's share where there is one."""
        return float(self.zeroed.sum()) + self.sink_share

    @property
    def lost(self) -> float:
        """What zeroing takes from the row: the weights of the masked keys, before it."""
        return float(self.unmasked[self.masked].sum())

    @property
    def sink_share(self) -> float:
        """What the sink has of the unmasked row, from its own score; 0 where there is none."""
        if self.sink is None:
            return 0.0
        return float(_softmax(np.append(self.scores, self.sink), None)[-1])

    @property
    def missing(self) -> float:
        """What the zeroed weights lack of 1: `lost`, and the sink's share, which no key has."""
        return self.lost + self.sink_share

    @property
    def renormalised(self) -> Floats:
        """(key,): `zeroed` divided by `kept`; where that is 0 there is nothing to divide."""
        return self.zeroed / self.kept if self.kept else self.zeroed

    @property
    def future(self) -> int:
        """The first masked key. ValueError: none is masked."""
        if not self.masked.any():
            raise ValueError("no key of this row is masked")
        return int(self.masked.argmax())

    @property
    def strongest(self) -> int:
        """The key with the largest score among those that may be looked at.

        ValueError: all are masked.
        """
        if self.masked.all():
            raise ValueError("every key of this row is masked")
        return int(np.where(self.masked, -np.inf, self.scores).argmax())

    @property
    def shift(self) -> float:
        """What is taken off every exponent: the largest; 0 where eˢ is pleasant to read.

        The sink's score is among them, and the 0 that stands for a masked score: none overflows.
        """
        exponents = np.append(self.scores, 0.0 if self.sink is None else (0.0, self.sink))
        return float(exponents.max()) if np.abs(exponents).max() > 9 else 0.0

    @property
    def exponentials(self) -> Floats:
        """(key,): e^{s − shift} of every score, masked or not."""
        return np.asarray(np.exp(self.scores - self.shift))

    @property
    def open_sum(self) -> float:
        """Σ e^{s − shift} over what may be looked at, the sink's among them."""
        sink = 0.0 if self.sink is None else float(np.exp(self.sink - self.shift))
        return float(self.exponentials[~self.masked].sum()) + sink

    @property
    def masked_sum(self) -> float:
        """Σ e^{s − shift} over what is masked."""
        return float(self.exponentials[self.masked].sum())

    @property
    def zeros_sum(self) -> float:
        """Σ e^{0 − shift} over what is masked: with a score of 0 in its place."""
        return float(self.masked.sum() * np.exp(-self.shift))

    def with_score(self, key: int, score: float) -> MaskedRow:
        """The same with another score at one key. IndexError: no such key."""
        if not 0 <= key < len(self.scores):
            raise IndexError(f"key {key} is not in 0..{len(self.scores) - 1}")
        exchanged = self.scores.copy()
        exchanged[key] = score
        return replace(self, scores=exchanged)

    def with_another_future(self) -> MaskedRow:
        """With the strongest key's score at the first masked key, as if another token stood there.

        ValueError: none is masked, or all are.
        """
        return self.with_score(self.future, float(self.scores[self.strongest]))

    def difference(self) -> Difference:
        """The renormalised weights to the right ones: two computations of the same numbers."""
        return difference(self.renormalised, self.right)


def _softmax(scores: Floats, sink: float | None) -> Floats:
    """(key,) → (key,)."""
    return np.asarray(masked_softmax(scores[None, :], sink)[0])


def masking(steps: HeadSteps) -> tuple[HeadSteps, bool]:
    """A head under a mask that hides something: its own, else a causal one; whether it is that."""
    if steps.mask is not None and np.isneginf(steps.mask).any():
        return steps, False
    causal = causal_mask(*steps.raw.shape).astype(steps.raw.dtype)
    own = causal if steps.mask is None else steps.mask + causal
    return changed(steps, scaling=steps.scaling, mask=own), True


def earlier_masked(steps: HeadSteps, query: int) -> bool:
    """Whether the mask keeps a query before this one from some key."""
    return steps.mask is not None and bool(np.isneginf(steps.mask[:query]).any())


def masked_row(steps: HeadSteps, query: int) -> MaskedRow:
    """One query's row of a head, its scores before the mask. IndexError: no such query."""
    if not 0 <= query < len(steps.raw):
        raise IndexError(f"query {query} is not in 0..{len(steps.raw) - 1}")
    # A mask may add finite numbers, too: they stay.
    added = np.zeros(steps.raw.shape) if steps.mask is None else steps.mask.astype(np.float64)
    masked = np.isneginf(added[query])
    bare = replace(steps.scoring, mask=None).masked(steps.scaled.astype(np.float64))[query]
    return MaskedRow(bare + np.where(masked, 0.0, added[query]), masked, steps.sink)
