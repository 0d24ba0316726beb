"""Pages opened in Chromium from a server of this machine, by turns, until nothing more is drawn."""

from __future__ import annotations

import statistics
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Error

from tests.bench.browser import chromium, drawn
from tests.bench.harness import ROUNDS
from tests.bench.measure_pictures import REQUIRE, STAND_IN
from viz.bertviz.page import d3

PATIENCE = 180.0  # seconds that one page may take
ENOUGH = 60.0  # seconds spent on a page of one size, after which it is not opened again


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address under which this machine's own browser finds a folder's files."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def painted(folder: Path, files: Mapping[str, str], most: int = ROUNDS) -> dict[str, Any]:
    """View → {"ms", "n"}, or {"failed"}: each view's file opened up to so many times, by turns.

    BertViz's libraries, which come from public servers, are answered by what the app has of them.
    """
    spent: dict[str, list[float]] = {name: [] for name in files}
    failed: dict[str, str] = {}
    libraries = {REQUIRE: d3() + STAND_IN}
    with served(folder) as address, chromium() as browser:
        for turn in range(most):
            for name in files if turn % 2 else reversed(list(files)):
                if name in failed or sum(spent[name]) > ENOUGH * 1e3:
                    continue
                try:
                    at = address + files[name]
                    spent[name].append(drawn(browser, libraries, at, PATIENCE * 1e3))
                except (Error, RuntimeError) as error:
                    failed[name] = f"{type(error).__name__}: {error}".splitlines()[0][:120]
                    if not browser.is_connected():
                        return {name: {"failed": "Chromium ended"} for name in files}
    return {
        name: {"failed": failed[name]}
        if name in failed
        else {"ms": statistics.median(spent[name]), "n": len(spent[name])}
        for name in files
    }
