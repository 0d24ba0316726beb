"""Lists the places that say the same twice: `make duplicates`.

Two places are alike when six or more lines one after another are the same to the letter, or of
the same shape: other names, strings and numbers, all else equal. Passed over are blank lines,
comments, docstrings, imports and lines without a word. A run of one shape counts when its lines
hold at least 40 tokens in at least four different shapes, lest every dataclass resemble every
other: a declared field, `@property` and `@dataclass` hold none. `[tool.dikkat.duplicates]` in
pyproject.toml names what is read and which places may be alike, each with its reason.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from tools.shapes import LANGUAGES, Line, lines

ROOT = Path(__file__).resolve().parents[1]
LINES, TOKENS, SHAPES = 6, 40, 4


@dataclass(frozen=True, slots=True)
class Run:
    """Two stretches of lines that are alike; same: six of them even to the letter."""

    first: tuple[Line, ...]
    second: tuple[Line, ...]
    same: bool

    @property
    def places(self) -> tuple[str, str]:
        """Where most lines of each stretch lie."""
        return _home(self.first), _home(self.second)

    def __str__(self) -> str:
        ends = (f"{s[0].number}-{s[-1].number}" for s in (self.first, self.second))
        named = (f"{place} ({rows})" for place, rows in zip(self.places, ends, strict=True))
        kind = "the same" if self.same else "of one shape"
        return f"{len(self.first)} lines {kind}: {' ~ '.join(named)}"


def _home(stretch: Iterable[Line]) -> str:
    return Counter(line.place for line in stretch).most_common(1)[0][0]


def _stretches(starts: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of each series without a gap."""
    inside = set(starts)
    first = sorted(n for n in inside if n - 1 not in inside)
    last = sorted(n for n in inside if n + 1 not in inside)
    return zip(first, last, strict=True)


def _counts(first: tuple[Line, ...]) -> bool:
    """Whether a run of one shape says enough to be one."""
    telling = {line.shape for line in first if line.tokens}
    return len(telling) >= SHAPES and sum(line.tokens for line in first) >= TOKENS


def runs(files: dict[str, list[Line]]) -> list[Run]:
    """All that is alike, between two files or within one, the longest first."""
    windows: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for name, code in files.items():
        for i in range(len(code) - LINES + 1):
            windows[tuple(line.shape for line in code[i : i + LINES])].append((name, i))
    starts: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for found in windows.values():
        for (a, i), (b, j) in combinations(found, 2):
            if a != b or j - i >= LINES:
                starts[a, b, j - i].append(i)
    alike = []
    for (a, b, apart), begun in starts.items():
        for start, last in _stretches(begun):
            end = last + LINES if a != b else min(last + LINES, start + apart)
            first, second = files[a][start:end], files[b][start + apart : end + apart]
            equal = [x.text == y.text for x, y in zip(first, second, strict=True)]
            same = any(all(equal[n : n + LINES]) for n in range(len(equal) - LINES + 1))
            run = Run(tuple(first), tuple(second), same)
            alike += [run] if same or _counts(run.first) else []
    return sorted(alike, key=lambda run: -len(run.first))


def _excused(reason: dict[str, Any]) -> set[frozenset[str]]:
    """The pairs that may be alike: any two of its places; one alone may resemble itself."""
    places = reason["places"] if reason["why"].strip() else ()
    return {frozenset(pair) for pair in combinations(places, 2)} or {frozenset(places)}


def unexplained(found: list[Run], reasons: list[dict[str, Any]]) -> list[str]:
    """What is alike without a reason, and the reasons that nothing needs any more."""
    excused = [_excused(reason) for reason in reasons]
    pairs = [frozenset(run.places) for run in found]
    new = [r for r, pair in zip(found, pairs, strict=True) if not any(pair in e for e in excused)]
    old = [r["places"] for r, e in zip(reasons, excused, strict=True) if not e & set(pairs)]
    return [*map(str, new), *(f"no longer alike: {', '.join(places)}" for places in old)]


def main() -> int:
    """Print what is alike without a reason; 1 where anything is."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = settings["tool"]["dikkat"]["duplicates"]
    tops = [ROOT / top for top in asked["read"]]
    paths = [p for top in tops for p in ([top] if top.is_file() else sorted(top.rglob("*")))]
    names = {p.relative_to(ROOT).as_posix(): p for p in paths if p.suffix in LANGUAGES}
    found = runs({n: lines(p.read_text(encoding="utf-8"), n) for n, p in names.items()})
    wrong = unexplained(found, asked.get("alike", []))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
