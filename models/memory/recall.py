"""Recall by distance, as models.training.memory measured it, and a claim held against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from models.measured import read
from models.trace import Floats, read_only

# The lessons: an LSTM copes with about 100 words and loses its grip by about 1000.
CLAIMED_TO_COPE, CLAIMED_TO_FAIL = 100, 1000
COPES = 0.9  # share of right answers from which a network counts as coping
Verdict = Literal["held", "longer", "shorter"]


@dataclass(frozen=True, slots=True, eq=False)
class Recall:
    """One network's share of right answers after N distractors.

    distractors: (length,); seeds: (seed, length); untrained: (length,); chance: of guessing;
    trained_up_to: the most distractors in training; rows: answers a seed and length.
    """

    distractors: tuple[int, ...]
    seeds: Floats
    untrained: Floats
    chance: float
    trained_up_to: int
    rows: int

    @property
    def mean(self) -> Floats:
        """(length,): over the seeds."""
        return read_only(self.seeds.mean(axis=0))

    def right(self, place: int) -> tuple[int, ...]:
        """How many answers of each seed were right at one length."""
        return tuple(round(float(share) * self.rows) for share in self.seeds[:, place])

    def spread(self, place: int) -> tuple[float, float]:
        """The least and the greatest share of the seeds at one length."""
        return float(self.seeds[:, place].min()), float(self.seeds[:, place].max())

    def error(self, place: int) -> float:
        """Standard error of the mean at one length, were every answer drawn on its own."""
        share = float(self.mean[place])
        return float(np.sqrt(share * (1 - share) / (self.rows * len(self.seeds))))

    def copes_at(self, distractors: int) -> bool:
        """The mean is COPES or more. ValueError: not measured at that length."""
        return bool(self.mean[self.distractors.index(distractors)] >= COPES)


def verdict(recall: Recall) -> Verdict:
    """ "held": coping at 100, no more at 1000; "longer": also there; "shorter": not even at 100."""
    if not recall.copes_at(CLAIMED_TO_COPE):
        return "shorter"
    return "longer" if recall.copes_at(CLAIMED_TO_FAIL) else "held"


def measured(names: Mapping[str, str], folder: Path | None = None) -> dict[str, Recall] | None:
    """Network → what was measured of its model (by id); None: of one nothing. DamagedWeights."""
    found = {n: read(model_id, "curve.json", _curve, folder) for n, model_id in names.items()}
    every = {name: recall for name, recall in found.items() if recall is not None}
    return every if len(every) == len(names) else None


def _curve(curve: Mapping[str, Any]) -> Recall:
    return Recall(
        distractors=tuple(curve["distractors"]),
        seeds=read_only(np.array(list(curve["seeds"].values()))),
        untrained=read_only(np.array(curve["untrained"])),
        chance=curve["chance"],
        trained_up_to=curve["trained_up_to"],
        rows=curve["rows"],
    )
