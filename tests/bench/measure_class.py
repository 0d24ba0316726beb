"""Two hundred phones that open the form and answer within ten seconds, on both databases."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from tests.bench.harness import Row
from tests.browser.classroom import ASKED, STUDENTS, WITHIN, answer, postgres, serving


def measure() -> list[Row]:
    """Lost answers (none may be) and how long a phone waits for the answer to be kept."""
    with tempfile.TemporaryDirectory() as folder, postgres() as database:
        log = Path(folder, "log.txt")
        return _on("SQLite", f"sqlite:///{folder}/classes.sqlite3", log) + _on(
            "PostgreSQL", database, log
        )


def _on(name: str, url: str, log: Path) -> list[Row]:
    with serving(url, log) as (server, store):
        code, token = store.open()
        answer(server.url, code, store.ask(token, ASKED))  # what is imported on first use
        asked = store.ask(token, ASKED)
        sent = [given.seconds for _, given in answer(server.url, code, asked)]
        lost = STUDENTS - sum(store.tally(asked).values())
    what = f"{STUDENTS} phones answer within {WITHIN:.0f} s, {name}"
    return [
        Row(f"{what}: answers lost", lost, "", 0, STUDENTS),
        Row(f"{what}: median wait", statistics.median(sent) * 1e3, "ms", None, STUDENTS),
        Row(f"{what}: longest wait", max(sent) * 1e3, "ms", 2_000, STUDENTS),
    ]
