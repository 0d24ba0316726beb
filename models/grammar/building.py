"""Small pieces that every part of the grammar builds its rules from."""

from __future__ import annotations

from typing import NamedTuple

from models.grammar.english import EnglishVerb, Tense, after_auxiliary, auxiliary, finite
from models.grammar.lexicon import Verb, nouns_of
from models.grammar.morphology import Morphs, Person
from models.grammar.scfg import Item, Link, Ref, Symbol, Word


class Agent(NamedTuple):
    """A subject: the person its Turkish verb agrees with, and its English pronoun.

    hidden: a dropped third person, which neither a pronoun nor the verb's ending shows.
    """

    person: Person
    pronoun: str
    hidden: bool = False


SPEAKERS: tuple[Agent, ...] = (
    Agent("1sg", "I"),
    Agent("2sg", "you"),
    Agent("1pl", "we"),
    Agent("2pl", "you"),
)


def joined(morphs: Morphs) -> str:
    """A word's spelling."""
    return "".join(morphs)


def words(forms: tuple[Morphs, ...], tag: str) -> tuple[Word, ...]:
    """A form of one or more words: the last one's particles are function words."""
    head, *rest = (joined(form) for form in forms)
    return (Word(head, tag), *(Word(text) for text in rest))


def ref(*symbol: object) -> Ref:
    """A symbol's place in a rule."""
    key: Symbol = symbol
    return Ref(key)


def statement_words(
    verb: EnglishVerb, tense: Tense, pronoun: str, said_by: Item, *, negative: bool
) -> tuple[tuple[Word, ...], tuple[Link, ...]]:
    """A statement's English verb and its links to the one Turkish word that says it all.

    do-support is only a possible link: Turkish has nothing that it translates.
    """
    texts = finite(verb, tense, pronoun, negative=negative)
    made = (*(Word(text) for text in texts[:-1]), Word(texts[-1], "verb"))
    support = {"do", "does", "did"} if negative else set()
    return made, tuple(Link(word, said_by, word.text not in support) for word in made)


def question_words(verb: EnglishVerb, tense: Tense, pronoun: str) -> tuple[Word, Word]:
    """A question's auxiliary and main verb."""
    return Word(auxiliary(verb, tense, pronoun)), Word(after_auxiliary(verb, tense), "verb")


def may_be_person(verb: Verb) -> bool:
    """Whether a person can do it: then I, you and we can, and *o* is she."""
    return any("person" in noun.kinds for noun in nouns_of(verb.subjects))


def third_singular(verb: Verb) -> Agent:
    """The one rule for *o*: she where the doer may be a person, else it."""
    return Agent("3sg", "she" if may_be_person(verb) else "it")


def pronouns_for(verb: Verb) -> tuple[Agent, ...]:
    """All pronouns that may be a verb's subject."""
    third = (third_singular(verb), Agent("3pl", "they"))
    return (*SPEAKERS, *third) if may_be_person(verb) else third
