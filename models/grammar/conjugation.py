"""Turkish verbs and predicates: tense, negation, person, the question clitic, participles.

Rules after Göksel & Kerslake 2005, chapters 8 (verbs, person markers), 11 (mI) and 25
(relative clauses). A form is a tuple of words, since mI is written apart; a word is a
tuple of morphs.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, get_args

from models.grammar.morphology import (
    POSSESSIVE,
    VOWELS,
    Morphs,
    Person,
    Stem,
    high_vowel,
    last_vowel,
    spelled,
    stem,
    suffixed,
)

Tense = Literal["past", "present", "future"]
TENSES: tuple[Tense, ...] = get_args(Tense)

# Person markers: those of the past, and those of all other tenses and of adjectives
# (Göksel & Kerslake 2005, section 8.4, groups 1 and 2).
AFTER_PAST: dict[Person, str] = {
    "1sg": "m", "2sg": "n", "3sg": "", "1pl": "k", "2pl": "nIz", "3pl": "lAr",
}  # fmt: skip
AFTER_OTHERS: dict[Person, str] = {
    "1sg": "(y)Im", "2sg": "sIn", "3sg": "", "1pl": "(y)Iz", "2pl": "sInIz", "3pl": "lAr",
}  # fmt: skip

# ye- and de- alone narrow their vowel before every y (Göksel & Kerslake 2005, section 2.3).
NARROWING = {"ye": "yi", "de": "di"}


def negated(verb: Stem) -> Stem:
    """The verb with -mA: gel → gelme. What follows sees a stem that ends in a vowel."""
    text = verb.free + spelled(verb.free, "mA")
    return Stem(text, text)


def split_negation(verb: Stem, morphs: Morphs) -> Morphs:
    """The same word with -mA (or the -m that is left of it) as a morph of its own."""
    head, *rest = morphs
    return (verb.free, head[len(verb.free) :], *rest)


def progressive(verb: Stem) -> Morphs:
    """-Iyor: a final vowel gives way (bekle: bekl-iyor, oyna: oyn-uyor, gelme: gelm-iyor)."""
    text = verb.bound
    if text in NARROWING:
        return (NARROWING[text], "yor")
    shape = text[:-1] if text[-1] in VOWELS else text
    return (shape, high_vowel(last_vowel(shape)) + "yor")


def before_y(verb: Stem, suffix: str) -> Stem:
    """ye and de as yi and di where the suffix brings a y (yiyecek, yiyen)."""
    narrow = NARROWING.get(verb.free) if suffix.startswith("(y)") else None
    return Stem(narrow, narrow) if narrow else verb


def third_person(verb: Stem, tense: Tense) -> Morphs:
    """The verb in a tense without person: geldi, geliyor, gelecek."""
    if tense == "present":
        return progressive(verb)
    suffix = {"past": "DI", "future": "(y)AcAK"}[tense]
    return suffixed(before_y(verb, suffix), suffix)


def add(word: Morphs, suffix: str) -> Morphs:
    """One more suffix; a final k of -AcAK or -DIK softens before a vowel."""
    if not suffix:
        return word
    letters = spelled("".join(word), suffix)
    if letters[0] in VOWELS and word[-1].endswith("k"):
        word = (*word[:-1], word[-1][:-1] + "ğ")
    return (*word, letters)


def clitic(after: Morphs, *suffixes: str) -> Morphs:
    """mI, written apart and in harmony with the word before it, with what it carries."""
    word: Morphs = (spelled("".join(after), "mI"),)
    for suffix in suffixes:
        word = add(word, suffix)
    return word


@cache
def verb_form(
    verb: Stem, tense: Tense, person: Person, *, negative: bool = False, question: bool = False
) -> tuple[Morphs, ...]:
    """A finite verb: one word, or two with mI.

    In the past mI follows the person (geldin mi), otherwise it carries it (geliyor musun),
    except that -lAr stays with the verb (geliyorlar mı).
    """
    bare = third_person(negated(verb) if negative else verb, tense)
    bare = split_negation(verb, bare) if negative and tense != "present" else bare
    if negative and tense == "present":
        bare = (verb.free, bare[0][len(verb.free) :], bare[1])
    if tense == "past":
        whole = add(bare, AFTER_PAST[person])
        return (whole, clitic(whole)) if question else (whole,)
    marker = AFTER_OTHERS[person]
    if not question:
        return (add(bare, marker),)
    if person == "3pl":
        whole = add(bare, marker)
        return (whole, clitic(whole))
    return (bare, clitic(bare, marker))


@cache
def subject_participle(verb: Stem, *, negative: bool = False) -> Morphs:
    """-(y)An: yiyen, gelmeyen."""
    if negative:
        return split_negation(verb, suffixed(negated(verb), "(y)An"))
    return suffixed(before_y(verb, "(y)An"), "(y)An")


@cache
def object_participle(verb: Stem, person: Person, *, negative: bool = False) -> Morphs:
    """-DIK with its subject's possessive suffix: yediği, gördüğüm, almadığımız."""
    base = negated(verb) if negative else verb
    word = suffixed(base, "DIK", POSSESSIVE[person])
    return split_negation(verb, word) if negative else word


@cache
def adjective_predicate(
    adjective: Stem, person: Person, *, past: bool, negative: bool, question: bool
) -> tuple[Morphs, ...]:
    """yorgunum, yorgundum, yorgun değilim, yorgun musun, yorgun muydun (G&K 2005, ch. 12)."""
    carrier: Morphs = ("değil",) if negative else (adjective.free,)
    before: tuple[Morphs, ...] = ((adjective.free,),) if negative else ()
    base = stem("değil") if negative else adjective
    marker = (AFTER_PAST if past else AFTER_OTHERS)[person]
    if not question:
        whole = suffixed(base, "(y)DI", marker) if past else suffixed(base, marker)
        return (*before, whole)
    if person == "3pl":
        carrier = suffixed(base, marker)
        return (*before, carrier, clitic(carrier, *(("(y)DI",) if past else ())))
    return (*before, carrier, clitic(carrier, *(("(y)DI",) if past else ()), marker))
