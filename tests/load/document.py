"""`python -m tests.load.document`: what `make load` last measured, into docs/hosting.md."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from tests.bench.harness import HEAD
from tests.bench.readme import replaced
from tests.browser.server import ROOT
from tests.load.__main__ import RESULTS

DOCUMENT = ROOT / "docs" / "hosting.md"


def table(stored: Mapping[str, Any]) -> str:
    """What is stored as Markdown, with the machine; resident memory is of all processes."""
    rows = [HEAD, ("---",) * len(HEAD), *stored["rows"]]
    said = f"{stored['processes']} processes, an act of every tab each {stored['every']:.0f} s"
    lines = [*("| " + " | ".join(row) + " |" for row in rows), "", f"{said}; {stored['machine']}."]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Exit status 1 where nothing was measured yet."""
    if not RESULTS.exists():
        print("Nothing measured yet: make load", file=sys.stderr)
        return 1
    stored = json.loads(RESULTS.read_text(encoding="utf-8"))
    text = replaced(DOCUMENT.read_text(encoding="utf-8"), table(stored), "load")
    DOCUMENT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
