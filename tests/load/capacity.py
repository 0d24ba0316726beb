"""`python -m tests.load.capacity`: machines for 10,000 students at once, into docs/capacity.md.

Reads what `make load TABS="2 50 100 200"` and `make bench-ray` left in build/. Classes of 2 (one a
process) say what an act takes alone; the others are predicted from that, beside what was measured.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from typing import Any

from tests.bench.readme import replaced
from tests.browser.server import ROOT
from tests.load import queueing
from tests.load.__main__ import RESULTS as LOADED
from tests.load.cluster import RESULTS as CLUSTER
from tests.load.lesson import CLICK, OWN, SENTENCE

PAGE = ROOT / "docs" / "capacity.md"
STUDENTS, CORES = 10_000, 16  # at once; of one machine
SLOWER = 2.0  # so many times what an act takes alone: half of a process's time stays free
PRICE = 0.05  # of a core for an hour, in whatever currency: an example, no offer

Means = Mapping[str, list[float]]


def predicted(alone: Means, students: int, every: float) -> dict[str, float]:
    """What each kind of act takes in the mean. students: of one process."""
    mixed = ((OWN - 1) * alone[CLICK][0] + alone[SENTENCE][0]) / OWN
    factor = queueing.act(students, mixed, every) / mixed
    return {kind: alone[kind][0] * factor for kind in (CLICK, SENTENCE)}


def held(load: Mapping[str, Any]) -> str:
    """Predictions beside what was measured, as a table. ValueError: no class of one a process."""
    means: dict[int, Means] = {int(size): each for size, each in load["means"].items()}
    processes, every = int(load["processes"]), float(load["every"])
    if processes not in means:
        raise ValueError(f"a class of {processes} is wanted, which is one student a process")
    rows = ["| students | act | predicted | measured | acts |", "|---|---|---|---|---|"]
    for size, measured in sorted(means.items()):
        students = math.ceil(size / processes)
        for kind, seconds in predicted(means[processes], students, every).items():
            now, _, count = measured[kind]
            guessed = (
                "what the others are predicted from" if size == processes else f"{seconds:.2f} s"
            )
            rows.append(f"| {size} | {kind} | {guessed} | {now:.2f} s | {count:.0f} |")
    return "\n".join(rows)


def machines(load: Mapping[str, Any], cluster: Mapping[str, Any]) -> str:
    """What 10,000 students want, as a table."""
    processes, every = int(load["processes"]), float(load["every"])
    alone: Means = load["means"][str(processes)]
    mixed = ((OWN - 1) * alone[CLICK][0] + alone[SENTENCE][0]) / OWN
    each = queueing.a_process(mixed, every, SLOWER * mixed)
    slow = SLOWER * alone[CLICK][0]
    held_ = [int(size) for size, one in load["means"].items() if one[CLICK][0] <= slow]
    seen = math.ceil(max(held_) / processes)
    apps = math.ceil(STUDENTS / min(each, seen))
    pass_ = 1 / cluster["rates"]["minilm"]["1"]
    rate = STUDENTS / (every * OWN)
    replicas = queueing.replicas(rate, pass_, pass_, SLOWER * pass_)
    cores = apps + replicas
    boxes = f"{math.ceil(apps / CORES)} + {math.ceil(replicas / CORES)}"
    rows = [
        "| for 10,000 students at once | |",
        "|---|---|",
        f"| an act alone, clicks and sentences mixed | {mixed:.3f} s |",
        f"| students a process carries by the queue, each act in {SLOWER:.0f} × that | {each} |",
        f"| students a process was seen to carry so, in the largest class that held | {seen} |",
        f"| processes of the app by the smaller of both, a core each | {apps} |",
        f"| sentences a second that nobody asked before | {rate:.0f} |",
        f"| one of them, by what one replica answered a second (MiniLM) | {pass_:.3f} s |",
        f"| replicas, a core each | {replicas} |",
        f"| machines of {CORES} cores | {boxes} |",
        f"| core-hours of a lesson of one hour | {cores} |",
        f"| the lesson, at {PRICE} a core and hour | {cores * PRICE:.0f} |",
        f"| a student | {cores * PRICE / STUDENTS:.4f} |",
    ]
    return "\n".join(rows)


def main() -> int:
    """Exit status 1 where something was not measured yet."""
    if not (LOADED.exists() and CLUSTER.exists()):
        print(
            'Nothing measured yet: make load TABS="2 50 100 200", make bench-ray', file=sys.stderr
        )
        return 1
    load = json.loads(LOADED.read_text(encoding="utf-8"))
    cluster = json.loads(CLUSTER.read_text(encoding="utf-8"))
    page = PAGE.read_text(encoding="utf-8")
    page = replaced(page, f"{held(load)}\n\nMeasured on {load['machine']}.\n", "held")
    page = replaced(page, machines(load, cluster) + "\n", "machines")
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
