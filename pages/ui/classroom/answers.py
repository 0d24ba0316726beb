"""Answers as one reads them, and what a class gave: rows for `viz.tables.tally`."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from pages.ui.classroom.questions import ClassQuestion
from viz.board.notation import MINUS, Notation
from viz.tables.tally import TallyRow

MOST_ROWS = 8  # of numbers and cells; a choice shows all of its options


def worded(asked: ClassQuestion, value: str, notation: Notation) -> str:
    """An answer in words: an option, a number with the language's own sign, query → key."""
    match asked.kind:
        case "choice":
            return asked.options[int(value)]
        case "number":
            return value.replace("-", MINUS).replace(".", notation.decimal)
        case _:
            query, _, key = value.partition(",")
            return f"{asked.queries[int(query)]} → {asked.keys[int(key)]}"


def rows(
    asked: ClassQuestion,
    tally: Mapping[str, int],
    notation: Notation,
    words: Mapping[str, str],
    *,
    revealed: bool = False,
    mine: str | None = None,
) -> list[TallyRow]:
    """Of a choice every option in its order; of a number by size and of a cell by how many gave it,
    so many rows at most, among them the revealed answer and the reader's own.

    tally: answer → count, the most given first. words: mine, others.
    """
    right = asked.answer if revealed else None
    shown = _shown(asked, tally, [one for one in (right, mine) if one is not None])
    found = [
        TallyRow(
            worded(asked, value, notation),
            tally.get(value, 0),
            right=value == right,
            mine=value == mine,
            note=str(words["mine"]) if value == mine else "",
        )
        for value in shown
    ]
    rest = sum(tally.values()) - sum(row.count for row in found)
    return [*found, TallyRow(str(words["others"]), rest)] if rest else found


def middle(asked: ClassQuestion, tally: Mapping[str, int], notation: Notation) -> str:
    """The median of the numbers that a class gave; "": none were asked for, or given."""
    if asked.kind != "number" or not tally:
        return ""
    value = median(float(value) for value, count in tally.items() for _ in range(count))
    return f"{value:.6g}".replace("-", MINUS).replace(".", notation.decimal)


def _shown(asked: ClassQuestion, tally: Mapping[str, int], wanted: list[str]) -> list[str]:
    if asked.kind == "choice":
        return [str(n) for n in range(len(asked.options))]
    kept = list(dict.fromkeys([*wanted, *tally]))[:MOST_ROWS]
    if asked.kind == "number":
        return sorted(kept, key=float)
    return sorted(kept, key=lambda value: -tally.get(value, 0))
