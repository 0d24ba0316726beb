"""Measures by turns and in medians, and writes what came out as one table.

Ours and the reference take turns in the same process, so that a machine that slows down
slows both; the ratio is that of the two medians.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "build" / "bench.json"
FRAGMENT = ROOT / "build" / "bench.md"
ROUNDS = 15
WARM_UP = 3

HEAD = ("what", "ours", "reference", "ratio", "limit", "n", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    limit bounds the ratio to the reference, or ours itself where there is no reference;
    n: how often each side was measured. None: the issue names no limit.
    """

    what: str
    ours: float
    unit: str
    limit: float | None
    n: int
    reference: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours ÷ reference."""
        return None if self.reference is None else self.ours / self.reference

    @property
    def within(self) -> bool:
        """The limit holds."""
        measured = self.ours if self.ratio is None else self.ratio
        return self.limit is None or measured <= self.limit

    def cells(self) -> tuple[str, ...]:
        """As text, in the order of HEAD."""
        bound = "" if self.limit is None else f"≤ {number(self.limit)}"
        if bound and self.ratio is None:
            bound += f" {self.unit}"
        return (
            self.what,
            f"{number(self.ours)} {self.unit}",
            "" if self.reference is None else f"{number(self.reference)} {self.unit}",
            "" if self.ratio is None else number(self.ratio),
            bound,
            str(self.n),
            "" if self.limit is None else ("ok" if self.within else "over"),
        )


def number(value: float) -> str:
    """Three significant digits, thousands written out."""
    if value == 0:
        return "0"
    if abs(value) < 1e-3:
        return f"{value:.1e}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def timed(task: Callable[[], object]) -> float:
    """Seconds of one call; the collector runs before it, never during it."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        task()
        return time.perf_counter() - start
    finally:
        gc.enable()


def interleaved(
    tasks: Mapping[str, Callable[[], float]], rounds: int = ROUNDS, warm_up: int = WARM_UP
) -> dict[str, float]:
    """Name → median of what each task measured; every round runs all of them once.

    The order turns from round to round, so that nobody always comes second. What was there
    before is frozen out of the collector, as in the app: a collection then costs next to nothing.
    """
    gc.collect()
    gc.freeze()
    found: dict[str, list[float]] = {name: [] for name in tasks}
    names = list(tasks)
    for turn in range(-warm_up, rounds):
        for name in names if turn % 2 else reversed(names):
            measured = tasks[name]()
            if turn >= 0:
                found[name].append(measured)
    gc.unfreeze()
    return {name: statistics.median(values) for name, values in found.items()}


def compared(
    what: str,
    ours: Callable[[], float],
    reference: Callable[[], float],
    *,
    limit: float | None,
    unit: str = "ms",
    scale: float = 1.0,
    rounds: int = ROUNDS,
    warm_up: int = WARM_UP,
) -> Row:
    """One row from two measuring tasks; scale turns what they return into `unit`."""
    median = interleaved({"ours": ours, "reference": reference}, rounds, warm_up)
    return Row(what, median["ours"] * scale, unit, limit, rounds, median["reference"] * scale)


def machine() -> str:
    """What this was measured on, in one line."""
    names = [
        line.split(":", 1)[1].strip()
        for line in _lines(Path("/proc/cpuinfo"))
        if line.startswith("model name")
    ]
    cpu = names[0] if names else platform.processor() or platform.machine()
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("torch", "transformers", "streamlit")
    )
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}, {packages}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def markdown(rows: Iterable[Row]) -> str:
    """The table with its machine, for the README."""
    body = ["| " + " | ".join(row.cells()) + " |" for row in rows]
    head = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    return (
        "\n".join([*head, *body, "", f"Medians, taken by turns in one run, on {machine()}."]) + "\n"
    )


def printed(rows: Iterable[Row]) -> str:
    """The table in columns, for a terminal."""
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]
    aligned = ("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(line.rstrip() for line in aligned) + f"\n\n{machine()}"


def save(rows: list[Row]) -> None:
    """Write build/bench.json and build/bench.md."""
    RESULTS.parent.mkdir(exist_ok=True)
    stored = {"machine": machine(), "rows": [asdict(row) | {"ratio": row.ratio} for row in rows]}
    RESULTS.write_text(json.dumps(stored, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    FRAGMENT.write_text(markdown(rows), encoding="utf-8")
