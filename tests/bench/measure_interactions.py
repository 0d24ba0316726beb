"""What many interactions cost a process that has shown every page: CPU, pauses, memory.

Beside the same app as Streamlit would run it, with a full garbage collection after every run.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from pages.registry import TOPICS
from tests.bench.driver import Session
from tests.bench.harness import Row
from tests.browser.server import ROOT, running

MANY, FEW = 2000, 300
HEADS, LAYERS = 12, 6
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one process: mean CPU and longest wait a click (milliseconds), memory (MiB)."""

    cpu: float
    longest: float
    before: float
    after: float


def cost(count: int, *options: str) -> Cost:
    """Another head, so many times, after every page was opened once."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(ROOT / "app.py", Path(folder) / "log", *options) as app,
        Session(app.url) as session,
    ):
        process = psutil.Process(app.process.pid)
        for topic in TOPICS:
            session.open(topic.slug.replace("home", ""), "v=2&lang=en")
        for turn in range(LAYERS * HEADS):
            _click(session, turn)
        before, busy = process.memory_info().rss, process.cpu_times()
        waits = [_click(session, turn) for turn in range(count)]
        used = sum(process.cpu_times()[:2]) - sum(busy[:2])
        after = process.memory_info().rss
    top = statistics.quantiles(waits, n=100)[-1]
    return Cost(used / count * 1e3, top * 1e3, before / MIB, after / MIB)


def _click(session: Session, turn: int) -> float:
    start = time.perf_counter()
    head, layer = (turn * 5 + 2) % HEADS, turn % LAYERS
    session.open("heads", f"v=2&lang=en&model=minilm&layer={layer}&head={head}")
    return time.perf_counter() - start


def measure() -> list[Row]:
    """CPU a click, the slowest in a hundred, and what 2,000 of them leave in memory."""
    ours = cost(MANY)
    theirs = cost(FEW, "--runner.postScriptGC=true")
    return [
        Row("CPU a click, all pages visited ÷ collecting after every run", ours.cpu, "ms", 0.8,
            MANY, theirs.cpu),
        Row("the slowest click in a hundred ÷ collecting after every run", ours.longest, "ms", 1.5,
            MANY, theirs.longest),
        Row("memory after 2,000 clicks ÷ before them", ours.after, "MiB", 1.1, MANY, ours.before),
    ]  # fmt: skip
