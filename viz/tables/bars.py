"""Rows of a word with bars and their numbers, as a table: HTML, every word escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from viz.board.notation import Notation, visible


@dataclass(frozen=True, slots=True)
class Bar:
    """share: how much of the bar is filled, 0 to 1 (clipped beyond); number: written beside it."""

    share: float
    number: str


@dataclass(frozen=True, slots=True)
class Row:
    """A word and its bars, one a column. marked: it stands out; sign: before the word."""

    word: str
    bars: Sequence[Bar]
    marked: bool = False
    sign: str = ""


def of_probability(p: float, notation: Notation, digits: int = 3) -> Bar:
    """A bar of a probability; a small one never reads as 0."""
    return Bar(p, notation.small(p, digits))


def table(kind: str, rows: Sequence[Row], heads: Sequence[str] = ()) -> str:
    """kind: the table's class, which gives its look. heads: what stands above the columns."""
    head = ""
    if heads:
        names = "".join(f"<th colspan='2'>{escape(name)}</th>" for name in heads)
        head = f"<tr><th></th>{names}</tr>"
    return f"<table class='{kind}'>{head}{''.join(map(_row, rows))}</table>"


def _row(row: Row) -> str:
    kind = " class='on'" if row.marked else ""
    word = f"{escape(row.sign)}<bdi>{escape(visible(row.word))}</bdi>"
    return f"<tr{kind}><td class='word'>{word}</td>{''.join(map(_cells, row.bars))}</tr>"


def _cells(bar: Bar) -> str:
    width = 100 * min(max(bar.share, 0.0), 1.0)
    return (
        f"<td class='bar'><div><span style='width:{width:.1f}%'></span></div></td>"
        f"<td class='value'>{escape(bar.number)}</td>"
    )
