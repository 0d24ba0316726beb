"""Adapters that visitors train: one at a time a process, the others wait for their turn.

Each runs in a process of its own (models.cost.finetuning_run), so that no session's threads and
seeds are touched; it can be stopped, and ends by itself. Imports no torch.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

from models.core.arrays import Difference
from models.core.child import Child
from models.cost.adapter import SHIPPED, Adapter, of_arrays
from models.measured import ADAPTERS, read

Stage = Literal[
    "waiting", "starting", "training", "testing", "done", "stopped", "dropped", "failed"
]

RANKS = (1, 2, 4, 8)
STEPS, BATCH, SENTENCES = 240, 16, 100
TOGETHER = 20  # steps whose mean is shown, as in the shipped adapter's curve
SECONDS = 60.0  # after which no further step is begun; the process is ended at twice that
WAITING = 8  # visitors that may wait at a time
UNSEEN = 60.0  # seconds after which a waiting one that nobody looks at is dropped
_KEPT = 32  # runs of which something is remembered

log = logging.getLogger("dikkat")


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


@dataclass(slots=True)
class _Ticket:
    run: AdapterTraining
    seen: float = field(default_factory=time.monotonic)
    child: Child | None = None


_tickets: OrderedDict[str, _Ticket] = OrderedDict()
_line: list[str] = []  # who waits, in order
_lock = threading.Lock()
_idle = threading.Event()  # nothing is at work, nobody waits
_idle.set()


def begin(rank: int) -> str | None:
    """Train an adapter of that rank, at once or when it is its turn; → by what it is asked for.

    None: too many wait. ValueError: no such rank.
    """
    if rank not in RANKS:
        raise ValueError(f"rank {rank} is none of {RANKS}")
    with _lock:
        _drop_unseen()
        if len(_line) >= WAITING:
            return None
        name = uuid.uuid4().hex
        _tickets[name] = _Ticket(AdapterTraining(rank, "waiting"))
        _line.append(name)
        for old in [n for n, one in _tickets.items() if not one.run.busy][: -_KEPT or None]:
            del _tickets[old]
        if _idle.is_set():
            _idle.clear()
            threading.Thread(target=_work, name="finetuning", daemon=True).start()
        return name


def seen(name: str) -> AdapterTraining | None:
    """How far it is; None: nothing is known of it any more."""
    with _lock:
        ticket = _tickets.get(name)
        if ticket is None:
            return None
        ticket.seen = time.monotonic()
        if ticket.run.stage != "waiting":
            return ticket.run
        at_work = sum(one.child is not None for one in _tickets.values())
        return replace(ticket.run, before=_line.index(name) + at_work)


def stop(name: str) -> None:
    """End it, or let it wait no longer; of what is over, or not known, nothing."""
    with _lock:
        ticket = _tickets.get(name)
        if ticket is None or not ticket.run.busy:
            return
        ticket.run = replace(ticket.run, stage="stopped")
        if name in _line:
            _line.remove(name)
        if ticket.child is not None:
            ticket.child.stop()


def settled() -> None:
    """Wait until nothing is at work, as tests do."""
    _idle.wait()


def _drop_unseen() -> None:
    now = time.monotonic()
    for name in [n for n in _line if now - _tickets[n].seen > UNSEEN]:
        _line.remove(name)
        _tickets[name].run = replace(_tickets[name].run, stage="dropped")


def _work() -> None:
    """The thread that starts one after another."""
    while True:
        with _lock:
            _drop_unseen()
            if not _line:
                _idle.set()
                return
            ticket = _tickets[_line.pop(0)]
            ticket.run = replace(ticket.run, stage="starting")
        try:
            with _lock:  # so that who stops it now misses no child
                child = ticket.child = _child(ticket.run.rank) if ticket.run.busy else None
            for answer in () if child is None else child.answers():
                _take(ticket, answer)
            if ticket.run.busy:
                raise EOFError("the training ended without a result")
        except Exception:
            log.exception("training an adapter")
            with _lock:
                if ticket.run.busy:
                    ticket.run = replace(ticket.run, stage="failed")
        finally:
            ticket.child = None


def _child(rank: int) -> Child:
    return Child("models.cost.finetuning_run", str(rank), seconds=2 * SECONDS)


def _take(ticket: _Ticket, answer: Any) -> None:
    """One line of the process's: a step, that it tests now, or the result."""
    with _lock:
        run = ticket.run
        if not run.busy:
            return
        if "loss" in answer:
            losses = (*run.losses, float(answer["loss"]))
            ticket.run = replace(run, stage="training", losses=losses)
        elif "exact" in answer:
            ticket.run = replace(run, stage="done", outcome=_outcome(run.rank, answer))
        else:
            ticket.run = replace(run, stage="testing")


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
