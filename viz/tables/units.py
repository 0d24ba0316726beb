"""Tables of what units follow, and of what silencing them breaks: HTML, every word escaped."""

from __future__ import annotations

from collections.abc import Sequence

from viz.board.markup import Safe, template
from viz.board.notation import Notation
from viz.tables.bars import width

_FOLLOWS = template(
    "<div class='follows'><div><span class='{{ kind }}' style='width:{{ width }}%'></span></div>"
    "<b>{{ number }}</b></div>"
)
_NUMBERS = template(
    "<table class='{{ kind }}'>"
    "<tr><th></th>{% for word in heads %}<th>{{ word }}</th>{% endfor %}</tr>"
    "{% for name, numbers in rows %}<tr><td>{{ name }}</td>{% for number in numbers %}"
    "<td{% if value %} class='value'{% endif %}>{{ number }}</td>{% endfor %}</tr>"
    "{% endfor %}</table>"
)


def share_bar(r: float, notation: Notation) -> Safe:
    """A correlation as a bar of |r|, its sign in the number."""
    kind = "minus" if r < 0 else "plus"
    return _FOLLOWS(kind=kind, width=width(abs(r)), number=notation.fixed(r, plus=True))


def broken(
    rows: Sequence[str],
    heads: Sequence[str],
    columns: Sequence[Sequence[float]],
    notation: Notation,
    kind: str = "broken",
) -> Safe:
    """A row a figure, a column a model or what was done to it. kind: the look."""
    told = [
        (name, [notation.fixed(column[at], 3) for column in columns])
        for at, name in enumerate(rows)
    ]
    return _NUMBERS(kind=kind, heads=heads, rows=told, value=kind == "broken")
