"""Questions with a word: kim, ne, nerede, nereye, nereden. In Turkish it stays in place."""

from __future__ import annotations

from collections.abc import Iterator

from models.grammar.building import (
    Agent,
    may_be_person,
    question_words,
    ref,
    statement_words,
    words,
)
from models.grammar.clauses import subject_codes, subject_notes
from models.grammar.complements import has_body
from models.grammar.conjugation import verb_form
from models.grammar.english import Tense
from models.grammar.lexicon import VERBS, Verb, nouns_of
from models.grammar.scfg import Item, Link, Rule, Word

TO, FROM, AT = "nereye", "nereden", "nerede"


def asking_rules(lemma: str, tense: Tense) -> Iterator[Rule]:
    """All rules of ("wh", verb, tense)."""
    verb = VERBS[lemma]
    if may_be_person(verb):
        yield from _who(verb, tense)
    for agent, subject, weight in _askers(verb):
        if verb.frame.kind == "object":
            yield _what(verb, tense, agent, subject, weight)
        if verb.frame.kind == "motion":
            yield _where(verb, tense, agent, subject, weight * 0.7, TO)
            if verb.source:
                yield _where(verb, tense, agent, subject, weight * 0.3, FROM)
        elif verb.places:
            yield _where(verb, tense, agent, subject, weight * 0.5, AT)


def _askers(verb: Verb) -> Iterator[tuple[Agent, Item | None, float]]:
    """Whom a question can be about: a noun of each gender, several, or a dropped you."""
    for code in (*subject_codes(verb.subjects), "they"):
        yield Agent("3sg", code), ref("subject", verb.subjects, code), 0.2
    if may_be_person(verb):
        yield Agent("2sg", "you"), None, 0.1
        yield Agent("2pl", "you"), None, 0.1


def _who(verb: Verb, tense: Tense) -> Iterator[Rule]:
    """kim kitabı okudu: who read the book. The verb is in the third person."""
    agent = Agent("3sg", "she")
    body = (ref("body", verb.lemma, agent),) if has_body(verb) else ()
    kim, who = Word("kim", "pronoun"), Word("who", "pronoun")
    (form,) = words(verb_form(verb.stem, tense, "3sg"), "verb")
    said, links = statement_words(verb.english, tense, "she", form, negative=False)
    yield Rule(
        0.4, (kim, *body, form), (who, *said, *body), (Link(who, kim), *links), (form, said[-1]),
        notes=_notes("who"),
    )  # fmt: skip


def _what(verb: Verb, tense: Tense, agent: Agent, subject: Item | None, weight: float) -> Rule:
    """kedi ne yedi: what did the cat eat; çocuk kimi gördü: who did the child see."""
    persons = any("person" in noun.kinds for noun in nouns_of(verb.frame.kinds))
    turkish = "kimi" if persons else "neyi" if verb.definite else "ne"
    return _fronted(verb, tense, agent, subject, weight, turkish, "who" if persons else "what", ())


def _where(
    verb: Verb, tense: Tense, agent: Agent, subject: Item | None, weight: float, turkish: str
) -> Rule:
    """çocuk nereye gitti: where did the child go; nereden: where … from."""
    takes = turkish == AT and verb.frame.kind in ("object", "governed", "transfer")
    body = (ref("complement", verb.lemma, agent),) if takes else ()
    return _fronted(verb, tense, agent, subject, weight, turkish, "where", body)


def _fronted(
    verb: Verb, tense: Tense, agent: Agent, subject: Item | None, weight: float,
    asked: str, english: str, body: tuple[Item, ...],
) -> Rule:  # fmt: skip
    """subject word body verb: word auxiliary subject verb body [preposition]."""
    left, right = Word(asked, "pronoun"), Word(english, "pronoun")
    (form,) = words(verb_form(verb.stem, tense, agent.person), "verb")
    aux, main = question_words(verb.english, tense, agent.pronoun)
    you = Word(agent.pronoun, "pronoun")
    doer: Item = subject or you
    stranded = _stranded(verb, asked)
    links = [Link(right, left), Link(aux, form, aux.text not in ("do", "does", "did"))]
    links += [Link(main, form), *(Link(word, left) for word in stranded)]
    if subject is None:
        links.append(Link(you, form))
    return Rule(
        weight,
        (*((subject,) if subject else ()), left, *body, form),
        (right, aux, doer, main, *body, *stranded),
        tuple(links),
        (form, main),
        notes=(*_notes(asked), *subject_notes(agent, None, False)),
    )


def _stranded(verb: Verb, asked: str) -> tuple[Word, ...]:
    """for in "what is she looking for", from in "where does she come from"."""
    if asked == FROM:
        return (Word("from"),)
    if asked in (TO, AT) or not verb.frame.preposition:
        return ()
    return (Word(verb.frame.preposition),)


def _notes(word: str) -> tuple[tuple[str, str], ...]:
    return (("construction", "word question"), ("polarity", "positive"), ("asked", word))
