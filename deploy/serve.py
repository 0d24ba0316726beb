"""`python -m deploy.serve`: as many processes of the app as there are cores, behind one nginx.

Each process listens on a socket of its own that only this user reaches; nginx keeps a visitor with
one of them by a cookie. All share the secret that signs cookies. A process that ends is started
anew; SIGTERM lets running passes end.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import jinja2

from models.core.environment import SettingError, environment, variable
from pages.ui.hosting import logs
from pages.ui.hosting.ending import GRACE
from tools.distribution import PATH

ROOT = Path(__file__).resolve().parents[1]
COOKIE = "dikkat_process"
UPLOAD_MB = 200  # as Streamlit's own limit is; the app has smaller ones
_CLOSING = 3  # seconds in which plain requests may end once runs have
SECRET_VARIABLE = "STREAMLIT_SERVER_COOKIE_SECRET"
_LOOK = 0.2  # seconds between two looks at whether all still run
_PAUSE = 1.0  # seconds before a process that has ended is started anew

log = logging.getLogger("dikkat.serve")


class CannotServe(RuntimeError):
    """Something that this needs is not here."""


def configuration(
    folder: Path, listen: str, processes: int, *, behind: bool = False, metrics: str = ""
) -> str:
    """nginx's configuration. folder: holds sockets; listen: "127.0.0.1:8501".

    behind: another proxy of ours stands before this one, whose word on the visitor is believed.
    metrics: where each process's counts are read, as /0/metrics; "": nowhere.
    """
    from streamlit.file_util import get_static_dir

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("nginx.conf.j2").render(
        folder=folder,
        listen=listen,
        processes=processes,
        metrics=metrics,
        cookie=COOKIE,
        upload_mb=UPLOAD_MB,
        static=Path(get_static_dir(), "static"),
        types="/etc/nginx/mime.types",
        root=os.geteuid() == 0,
        forwarded="$proxy_add_x_forwarded_for" if behind else "$remote_addr",
    )


@dataclass(slots=True)
class Serving:
    """The processes that run. Use start(), then watch() until end() was called."""

    listen: str
    processes: int
    behind: bool = False
    metrics: str = ""
    folder: Path = field(init=False)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _ended: dict[str, float] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        if not 1 <= self.processes <= 64:
            raise ValueError("1 to 64 processes")
        self.folder = Path(tempfile.mkdtemp(prefix="dikkat-serve-"))

    def commands(self) -> dict[str, list[str]]:
        """What is run, by name."""
        nginx = shutil.which("nginx", path=PATH)
        if nginx is None:
            raise CannotServe("nginx is not here: install it, for example apt-get install nginx")
        conf = self.folder / "nginx.conf"
        conf.write_text(
            configuration(
                self.folder,
                self.listen,
                self.processes,
                behind=self.behind,
                metrics=self.metrics,
            ),
            encoding="utf-8",
        )
        uvicorn = [sys.executable, "-m", "uvicorn", "app:app", "--no-access-log"]
        # As Streamlit itself starts it: its own protocol, whose pictures are small when they leave.
        uvicorn += ["--ws=websockets-sansio", "--ws-per-message-deflate=false"]
        uvicorn += ["--proxy-headers", "--forwarded-allow-ips=*"]  # nobody else reaches the socket
        uvicorn += [f"--timeout-graceful-shutdown={_CLOSING}", "--log-level=warning"]
        apps = {
            f"app-{n}": [*uvicorn, f"--uds={self.folder}/app-{n}.sock"]
            for n in range(self.processes)
        }
        return apps | {"nginx": [nginx, "-p", str(self.folder), "-c", str(conf), "-e", "stderr"]}

    def start(self) -> None:
        """Start all. CannotServe: something is missing."""
        for name in self.commands():
            self._start(name)

    def _start(self, name: str) -> None:
        (self.folder / f"{name}.sock").unlink(missing_ok=True)
        command = self.commands()[name]
        # A signal from the terminal is for this process, which ends the others in their order.
        self.running[name] = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        log.info("%s started", name)

    def watch(self) -> None:
        """Until end() is called: whatever ends is started anew."""
        while not self._over.wait(_LOOK):
            now = time.monotonic()
            for name, process in list(self.running.items()):
                if process.poll() is None:
                    continue
                if name not in self._ended:
                    _swept(process)
                    log.warning("%s ended with %s", name, process.returncode)
                    self._ended[name] = now
                elif now - self._ended[name] > _PAUSE:
                    del self._ended[name]
                    self._start(name)
        self._stop()

    def end(self, *_: int | FrameType | None) -> None:
        """End all in order: the processes after their last runs, then the door to them."""
        self._over.set()

    def _stop(self) -> None:
        door = self.running.pop("nginx", None)
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            _ended(process, GRACE + _CLOSING + 2)
        if door is not None:
            door.terminate()
            _ended(door, 5)
        shutil.rmtree(self.folder, ignore_errors=True)


# Empty is as good as absent, as for every setting.
_UNLESS_SAID = {
    "OMP_NUM_THREADS": "1",
    # Python's own memory goes back a mebibyte at a time, and a little thing that stays in each
    # keeps all that a class took; the C library's goes by the page (models.recording.allocator).
    "PYTHONMALLOC": "malloc",
    "MALLOC_ARENA_MAX": "1",
    variable("mode"): "public",
    variable("warm"): "true",
    SECRET_VARIABLE: secrets.token_hex(32),
}


def _swept(process: subprocess.Popen[bytes]) -> None:
    """End what it left: nginx's workers outlive their master, and hold on to its port."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _ended(process: subprocess.Popen[bytes], patience: float) -> None:
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main(given: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--behind-proxy", action="store_true", help="another proxy of yours is before it"
    )
    parser.add_argument(
        "--metrics-port", type=int, default=0, help="where /0/metrics, /1/metrics … are read"
    )
    asked = parser.parse_args(given)
    for name, unless in _UNLESS_SAID.items():
        os.environ[name] = os.environ.get(name) or unless
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        environment()  # here, since a process that refuses would be started for ever
        logs.begin()
    except SettingError as error:
        print(error, file=sys.stderr)
        return 1
    serving = Serving(
        f"{asked.host}:{asked.port}",
        asked.processes,
        asked.behind_proxy,
        f"{asked.host}:{asked.metrics_port}" if asked.metrics_port else "",
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, serving.end)
    try:
        serving.start()
    except CannotServe as error:
        print(error, file=sys.stderr)
        return 1
    address = f"http://{asked.host}:{asked.port}"
    log.info("Dikkat: %s  (%d processes; Ctrl+C ends them)", address, asked.processes)
    serving.watch()
    return 0


if __name__ == "__main__":
    sys.exit(main())
