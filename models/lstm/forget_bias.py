"""How well an LSTM has learned to recall, by the bias that its forget gate began with.

Measured by models.training.forget_bias. At first a gate is open σ(b), and of a cell state
σ(b)ⁿ is left after n steps (Gers et al. 2000; Jozefowicz et al. 2015, section 2.2). Numpy only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.core.cell import sigmoid
from models.measured import read
from models.trace import Floats, read_only

LEARNED = 0.99  # mean share of right answers from which a network counts as having learned it


@dataclass(frozen=True, slots=True, eq=False)
class BiasCurves:
    """steps: (point,) of training; accuracy: bias → (seed, point) shares of right answers.

    distractors: how many stand between the symbol and the question; rows: answers a seed and
    point; chance: of guessing.
    """

    steps: tuple[int, ...]
    accuracy: Mapping[float, Floats]
    distractors: int
    rows: int
    chance: float

    def mean(self, bias: float) -> Floats:
        """(point,): over the seeds. KeyError: that bias was not measured."""
        return read_only(self.accuracy[bias].mean(axis=0))

    def learned(self) -> int:
        """The first point at which one of the biases has learned it; the last if none has."""
        best = np.max([self.mean(bias) for bias in self.accuracy], axis=0)
        return int(np.argmax(best >= LEARNED)) if best.max() >= LEARNED else len(self.steps) - 1


def opened(bias: float) -> float:
    """σ(b): what the gate keeps of the cell state in a step, when nothing else speaks."""
    return float(sigmoid(np.array(bias, np.float64)))


def kept(bias: float, steps: int) -> float:
    """σ(b)ⁿ: what is left of the cell state after so many steps."""
    return float(opened(bias) ** steps)


def measured(folder: Path | None = None) -> BiasCurves | None:
    """What was measured; None: nothing was. Raises errors.DamagedWeights."""
    return read("memory-lstm", "forget_bias.json", _curves, folder)


def _curves(told: Mapping[str, Any]) -> BiasCurves:
    return BiasCurves(
        steps=tuple(told["steps"]),
        accuracy={float(b): read_only(np.array(rows)) for b, rows in told["accuracy"].items()},
        distractors=told["distractors"],
        rows=told["rows"],
        chance=told["chance"],
    )
