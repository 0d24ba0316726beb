"""Analogy questions, all that the grammar's own lexicon gives: what stands to what as what to what.

The form is that of Mikolov, Yih & Zweig (2013), "Linguistic Regularities in Continuous Space Word
Representations": every pair of a relation against every other pair of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import permutations
from types import MappingProxyType
from typing import NamedTuple

from models.grammar.english import OBJECT_FORM, POSSESSIVE_FORM, genitive
from models.grammar.lexicon import NAMES, NOUNS, VERBS

Pair = tuple[str, str]
# The lexicon marks who is he and who is she; that a king has no queen in it, it cannot say.
_SEXES: tuple[Pair, ...] = (("he", "she"), ("man", "woman"), ("father", "mother"),
                            ("uncle", "aunt"))  # fmt: skip


class Question(NamedTuple):
    """a − b + c, and the word that is right: cats − cat + dog, dogs."""

    a: str
    b: str
    c: str
    answer: str


@cache
def relations() -> Mapping[str, tuple[Pair, ...]]:
    """Name → (base, derived) of all words that the lexicon relates so; only where they differ."""
    nouns = [noun for noun in NOUNS.values() if not noun.mass]
    people = [noun for noun in (*NOUNS.values(), *NAMES.values()) if "person" in noun.kinds]
    verbs = [word.english for word in VERBS.values()]
    listed = {
        "plural": [(noun.english, noun.plural) for noun in nouns],
        "past": [(verb.base, verb.past) for verb in verbs],
        "ing": [(verb.base, verb.ing) for verb in verbs],
        "genitive": [(noun.english, genitive(noun.english)) for noun in people],
        "object": list(OBJECT_FORM.items()),
        "possessive": list(POSSESSIVE_FORM.items()),
        "sex": list(_SEXES),
    }
    return MappingProxyType(
        {name: tuple(dict.fromkeys(p for p in pairs if p[0] != p[1]))
         for name, pairs in listed.items()}
    )  # fmt: skip


def known(name: str, vocabulary: Collection[str]) -> tuple[Pair, ...]:
    """A relation's pairs of which both words are there. KeyError: no such relation."""
    return tuple(p for p in relations()[name] if p[0] in vocabulary and p[1] in vocabulary)


def questions(name: str, vocabulary: Collection[str]) -> Iterator[Question]:
    """Every ordered pair of two different pairs of a relation. KeyError: no such relation."""
    for (base, derived), (other, answer) in permutations(known(name, vocabulary), 2):
        if len({base, derived, other, answer}) == 4:
            yield Question(derived, base, other, answer)
