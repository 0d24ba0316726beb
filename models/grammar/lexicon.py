"""The words: Turkish stems, their English, and which of them go together.

A noun has kinds; a verb names the kinds that its subject and its object may have, an
adjective those that it may describe. So nobody eats a window, and no apple reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from models.grammar.english import EnglishVerb, verb, with_s
from models.grammar.morphology import SU, Case, Stem, stem
from models.grammar.words import (
    ADJECTIVES_TABLE,
    MANNER_TABLE,
    NAMES_TABLE,
    NOUNS_TABLE,
    VERBS_TABLE,
)

Kinds = frozenset[str]


@dataclass(frozen=True, slots=True)
class Noun:
    """lemma: its Turkish dictionary form, and its key. place: its English preposition (in, at).

    pronoun: he, she or it, for "his book". mass: no plural, no article where it is bare.
    part: a part of the body; related: a relative. Both are only ever somebody's.
    """

    lemma: str
    stem: Stem
    english: str
    plural: str
    kinds: Kinds
    pronoun: str
    place: str
    mass: bool
    part: bool
    related: bool = False
    name: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What a verb takes beside its subject.

    kind: "none"; "object" (accusative, or bare); "governed" (a case with a preposition:
    köpekten korktu); "motion" (to somewhere, from somewhere); "transfer" (something to
    somebody). preposition: what English puts before the noun, or "".
    """

    kind: str
    case: Case = "nom"
    preposition: str = ""
    kinds: Kinds = frozenset()

    @property
    def optional(self) -> bool:
        """Whether the verb can do without: one plays, with or without somebody."""
        return self.kind in ("none", "motion") or self.case == "ins"


@dataclass(frozen=True, slots=True)
class Verb:
    """lemma: the Turkish stem, its key.

    bare: may take an object without any determiner; definite: only accusative objects.
    source: a motion that may begin somewhere (came from), not only end there.
    places: kinds of places where it may happen; manners: adverbs that go with it.
    """

    lemma: str
    stem: Stem
    english: EnglishVerb
    subjects: Kinds
    frame: Frame
    bare: bool
    definite: bool
    source: bool
    places: Kinds
    manners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adjective:
    """kinds: what it may describe. predicate: may stand alone (kedi küçük)."""

    lemma: str
    english: str
    kinds: Kinds


ANIMATE = frozenset({"person", "animal"})
PLACES = frozenset({"building", "outdoor"})


def _noun(row: str) -> Noun:
    """One row: stem|bound or flags|English|plural|kinds|flags."""
    free, bound, english, plural, kinds, flags = (cell.strip() for cell in row.split("|"))
    marks = dict.fromkeys(flags.split())
    base = SU if free == "su" else stem(free, bound.strip("*") or None, front="*" in bound)
    pronoun = next((word for word in ("he", "she") if word in marks), "")
    named = frozenset(kinds.split())
    return Noun(
        lemma=free,
        stem=base,
        english=english,
        plural=plural or with_s(english),
        kinds=named,
        pronoun=pronoun or ("she" if "person" in named else "it"),
        place=next((word for word in ("in", "at", "on") if word in marks), ""),
        mass="mass" in marks,
        part="part" in marks,
        related="related" in marks,
    )


def _name(row: str) -> Noun:
    """One row: name|pronoun. It is written the same in English."""
    free, pronoun = (cell.strip() for cell in row.split("|"))
    kinds = frozenset({"person"})
    base = stem(free, free, proper=True)
    return Noun(free, base, free, "", kinds, pronoun, "", False, False, name=True)


def _verb(row: str) -> Verb:
    """One row: stem|bound|English|past|subjects|frame|objects|flags."""
    cells = [cell.strip() for cell in row.split("|")]
    free, bound, english, past, subjects, frame, objects, flags = cells
    kind, case, preposition = (*frame.split(), "", "")[:3]
    marks = set(flags.split())
    cases: dict[str, Case] = {"dat": "dat", "abl": "abl", "ins": "ins", "acc": "acc"}
    return Verb(
        lemma=free,
        stem=stem(free, bound or free),
        english=verb(english, past or None, stative="stative" in marks),
        subjects=frozenset(subjects.split()),
        frame=Frame(kind, cases.get(case, "nom"), preposition, frozenset(objects.split())),
        bare="bare" in marks,
        definite="definite" in marks,
        source="source" in marks,
        places=PLACES if "place" in marks else frozenset(marks) & {"water"},
        manners=tuple(m for m, (_, verbs) in MANNER_TABLE.items() if free in verbs.split()),
    )


def _adjective(row: str) -> Adjective:
    """One row: Turkish|English|kinds."""
    free, english, kinds = (cell.strip() for cell in row.split("|"))
    return Adjective(free, english, frozenset(kinds.split()))


def _rows(table: str) -> list[str]:
    return [line for line in table.strip().splitlines() if line.strip()]


NOUNS: dict[str, Noun] = {noun.lemma: noun for noun in map(_noun, _rows(NOUNS_TABLE))}
NAMES: dict[str, Noun] = {noun.lemma: noun for noun in map(_name, _rows(NAMES_TABLE))}
VERBS: dict[str, Verb] = {word.lemma: word for word in map(_verb, _rows(VERBS_TABLE))}
ADJECTIVES: dict[str, Adjective] = {
    word.lemma: word for word in map(_adjective, _rows(ADJECTIVES_TABLE))
}


def any_noun(lemma: str) -> Noun:
    """The noun or name of that lemma. KeyError: there is none."""
    return NOUNS.get(lemma) or NAMES[lemma]


@cache
def nouns_of(kinds: Kinds) -> tuple[Noun, ...]:
    """All nouns of at least one of those kinds, without names and parts of the body."""
    return tuple(noun for noun in NOUNS.values() if noun.kinds & kinds and not noun.part)


@cache
def adjectives_of(kinds: Kinds) -> tuple[Adjective, ...]:
    """All adjectives that may describe something of those kinds."""
    return tuple(word for word in ADJECTIVES.values() if word.kinds & kinds)
