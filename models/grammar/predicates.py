"""Sentences without a verb in Turkish: adjective predicates, var and yok.

Göksel & Kerslake 2005, chapter 12: no copula in the present, -(y)DI in the past, değil
negates; var says that something exists or is owned, yok that it does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.grammar.building import SPEAKERS, Agent, joined, ref, words
from models.grammar.clauses import subject_codes, subject_notes
from models.grammar.conjugation import adjective_predicate, clitic
from models.grammar.english import be, do, have
from models.grammar.lexicon import ADJECTIVES, NOUNS, Adjective, Kinds, any_noun
from models.grammar.morphology import PRONOUNS, noun, spelled, stem
from models.grammar.scfg import Item, Link, Ref, Rule, Word
from models.grammar.slots import OWNED
from models.grammar.words import COLOURS

QUESTION = 0.2
NEGATIVE = 0.2
PAST = 0.4
FRIENDS = ("arkadaş", "oğul", "komşu")  # the persons that one has
# What is where: kinds of things, kinds of places.
EXISTING: tuple[tuple[Kinds, Kinds], ...] = (
    (frozenset({"person"}), frozenset({"building", "outdoor"})),
    (frozenset({"pet", "food", "drink", "furniture", "dishes"}), frozenset({"building"})),
    (frozenset({"small", "written", "fruit"}), frozenset({"surface"})),
    (frozenset({"animal", "plant", "vehicle"}), frozenset({"outdoor"})),
)


def switches() -> Iterator[tuple[float, bool, bool, bool]]:
    """(weight, past, negative, question) of all eight."""
    for past, a in ((False, 1 - PAST), (True, PAST)):
        for negative, b in ((False, 1 - NEGATIVE), (True, NEGATIVE)):
            for question, c in ((False, 1 - QUESTION), (True, QUESTION)):
                yield a * b * c, past, negative, question


def switch_notes(past: bool, negative: bool) -> tuple[tuple[str, str], ...]:
    """The features tense and polarity."""
    return (
        ("tense", "past" if past else "present"),
        ("polarity", "negative" if negative else "positive"),
    )


def adjective_sentences() -> Iterator[Rule]:
    """All rules of ("adjectives",): which adjective is said."""
    for adjective in ADJECTIVES.values():
        child = ref("says", adjective.lemma)
        yield Rule(1.0, (child,), (child,))


def says_rules(lemma: str) -> Iterator[Rule]:
    """kedi küçük, yorgunum, kedi küçük değil mi: all subjects of one adjective."""
    adjective = ADJECTIVES[lemma]
    codes = subject_codes(adjective.kinds)
    for code, count in codes.items():
        subject = ref("subject", adjective.kinds, code, 2)
        weight = 0.5 * count / sum(codes.values())
        yield from _spoken(adjective, Agent("3sg", code), subject, False, weight)
    plural = ref("subject", adjective.kinds, "they", 2)
    if any(not n.mass for n in NOUNS.values() if n.kinds & adjective.kinds):
        yield from _spoken(adjective, Agent("3sg", "they"), plural, False, 0.15)
    if "person" in adjective.kinds:
        for agent in (*SPEAKERS, Agent("3sg", "she"), Agent("3pl", "they")):
            for overt in (False, True):
                yield from _spoken(adjective, agent, None, overt, 0.03)


def _spoken(
    adjective: Adjective, agent: Agent, subject: Ref | None, overt: bool, weight: float
) -> Iterator[Rule]:
    """One subject in all tenses, asked or said, with and without değil and çok."""
    for share, past, negative, question in switches():
        for very in (False,) if adjective.lemma in COLOURS else (False, True):
            yield _predicate(
                adjective, agent, subject, overt, past, negative, question, very,
                weight * share * (0.15 if very else 0.85),
            )  # fmt: skip


def _predicate(
    adjective: Adjective, agent: Agent, subject: Ref | None, overt: bool,
    past: bool, negative: bool, question: bool, very: bool, weight: float,
) -> Rule:  # fmt: skip
    forms = adjective_predicate(
        stem(adjective.lemma), agent.person, past=past, negative=negative, question=question
    )
    predicate = words(forms, "adjective")
    is_, not_ = Word(be(agent.pronoun, past=past)), Word("not")
    english = Word(adjective.english, "adjective")
    cok, very_ = Word("çok", "adverb"), Word("very", "adverb")
    turkish: tuple[Item, ...] = (subject,) if subject else ()
    doer: Item = subject or Word(agent.pronoun, "pronoun")
    # the copula is a suffix or a clitic of the last word; in the present's third person nothing
    carries = past or question or agent.person != "3sg"
    links = [Link(english, predicate[0]), Link(is_, predicate[-1], carries)]
    if isinstance(doer, Word):
        pronoun = Word(PRONOUNS[agent.person]["nom"], "pronoun")
        turkish = (pronoun,) if overt else ()
        links.append(Link(doer, pronoun if overt else predicate[-1]))
    if negative:
        links.append(Link(not_, predicate[1]))
    if very:
        links.append(Link(very_, cok))
    start = (is_, doer) if question else (doer, is_)
    return Rule(
        weight,
        (*turkish, *((cok,) if very else ()), *predicate),
        (*start, *((not_,) if negative else ()), *((very_,) if very else ()), english),
        tuple(links),
        (predicate[0], english),
        adjective.lemma,
        combines=((adjective.lemma, subject),) if subject else (),
        notes=(
            ("construction", "adjective question" if question else "adjective"),
            *switch_notes(past, negative),
            *subject_notes(agent, subject, overt),
        ),
    )


def existing(past: bool, negative: bool, question: bool) -> tuple[Word, ...]:
    """var, yok, vardı, yoktu; var mı, var mıydı."""
    base = "yok" if negative else "var"
    if question:
        return (Word(base), Word(joined(clitic((base,), *(("(y)DI",) if past else ())))))
    return (Word(base + (spelled(base, "DI") if past else "")),)


def existence_sentences() -> Iterator[Rule]:
    """bahçede bir kedi var: there is a cat in the garden; masada kalem yok: … no pen …"""
    for kinds, places in EXISTING:
        for plural in (False, True):
            for weight, past, negative, question in switches():
                if not (plural and negative):
                    share = weight * (0.25 if plural else 0.75)
                    yield _exists(kinds, places, plural, past, negative, question, share)


def _exists(
    kinds: Kinds, places: Kinds, plural: bool, past: bool, negative: bool, question: bool,
    weight: float,
) -> Rule:  # fmt: skip
    place = ref("place", places)
    number = "plural" if plural else "singular"
    thing = ref("none of", kinds) if negative else ref("any", kinds, number, "bare", "", 0)
    said = existing(past, negative, question)
    there, is_ = Word("there"), Word(be("they" if plural else "it", past=past))
    start = (is_, there) if question else (there, is_)
    return Rule(
        weight,
        (place, thing, *said),
        (*start, thing, place),
        (Link(there, said[0]), Link(is_, said[-1])),
        (said[0], is_),
        notes=(
            ("construction", "existence question" if question else "existence"),
            *switch_notes(past, negative),
            ("number", number),
            ("person", "3pl" if plural else "3sg"),
            ("subject", "noun"),
        ),
    )


def none_of(kinds: Kinds) -> Iterator[Rule]:
    """kedi (yok): no cat. The *no* is what yok says, but it stands with the noun."""
    for word in (n for n in NOUNS.values() if n.kinds & kinds and not (n.part or n.related)):
        turkish, english = Word(word.lemma, "noun"), Word(word.english, "noun")
        no = Word("no")
        links = (Link(english, turkish), Link(no, turkish, False))
        yield Rule(1.0, (turkish,), (no, english), links, (turkish, english), word.lemma)


def possession_sentences() -> Iterator[Rule]:
    """çocuğun bir kedisi var: the child has a cat; kedim yok: I do not have a cat."""
    owned = [n for n in NOUNS.values() if n.kinds & OWNED and not (n.mass or n.part)]
    owned = [n for n in owned if n.kinds & (OWNED - {"kin", "opening"}) or n.lemma in FRIENDS]
    for word in owned:
        child = ref("has", word.lemma)
        yield Rule(1.0, (child,), (child,))


def has_rules(lemma: str) -> Iterator[Rule]:
    """All rules of ("has", noun): who has it, in all tenses."""
    persons = frozenset({"person"})
    owners: list[tuple[Agent, Ref | None, bool, float]] = []
    codes = subject_codes(persons)
    owner = ref("any", persons, "singular", "gen", "", 0)
    owners.append((Agent("3sg", "she"), owner, False, 0.6 * len(codes) / 2))
    for agent in (*SPEAKERS, Agent("3sg", "she"), Agent("3pl", "they")):
        owners.append((agent, None, True, 0.03))
        if agent.person in ("1sg", "1pl", "2pl"):
            owners.append((agent, None, False, 0.06))
    for agent, owner_, overt, weight in owners:
        for share, past, negative, question in switches():
            for counted in ("", "bir") if not negative else ("",):
                yield _has(
                    lemma, agent, owner_, overt, past, negative, question, counted, weight * share
                )


def _has(
    lemma: str, agent: Agent, owner: Ref | None, overt: bool,
    past: bool, negative: bool, question: bool, counted: str, weight: float,
) -> Rule:  # fmt: skip
    thing = any_noun(lemma)
    person = "3sg" if agent.person == "3pl" else agent.person
    turkish = Word(joined(noun(thing.stem, possessor=person)), "noun")
    english, a = Word(thing.english, "noun"), Word("a")
    said = existing(past, negative, question)
    split = negative or question
    first = Word(do(agent.pronoun, past=past) if split else have(agent.pronoun, past=past))
    main = Word("have", "verb") if split else first
    not_ = (Word("not"),) if negative else ()
    doer: Item = owner or Word(agent.pronoun, "pronoun")
    bir = (Word("bir"),) if counted else ()
    links = [Link(english, turkish), Link(a, bir[0] if bir else turkish, bool(bir))]
    links.append(Link(main, said[0]))
    links += [Link(word, said[0]) for word in not_]
    if split:
        links.append(Link(first, said[-1], question))
    before: tuple[Item, ...] = (owner,) if owner else ()
    if isinstance(doer, Word):
        pronoun = Word(PRONOUNS[agent.person]["gen"], "pronoun")
        before = (pronoun,) if overt else ()
        links.append(Link(doer, pronoun if overt else turkish))
    verb_part = (first, doer, *not_, main) if question else (doer, first, *not_)
    tail = (*verb_part, *((main,) if split and not question else ()), a, english)
    return Rule(
        weight,
        (*before, *bir, turkish, *said),
        tail,
        tuple(links),
        (said[0], main),
        thing.lemma,
        notes=(
            ("construction", "possession question" if question else "possession"),
            *switch_notes(past, negative),
            *subject_notes(agent, owner, overt),
        ),
    )
