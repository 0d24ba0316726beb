"""What stands between subject and verb: objects, goals, manner, place, time.

Turkish: time, place, complement, verb. English: verb, complement, place, time.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.grammar.building import SPEAKERS, Agent, ref
from models.grammar.english import OBJECT_FORM
from models.grammar.lexicon import ANIMATE, NOUNS, VERBS, Kinds, Verb, nouns_of
from models.grammar.morphology import PRONOUNS, Case
from models.grammar.scfg import Item, Link, Ref, Rule, Word
from models.grammar.slots import OWNED
from models.grammar.words import MANNER_TABLE, TIMES_TABLE

# How often an accusative object is which; those that a verb cannot have fall out.
OBJECT_WEIGHTS = {
    "singular": 0.5,
    "plural": 0.2,
    "own": 0.15,
    "own plural": 0.04,
    "pronoun": 0.08,
}
INDEFINITE = 0.35  # of objects, where the verb takes them
WITH_MANNER = 0.15
GOAL = 0.75  # of motions with a place named: to it, otherwise from it


def complement_rules(lemma: str, agent: Agent | None) -> Iterator[Rule]:
    """All rules of ("complement", verb, agent). agent None: inside a relative clause."""
    verb = VERBS[lemma]
    yield from {
        "none": _manner_only,
        "object": _objects,
        "governed": _governed,
        "motion": _motion,
        "transfer": _transfer,
    }[verb.frame.kind](verb, agent)


def _depth(agent: Agent | None) -> int:
    return 0 if agent is None else 1


def _manner_only(verb: Verb, agent: Agent | None) -> Iterator[Rule]:
    manner = ref("manner", verb.manners)
    yield Rule(1.0, (manner,), (manner,))


def _with_manner(
    verb: Verb, weight: float, core: Ref, agent: Agent | None, *, manner_first: bool
) -> Iterator[Rule]:
    """The complement alone, and with a manner adverb: before an endingless object, else behind."""
    pairs = ((verb.lemma, core),)
    share = WITH_MANNER if verb.manners and agent else 0.0
    yield Rule(weight * (1 - share), (core,), (core,), combines=pairs)
    if share:
        manner = ref("manner", verb.manners)
        source = (manner, core) if manner_first else (core, manner)
        yield Rule(weight * share, source, (core, manner), combines=pairs)


def _objects(verb: Verb, agent: Agent | None) -> Iterator[Rule]:
    # "bir kurt gördü" would be read as "a wolf saw": a hidden subject leaves no animate bare
    unclear = agent is not None and agent.hidden and has_living_object(verb)
    for definite in (True,) if unclear else (True, False):
        if definite or not verb.definite:
            core = ref("object", verb.lemma, agent, definite)
            weight = 1 - INDEFINITE if definite else INDEFINITE
            yield from _with_manner(verb, weight, core, agent, manner_first=not definite)


def has_living_object(verb: Verb) -> bool:
    """Whether the object may be somebody who could as well be the subject."""
    return any(noun.kinds & ANIMATE for noun in nouns_of(verb.frame.kinds))


def _governed(verb: Verb, agent: Agent | None) -> Iterator[Rule]:
    frame = verb.frame
    for number, weight in (("singular", 0.75), ("plural", 0.25)):
        core = ref("any", frame.kinds, number, frame.case, frame.preposition, _depth(agent))
        yield from _with_manner(verb, weight, core, agent, manner_first=False)


def _motion(verb: Verb, agent: Agent | None) -> Iterator[Rule]:
    goals: tuple[tuple[Case, str, float], ...] = (("dat", "to", GOAL),)
    if verb.source:
        goals = (*goals, ("abl", "from", 1 - GOAL))
    for case, preposition, weight in goals:
        core = ref("any", verb.frame.kinds, "singular", case, preposition, _depth(agent))
        yield from _with_manner(verb, weight, core, agent, manner_first=False)


def _transfer(verb: Verb, agent: Agent | None) -> Iterator[Rule]:
    """çocuğa kitabı, kitabı çocuğa, çocuğa kitap: the book to the child."""
    orders = ((True, True, 0.45), (True, False, 0.2), (False, True, 0.35))
    for definite, receiver_first, weight in orders:
        thing = ref("object", verb.lemma, agent, definite)
        receiver = ref("any", frozenset({"person"}), "singular", "dat", "to", 0)
        source = (receiver, thing) if receiver_first else (thing, receiver)
        yield Rule(weight, source, (thing, receiver), combines=((verb.lemma, thing),))


def object_rules(lemma: str, agent: Agent | None, definite: bool) -> Iterator[Rule]:
    """All rules of ("object", verb, agent, definite)."""
    verb = VERBS[lemma]
    kinds, preposition = verb.frame.kinds, verb.frame.preposition
    if not definite:
        case = "bare" if verb.bare else "indefinite"
        for number, weight in (("singular", 0.8), ("plural", 0.2)):
            if number == "plural" and all(noun.mass for noun in nouns_of(kinds)):
                continue
            child = ref("any", kinds, number, case, preposition, 0)
            yield Rule(weight, (child,), (child,), name=child)
        return
    for number in ("singular", "plural"):
        if number == "plural" and all(noun.mass for noun in nouns_of(kinds)):
            continue
        child = ref("any", kinds, number, "acc", preposition, _depth(agent))
        yield Rule(OBJECT_WEIGHTS[number], (child,), (child,), name=child)
    if agent:
        yield from _own_objects(kinds, preposition, agent)
        yield from _pronoun_objects(kinds, preposition, agent)


def _own_objects(kinds: Kinds, preposition: str, agent: Agent) -> Iterator[Rule]:
    """kitabını okudu: her book. The first persons' is a noun phrase of its own (kitabım)."""
    if agent.person not in ("2sg", "3sg") or agent.pronoun == "they":
        return
    owned = [n for n in NOUNS.values() if n.kinds & kinds and (n.kinds & OWNED or n.part)]
    for noun in owned:
        for number in ("singular",) if noun.mass else ("singular", "plural"):
            weight = OBJECT_WEIGHTS["own" if number == "singular" else "own plural"]
            child = ref("own", noun.lemma, number, "acc", preposition, agent)
            yield Rule(weight / len(owned), (child,), (child,), name=noun.lemma)


