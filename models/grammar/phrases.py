"""Noun phrases: determiner, adjective, numeral, possessor, relative clause, case.

Symbols: ``("np", lemma, number, case, preposition, depth)`` a phrase with that noun;
``("any", kinds, number, case, preposition, depth)`` one with any noun of those kinds.
number: what English agrees with. case: a morphological case, or "bare" and "indefinite",
the two endingless objects (bare: may be without any determiner). preposition: what
English puts first; "'s" makes it a possessor. depth: 1 may hold a possessor or a relative
clause, 0 may not, −1 is at most adjective and noun; 2 is 1 without an adjective of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.grammar.building import SPEAKERS, Agent, ref
from models.grammar.english import POSSESSIVE_FORM
from models.grammar.lexicon import NAMES, Kinds, adjectives_of, any_noun, nouns_of
from models.grammar.morphology import PRONOUNS
from models.grammar.relative import has_object_clause, has_subject_clause
from models.grammar.scfg import Link, Ref, Rule, Word
from models.grammar.slots import OWNED, PART_OF, WEIGHTS, Slot, phrase
from models.grammar.words import COLOURS, NUMERALS_TABLE

ENDINGLESS = ("bare", "indefinite")
NAME_WEIGHT = 0.5  # of one name, beside 1 for a noun


def noun_phrases(
    lemma: str, number: str, case: str, preposition: str, depth: int
) -> Iterator[Rule]:
    """All rules of ("np", …)."""
    slot = Slot(any_noun(lemma), number, case, preposition, depth)
    if slot.noun.name:
        yield phrase(slot, "name", 1.0, slot.turkish())
        return
    if case in ENDINGLESS:
        yield from _endingless(slot)
        return
    if not slot.noun.related:
        yield from _definite(slot)
    if depth >= 0:
        yield from _possessed(slot)
    if depth >= 1:
        yield from _genitives(slot)
    if depth >= 0 and not slot.noun.related:
        yield from _determined(slot)
    if depth >= 1 and not slot.noun.related:
        yield from _relatives(slot)


def _adjective(slot: Slot) -> Ref | None:
    if slot.depth == 2 or not adjectives_of(slot.noun.kinds):
        return None
    return ref("adjective", slot.noun.kinds)


def _definite(slot: Slot) -> Iterator[Rule]:
    """The cat, the small cat: an ending, or being the subject, makes it definite."""
    yield phrase(slot, "plain", WEIGHTS["plain"], slot.turkish(), the=True)
    if a := _adjective(slot):
        weight = WEIGHTS["adjective"]
        yield phrase(slot, "adjective", weight, slot.turkish(), (a,), (a,), the=True, adjective=a)


def _determined(slot: Slot) -> Iterator[Rule]:
    """This, that, every, many, a, and numerals (with which Turkish leaves out the plural)."""
    for turkish, (one, more) in {"bu": ("this", "these"), "şu": ("that", "those")}.items():
        weight = WEIGHTS["demonstrative"] / 2
        yield _with_word(slot, weight, turkish, more if slot.plural else one)
    if slot.plural:
        yield from _numbered(slot, the=slot.case == "acc")
    elif not slot.noun.mass:
        if slot.case in ("nom", "acc", "dat") and slot.noun.kinds & {"person", "animal"}:
            yield _with_word(slot, WEIGHTS["every"], "her", "every")
        if slot.case not in ("acc", "gen"):
            yield from _with_bir(slot)


def _with_word(slot: Slot, weight: float, turkish: str, english: str) -> Rule:
    """A determiner that both languages have, in the same place."""
    left, right = Word(turkish), Word(english)
    bare = slot.turkish(plural=False) if turkish == "birçok" else slot.turkish()
    return phrase(slot, turkish, weight, bare, (left,), (right,), links=(Link(right, left),))


def _with_bir(slot: Slot) -> Iterator[Rule]:
    """bir kedi, küçük bir kedi: a cat, a small cat."""
    bir, a = Word("bir"), Word("a")
    link = (Link(a, bir),)
    yield phrase(slot, "bir", WEIGHTS["indefinite"], slot.turkish(), (bir,), (a,), links=link)
    if adj := _adjective(slot):
        weight = WEIGHTS["indefinite adjective"]
        yield phrase(
            slot, "bir", weight, slot.turkish(), (adj, bir), (a, adj), links=link, adjective=adj
        )


def _numbered(slot: Slot, *, the: bool = False) -> Iterator[Rule]:
    """iki kedi, iki küçük kedi, birçok kedi: no plural ending after a number."""
    number = ref("numeral")
    singular = slot.turkish(plural=False)
    yield phrase(slot, "numeral", WEIGHTS["numeral"], singular, (number,), (number,), the=the)
    if a := _adjective(slot):
        weight = WEIGHTS["numeral adjective"]
        yield phrase(
            slot, "numeral", weight, singular, (number, a), (number, a), the=the, adjective=a
        )
    if not the:
        yield _with_word(slot, WEIGHTS["many"], "birçok", "many")


def _endingless(slot: Slot) -> Iterator[Rule]:
    """elma, kırmızı elma, bir elma, iki elma; su: an apple, a red apple, …; water."""
    if slot.plural:
        yield from _numbered(slot)
        return
    naked = slot.case == "bare" and not slot.noun.kinds & {"person", "animal"}
    if naked:
        a = () if slot.noun.mass else (Word("a"),)
        weight = WEIGHTS["plain"]
        word = slot.turkish()
        links = tuple(Link(article, word, False) for article in a)
        yield phrase(slot, "bare", weight, word, (), a, links=links)
        adj = _adjective(slot) if slot.noun.kinds & {"food", "drink"} else None
        if adj:  # kırmızı elma yedi; but kırmızı bir araba çizdi, always with bir
            a = () if slot.noun.mass else (Word("a"),)
            word = slot.turkish()
            links = tuple(Link(article, word, False) for article in a)
            weight = WEIGHTS["adjective"] / 2
            yield phrase(slot, "bare", weight, word, (adj,), (*a, adj), links=links, adjective=adj)
    if not slot.noun.mass:
        yield from _with_bir(slot)


def possessed(slot: Slot, weight: float, owner: Agent, *, overt: bool, shape: str) -> Rule:
    """benim kitabım, kitabım: my book. Without its pronoun the suffix alone says my."""
    word = slot.turkish(possessor="3sg" if owner.person == "3pl" else owner.person)
    my = Word(POSSESSIVE_FORM[owner.pronoun], "pronoun")
    pronoun = Word(PRONOUNS[owner.person]["gen"], "pronoun")
    links = (Link(my, pronoun), Link(my, word, False)) if overt else (Link(my, word),)
    return phrase(slot, shape, weight, word, (pronoun,) if overt else (), (my,), links=links)


def may_be_owned(slot: Slot) -> bool:
    """Whether somebody's: my book, my mother, but no my forest, and no my mothers."""
    return bool(slot.noun.kinds & OWNED) and not (slot.plural and "only" in slot.noun.kinds)


