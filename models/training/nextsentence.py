"""Pairs of sentences for next-sentence prediction: a pair belongs together by its entity.

An entity is an adjective with a noun, "the old car". The first sentence brings it in, the
second says more about it; in a false pair the second is about another one. Entities are
divided by hash, so that no entity of the test part is ever seen in training though each of
its two words is.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from models.grammar.building import joined
from models.grammar.english import article
from models.grammar.lexicon import NAMES, NOUNS, Adjective, Kinds, Noun, adjectives_of
from models.grammar.morphology import Case, noun, turkish_capital

Language = Literal["tr", "en"]
Part = Literal["train", "test"]
Relation = Literal["next", "near", "far"]
TEST_SHARE = 6  # one entity in so many is kept for the test
NEAR = 0.5  # of false pairs: the other entity shares the noun or the adjective


@dataclass(frozen=True, slots=True)
class Entity:
    """An adjective and a noun that go together."""

    adjective: Adjective
    noun: Noun

    @property
    def key(self) -> str:
        """kırmızı+araba."""
        return f"{self.adjective.lemma}+{self.noun.lemma}"

    @property
    def part(self) -> Part:
        """Which part it belongs to, by its own hash."""
        digest = hashlib.blake2b(self.key.encode(), digest_size=8).digest()
        return "test" if int.from_bytes(digest, "big") % TEST_SHARE == 0 else "train"


@dataclass(frozen=True, slots=True)
class Following:
    """Two sentences. relation: next (the same entity), near (one word of it), far (none)."""

    first: str
    second: str
    is_next: bool
    relation: Relation
    entity: Entity
    other: Entity


# Kinds, first sentences, second sentences; each in both languages, the same way round.
# {who}: a person's name; {a}, {the}, {acc}, {dat}: the entity.
Line = tuple[str, str]
TOPICS: tuple[tuple[Kinds, tuple[Line, ...], tuple[Line, ...]], ...] = (
    (
        frozenset({"animal"}),
        (
            ("{who} parkta {a} gördü.", "{who} saw {a} in the park."),
            ("Bahçede {a} vardı.", "There was {a} in the garden."),
            ("Dün {a} geldi.", "{A} came yesterday."),
        ),
        (
            ("{The} sessizce uyudu.", "{The} slept quietly."),
            ("{who} {dat} baktı.", "{who} looked at {the}."),
            ("Çocuklar {acc} sevdi.", "The children loved {the}."),
            ("{The} hızla koştu.", "{The} ran quickly."),
        ),
    ),
    (
        frozenset({"thing", "vehicle", "clothes"}),
        (
            ("{who} dün {a} aldı.", "{who} bought {a} yesterday."),
            ("Evde {a} vardı.", "There was {a} in the house."),
            ("{who} {a} istedi.", "{who} wanted {a}."),
        ),
        (
            ("{who} {acc} unuttu.", "{who} forgot {the}."),
            ("Komşu {acc} gördü.", "The neighbour saw {the}."),
            ("{who} {dat} dikkatle baktı.", "{who} looked at {the} carefully."),
            ("Öğretmen {acc} hatırladı.", "The teacher remembered {the}."),
        ),
    ),
    (
        frozenset({"fruit", "piece"}),
        (
            ("{who} {a} istedi.", "{who} wanted {a}."),
            ("Mutfakta {a} vardı.", "There was {a} in the kitchen."),
            ("Aşçı {a} getirdi.", "The cook brought {a}."),
        ),
        (
            ("{who} {acc} hızla yedi.", "{who} ate {the} quickly."),
            ("Kedi {dat} baktı.", "The cat looked at {the}."),
            ("{who} {acc} kesti.", "{who} cut {the}."),
        ),
    ),
)


@cache
def entities(topic: int, part: Part) -> tuple[Entity, ...]:
    """All entities of one topic and part."""
    kinds = TOPICS[topic][0]
    nouns = [n for n in NOUNS.values() if n.kinds & kinds and not n.mass]
    both = (Entity(adjective, n) for n in nouns for adjective in adjectives_of(n.kinds))
    return tuple(entity for entity in both if entity.part == part)


def _forms(entity: Entity, language: Language) -> dict[str, str]:
    """The entity as the slots want it."""
    if language == "en":
        name = phrase(entity, language)
        a = f"{article(name)} {name}"
        forms = {"a": a, "the": f"the {name}", "acc": f"the {name}", "dat": f"the {name}"}
        return forms | {"A": a[0].upper() + a[1:], "The": f"The {name}"}
    adjective = entity.adjective.lemma

    def ending(case: Case) -> str:
        return f"{adjective} {joined(noun(entity.noun.stem, case=case))}"

    a = f"{adjective} bir {entity.noun.lemma}"
    forms = {"a": a, "the": ending("nom"), "acc": ending("acc"), "dat": ending("dat")}
    return forms | {"A": turkish_capital(a), "The": turkish_capital(ending("nom"))}


def phrase(entity: Entity, language: Language) -> str:
    """The entity alone: kırmızı araba, red car."""
    if language == "en":
        return f"{entity.adjective.english} {entity.noun.english}"
    return f"{entity.adjective.lemma} {entity.noun.lemma}"


def _line(line: Line, entity: Entity, language: Language, who: str) -> str:
    return line[language == "en"].format(who=who, **_forms(entity, language))


def _other(state: random.Random, topic: int, entity: Entity, part: Part) -> tuple[Relation, Entity]:
    """Another entity of the same topic: half of them share one of its two words."""
    rest = [e for e in entities(topic, part) if e != entity]
    near = [e for e in rest if e.noun == entity.noun or e.adjective == entity.adjective]
    if near and state.random() < NEAR:
        return "near", state.choice(near)
    far = [e for e in rest if e not in near]
    return "far", state.choice(far)


def generate(seed: int, language: Language, part: Part) -> Iterator[Following]:
    """Random pairs without end, half of them true; the same for the same seed.

    Who acts in the second sentence is drawn anew, so that only the entity tells.
    """
    state = random.Random(seed)
    while True:
        topic = state.randrange(len(TOPICS))
        _, firsts, seconds = TOPICS[topic]
        entity = state.choice(entities(topic, part))
        relation: Relation = "next"
        other = entity
        if state.random() < 0.5:
            relation, other = _other(state, topic, entity, part)
        first, second = state.choice(firsts), state.choice(seconds)
        names = tuple(NAMES)
        yield Following(
            _line(first, entity, language, state.choice(names)),
            _line(second, other, language, state.choice(names)),
            relation == "next",
            relation,
            entity,
            other,
        )
