"""Bytes that what is kept may take, and how long it is kept; it knows nothing of what that is."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

UNASKED = 1800.0  # seconds that anything is kept since it was last asked for


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

    def note(self, entry: int, size: int, forget: Callable[[], None]) -> None:
        """What was asked for just now. entry: its id; size: its bytes; forget: takes it out of its
        cache, and holds nothing of it.
        """
        with self._lock:
            self._bytes += size - self._taken.pop(entry, (0,))[0]
            self._taken[entry] = size, self._clock(), forget
        self._forget(lambda: self.bytes > self._most and len(self._taken) > 1)

    def sweep(self, unasked: float = UNASKED) -> None:
        """Let go what nobody asked for in so many seconds."""
        self._forget(lambda: self._oldest() < self._clock() - unasked)

    def _oldest(self) -> float:
        return next((asked for _, asked, _ in self._taken.values()), float("inf"))

    def _forget(self, too_much: Callable[[], bool]) -> None:
        gone = []
        with self._lock:
            while too_much():
                size, _, forget = self._taken.popitem(last=False)[1]
                self._bytes -= size
                gone.append(forget)
        for each in gone:
            each()

    def gone(self, entry: object) -> None:
        """Its cache has let it go, by itself or because it was told to."""
        with self._lock:
            self._bytes -= self._taken.pop(id(entry), (0,))[0]

    @property
    def bytes(self) -> int:
        """What is taken now."""
        return self._bytes
