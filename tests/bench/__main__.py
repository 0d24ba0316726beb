"""`python -m tests.bench [name …]`: runs the benchmarks of this folder and prints one table."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

from tests.bench.harness import Row, printed, save

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"


def names() -> list[str]:
    """The benchmarks here, by file name without `measure_`."""
    return sorted(
        p.stem.removeprefix("measure_") for p in Path(__file__).parent.glob("measure_*.py")
    )


def main(wanted: list[str]) -> int:
    """Run some or all; exit status 1 when a limit does not hold."""
    unknown = set(wanted) - set(names())
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(names())}")
        return 2
    rows: list[Row] = []
    for name in wanted or names():
        print(f"{name} ...", file=sys.stderr, flush=True)
        rows += import_module(f"tests.bench.measure_{name}").measure()
    save(rows)
    print(printed(rows))
    return 0 if all(row.within for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