def _pronoun_objects(kinds: Kinds, preposition: str, agent: Agent) -> Iterator[Rule]:
    """beni, seni, onu, …: nobody sees themselves here."""
    persons = any("person" in noun.kinds for noun in nouns_of(kinds))
    third = (Agent("3sg", "she" if persons else "it"), Agent("3pl", "they"))
    for other in (*(SPEAKERS if persons else ()), *third):
        if other.person[0] == agent.person[0] != "3":
            continue
        turkish = Word(PRONOUNS[other.person]["acc"], "pronoun")
        english = Word(OBJECT_FORM[other.pronoun], "pronoun")
        front = (Word(preposition),) if preposition else ()
        links = tuple(Link(word, turkish) for word in (*front, english))
        weight = OBJECT_WEIGHTS["pronoun"] / 6
        yield Rule(weight, (turkish,), (*front, english), links, (turkish, english))


def place_rules(kinds: Kinds) -> Iterator[Rule]:
    """bahçede: in the garden. The noun knows its preposition."""
    for noun in nouns_of(kinds):
        child = ref("np", noun.lemma, "singular", "loc", noun.place, 0)
        yield Rule(1.0, (child,), (child,), name=child)


def manner_rules(manners: tuple[str, ...]) -> Iterator[Rule]:
    """hızla: quickly."""
    for turkish in manners:
        left, right = Word(turkish, "adverb"), Word(MANNER_TABLE[turkish][0], "adverb")
        yield Rule(1.0, (left,), (right,), (Link(right, left),))


def time_rules(tense: str) -> Iterator[Rule]:
    """dün: yesterday; only with the tense that it goes with."""
    for turkish, english, tenses in TIMES_TABLE:
        if tense in tenses:
            left = tuple(Word(text, "adverb") for text in turkish)
            right = tuple(Word(text, "adverb") for text in english)
            links = tuple(Link(r, s) for r, s in zip(right, left, strict=True))
            yield Rule(1.0, left, right, links)


def has_body(verb: Verb) -> bool:
    """Whether anything can stand between subject and verb."""
    return verb.frame.kind != "none" or bool(verb.manners or verb.places)


def needs_body(verb: Verb) -> bool:
    """Whether something must: an object, or a case that the verb governs."""
    return not verb.frame.optional


def body_rules(lemma: str, agent: Agent) -> Iterator[Rule]:
    """All rules of ("body", verb, agent): complement, place, or place and complement."""
    verb = VERBS[lemma]
    place = ref("place", verb.places) if verb.places else None
    inner: Item | None = None
    if verb.frame.kind != "none" or verb.manners:
        inner = ref("complement", lemma, agent)
        yield Rule(0.62, (inner,), (inner,))
    if place and inner:
        yield Rule(0.28, (place, inner), (inner, place))
    if place and not needs_body(verb):
        yield Rule(0.6, (place,), (place,))
