"""What no input may do: run anything, unpickle, write outside, reach out; or take much memory."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MOST = 600 * 2**20  # bytes that one kind of input may take on top of what was there
_RUNS = ("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "subprocess.Popen")
_REACHES = ("socket.connect", "socket.getaddrinfo", "urllib.Request", "ftplib.connect")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_OWN = (tempfile.gettempdir(), "/dev/", "/proc/self/")
_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_watching = False
_hooked = False
seen: list[str] = []  # what happened while `nothing_executed` watched


def _hook(event: str, given: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event in _RUNS or event in _REACHES or event == "pickle.find_class":
        seen.append(f"{event} {given!r:.200}")
    elif event == "open" and isinstance(given[0], str) and isinstance(given[2], int):
        wrote = given[2] & _WRITES
        if wrote and not given[0].startswith(_OWN) and "__pycache__" not in given[0]:
            seen.append(f"{event} {given!r:.200}")
    elif event in ("os.symlink", "os.link") and not str(given[1]).startswith(_OWN):
        seen.append(f"{event} {given!r:.200}")


@contextmanager
def nothing_executed() -> Iterator[None]:
    """AssertionError: something ran, was unpickled, written outside, or connected meanwhile."""
    global _watching, _hooked
    if not _hooked:
        sys.addaudithook(_hook)  # none can be taken away again
        _hooked = True
    seen.clear()
    _watching = True
    try:
        yield
    finally:
        _watching = False
    assert not seen, seen


@contextmanager
def bounded(most: int = MOST) -> Iterator[None]:
    """AssertionError: at its peak the process took so much more than before. Linux alone counts."""
    if not counts_memory():
        yield
        return
    _RESET.write_text("5")  # the peak begins anew
    before = _field("VmRSS")
    yield
    peak = _field("VmHWM")
    assert peak - before < most, f"{(peak - before) >> 20} MiB"


def counts_memory() -> bool:
    """The system says how much memory this process took at its peak."""
    return os.access(_RESET, os.W_OK)


def _field(name: str) -> int:
    line = next(x for x in _STATUS.read_text().splitlines() if x.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024
