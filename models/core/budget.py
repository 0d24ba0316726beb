"""Bytes that what is kept may take, and how long it is kept; it knows nothing of what that is."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextvars import ContextVar
from math import inf

# Whether what this thread asks for is no visitor's, and stays however long nobody asks for it.
lasting = ContextVar("lasting", default=False)


class Budget:
    """Bytes that the entries of several caches may take together: the longest unused go first.

    The newest stays, whatever it takes. most: bytes; clock: seconds.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        # Entered again where the garbage collector ends a session while its lock is held.
        self._lock = threading.RLock()
        self._taken: OrderedDict[int, tuple[int, float, Callable[[], None]]] = OrderedDict()
        self._bytes = 0
        self._asked = clock()  # when anything was asked for last

    def note(self, entry: int, size: int, forget: Callable[[], None]) -> None:
        """What was asked for just now. entry: its id; size: its bytes; forget: takes it out of its
        cache, and holds nothing of it.
        """
        with self._lock:
            self._asked = self._clock()
            before, asked = self._taken.get(entry, (0, 0.0, None))[:2]
            if asked == inf and before == size:
                # Where little things that stay lie among those of a class, Python's memory stays.
                self._taken.move_to_end(entry)
                return
            asked = inf if lasting.get() or asked == inf else self._asked
            self._bytes += size - before
            self._taken[entry] = size, asked, forget
            self._taken.move_to_end(entry)
            gone = []
            while self._bytes > self._most and len(self._taken) > 1:
                gone.append(self._out(next(iter(self._taken))))
        for each in gone:
            each()

    def sweep(self, unasked: float) -> None:
        """Let go what nobody asked for in so many seconds."""
        with self._lock:
            limit = self._clock() - unasked
            old = [entry for entry, (_, asked, _) in self._taken.items() if asked < limit]
            gone = [self._out(entry) for entry in old]
        for each in gone:
            each()

    def _out(self, entry: int) -> Callable[[], None]:
        size, _, forget = self._taken.pop(entry)
        self._bytes -= size
        return forget

    def gone(self, entry: object) -> None:
        """Its cache has let it go, by itself or because it was told to."""
        with self._lock:
            self._bytes -= self._taken.pop(id(entry), (0,))[0]

    @property
    def idle(self) -> float:
        """Seconds since anything was asked for."""
        return self._clock() - self._asked

    @property
    def bytes(self) -> int:
        """What is taken now."""
        return self._bytes
