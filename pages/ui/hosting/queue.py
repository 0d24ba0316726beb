"""One queue before the models: so many passes at a time, a bounded number waiting, nobody twice.

Fair by visitor: whoever asks for the second time in a row stands behind everybody's first. Who asks
for what somebody before them asks for shares that one's place. It knows no page and no cache.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

AT_ONCE = 1  # a pass uses all threads of its process
MOST = 64  # places behind the passes that run
LONGEST = 30.0  # seconds that anybody waits
LOOK = 0.2  # seconds between two looks at whether whoever waits is still there


class Full(Exception):
    """So many wait, or one has waited so long, that it is better to ask again later."""


@dataclass(slots=True, eq=False)
class _Place:
    """Where one thing that is asked for stands. members: who asks for it, the first does it."""

    key: Hashable
    round: int
    members: list[object] = field(default_factory=list)
    runs: bool = False
    over: bool = False
    error: Exception | None = None


class Queue:
    """Threads wait in it for their turn, one at a time each. at_once, most: passes, places."""

    def __init__(self, at_once: int = AT_ONCE, most: int = MOST, longest: float = LONGEST) -> None:
        self._at_once, self._most, self._longest = at_once, most, longest
        self._moved = threading.Condition()
        self._places: dict[Hashable, _Place] = {}  # in the order in which they came
        self._rounds: dict[Hashable, int] = {}  # visitor → the round of the last place
        self._round = 0  # of whom had a turn last

    def __contains__(self, key: Hashable) -> bool:
        """Whether somebody asks for it already."""
        return key in self._places

    def __len__(self) -> int:
        """How many places wait."""
        with self._moved:
            return len(self._waiting())

    @contextmanager
    def turn(
        self, key: Hashable, visitor: Hashable, before: Callable[[int], None]
    ) -> Iterator[bool]:
        """Wait, then do it inside: True. False: somebody else has done the same meanwhile.

        before: told every LOOK seconds how many stand before it; what it raises gives the place up.
        Raises Full, and what went wrong for whoever has done the same.
        """
        me = object()
        place = self._enter(key, visitor, me)
        try:
            self._wait(place, me, before)
            if place.over:
                if place.error is not None:
                    raise place.error
                yield False
                return
            try:
                yield True
            except Exception as error:
                place.error = error
                raise
            finally:
                self._end(place)
        finally:
            self._leave(place, me)

    def _enter(self, key: Hashable, visitor: Hashable, me: object) -> _Place:
        with self._moved:
            place = self._places.get(key)
            if place is None:
                if len(self._waiting()) >= self._most:
                    raise Full
                if not self._places:
                    self._rounds.clear()
                number = max(self._round, self._rounds.get(visitor, 0)) + 1
                self._rounds[visitor] = number
                place = self._places[key] = _Place(key, number)
            place.members.append(me)
            return place

    def _wait(self, place: _Place, me: object, before: Callable[[int], None]) -> None:
        until = time.monotonic() + self._longest
        while True:
            with self._moved:
                if place.over or self._admitted(place, me):
                    return
                self._moved.wait(LOOK)
                if place.over or self._admitted(place, me):
                    return
                count = self._before(place)
            if time.monotonic() > until:
                raise Full
            before(count)

    def _admitted(self, place: _Place, me: object) -> bool:
        running = sum(one.runs for one in self._places.values())
        first = running < self._at_once and self._waiting()[:1] == [place]
        if not first or place.members[0] is not me:
            return False
        place.runs, self._round = True, max(self._round, place.round)
        self._moved.notify_all()
        return True

    def _waiting(self) -> list[_Place]:
        """In the order of their turns: by rounds, then as they came."""
        return sorted((p for p in self._places.values() if not p.runs), key=lambda p: p.round)

    def _before(self, place: _Place) -> int:
        """How many things are done before this one, the running ones counted."""
        if place.runs:
            return 0
        return sum(p.runs for p in self._places.values()) + self._waiting().index(place)

    def _end(self, place: _Place) -> None:
        with self._moved:
            place.over = True
            self._places.pop(place.key, None)
            self._moved.notify_all()

    def _leave(self, place: _Place, me: object) -> None:
        """Who goes leaves the place to whoever shares it; the last one takes it along."""
        with self._moved:
            place.members.remove(me)
            if not place.members and not place.over:
                self._places.pop(place.key, None)
            self._moved.notify_all()
