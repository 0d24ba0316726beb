"""From the grammar's words to a written sentence, and back."""

from __future__ import annotations

from typing import Literal

from models.grammar.english import with_articles, without_articles
from models.grammar.morphology import turkish_capital, turkish_lower

Language = Literal["tr", "en"]
MARKS = (".", "?")


def spoken(words: tuple[str, ...], side: Language) -> tuple[str, ...]:
    """Words as they are written: a capital first, a or an by what follows."""
    if side == "en":
        words = with_articles(words)
        return (words[0][:1].upper() + words[0][1:], *words[1:])
    return (turkish_capital(words[0]), *words[1:])


def written(words: tuple[str, ...]) -> str:
    """One string; the final mark joins the word before it."""
    return " ".join(words[:-1]) + words[-1] if words[-1] in MARKS else " ".join(words)


def split_words(sentence: str) -> tuple[str, ...]:
    """A written sentence's words, the final mark one of its own."""
    body, mark = (sentence[:-1], (sentence[-1],)) if sentence[-1:] in MARKS else (sentence, ())
    return (*body.split(" "), *mark)


def readings(sentence: str, side: Language) -> list[tuple[str, ...]]:
    """The grammar's words that may stand behind a written sentence.

    Two: the first word may have been written with a capital because it comes first, or
    because it is a name or I. Articles are undone; none is left where one of them is wrong.
    """
    words = split_words(sentence)
    if not words[0]:
        return []
    lower = turkish_lower(words[0]) if side == "tr" else words[0].lower()
    firsts = dict.fromkeys((lower, words[0]))
    found = [(first, *words[1:]) for first in firsts]
    if side == "tr":
        return found
    plain = [without_articles(reading) for reading in found]
    return [reading for reading in plain if reading is not None]
