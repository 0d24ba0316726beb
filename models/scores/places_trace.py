"""What two models answer and were measured at, of `models.scores.places`: records, numpy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.trace import AttentionTrace, Floats

ASKED, PLACES = "ABCD", 8
FIGURES = ("together", "whole_rows", "one_by_one")


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """What one model looks at from its question, and what it answers.

    trace: the recording; shares: (4, 8) for each of ASKED a probability of each place;
    right: (4,) where they stand, from 0.
    """

    trace: AttentionTrace
    shares: Floats
    right: tuple[int, ...]

    @property
    def weights(self) -> Floats:
        """(head, token): from the question, of the one layer."""
        return self.trace.block("decoder", 0).weights[:, -1]

    @property
    def answers(self) -> tuple[int, ...]:
        """(4,): the most probable place of each, from 0."""
        return tuple(self.shares.argmax(axis=1).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Accuracy:
    """What was measured of one model. seeds: FIGURES → (seed,) shares; rows: of letters a seed.

    baselines: of what → FIGURES → share, where it makes sense.
    """

    seeds: Mapping[str, Floats]
    rows: int
    baselines: Mapping[str, Mapping[str, float]]

    def mean(self, figure: str) -> float:
        """Over the seeds. KeyError: none of FIGURES."""
        return float(self.seeds[figure].mean())
