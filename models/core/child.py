"""A module of ours as a process of its own, and what it says: a line of JSON each.

Threads and seeds are a process's own in torch: what sets them, or computes for long, runs there and
touches no other session. Imports no torch.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
_TOLD = 2000  # characters of what it complained of


class Child:
    """`python -m module arguments`, on one thread.

    seconds: after which it is ended whatever it does. given: what it reads as its standard input.
    """

    def __init__(self, module: str, *arguments: str, seconds: float, given: str = "") -> None:
        self._complaints = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self._command = [sys.executable, "-m", module, *arguments]
        with tempfile.TemporaryFile("w+", encoding="utf-8") as read:  # no pipe: none fills up
            read.write(given)
            read.seek(0)
            self._process = subprocess.Popen(
                self._command,
                stdin=read,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                cwd=_ROOT,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
                text=True,
                encoding="utf-8",
            )
        self._limit = threading.Timer(seconds, self._process.kill)
        self._limit.daemon = True
        self._limit.start()
        self._stopped = False

    def answers(self) -> Iterator[Mapping[str, Any]]:
        """What it says, until it ends; nothing more once it was stopped.

        subprocess.CalledProcessError: it ended otherwise than well, with what it complained of.
        """
        assert self._process.stdout is not None
        try:
            for line in self._process.stdout:
                yield json.loads(line)
            if self._process.wait() and not self._stopped:
                self._complaints.seek(0)
                told = self._complaints.read()[-_TOLD:]
                code = self._process.returncode
                error = subprocess.CalledProcessError(code, self._command, stderr=told)
                error.add_note(told)  # what a traceback shows of it
                raise error
        finally:
            self._limit.cancel()
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()
            self._complaints.close()

    def stop(self) -> None:
        """End it: a second time does nothing."""
        self._stopped = True
        self._process.kill()


def say(**values: Any) -> None:
    """In the child: one line."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def behind() -> None:
    """In the child: whatever else the machine does comes first."""
    if hasattr(os, "nice"):
        os.nice(10)
