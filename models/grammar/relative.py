"""Relative clauses: before the noun in Turkish, behind it in English.

-(y)An where the noun is the clause's subject (balığı yiyen kedi), -DIK with a possessive
suffix where it is its object (kedinin yediği balık); Göksel & Kerslake 2005, chapter 25.
Both participles leave the tense open; the rule here is: past.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from models.grammar.building import SPEAKERS, Agent, joined, ref, statement_words
from models.grammar.conjugation import object_participle, subject_participle
from models.grammar.lexicon import VERBS, Kinds, Verb
from models.grammar.morphology import PRONOUNS
from models.grammar.scfg import Item, Link, Rule, Word

NEGATIVE = 0.12  # of all relative clauses
IN_SUBJECT_CLAUSES = ("object", "governed", "motion", "none")


@cache
def subject_verbs(kinds: Kinds) -> tuple[Verb, ...]:
    """What something of those kinds may do in a clause of its own."""
    fits = (v for v in VERBS.values() if v.subjects & kinds)
    return tuple(v for v in fits if v.frame.kind in IN_SUBJECT_CLAUSES)


@cache
def object_verbs(kinds: Kinds) -> tuple[Verb, ...]:
    """What may be done to it."""
    fits = (v for v in VERBS.values() if v.frame.kinds & kinds)
    return tuple(v for v in fits if v.frame.kind in ("object", "governed"))


def has_subject_clause(kinds: Kinds) -> bool:
    """Whether anything of those kinds does something."""
    return bool(subject_verbs(kinds))


def has_object_clause(kinds: Kinds) -> bool:
    """Whether anything is done to it."""
    return bool(object_verbs(kinds))


def who(kinds: Kinds) -> str:
    """The rule for the relative pronoun: who for a person as subject, else that."""
    return "who" if "person" in kinds else "that"


def subject_clauses(kinds: Kinds) -> Iterator[Rule]:
    """balığı yiyen: who/that ate the fish."""
    for verb in subject_verbs(kinds):
        for negative, share in ((False, 1 - NEGATIVE), (True, NEGATIVE)):
            complements: list[tuple[Item, ...]] = []
            if verb.frame.kind != "none":
                complements.append((ref("complement", verb.lemma, None),))
            if verb.frame.optional:
                complements.append(())
            for complement in complements:
                form = Word(joined(subject_participle(verb.stem, negative=negative)), "verb")
                pronoun = Word(who(kinds))
                said, links = statement_words(verb.english, "past", "it", form, negative=negative)
                yield Rule(
                    share / len(complements),
                    (*complement, form),
                    (pronoun, *said, *complement),
                    (Link(pronoun, form), *links),
                    (form, said[-1]),
                    verb.lemma,
                )


def object_clauses(kinds: Kinds) -> Iterator[Rule]:
    """kedinin yediği, (benim) yediğim: that the cat ate, that I ate."""
    for verb in object_verbs(kinds):
        for negative, share in ((False, 1 - NEGATIVE), (True, NEGATIVE)):
            for number, weight in (("singular", 0.5), ("plural", 0.1)):
                agent = Agent("3sg", "they" if number == "plural" else "it")
                yield _by_noun(verb, agent, number, share * weight, negative=negative)
            if "person" in verb.subjects:
                for agent in SPEAKERS:
                    for overt in (False, True):
                        yield _by_pronoun(verb, agent, share * 0.05, negative, overt=overt)


def _by_noun(verb: Verb, agent: Agent, number: str, weight: float, *, negative: bool) -> Rule:
    subject = ref("any", verb.subjects, number, "gen", "", 0)
    return _clause(verb, agent, weight, negative, (subject,), (subject,), ())


def _by_pronoun(verb: Verb, agent: Agent, weight: float, negative: bool, *, overt: bool) -> Rule:
    english = Word(agent.pronoun, "pronoun")
    mine = Word(PRONOUNS[agent.person]["gen"], "pronoun")
    links = (Link(english, mine),) if overt else ()
    return _clause(verb, agent, weight, negative, (mine,) if overt else (), (english,), links)


def _clause(
    verb: Verb,
    agent: Agent,
    weight: float,
    negative: bool,
    before: tuple[Item, ...],
    english: tuple[Item, ...],
    links: tuple[Link, ...],
) -> Rule:
    """Subject + V-DIK-possessive; that + subject + verb + its stranded preposition."""
    form = Word(joined(object_participle(verb.stem, agent.person, negative=negative)), "verb")
    that = Word("that")
    said, verb_links = statement_words(verb.english, "past", "it", form, negative=negative)
    stranded = (Word(verb.frame.preposition),) if verb.frame.preposition else ()
    dropped = english[0] if not before and isinstance(english[0], Word) else None
    return Rule(
        weight,
        (*before, form),
        (that, *english, *said, *stranded),
        (
            Link(that, form),
            *links,
            *verb_links,
            *(Link(word, form) for word in stranded),
            *((Link(dropped, form),) if dropped else ()),
        ),
        (form, said[-1]),
        verb.lemma,
    )
