"""Translations of one sentence below each other, wrong words marked: HTML, all words escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viz.board.markup import Safe, template
from viz.board.notation import visible

_MARKS = (".", "?")  # join the word before them

_COMPARED = template(
    "<table class='compared'>{% for name, words, remark in rows %}<tr><td>{{ name }}</td><td>"
    "{% for space, word, good in words %}{{ space }}"
    "{% if good %}<span><bdi>{{ word }}</bdi></span>"
    "{% else %}<span class='wrong'>✗ <s><bdi>{{ word }}</bdi></s></span>{% endif %}"
    "{% endfor %}</td><td>{{ remark }}</td></tr>{% endfor %}</table>"
)


@dataclass(frozen=True, slots=True)
class Version:
    """Who wrote it, its words, and which are right; right: None where nobody can say."""

    name: str
    words: Sequence[str]
    right: Sequence[bool] | None = None
    remark: str = ""


def compared(versions: Sequence[Version]) -> Safe:
    """A row a translation; a wrong word is struck out, in another colour, with a ✗."""
    return _COMPARED(rows=[(one.name, _words(one), one.remark) for one in versions])


def _words(one: Version) -> list[tuple[str, str, bool]]:
    """(what stands before it, the word, whether it is right) of every word."""
    right = one.right or [True] * len(one.words)
    return [
        ("" if word in _MARKS else " ", visible(word), good)
        for word, good in zip(one.words, right, strict=True)
    ]