def _possessed(slot: Slot) -> Iterator[Rule]:
    """My, your, her, our, their book; only what leaves no doubt goes without its pronoun."""
    if not may_be_owned(slot):
        return
    weight = WEIGHTS["my"] / 9
    owners = (*SPEAKERS, Agent("3sg", "she"), Agent("3pl", "they"))
    for owner in owners:
        yield possessed(slot, weight, owner, overt=True, shape="my")
        if owner.person in ("1sg", "1pl", "2pl"):
            yield possessed(slot, weight, owner, overt=False, shape="my")


def _genitives(slot: Slot) -> Iterator[Rule]:
    """öğretmenin kitabı: the teacher's book; evin kapısı: the door of the house."""
    if slot.preposition == "'s":
        return
    adj = _adjective(slot)
    word = slot.turkish(possessor="3sg")
    if may_be_owned(slot):
        owner = ref("any", frozenset({"person"}), "singular", "gen", "'s", 0)
        weight = WEIGHTS["possessor"] * (0.7 if adj else 1)
        yield phrase(slot, "possessor", weight, word, (owner,), (owner,))
    if adj and may_be_owned(slot):
        owner = ref("any", frozenset({"person"}), "singular", "gen", "'s", 0)
        items = (owner, adj)
        weight = WEIGHTS["possessor"] * 0.3
        yield phrase(slot, "possessor", weight, word, items, items, adjective=adj)
    if kinds := PART_OF.get(slot.noun.lemma):
        whole = ref("any", kinds, "singular", "gen", "of", -1)
        weight = WEIGHTS["possessor"]
        yield phrase(slot, "possessor", weight, word, (whole,), (), after=(whole,), the=True)


