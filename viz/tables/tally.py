"""What a class answered, as a table of bars: HTML, every word escaped, without inline styles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viz.board.markup import Safe, template
from viz.board.notation import visible

# An element's own numbers are allowed where a style in an attribute is not.
_TABLE = template(
    "<table class='tally'>{% for row in rows %}"
    "<tr class='{% if row.right %}on {% endif %}{% if row.mine %}own{% endif %}'>"
    "<th scope='row' class='word'>{% if row.right %}✓ {% endif %}<bdi>{{ words(row.word) }}</bdi>"
    "{% if row.note %} <small>{{ row.note }}</small>{% endif %}</th>"
    "<td class='bar'><progress max='{{ every }}' value='{{ row.count }}' aria-hidden='true'>"
    "</progress></td>"
    "<td class='value'>{{ row.count }}</td></tr>{% endfor %}</table>"
)
_MODEL = template(
    "<p class='model'>{{ label }} <b><bdi>{{ words(answer) }}</bdi></b>"
    "{% if where %}<small>{{ where }}</small>{% endif %}</p>"
)


@dataclass(frozen=True, slots=True)
class TallyRow:
    """One answer. right: the revealed one; mine: the reader's own; note: said beside it."""

    word: str
    count: int
    right: bool = False
    mine: bool = False
    note: str = ""


def tally(rows: Sequence[TallyRow]) -> Safe:
    """A row an answer: its words, its share of all answers as a bar, how many gave it."""
    every = sum(row.count for row in rows) or 1
    return _TABLE(rows=rows, every=every, words=visible)


def model_answer(label: str, answer: str, where: str = "") -> Safe:
    """The revealed answer in a line. where: what it was taken from."""
    return _MODEL(label=label, answer=answer, where=where, words=visible)
