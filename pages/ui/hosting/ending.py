"""An end in order: SIGTERM reaches the server once what runs for visitors has come to its end.

The server itself would close their connections at once, and what they wait for would be lost.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from pages.ui.hosting import metrics

GRACE = 10.0  # seconds in which runs may end
SETTLED = 0.3  # seconds without a run, in which the last one's answer leaves
_LOOK = 0.05  # seconds

_lock = threading.Lock()
_runs: list[str] = []
_asked, _told = threading.Event(), threading.Event()


@contextmanager
def a_run(page: str) -> Iterator[None]:
    """Around what draws a page, or a part of it, for a visitor."""
    with _lock:
        _runs.append(page)
    try:
        yield
    finally:
        with _lock:
            _runs.remove(page)


def running() -> int:
    """How many go on now."""
    return len(_runs)


def ending() -> bool:
    """Whether this process was told to end."""
    return _asked.is_set()


def gently() -> None:
    """SIGTERM waits from now on, GRACE at most; a second one does not.

    Signals belong to a process's first thread: called from another one, it changes nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    then = signal.getsignal(signal.SIGTERM)

    def told(number: int, frame: FrameType | None) -> None:
        again = _asked.is_set()
        (_told if again else _asked).set()
        if again and callable(then):
            then(number, frame)
        elif again:
            signal.signal(number, then or signal.SIG_DFL)
            signal.raise_signal(number)
        else:
            threading.Thread(target=_tell_again, name="ending", daemon=True).start()

    signal.signal(signal.SIGTERM, told)


def _tell_again() -> None:
    """The signal once more, when nothing has been running for a while."""
    now = quiet = time.monotonic()
    end = now + GRACE
    while now < end and now - quiet < SETTLED:
        if _told.wait(_LOOK):
            return
        now = time.monotonic()
        if running():
            quiet = now
    os.kill(os.getpid(), signal.SIGTERM)


metrics.measured("runs", "Runs of pages that go on now", lambda: float(running()))
