"""Processes that visitors ask for: one at a time of a kind, the others wait for their turn.

Each runs in a process of its own (models.core.child), so that no session's threads and seeds are
touched; it can be stopped, and ends by itself. Imports no torch.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from models.core.child import Child

WAITING = 8  # visitors that may wait at a time
UNSEEN = 60.0  # seconds after which one that nobody looks at is dropped
_KEPT = 32  # of which something is remembered

log = logging.getLogger("dikkat")


class Turn(Protocol):
    """How far it is: a frozen dataclass.

    stage: "waiting", "starting", "stopped", "dropped", "failed", or one that its answers lead to.
    before: how many are to come before it. busy: it waits or is at work.
    """

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def stage(self) -> str: ...  # noqa: D102
    @property
    def before(self) -> int: ...  # noqa: D102
    @property
    def busy(self) -> bool: ...  # noqa: D102


T = TypeVar("T", bound=Turn)


@dataclass(slots=True)
class _Ticket(Generic[T]):
    run: T
    seen: float = field(default_factory=time.monotonic)
    child: Child | None = None

    def unseen(self, seconds: float) -> bool:
        """Nobody has looked at it for so long."""
        return time.monotonic() - self.seen > seconds


class Turns(Generic[T]):
    """A line of them.

    start: its process; take: how far it is after one of its answers; abandons: what nobody looks
    at is dropped at work, too, not only while it waits.
    """

    def __init__(
        self,
        name: str,
        start: Callable[[T], Child],
        take: Callable[[T, Mapping[str, Any]], T],
        *,
        abandons: bool = False,
    ) -> None:
        self._name, self._start, self._take, self._abandons = name, start, take, abandons
        self.waiting, self.unseen = WAITING, UNSEEN
        self._tickets: OrderedDict[str, _Ticket[T]] = OrderedDict()
        self._line: list[str] = []  # who waits, in order
        self._lock = threading.Lock()
        self.idle = threading.Event()  # nothing is at work, nobody waits
        self.idle.set()

    def begin(self, run: T) -> str | None:
        """At once or when it is its turn; → by what it is asked for. None: too many wait."""
        with self._lock:
            self._drop_unseen()
            if len(self._line) >= self.waiting:
                return None
            name = uuid.uuid4().hex
            self._tickets[name] = _Ticket(run)
            self._line.append(name)
            over = [n for n, one in self._tickets.items() if not one.run.busy]
            for old in over[: -_KEPT or None]:
                del self._tickets[old]
            if self.idle.is_set():
                self.idle.clear()
                threading.Thread(target=self._work, name=self._name, daemon=True).start()
            return name

    def seen(self, name: str) -> T | None:
        """How far it is; None: nothing is known of it any more."""
        with self._lock:
            ticket = self._tickets.get(name)
            if ticket is None:
                return None
            ticket.seen = time.monotonic()
            if ticket.run.stage != "waiting":
                return ticket.run
            at_work = sum(one.child is not None for one in self._tickets.values())
            return replace(ticket.run, before=self._line.index(name) + at_work)

    def stop(self, name: str) -> None:
        """End it, or let it wait no longer; of what is over, or not known, nothing."""
        with self._lock:
            ticket = self._tickets.get(name)
            if ticket is not None and ticket.run.busy:
                self._end(name, ticket, "stopped")

    def _end(self, name: str, ticket: _Ticket[T], stage: str) -> None:
        ticket.run = replace(ticket.run, stage=stage)
        if name in self._line:
            self._line.remove(name)
        if ticket.child is not None:
            ticket.child.stop()

    def _drop_unseen(self) -> None:
        for name in [n for n in self._line if self._tickets[n].unseen(self.unseen)]:
            self._end(name, self._tickets[name], "dropped")

    def _work(self) -> None:
        """The thread that starts one after another."""
        while True:
            with self._lock:
                self._drop_unseen()
                if not self._line:
                    self.idle.set()
                    return
                name = self._line.pop(0)
                ticket = self._tickets[name]
                ticket.run = replace(ticket.run, stage="starting")
            try:
                with self._lock:  # so that who stops it now misses no child
                    child = ticket.child = self._start(ticket.run) if ticket.run.busy else None
                for answer in () if child is None else child.answers():
                    self._hear(name, ticket, answer)
                if ticket.run.busy:
                    raise EOFError(f"{self._name} ended without a result")
            except Exception:
                log.exception("in a process of its own: %s", self._name)
                with self._lock:
                    if ticket.run.busy:
                        ticket.run = replace(ticket.run, stage="failed")
            finally:
                ticket.child = None

    def _hear(self, name: str, ticket: _Ticket[T], answer: Mapping[str, Any]) -> None:
        """One line of the process's."""
        with self._lock:
            if self._abandons and ticket.unseen(self.unseen):
                self._end(name, ticket, "dropped")
            if ticket.run.busy:
                ticket.run = self._take(ticket.run, answer)
