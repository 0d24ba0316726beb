"""`python -m tests.load`: a class opens a lesson at once; prints one table, writes build/load.json.
With --soak: visitors come and go on all pages, and memory is looked at.

The app is served as `make serve` does, on this machine; its use of the processor and the driver's
own are printed beside the waits.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bench.harness import Row, machine, printed
from tests.browser.server import ROOT, free_port, offline, status
from tests.load import lesson as lessons
from tests.load import soak as soaks
from tests.load.lesson import CLICK, PICTURE, SENTENCE, Lesson, held
from tests.load.watch import Watch, use

RESULTS = ROOT / "build" / "load.json"
SECONDS = 120.0  # that a class works on after everybody has come
AFTER = 180.0  # seconds after the last has left, until memory is looked at again
_PATIENCE = 600.0  # seconds until all processes are ready: each draws all pages first
# (size of the class, what, percentile) → the most seconds; of other sizes there are no limits.
LIMITS = {
    (200, PICTURE, 95): 3.0,
    (200, CLICK, 50): 0.25,
    (200, CLICK, 95): 1.5,
    (200, SENTENCE, 95): 4.0,
    (400, CLICK, 95): 5.0,
}
MEMORY = 1.1  # of what was resident before anybody came
NO_ERRORS_UP_TO = 400  # tabs


@contextmanager
def served(
    processes: int, log: Path, *options: str, warm: bool = False
) -> Iterator[tuple[str, list[int]]]:
    """The app as `make serve` starts it: (address, process ids). RuntimeError: it does not come.

    options: further ones of deploy.serve's command line; warm: with everything drawn that
    visitors open first.
    """
    port = free_port()
    command = [sys.executable, "-m", "deploy.serve", f"--port={port}", f"--processes={processes}"]
    command += options
    environment = offline() | {"OMP_NUM_THREADS": "1", "DIKKAT_WITHOUT": "smollm2"}
    environment["DIKKAT_WARM"] = str(warm).lower()
    with log.open("wb") as sink:
        door = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=sink, stderr=subprocess.STDOUT
        )
    url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + _PATIENCE
    try:
        # Each answer may come from another process: all are ready once many say so in a row.
        ready = 0
        while ready < 8 * processes:
            ready = ready + 1 if status(f"{url}/health/ready") == 200 else 0
            if door.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the app did not come up:\n" + log.read_text())
            time.sleep(0.0 if ready else 0.2)
        yield url, children(door.pid)
    finally:
        door.send_signal(signal.SIGTERM)
        door.wait()


def children(pid: int) -> list[int]:
    """The processes that it has started."""
    import psutil

    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def percentile(values: Sequence[float], share: int) -> float:
    """Of at least one value: the smallest that so many per cent of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def rows(lesson: Lesson, watch: Watch, before: int, after: int | None) -> list[Row]:
    """The table of one class."""
    size = lesson.size
    strict = 0 if size <= NO_ERRORS_UP_TO else None
    found = [
        Row(f"{size} tabs: errors", len(lesson.errors), "", strict, size),
        Row(f"{size} tabs: lost", lesson.lost, "", strict, size),
    ]
    for what, waits in lesson.waits.items():
        for share in (50, 95) if waits else ():
            limit = LIMITS.get((size, what, share))
            name = f"{size} tabs: {what}, p{share}"
            found.append(Row(name, percentile(waits, share), "s", limit, len(waits)))
    cores = watch.processor / watch.seconds
    acts = max(sum(map(len, lesson.waits.values())), 1)
    each = watch.processor / acts
    found += [
        Row(f"{size} tabs: most resident", watch.resident / 2**20, "MB", None, 1),
        Row(f"{size} tabs: most threads", watch.threads, "", None, 1),
        Row(f"{size} tabs: processors that the app used", cores, "", None, 1),
        Row(
            f"{size} tabs: the app's processor an act",
            each,
            "s",
            None,
            acts,
        ),
    ]
    if after is not None:
        name = f"{size} tabs: resident after all have left, to before"
        found.append(Row(name, after / 2**20, "MB", MEMORY, 1, before / 2**20))
    return found


def main(given: list[str] | None = None) -> int:
    """The command line; exit status 1 where a limit does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--tabs", type=int, nargs="*", default=[200])
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--after", type=float, default=AFTER, help="0: memory is not looked at")
    parser.add_argument("--soak", type=int, default=0, help="so many interactions on all pages")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args(given)
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    table: list[Row] = []
    means: dict[int, dict[str, tuple[float, float, int]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log.txt")
        with served(asked.processes, log, warm=True) as (url, pids):
            asyncio.run(held(url, Lesson(4 * asked.processes, lessons.EVERY * 6), seed=1))
            for size in asked.tabs:
                lesson = Lesson(size, asked.seconds)
                table += _class(url, pids, lesson, asked.after)
                means[size] = {what: spread(waits) for what, waits in lesson.waits.items() if waits}
            if asked.soak:
                soak = soaks.Soak(asked.soak)
                asyncio.run(soaks.soaked(url, pids, soak))
                print(*sorted(set(soak.errors)), sep="\n", file=sys.stderr)
                table += soaks.rows(soak)
        faults = log.read_text(encoding="utf-8", errors="replace").count("Traceback")
        table.append(Row("tracebacks in the log", faults, "", 0, 1))
    RESULTS.parent.mkdir(exist_ok=True)
    stored: dict[str, object] = {"machine": machine(), "rows": [[*row.cells()] for row in table]}
    stored |= {"means": means, "processes": asked.processes, "every": lessons.EVERY}
    RESULTS.write_text(json.dumps(stored, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(printed(table))
    return 0 if all(row.within for row in table) else 1


def spread(waits: Sequence[float]) -> tuple[float, float, int]:
    """Of at least one value: mean, standard deviation, how many."""
    return statistics.fmean(waits), statistics.pstdev(waits), len(waits)


def _class(url: str, pids: list[int], lesson: Lesson, after: float) -> list[Row]:
    size, before, own = lesson.size, use(pids).resident, time.process_time()
    with Watch(pids) as watch:
        asyncio.run(held(url, lesson))
    share = (time.process_time() - own) / watch.seconds
    for error in sorted(set(lesson.errors)):
        print(f"{lesson.errors.count(error)} × {error}", file=sys.stderr)
    if after:
        time.sleep(after)
    found = rows(lesson, watch, before, use(pids).resident if after else None)
    mean = statistics.fmean(lesson.waits[CLICK]) if lesson.waits[CLICK] else 0.0
    print(f"{size} tabs: mean click {mean:.3f} s", file=sys.stderr)
    return [*found, Row(f"{size} tabs: processors that the driver used", share, "", None, 1)]


if __name__ == "__main__":
    sys.exit(main())
