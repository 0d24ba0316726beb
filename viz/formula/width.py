r"""How wide a formula will be on screen, and where a long sum is broken into rows.

The widths are KaTeX's own for digits and signs and fair ones for letters; they count the few
commands that our formulas use.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# The panel of sums has room for this many em of KaTeX's type.
ROOM = 19.5
_SMALL = 0.72  # type in an index or a power
# Commands by the em that they and the space around them take; braces hold nothing themselves.
_SIGNS = {
    "+": 1.22,
    "-": 0.78,
    "=": 1.33,
    r"\cdot": 0.72,
    r"\to": 1.4,
    r"\in": 1.2,
    r"\sum": 1.4,
    r"\qquad": 2.0,
    r"\quad": 1.0,
    r"\,": 0.17,
    r"\;": 0.28,
    r"\!": -0.17,
    r"\sqrt": 0.9,
    r"\tanh": 2.0,
    r"\infty": 1.0,
    r"\max": 1.9,
    "(": 0.39,
    ")": 0.39,
    ".": 0.28,
    "&": 0.0,
    "\\\\": 0.0,
    ",": 0.28,
    " ": 0.0,
    "'": 0.2,
}
_SILENT = (r"\text", r"\mathbf", r"\left", r"\right", r"\Big")
_TOKEN = re.compile(r"\\textcolor\{#\w{6}\}|\\[A-Za-z]+|\\.|.", re.DOTALL)


def ems(tex: str) -> float:
    """The width of a formula in em of its type size."""
    return _Reader(_TOKEN.findall(tex)).row()


def packed(terms: Sequence[str], room: float = ROOM) -> list[str]:
    """Terms joined by plus signs, as many to a row as fit; every later row starts with one."""
    rows: list[list[str]] = [[]]
    used = 0.0
    for term in terms:
        wide = ems(term) + _SIGNS["+"]
        if rows[-1] and used + wide > room:
            rows.append([])
            used = 0.0
        rows[-1].append(term)
        used += wide
    return [("+ " if place else "") + " + ".join(row) for place, row in enumerate(rows)]


@dataclass(slots=True)
class _Reader:
    """Walks over the pieces of a formula once."""

    tokens: list[str]
    place: int = 0

    def row(self) -> float:
        """Up to the group's end, or the formula's."""
        wide = 0.0
        while self.place < len(self.tokens):
            if self.tokens[self.place] == "}":
                self.place += 1
                break
            wide += self._piece()
        return wide

    def _piece(self) -> float:
        if self.place >= len(self.tokens):
            return 0.0
        token = self.tokens[self.place]
        self.place += 1
        if token == "{":
            return self.row()
        if token in ("^", "_"):
            return _SMALL * self._piece()
        if token == r"\frac":
            return max(self._piece(), self._piece()) + 0.3
        if token == r"\rule":  # an upright stroke without width, to keep rows apart
            return 0.0 * (self._piece() + self._piece())
        if token == r"\underbrace":
            return self._braced()
        if token == r"\xrightarrow":
            return self._piece() * _SMALL + 1.5
        if token.startswith(r"\textcolor") or token in _SILENT:
            return self._piece() if token != r"\left" and token != r"\right" else 0.0
        return _SIGNS.get(token, 0.5 if token.isdigit() else 0.56)

    def _braced(self) -> float:
        body = self._piece()
        if self.tokens[self.place : self.place + 1] == ["_"]:
            self.place += 1
            return max(body, _SMALL * self._piece())
        return body


def fits(pieces: Sequence[str], room: float = ROOM) -> bool:
    """Whether pieces with equals signs between them stand on one row."""
    return sum(map(ems, pieces)) + _SIGNS["="] * sum(1 for _ in pairwise(pieces)) <= room
