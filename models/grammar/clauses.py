"""Clauses with a verb: statements, yes/no questions with mI, questions with a word.

Turkish puts the verb last and drops subject pronouns that its ending already tells;
English puts the verb second and turns auxiliary and subject around to ask.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.grammar.building import (
    Agent,
    joined,
    pronouns_for,
    question_words,
    ref,
    statement_words,
    words,
)
from models.grammar.complements import has_body, needs_body
from models.grammar.conjugation import TENSES, verb_form
from models.grammar.english import Tense
from models.grammar.lexicon import NAMES, VERBS, Kinds, Verb, nouns_of
from models.grammar.morphology import PRONOUNS
from models.grammar.scfg import Item, Link, Ref, Rule, Word

TENSE_WEIGHTS: dict[Tense, float] = {"past": 0.5, "present": 0.3, "future": 0.2}
SUBJECT_WEIGHTS = {"singular": 0.45, "they": 0.15, "overt": 0.14, "dropped": 0.26}
TIME_WEIGHTS = {"none": 0.6, "first": 0.2, "second": 0.2}
NEGATIVE = 0.2
OBJECT_FIRST = 0.06  # balığı kedi yedi
EMPTY_BODY = 0.3  # where nothing has to stand before the verb
COORDINATED = 0.12  # of plural subjects


def verb_choice(kind: str) -> Iterator[Rule]:
    """Which verb and which tense, for ("statement",), ("question",) and ("wh",)."""
    for verb in VERBS.values():
        for tense in TENSES:
            child = ref(kind, verb.lemma, tense)
            notes = (("tense", tense), ("verb", verb.lemma))
            yield Rule(TENSE_WEIGHTS[tense], (child,), (child,), notes=notes)


def subject_codes(kinds: Kinds) -> dict[str, int]:
    """he, she, it: how many nouns and names of those kinds each stands for."""
    names = tuple(NAMES.values()) if "person" in kinds else ()
    counts: dict[str, int] = {}
    for noun in (*nouns_of(kinds), *names):
        counts[noun.pronoun] = counts.get(noun.pronoun, 0) + 1
    return counts


def subject_rules(kinds: Kinds, code: str, depth: int = 1) -> Iterator[Rule]:
    """All rules of ("subject", kinds, he | she | it | they, depth)."""
    if code == "they":
        child = ref("any", kinds, "plural", "nom", "", depth)
        yield Rule(1 - COORDINATED, (child,), (child,), name=child)
        yield from _pairs(kinds)
        return
    names = tuple(NAMES.values()) if "person" in kinds else ()
    for noun in (*nouns_of(kinds), *names):
        if noun.pronoun == code:
            child = ref("np", noun.lemma, "singular", "nom", "", depth)
            yield Rule(0.5 if noun.name else 1.0, (child,), (child,), name=child)


def _pairs(kinds: Kinds) -> Iterator[Rule]:
    """kedi ve köpek: every second noun with one of the others, so never one with itself."""
    countable = [noun for noun in nouns_of(kinds) if not (noun.mass or noun.related)]
    halves = (countable[::2], countable[1::2])
    for first in halves[0] if all(halves) else ():
        for second in halves[1]:
            left = ref("np", first.lemma, "singular", "nom", "", -1)
            right = ref("np", second.lemma, "singular", "nom", "", -1)
            ve, and_ = Word("ve"), Word("and")
            yield Rule(
                COORDINATED / len(halves[0]) / len(halves[1]),
                (left, ve, right),
                (left, and_, right),
                (Link(and_, ve),),
                (right, right),
                f"{first.lemma}&{second.lemma}",
                notes=(("shape", "coordination"),),
            )


Subject = tuple[float, Agent, Ref | None, bool]


def subjects(verb: Verb) -> Iterator[Subject]:
    """(weight, agent, noun phrase or None, pronoun overt) for every kind of subject."""
    codes = subject_codes(verb.subjects)
    for code, count in codes.items():
        weight = SUBJECT_WEIGHTS["singular"] * count / sum(codes.values())
        yield weight, Agent("3sg", code), ref("subject", verb.subjects, code), False
    they = ref("subject", verb.subjects, "they")
    yield SUBJECT_WEIGHTS["they"], Agent("3sg", "they"), they, False
    pronouns = pronouns_for(verb)
    for agent in pronouns:
        yield SUBJECT_WEIGHTS["overt"] / len(pronouns), agent, None, True
        hidden = agent._replace(hidden=agent.person == "3sg")
        yield SUBJECT_WEIGHTS["dropped"] / len(pronouns), hidden, None, False


def subject_notes(agent: Agent, subject: Ref | None, overt: bool) -> tuple[tuple[str, str], ...]:
    """The features that a subject gives a sentence."""
    kind = "noun" if subject else "pronoun" if overt else "dropped"
    plural = agent.pronoun in ("we", "they") or agent.person == "2pl"
    person = "3pl" if subject and plural else agent.person
    return (
        ("subject", kind),
        ("number", "plural" if plural else "singular"),
        ("person", person),
    )


def _times(tense: Tense, *, second: bool) -> Iterator[tuple[float, tuple[Item, ...], str]]:
    """(weight, the time adverb or nothing, where it stands)."""
    for place, weight in TIME_WEIGHTS.items():
        if place != "second" or second:
            yield weight, () if place == "none" else (ref("time", tense),), place


def _sides(
    subject: Ref | None, agent: Agent, overt: bool, said_by: Item
) -> tuple[tuple[Item, ...], Item, tuple[Link, ...]]:
    """The Turkish subject (or nothing), the English one, and the link between them."""
    if subject:
        return (subject,), subject, ()
    english = Word(agent.pronoun, "pronoun")
    if not overt:
        return (), english, (Link(english, said_by),)
    turkish = Word(PRONOUNS[agent.person]["nom"], "pronoun")
    return (turkish,), english, (Link(english, turkish),)


def statements(lemma: str, tense: Tense) -> Iterator[Rule]:
    """[time] subject [time] body verb: subject verb body time."""
    verb = VERBS[lemma]
    for weight, agent, subject, overt in subjects(verb):
        notes = subject_notes(agent, subject, overt)
        for share, time, place in _times(tense, second=bool(subject or overt)):
            core = ref("core", lemma, tense, agent)
            turkish, english, links = _sides(subject, agent, overt, core)
            source = (*time, *turkish, core) if place == "first" else (*turkish, *time, core)
            yield Rule(
                weight * share, source, (english, core, *time), links, (core, core),
                notes=(("construction", "statement"), *notes),
            )  # fmt: skip
        if subject and verb.frame.kind == "object":
            yield _object_first(verb, tense, agent, subject, weight * OBJECT_FIRST)


def _object_first(verb: Verb, tense: Tense, agent: Agent, subject: Ref, weight: float) -> Rule:
    """balığı kedi yedi: only the endings tell who ate whom."""
    thing = ref("object", verb.lemma, None, True)
    (form,) = words(verb_form(verb.stem, tense, "3sg"), "verb")
    said, links = statement_words(verb.english, tense, agent.pronoun, form, negative=False)
    return Rule(
        weight, (thing, subject, form), (subject, *said, thing), links, (form, said[-1]),
        combines=((verb.lemma, thing),),
        notes=(("construction", "object first"), *subject_notes(agent, subject, False)),
    )  # fmt: skip


def _bodies(verb: Verb, agent: Agent) -> Iterator[tuple[float, tuple[Ref, ...]]]:
    """(weight, the body or nothing)."""
    empty = 0.0 if needs_body(verb) else EMPTY_BODY if has_body(verb) else 1.0
    if empty:
        yield empty, ()
    if has_body(verb):
        yield 1 - empty, (ref("body", verb.lemma, agent),)


def core_rules(lemma: str, tense: Tense, agent: Agent) -> Iterator[Rule]:
    """All rules of ("core", verb, tense, agent): body + verb in its person."""
    verb = VERBS[lemma]
    for negative, share in ((False, 1 - NEGATIVE), (True, NEGATIVE)):
        for weight, body in _bodies(verb, agent):
            forms = verb_form(verb.stem, tense, agent.person, negative=negative)
            (form,) = words(forms, "verb")
            said, links = statement_words(
                verb.english, tense, agent.pronoun, form, negative=negative
            )
            polarity = (("polarity", "negative" if negative else "positive"),)
            yield Rule(
                share * weight, (*body, form), (*said, *body), links, (form, said[-1]),
                verb.lemma, notes=polarity,
            )  # fmt: skip


def questions(lemma: str, tense: Tense) -> Iterator[Rule]:
    """[time] subject body verb mI: auxiliary subject [not] verb body time."""
    verb = VERBS[lemma]
    for weight, agent, subject, overt in subjects(verb):
        notes = subject_notes(agent, subject, overt)
        for negative, share in ((False, 1 - NEGATIVE), (True, NEGATIVE)):
            for part, time, place in _times(tense, second=bool(subject or overt)):
                yield _question(
                    verb, tense, agent, subject, overt, negative,
                    weight * share * part, time, place, notes,
                )  # fmt: skip


def _question(
    verb: Verb, tense: Tense, agent: Agent, subject: Ref | None, overt: bool, negative: bool,
    weight: float, time: tuple[Item, ...], place: str, notes: tuple[tuple[str, str], ...],
) -> Rule:  # fmt: skip
    """One question; the auxiliary is linked to mI, the dropped pronoun to what tells it."""
    rest = ref("asked", verb.lemma, tense, agent, negative)
    forms = verb_form(verb.stem, tense, agent.person, negative=negative, question=True)
    mi = Word(joined(forms[-1]))
    carries = tense != "past" and agent.person in ("1sg", "2sg", "1pl", "2pl")
    turkish, english, links = _sides(subject, agent, overt, mi if carries else rest)
    aux, _ = question_words(verb.english, tense, agent.pronoun)
    not_ = (Word("not"),) if negative else ()
    source = (*time, *turkish) if place == "first" else (*turkish, *time)
    polarity = ("polarity", "negative" if negative else "positive")
    return Rule(
        weight,
        (*source, rest, mi),
        (aux, english, *not_, rest, *time),
        (Link(aux, mi), *links, *(Link(word, rest) for word in not_)),
        (rest, rest),
        notes=(("construction", "question"), polarity, *notes),
    )


def asked_rules(lemma: str, tense: Tense, agent: Agent, negative: bool) -> Iterator[Rule]:
    """All rules of ("asked", …): body + verb before mI; the English main verb + body."""
    verb = VERBS[lemma]
    forms = verb_form(verb.stem, tense, agent.person, negative=negative, question=True)
    for weight, body in _bodies(verb, agent):
        form = Word(joined(forms[0]), "verb")
        _, main = question_words(verb.english, tense, agent.pronoun)
        yield Rule(
            weight, (*body, form), (main, *body), (Link(main, form),), (form, main), verb.lemma
        )
