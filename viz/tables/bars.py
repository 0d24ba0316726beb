"""Rows of a word with bars and their numbers, as a table: HTML, every word escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viz.board.markup import Safe, template
from viz.board.notation import Notation, visible

_BAR = (
    "<td class='bar'>{% if bar %}<div><span style='width:{{ bar }}%'></span></div>{% endif %}</td>"
)
_TABLE = template(
    "<table class='{{ kind }}'>"
    "{% if heads %}<tr><th></th>"
    "{% for name in heads %}<th colspan='2'>{{ name }}</th>{% endfor %}</tr>{% endif %}"
    "{% for marked, sign, word, cells in rows %}<tr{% if marked %} class='on'{% endif %}>"
    "<td class='word'>{{ sign }}<bdi>{{ word }}</bdi></td>"
    "{% for bar, number in cells %}" + _BAR + "<td class='value'>{{ number }}</td>{% endfor %}"
    "</tr>{% endfor %}</table>"
)
_MEASURED = template(
    "<table class='figures'>{% for words, bar, number in rows %}<tr><td>{{ words }}</td>"
    + _BAR
    + "<td class='value'>{{ number }}</td></tr>{% endfor %}</table>"
)


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


def table(kind: str, rows: Sequence[Row], heads: Sequence[str] = ()) -> Safe:
    """kind: the table's class, which gives its look. heads: what stands above the columns."""
    told = [
        (row.marked, row.sign, visible(row.word), [(width(b.share), b.number) for b in row.bars])
        for row in rows
    ]
    return _TABLE(kind=kind, rows=told, heads=heads)


def measured(rows: Sequence[tuple[str, float, float | None]], notation: Notation) -> Safe:
    """Figures by name: (words, value, share of a full bar); None: one that has no bar."""
    told = [
        (words, "" if share is None else width(share), notation.fixed(value))
        for words, value, share in rows
    ]
    return _MEASURED(rows=told)


def width(share: float) -> str:
    """How long a bar is, in percent of its place: 0 to 100, whatever the share."""
    return f"{100 * min(max(share, 0.0), 1.0):.1f}"
