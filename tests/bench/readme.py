"""`python -m tests.bench.readme`: puts the last measured table between the README's markers."""

from __future__ import annotations

import sys

from tests.bench.harness import FRAGMENT, ROOT

START, END = "<!-- bench:start -->", "<!-- bench:end -->"


def replaced(text: str, table: str) -> str:
    """The text with the table between the markers. ValueError: the markers are not there."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"README.md needs the lines {START} and {END}")
    return f"{before}{START}\n\n{table}\n{END}{after}"


def main() -> int:
    """Exit status 1 where nothing was measured yet."""
    if not FRAGMENT.exists():
        print("Nothing measured yet: make bench", file=sys.stderr)
        return 1
    readme = ROOT / "README.md"
    table = FRAGMENT.read_text(encoding="utf-8")
    readme.write_text(replaced(readme.read_text(encoding="utf-8"), table), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
