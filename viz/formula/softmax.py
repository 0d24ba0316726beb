"""One score's share of a softmax: its eˢ over the sum of all (Vaswani et al. 2017, eq. 1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.core.attention import exponentials
from models.trace import Floats
from viz.formula.writer import Writer


@dataclass(frozen=True, slots=True, eq=False)
class Share:
    """e^{s − m} / Σ_j e^{s_j − m}, in float64.

    score: s; shift: m, None where nothing is taken off; e: (score,) every e^{s_j − m}.
    """

    score: float
    shift: float | None
    e: Floats

    @property
    def top(self) -> float:
        """m, 0 where nothing is taken off."""
        return self.shift or 0.0

    @property
    def mine(self) -> float:
        """e^{s − m} of the chosen score."""
        return float(np.exp(self.score - self.top))

    @property
    def total(self) -> float:
        """Σ_j e^{s_j − m}."""
        return float(self.e.sum())

    @property
    def value(self) -> float:
        """The share itself, between 0 and 1."""
        return self.mine / self.total

    @property
    def less(self) -> str:
        """− m behind any cell's score, where it is taken off."""
        return "" if self.shift is None else " - m"

    def exponent(self, w: Writer, *, signed: bool = True, digits: int | None = None) -> str:
        """s − m with numbers; signed: in the colour of the score's sign."""
        score = w.score(self.score) if signed else w.number(self.score, digits)
        return score if self.shift is None else f"{score} - {w.factor(self.shift, digits=digits)}"

    def fraction(self, w: Writer, digits: int | None = None, kind: str = "frac") -> str:
        """What stands above and below, once computed."""
        above, below = (w.significant(x, digits) for x in (self.mine, self.total))
        return rf"\{kind}{{{above}}}{{{below}}}"


def share(scores: Floats, chosen: int, sink: float | None = None) -> Share:
    """Of a row of scores, (key,), masked ones −inf; their maximum is taken off where eˢ is
    unpleasant to read. sink: a score that takes part in the sum only."""
    joined = scores.astype(np.float64) if sink is None else np.append(scores, sink)
    e, shift = exponentials(joined[~np.isneginf(joined)].astype(np.float64))
    return Share(float(scores[chosen]), shift or None, e)


def share_of_many(scores: Floats, chosen: int) -> Share:
    """Of a vocabulary's scores, (word,): their maximum is always taken off."""
    z = scores[np.isfinite(scores)].astype(np.float64)
    top = float(z.max())
    return Share(float(scores[chosen]), top, np.exp(z - top))