def _relatives(slot: Slot) -> Iterator[Rule]:
    """balığı yiyen kedi, kedinin yediği balık; with an adjective or bir behind the clause."""
    if slot.preposition == "'s":
        return
    adj = _adjective(slot)
    shapes = (
        ("subject clause", has_subject_clause(slot.noun.kinds)),
        ("object clause", has_object_clause(slot.noun.kinds)),
    )
    for shape, wanted in shapes:
        if not wanted:
            continue
        weight = WEIGHTS[shape]
        clause = ref(shape, slot.noun.kinds)
        rule = phrase(slot, shape, weight, slot.turkish(), (clause,), after=(clause,), the=True)
        yield _naming_object(rule, clause, slot, shape)
        if adj:
            clause = ref(shape, slot.noun.kinds)
            rule = phrase(
                slot, shape, weight * 0.25, slot.turkish(), (clause, adj), (adj,),
                after=(clause,), the=True, adjective=adj,
            )  # fmt: skip
            yield _naming_object(rule, clause, slot, shape)


def _naming_object(rule: Rule, clause: Ref, slot: Slot, shape: str) -> Rule:
    """In "the fish that the cat ate" the head is the clause's object: that combines them."""
    if shape != "object clause":
        return rule
    pairs = (*rule.combines, (clause, slot.noun.lemma))
    return Rule(
        rule.weight, rule.source, rule.target, rule.links, rule.head, rule.name, pairs, rule.notes
    )


def any_phrases(
    kinds: Kinds, number: str, case: str, preposition: str, depth: int
) -> Iterator[Rule]:
    """All rules of ("any", …): which noun, or which name where a person fits."""
    names = "person" in kinds and number == "singular" and case not in ENDINGLESS
    for noun_ in (*nouns_of(kinds), *(NAMES.values() if names else ())):
        if noun_.mass and (number == "plural" or case == "indefinite"):
            continue
        if noun_.related and (depth < 0 or case in ENDINGLESS):
            continue
        child = ref("np", noun_.lemma, number, case, preposition, depth)
        weight = NAME_WEIGHT if noun_.name else 1.0
        yield Rule(weight, (child,), (child,), name=child)


def own_phrases(lemma: str, number: str, case: str, preposition: str, owner: Agent) -> list[Rule]:
    """kitabını okudu: her own book; without a pronoun the owner is the subject."""
    slot = Slot(any_noun(lemma), number, case, preposition, 0)
    return [possessed(slot, 1.0, owner, overt=False, shape="own")]


def adjective_rules(kinds: Kinds) -> Iterator[Rule]:
    """küçük; çok küçük: small, very small."""
    for adjective in adjectives_of(kinds):
        for very in (False,) if adjective.lemma in COLOURS else (False, True):
            left, right = Word(adjective.lemma, "adjective"), Word(adjective.english, "adjective")
            cok, english = Word("çok", "adverb"), Word("very", "adverb")
            yield Rule(
                0.1 if very else 0.9,
                (cok, left) if very else (left,),
                (english, right) if very else (right,),
                (Link(right, left), *((Link(english, cok),) if very else ())),
                (left, right),
                adjective.lemma,
            )


def numeral_rules() -> Iterator[Rule]:
    """iki … yüz; "a hundred" is one number in Turkish and two words in English."""
    for turkish, english in NUMERALS_TABLE.items():
        left, right = Word(turkish, "number"), [Word(text, "number") for text in english[-1:]]
        articles = [Word(text) for text in english[:-1]]
        target = (*articles, *right)
        yield Rule(1.0, (left,), target, tuple(Link(w, left) for w in target), (left, right[0]))
