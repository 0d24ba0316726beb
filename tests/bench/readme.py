"""`python -m tests.bench.readme`: puts the last measured table between the README's markers."""

from __future__ import annotations

import sys

from tests.bench.harness import FRAGMENT, ROOT

README = ROOT / "README.md"


def replaced(text: str, table: str, name: str = "bench") -> str:
    """The text with a table between the markers of its name. ValueError: they are not there."""
    first, last = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
    before, start, rest = text.partition(first)
    _, end, after = rest.partition(last)
    if not (start and end):
        raise ValueError(f"README.md needs the lines {first} and {last}")
    return f"{before}{first}\n\n{table}\n{last}{after}"


def main() -> int:
    """Exit status 1 where nothing was measured yet."""
    if not FRAGMENT.exists():
        print("Nothing measured yet: make bench", file=sys.stderr)
        return 1
    table = FRAGMENT.read_text(encoding="utf-8")
    README.write_text(replaced(README.read_text(encoding="utf-8"), table), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
