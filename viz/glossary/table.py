"""Terms as tables in Markdown, which the page's own writer sets with their formulas and links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the glossary. said: (name, sentence) in each language; seen: the link's words.

    formula: LaTeX; "": none.
    """

    said: Sequence[tuple[str, str]]
    formula: str
    seen: str


def link(words: str, page: str, values: Mapping[str, str]) -> str:
    """A link to another page of the app, from beside it."""
    return f"[{words}]({page}?{urlencode(values)})"


def table(heads: Sequence[str], entries: Iterable[Entry]) -> str:
    """A row an entry: it in each language, its formula, where it is seen. heads: one a column."""
    rows = [heads, ["---"] * len(heads)]
    rows += [[*map(_definition, one.said), _math(one.formula), one.seen] for one in entries]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _definition(said: tuple[str, str]) -> str:
    name, sentence = said
    return f"**{name}** {sentence}"


def _math(formula: str) -> str:
    return f"${formula}$" if formula else ""
