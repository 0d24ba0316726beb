"""Adapters that visitors train: one at a time, each in a process (models.cost.finetuning_run).

Imports no torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from models.core.arrays import Difference
from models.core.child import Child
from models.core.turns import WAITING as WAITING
from models.core.turns import Turns
from models.cost.adapter import SHIPPED, Adapter, of_arrays
from models.measured import ADAPTERS, read

Stage = Literal[
    "waiting", "starting", "training", "testing", "done", "stopped", "dropped", "failed"
]

RANKS = (1, 2, 4, 8)
STEPS, BATCH, SENTENCES = 240, 16, 100
TOGETHER = 20  # steps whose mean is shown, as in the shipped adapter's curve
SECONDS = 60.0  # after which no further step is begun; the process is ended at twice that


@dataclass(frozen=True, slots=True, eq=False)
class TrainedAdapter:
    """What a training came to.

    exact, shipped, without: shares of the same `sentences` test sentences translated letter by
    letter, with this adapter, with the shipped one, with none. merged: how far the model with the
    updates beside its matrices is from the one with W + (α/r) B A in their place. untouched: W
    holds the same bits as before. seconds: of the steps.
    """

    adapter: Adapter
    exact: float
    shipped: float
    without: float
    sentences: int
    merged: Difference
    untouched: bool
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class AdapterTraining:
    """How far a training is. losses: (step,) in nats a token, before each step's update.

    before: how many are to come before it.
    """

    rank: int
    stage: Stage
    before: int = 0
    losses: tuple[float, ...] = ()
    outcome: TrainedAdapter | None = None

    @property
    def busy(self) -> bool:
        """It waits or is at work."""
        return self.stage in ("waiting", "starting", "training", "testing")

    @property
    def share(self) -> float:
        """Of the steps, those that are done."""
        return len(self.losses) / STEPS


def begin(rank: int) -> str | None:
    """Train an adapter of that rank, at once or when it is its turn; → by what it is asked for.

    None: too many wait. ValueError: no such rank.
    """
    if rank not in RANKS:
        raise ValueError(f"rank {rank} is none of {RANKS}")
    return _turns.begin(AdapterTraining(rank, "waiting"))


def _child(rank: int) -> Child:
    return Child("models.cost.finetuning_run", str(rank), seconds=2 * SECONDS)


def _taken(run: AdapterTraining, answer: Mapping[str, Any]) -> AdapterTraining:
    """After one line of the process's: a step, that it tests now, or the result."""
    if "loss" in answer:
        return replace(run, stage="training", losses=(*run.losses, float(answer["loss"])))
    if "exact" in answer:
        return replace(run, stage="done", outcome=_outcome(run.rank, answer))
    return replace(run, stage="testing")


_turns: Turns[AdapterTraining] = Turns("finetuning", lambda run: _child(run.rank), _taken)
seen, stop, settled = _turns.seen, _turns.stop, _turns.idle.wait  # as tests wait


def _outcome(rank: int, answer: Any) -> TrainedAdapter:
    """What the process says in the end, its tensors unpacked."""
    from base64 import b64decode

    from safetensors.numpy import load

    arrays = load(b64decode(answer["tensors"]))
    adapter = of_arrays(answer["base"], rank, float(answer["scale"]), arrays)
    return TrainedAdapter(
        adapter,
        exact=float(answer["exact"]),
        shipped=float(answer["shipped"]),
        without=float(answer["without"]),
        sentences=int(answer["sentences"]),
        merged=Difference(*map(float, answer["merged"])),
        untouched=bool(answer["untouched"]),
        seconds=float(answer["seconds"]),
    )


def means(losses: Sequence[float]) -> tuple[tuple[int, float], ...]:
    """(step, mean loss of it and those since the last), a pair for every TOGETHER steps."""
    return tuple(
        (at, sum(losses[at - TOGETHER : at]) / TOGETHER)
        for at in range(TOGETHER, len(losses) + 1, TOGETHER)
    )


@dataclass(frozen=True, slots=True)
class ShippedCurve:
    """The shipped adapter's own training. points: (step, mean loss of the steps since the last)."""

    points: tuple[tuple[int, float], ...]
    steps: int


@lru_cache(maxsize=1)
def shipped_curve() -> ShippedCurve | None:
    """As its training left it; None: it did not. Raises DamagedWeights."""
    return read(SHIPPED, "training.json", _curve, ADAPTERS)


def _curve(notes: dict[str, Any]) -> ShippedCurve:
    points = tuple((int(step), float(loss)) for step, loss in notes["curve"][0])
    return ShippedCurve(points, int(notes["steps"]))
