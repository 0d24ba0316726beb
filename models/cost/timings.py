"""What layers took when they were run: seconds and bytes by length, and where two curves cross.

`models.cost.measure` runs them and writes timings.json; this reads it, and imports no torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from models.core.arrays import Floats, read_only

FILE = Path(__file__).with_name("timings.json")
Run = Literal["rnn", "full", "fused", "windowed", "linear"]
RUNS: tuple[Run, ...] = get_args(Run)


@dataclass(frozen=True, slots=True, eq=False)
class TimedCurve:
    """One layer by length. seconds, bytes: (length,): of the quickest run, of one thread's own
    time; most memory beyond what goes in that is taken at once."""

    seconds: Floats
    bytes: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Timings:
    """lengths: tokens; d: width; r: keys a query sees in a window. machine, torch, day: where,
    by which version, and when, as YYYY-MM-DD. ValueError: a curve of other lengths."""

    lengths: tuple[int, ...]
    d: int
    r: int
    machine: str
    torch: str
    day: str
    curves: Mapping[Run, TimedCurve]

    def __post_init__(self) -> None:
        for name, curve in self.curves.items():
            for part in (curve.seconds, curve.bytes):
                if part.shape != (len(self.lengths),):
                    raise ValueError(f"{name} has {part.shape}, not {len(self.lengths)} lengths")

    def seconds(self, run: Run, n: int) -> float:
        """At a measured length. ValueError: not measured at it."""
        return float(self.curves[run].seconds[self.lengths.index(n)])

    def bytes(self, run: Run, n: int) -> int:
        """At a measured length. ValueError: not measured at it."""
        return int(self.curves[run].bytes[self.lengths.index(n)])

    def crossing(self, one: Run, other: Run) -> float | None:
        """From which length on `one` takes longer for good, between two measured ones on a line in
        logarithms; None: it does not at the longest, or does at all of them."""
        apart = np.log(self.curves[one].seconds / self.curves[other].seconds)
        below = np.flatnonzero(apart <= 0)
        if not len(below) or below[-1] == len(apart) - 1:
            return None
        last = int(below[-1])
        share = -apart[last] / (apart[last + 1] - apart[last])
        start, end = np.log(self.lengths[last : last + 2])
        return float(np.exp(start + share * (end - start)))


def written(timings: Timings) -> dict[str, Any]:
    """As the file holds it; of (length,) arrays their numbers."""
    curves = {
        name: {
            "seconds": [float(f"{one:.4g}") for one in curve.seconds],
            "bytes": [int(one) for one in curve.bytes],
        }
        for name, curve in timings.curves.items()
    }
    named = {name: getattr(timings, name) for name in ("d", "r", "machine", "torch", "day")}
    return {"lengths": list(timings.lengths), **named, "curves": curves}


def read(said: Mapping[str, Any]) -> Timings:
    """What `written` wrote. LookupError, TypeError, ValueError: something else did."""
    curves: dict[Run, TimedCurve] = {
        name: TimedCurve(*(read_only(np.array(said["curves"][name][part], np.float64))
                      for part in ("seconds", "bytes")))
        for name in RUNS
    }  # fmt: skip
    named = {name: said[name] for name in ("d", "r", "machine", "torch", "day")}
    return Timings(tuple(said["lengths"]), curves=curves, **named)


@cache
def stored() -> Timings:
    """The file's. OSError, LookupError, ValueError: it is not there, or damaged."""
    return read(json.loads(FILE.read_text(encoding="utf-8")))
