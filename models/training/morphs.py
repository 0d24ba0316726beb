"""A Turkish word back to its morphs, by a table of every form that the lexicon can take."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from models.grammar.conjugation import (
    TENSES,
    adjective_predicate,
    object_participle,
    subject_participle,
    verb_form,
)
from models.grammar.lexicon import ADJECTIVES, NAMES, NOUNS, VERBS
from models.grammar.morphology import (
    CASES,
    PERSONS,
    Morphs,
    noun,
    stem,
    turkish_capital,
    turkish_lower,
)

SWITCH = (False, True)


def _nouns() -> Iterator[Morphs]:
    for word in NOUNS.values():
        for plural, possessor, case in product(SWITCH, (None, *PERSONS), CASES):
            yield noun(word.stem, plural=plural, possessor=possessor, case=case)
    for name, case in product(NAMES.values(), CASES):
        yield noun(name.stem, case=case)


def _verbs() -> Iterator[Morphs]:
    for word in VERBS.values():
        for tense, person, negative, question in product(TENSES, PERSONS, SWITCH, SWITCH):
            yield from verb_form(word.stem, tense, person, negative=negative, question=question)
        for negative in SWITCH:
            yield subject_participle(word.stem, negative=negative)
            for person in PERSONS:
                yield object_participle(word.stem, person, negative=negative)


def _predicates() -> Iterator[Morphs]:
    for word in ADJECTIVES.values():
        for person, past, negative, question in product(PERSONS, SWITCH, SWITCH, SWITCH):
            yield from adjective_predicate(
                stem(word.lemma), person, past=past, negative=negative, question=question
            )


@lru_cache(maxsize=1)
def table() -> dict[str, Morphs]:
    """Spelling → morphs, about fifteen thousand. The first analysis of a spelling is kept."""
    known: dict[str, Morphs] = {}
    for morphs in (*_nouns(), *_verbs(), *_predicates()):
        known.setdefault("".join(morphs), morphs)
    return known


def segmented(word: str) -> Morphs:
    """A word's morphs, ("Kitab", "ı", "nı"); a word that is not in the table is one morph."""
    found = table().get(word)
    if found:
        return found
    lower = turkish_lower(word[:1]) + word[1:]
    if lower == word or lower not in table():
        return (word,)
    head, *rest = table()[lower]
    return (turkish_capital(head), *rest)
