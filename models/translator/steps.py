"""What a translator writes, step by step, with the likeliest words of each: frozen records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.core.tokens import Encoded
from models.recording.ranking import NextWord, likeliest
from models.trace import Floats

MOST = 10  # likeliest words that a step keeps


@dataclass(frozen=True, slots=True, eq=False)
class WrittenWord:
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


def steps_of(logits: Floats, ids: Sequence[int], words: Sequence[str]) -> tuple[WrittenWord, ...]:
    """(step, vocabulary), the word written at each step → the likeliest words of each."""
    found = []
    for row, chosen in zip(logits, ids, strict=True):
        z = row.astype(np.float64)
        top = z.max()
        log_sum_exp = float(top + np.log(np.exp(z - top).sum()))
        best = likeliest([row], words, most=MOST, also=chosen)
        found.append(WrittenWord(chosen, float(row[chosen]), tuple(best), log_sum_exp))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What a translator wrote, the likeliest word at every step, each read again at the next.

    written: the end token among it where it came (ended). steps: one a written word.
    """

    model_id: str
    text: str
    source: Encoded
    written: Encoded
    steps: tuple[WrittenWord, ...]
    ended: bool

    @property
    def ids(self) -> tuple[int, ...]:
        """The vocabulary's numbers of what was written."""
        return self.written.ids

    @property
    def log_probability(self) -> float:
        """ln p of the whole sentence."""
        return sum(step.log_probability for step in self.steps)
