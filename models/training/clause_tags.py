"""What a tagger is to say of every word: its number, and whether it stands in a relative clause."""

from __future__ import annotations

from functools import cache

from models.grammar.agreement import REGARDING
from models.grammar.building import joined
from models.grammar.conjugation import object_participle, subject_participle
from models.grammar.lexicon import ADJECTIVES, VERBS
from models.training.mixture import Line

NUMBERS = ("singular", "plural", "none")
# First of the main clause, then of a relative clause, in the order of NUMBERS.
TAGS = (*NUMBERS, *(f"{number}_relative" for number in NUMBERS))
_NONE = NUMBERS.index("none")


def tags(line: Line) -> list[int]:
    """A tag a word, as places in TAGS. line: English or Turkish; ValueError: of brackets.

    In English an article, an adjective and a noun have their noun's number, in Turkish nouns and
    the subject's pronoun have their own; the main verb has its subject's. All other words have
    none: the past of English relative clauses says no number.
    """
    said = line.agreement
    if said is None:
        raise ValueError(f"no sentence: {' '.join(line.words)}")
    found = [_NONE] * len(line.words)
    named = [said.number, *said.numbers]
    phrases = _english(line) if line.language == "en" else _turkish(line)
    for at, places in enumerate(phrases):
        number = named[at] if at < len(named) else "singular"  # in the garden
        for place in places:
            found[place] = NUMBERS.index(number)
    found[said.verb] = NUMBERS.index(said.number)
    return [tag + len(NUMBERS) * inside for tag, inside in zip(found, said.inside, strict=True)]


def _english(line: Line) -> list[range]:
    """The places of each noun phrase: the, an adjective where there is one, the noun."""
    adjectives = {adjective.english for adjective in ADJECTIVES.values()}
    begins = [at for at, word in enumerate(line.words) if word == "the"]
    return [range(at, at + 3 if line.words[at + 1] in adjectives else at + 2) for at in begins]


def _turkish(line: Line) -> list[tuple[int, ...]]:
    """The place of each noun up to the verb; the subject's pronoun is the first."""
    assert line.agreement is not None
    before = range(line.agreement.verb)
    return [(at,) for at in before if line.words[at] not in _not_nouns()]


@cache
def _not_nouns() -> frozenset[str]:
    """What may stand before a Turkish verb and is no noun: an adverb and participles."""
    forms = []
    for lemma in REGARDING:
        stem = VERBS[lemma].stem
        forms += [subject_participle(stem), object_participle(stem, "3sg")]
    return frozenset({"dün", *map(joined, forms)})
