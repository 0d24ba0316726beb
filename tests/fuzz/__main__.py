"""`make fuzz`: hostile inputs against every entry; a failure says how to see it again."""

from __future__ import annotations

import argparse
import secrets
import sys
import time

import tests.conftest  # noqa: F401 (before torch: no network, pages known)
from tests.fuzz import pages
from tests.fuzz.entries import ENTRIES
from tests.fuzz.run import fuzz, shares


def main() -> int:
    """The command line; 1: something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--only", choices=[*ENTRIES, "pages"], nargs="*", default=[])
    asked = parser.parse_args()
    chosen = tuple(name for name in ENTRIES if not asked.only or name in asked.only)
    print(f"seed {asked.seed}; again: make fuzz N={asked.inputs} SEED={asked.seed}", flush=True)
    wrong = []
    plan = shares(asked.inputs, chosen) if chosen else {}
    if asked.pages and (not asked.only or "pages" in asked.only):
        plan["pages"] = asked.pages
    for name, count in plan.items():
        begin = time.perf_counter()
        try:
            if name == "pages":
                tried = pages.fuzz(count, asked.seed)
            else:
                tried = fuzz(name, count, asked.seed)
        except Exception as error:
            notes = "\n".join(getattr(error, "__notes__", ()))
            print(f"{name}: {type(error).__name__}: {error}\n{notes[:3000]}", flush=True)
            wrong.append(name)
        else:
            seconds = time.perf_counter() - begin
            print(f"{name:12} {tried:6} inputs {seconds:7.1f} s", flush=True)
    if wrong:
        again = f"make fuzz N={asked.inputs} SEED={asked.seed} ONLY='{' '.join(wrong)}'"
        print(f"wrong: {', '.join(wrong)}; again: {again}", file=sys.stderr)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
