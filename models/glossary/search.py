"""Finding a word in two languages, whose capitals differ: I is ı's in Turkish, i's in English."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence

from models.grammar.morphology import turkish_lower

Words = Mapping[str, str]  # language → what is said in it
_TURKISH = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"


def lowered(text: str, language: str) -> str:
    """Lower case as that language has it."""
    return turkish_lower(text) if language == "tr" else text.lower()


def unmarked(text: str, language: str) -> str:
    """Lower case without marks, for whoever has no Turkish keyboard: "Işın" → "isin"."""
    parts = unicodedata.normalize("NFD", lowered(text, language).replace("ı", "i"))
    return "".join(part for part in parts if not unicodedata.combining(part))


def search(query: str, names: Sequence[Words], sentences: Sequence[Words]) -> list[int]:
    """Which entries a query finds, by number: whose name has it in either language.

    Where none has, then by letters without their marks; at last, whose sentence has it.
    """
    wanted = query.strip()
    attempts: tuple[tuple[Sequence[Words], Callable[[str, str], str]], ...] = (
        (names, lowered),
        (names, unmarked),
        (sentences, lowered),
    )
    for entries, read in attempts:
        found = [
            number
            for number, words in enumerate(entries)
            if any(
                read(wanted, language) in read(said, language) for language, said in words.items()
            )
        ]
        if found:
            return found
    return []


def alphabetical(text: str, language: str) -> tuple[tuple[int, str], ...]:
    """What a word is sorted by: ç after c, in Turkish ı before i; signs before letters."""
    place = _TURKISH.find if language == "tr" else _bare
    return tuple((place(c) if c.isalpha() else -1, c) for c in lowered(text, language))


def _bare(letter: str) -> int:
    return ord(unicodedata.normalize("NFD", letter)[0])
