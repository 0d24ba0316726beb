"""English words: plurals, articles, agreement, tenses, negation, questions.

Rules after Huddleston & Pullum, The Cambridge Grammar of the English Language (2002),
chapter 18 (inflection) and chapter 3 (the verb).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

VOWELS = "aeiou"
SUBJECTS = ("I", "you", "he", "she", "it", "we", "they")
PLURAL_LIKE = ("you", "we", "they")
OBJECT_FORM = {
    "I": "me", "you": "you", "he": "him", "she": "her", "it": "it", "we": "us", "they": "them",
}  # fmt: skip
POSSESSIVE_FORM = {
    "I": "my", "you": "your", "he": "his", "she": "her", "it": "its", "we": "our", "they": "their",
}  # fmt: skip

# Spelled with a vowel but spoken without one at the start, and the other way round.
SPOKEN_CONSONANT = ("uni", "use", "euro", "one")
SPOKEN_VOWEL = ("hour", "honest", "heir")

Tense = Literal["past", "present", "future"]


@dataclass(frozen=True, slots=True)
class EnglishVerb:
    """base: eat, past: ate, third: eats, ing: eating. stative: no progressive (loves)."""

    base: str
    past: str
    third: str
    ing: str
    stative: bool = False


def ends_in_consonant_y(word: str) -> bool:
    """City, carry; not key, play."""
    return word.endswith("y") and word[-2] not in VOWELS


def with_s(word: str) -> str:
    """The plural's and the third person's -s: cats, boxes, cities, goes."""
    if ends_in_consonant_y(word):
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("o") and word[-2] not in VOWELS:
        return word + "es"
    return word + "s"


def doubles(word: str) -> bool:
    """One syllable, ending consonant + vowel + consonant (run, stop): it doubles the last."""
    vowels = sum(letter in VOWELS for letter in word)
    return vowels == 1 and len(word) > 2 and word[-2] in VOWELS and word[-1] not in VOWELS + "wxy"


def regular_past(base: str) -> str:
    """-ed: washed, loved, carried, stopped."""
    if ends_in_consonant_y(base):
        return base[:-1] + "ied"
    if base.endswith("e"):
        return base + "d"
    return base + (base[-1] if doubles(base) else "") + "ed"


def participle(base: str) -> str:
    """-ing: eating, loving, running, seeing."""
    if base.endswith("e") and not base.endswith(("ee", "ye", "oe")):
        return base[:-1] + "ing"
    return base + (base[-1] if doubles(base) else "") + "ing"


def verb(base: str, past: str | None = None, *, stative: bool = False) -> EnglishVerb:
    """A verb; its past is regular unless given. Two-syllable stress is not known: forget, begin
    and the like need their -ing named in the lexicon's table of exceptions."""
    ing = ING_EXCEPTIONS.get(base) or participle(base)
    return EnglishVerb(base, past or regular_past(base), with_s(base), ing, stative)


ING_EXCEPTIONS = {"forget": "forgetting", "begin": "beginning"}


def article(next_word: str) -> str:
    """A or an, by how the next word is spoken: a university, an hour, an old cat."""
    low = next_word.lower()
    if low.startswith(SPOKEN_VOWEL):
        return "an"
    if low.startswith(SPOKEN_CONSONANT):
        return "a"
    return "an" if low[0] in VOWELS else "a"


def with_articles(words: tuple[str, ...]) -> tuple[str, ...]:
    """Every "a" as a or an, by the word after it."""
    after = (*words[1:], "a")
    return tuple(
        article(follower) if word == "a" else word
        for word, follower in zip(words, after, strict=True)
    )


def without_articles(words: tuple[str, ...]) -> tuple[str, ...] | None:
    """Every a and an as "a"; None where one of them is wrong for the word after it."""
    plain = tuple("a" if word == "an" else word for word in words)
    return plain if with_articles(plain) == words else None


def genitive(word: str) -> str:
    """teacher's, children's, teachers'."""
    return word + ("'" if word.endswith("s") else "'s")


def be(subject: str, *, past: bool = False) -> str:
    """am, are, is, was, were. `subject`: one of SUBJECTS."""
    if past:
        return "were" if subject in PLURAL_LIKE else "was"
    return "am" if subject == "I" else "are" if subject in PLURAL_LIKE else "is"


def do(subject: str, *, past: bool = False) -> str:
    """do, does, did."""
    third = subject in ("he", "she", "it")
    return "did" if past else "does" if third else "do"


def have(subject: str, *, past: bool = False) -> str:
    """have, has, had."""
    third = subject in ("he", "she", "it")
    return "had" if past else "has" if third else "have"


def auxiliary(word: EnglishVerb, tense: Tense, subject: str) -> str:
    """What a question or a negation begins with: did, will, is, does."""
    if tense == "future":
        return "will"
    if tense == "past" or word.stative:
        return do(subject, past=tense == "past")
    return be(subject)


def after_auxiliary(word: EnglishVerb, tense: Tense) -> str:
    """The verb's form behind that auxiliary: eat, or eating."""
    return word.ing if tense == "present" and not word.stative else word.base


def finite(
    word: EnglishVerb, tense: Tense, subject: str, *, negative: bool = False
) -> tuple[str, ...]:
    """The verb as a statement has it: ("ate",), ("did", "not", "eat"), ("is", "eating").

    The present is progressive, except a stative verb's, which is simple (she loves).
    """
    if negative:
        return (auxiliary(word, tense, subject), "not", after_auxiliary(word, tense))
    if tense == "past":
        return (word.past,)
    if tense == "present" and word.stative:
        third = subject in ("he", "she", "it")
        return (word.third if third else word.base,)
    return (auxiliary(word, tense, subject), after_auxiliary(word, tense))
