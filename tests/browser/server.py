"""A Streamlit app as its users start it: a process of its own, on a free port of this machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0  # seconds; a slow machine with a cold disk, not a measured limit


_LEFT = "once a close message has been sent"


@dataclass(frozen=True, slots=True)
class Server:
    """A running app: where it answers, and the file that its log goes to."""

    url: str
    log: Path
    process: subprocess.Popen[bytes]

    def tracebacks(self, start: int = 0) -> str:
        """The log from a position on if it holds a traceback, else nothing.

        A visitor who leaves while the server still sends is no fault of the app.
        """
        text = self.log.read_text(encoding="utf-8", errors="replace")[start:]
        faults = text.split("Traceback (most recent call last)")[1:]
        return text if any(_LEFT not in fault for fault in faults) else ""

    def log_length(self) -> int:
        """How long the log is now, in characters."""
        return len(self.log.read_text(encoding="utf-8", errors="replace"))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(url: str) -> int:
    """The HTTP status of an address; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def offline() -> dict[str, str]:
    """This environment, with a proxy that does not answer: nothing may be fetched."""
    dead = dict.fromkeys(
        ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"
    )
    kept = {name: value for name, value in os.environ.items() if name != "HF_HUB_OFFLINE"}
    return (
        kept | dead | {"no_proxy": "127.0.0.1,localhost", "OMP_NUM_THREADS": "2", "NO_COLOR": "1"}
    )


@contextmanager
def running(script: Path, log: Path, *options: str, without: str = "smollm2") -> Iterator[Server]:
    """The app of a script, answering and with its models loaded; ended afterwards.

    options: further command-line options of `streamlit run`. without: models that it leaves out,
    so that pages begin alike wherever tests run.
    RuntimeError with the log when it does not come up.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    command += ["--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true"]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command,
            cwd=script.parent,
            env=offline() | {"DIKKAT_WITHOUT": without},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", log, process)
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server) -> None:
    """Until the server answers, and until its models are loaded where it can tell."""
    deadline = time.monotonic() + PATIENCE
    for path, waiting in (("/_stcore/health", (0, 503)), ("/health/ready", (503,))):
        while status(server.url + path) in waiting:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the app did not come up:\n" + server.log.read_text())
            time.sleep(0.1)
