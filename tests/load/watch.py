"""What processes use while a class works: memory, threads, seconds of processor."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import psutil

_EVERY = 0.5  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Use:
    """resident: bytes; threads; processor: seconds since the processes began."""

    resident: int
    threads: int
    processor: float


def use(pids: Sequence[int]) -> Use:
    """Of these processes together, as they are now. One that has ended uses nothing."""
    resident = threads = 0
    processor = 0.0
    for pid in pids:
        try:
            process = psutil.Process(pid)
            with process.oneshot():
                resident += process.memory_info().rss
                threads += process.num_threads()
                times = process.cpu_times()
                processor += times.user + times.system
        except psutil.NoSuchProcess:
            continue
    return Use(resident, threads, processor)


class Watch:
    """The most that processes used meanwhile. Use as a context manager."""

    def __init__(self, pids: Sequence[int]) -> None:
        self.pids = pids
        self.resident = self.threads = 0
        self.seconds = self.processor = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._began, self._before = time.monotonic(), use(self.pids).processor
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        self.seconds = time.monotonic() - self._began
        self.processor = use(self.pids).processor - self._before

    def _look(self) -> None:
        while not self._over.wait(_EVERY):
            now = use(self.pids)
            self.resident = max(self.resident, now.resident)
            self.threads = max(self.threads, now.threads)
