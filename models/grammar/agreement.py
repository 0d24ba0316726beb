"""Agreement at a distance: English number over 0–3 nouns, Turkish person over 0–3 nouns.

The English task is that of Linzen, Dupoux & Goldberg 2016: the subject and its verb with
other nouns between them. Every other verb is in the past, so nothing but the subject's own
ending tells the main verb's number; numbers are drawn evenly and independently.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from models.grammar.building import joined
from models.grammar.conjugation import TENSES, object_participle, subject_participle, verb_form
from models.grammar.english import be
from models.grammar.lexicon import ADJECTIVES, VERBS, Noun, nouns_of
from models.grammar.morphology import PERSONS, PRONOUNS, Case, Person, noun, turkish_capital

Part = Literal["train", "validation", "test"]
FARTHEST = 3
WITH_ADJECTIVE = 0.25
DOERS = ("person", "animal")
LIVING_VERBS = ("uyu", "otur", "koş", "yürü")
SAID = ("tired", "hungry", "old", "sick")
REGARDED = ("saw", "watched", "chased", "followed", "liked")

# What stands between subject and verb, by number of nouns: N a noun phrase, R who/that,
# V a verb in the past that takes an object, W one that takes none.
BETWEEN: dict[int, tuple[str, ...]] = {
    0: ("", "R W"),
    1: ("near N", "R V N", "R N V"),
    2: ("near N behind N", "R V N near N", "R N near N V", "near N R N V"),
    3: (
        "near N behind N R N V",
        "R V N behind N near N",
        "R N near N behind N V",
        "near N R V N near N",
    ),
}


@dataclass(frozen=True, slots=True)
class Agreement:
    """One sentence with a place where the form depends on a word far before it.

    words: the final mark is one of them. subject, verb: their places. right: the form that
    stands there; wrong: those that could but must not. number: singular or plural;
    person: of the subject. between: nouns from the subject to the verb, `numbers` theirs.
    inside: per word, whether it stands in a relative clause.
    """

    words: tuple[str, ...]
    subject: int
    verb: int
    right: str
    wrong: tuple[str, ...]
    number: str
    person: Person
    numbers: tuple[str, ...]
    inside: tuple[bool, ...]

    @property
    def between(self) -> int:
        """How many nouns stand between subject and verb."""
        return len(self.numbers)

    @property
    def part(self) -> Part:
        """By the hash of all words before the verb, so that no part shares a beginning."""
        return part_of(self.words[: self.verb])


def part_of(words: Sequence[str]) -> Part:
    """By the words' hash: 5 % are for testing, 5 % for validation, the others for training."""
    text = " ".join(words)
    share = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") % 20
    return "test" if share == 0 else "validation" if share == 1 else "train"


class _Line:
    """A sentence while it is written: words, and which stand in a relative clause."""

    def __init__(self, state: random.Random) -> None:
        self.state = state
        self.words: list[str] = []
        self.inside: list[bool] = []

    def add(self, *words: str, inside: bool = False) -> None:
        self.words += words
        self.inside += [inside] * len(words)


def _living(state: random.Random) -> Noun:
    plain = [n for n in nouns_of(frozenset(DOERS)) if not n.related]
    return state.choice(plain)


def _number(state: random.Random) -> str:
    return state.choice(("singular", "plural"))


def _phrase(line: _Line, word: Noun, number: str, *, inside: bool) -> None:
    """the (small) cats."""
    line.add("the", inside=inside)
    adjectives = [a for a in ADJECTIVES.values() if a.kinds & word.kinds]
    if line.state.random() < WITH_ADJECTIVE:
        line.add(line.state.choice(adjectives).english, inside=inside)
    line.add(word.plural if number == "plural" else word.english, inside=inside)


def english_agreement(state: random.Random, between: int) -> Agreement:
    """One sentence: the cats that the dog near the houses saw are tired. ValueError: not 0–3."""
    if between not in BETWEEN:
        raise ValueError(f"{between} nouns between is not in 0..{FARTHEST}")
    line, numbers = _Line(state), []
    number, word = _number(state), _living(state)
    _phrase(line, word, number, inside=False)
    subject, nearest, clause = len(line.words) - 1, word, False
    for mark in state.choice(BETWEEN[between]).split():
        if mark == "N":
            nearest, many = _living(state), _number(state)
            numbers.append(many)
            _phrase(line, nearest, many, inside=clause)
        elif mark == "R":
            clause = True
            line.add("who" if "person" in nearest.kinds else "that", inside=True)
        else:
            text = {"V": state.choice(REGARDED), "W": state.choice(_past_verbs())}.get(mark, mark)
            line.add(text, inside=clause)
    return _with_main_verb(line, subject, number, tuple(numbers))


def _past_verbs() -> tuple[str, ...]:
    return tuple(VERBS[lemma].english.past for lemma in LIVING_VERBS)


def _with_main_verb(line: _Line, subject: int, number: str, numbers: tuple[str, ...]) -> Agreement:
    """The verb in its two numbers, something behind it, and the whole as a record."""
    plural = number == "plural"
    verb = len(line.words)
    if line.state.random() < 0.5:
        forms = (be("it"), be("they"))
        rest: tuple[str, ...] = (line.state.choice(SAID),)
    else:
        english = VERBS[line.state.choice(LIVING_VERBS)].english
        forms = (english.third, english.base)
        rest = line.state.choice(((), ("in", "the", "garden"), ("quietly",), ("now",)))
    right, wrong = forms[plural], forms[not plural]
    line.add(right, *rest, ".")
    words = (line.words[0].capitalize(), *line.words[1:])
    person: Person = "3pl" if plural else "3sg"
    return Agreement(
        words, subject, verb, right, (wrong,), number, person, numbers, tuple(line.inside)
    )


# Turkish: between the pronoun and the verb, by number of nouns. L: noun in the locative,
# A: in the accusative, D: in the dative, G: in the genitive, S: subject participle,
# O: object participle of the third person; T: a time adverb.
TURKISH_BETWEEN: dict[int, tuple[tuple[str, str], ...]] = {
    0: (("", "none"), ("T", "none")),
    1: (("L", "none"), ("A", "object"), ("T A", "object")),
    2: (("L A", "object"), ("A S A", "object"), ("G O A", "object"), ("T L A", "object")),
    3: (("L A S A", "object"), ("L G O A", "object"), ("A S D A", "transfer")),
}
REGARDING = ("gör", "bekle", "ara", "kovala", "izle")
CASES: dict[str, Case] = {"L": "loc", "A": "acc", "D": "dat", "G": "gen"}


def _turkish_word(mark: str, state: random.Random, following: str) -> tuple[str, str | None]:
    """A word for that mark, and its number where it is a noun."""
    if mark == "T":
        return "dün", None
    if mark in "SO":
        verb = VERBS[state.choice(REGARDING)].stem
        form = subject_participle(verb) if mark == "S" else object_participle(verb, "3sg")
        return joined(form), None
    kinds = {"L": frozenset({"outdoor"}), "D": frozenset({"person"})}.get(mark, frozenset(DOERS))
    gift = mark == "A" and following == "transfer"
    choices = [n for n in nouns_of(frozenset({"text"}) if gift else kinds) if not n.related]
    number = _number(state)
    form = noun(state.choice(choices).stem, plural=number == "plural", case=CASES[mark])
    return joined(form), number


def turkish_agreement(state: random.Random, between: int) -> Agreement:
    """One sentence: biz dün bahçede kediyi gördük. ValueError: `between` is not in 0–3."""
    if between not in TURKISH_BETWEEN:
        raise ValueError(f"{between} nouns between is not in 0..{FARTHEST}")
    person = state.choice(PERSONS)
    pattern, frame = state.choice(TURKISH_BETWEEN[between])
    marks = pattern.split()
    line, numbers = _Line(state), []
    line.add(turkish_capital(PRONOUNS[person]["nom"]))
    for i, mark in enumerate(marks):
        last = frame if i == len(marks) - 1 else ""
        text, number = _turkish_word(mark, state, last)
        line.add(text, inside=mark in "SO" or marks[i + 1 : i + 2] in (["S"], ["O"]))
        numbers += [number] if number else []
    tense = "past" if "T" in marks else state.choice(TENSES)
    lemmas = {"none": LIVING_VERBS, "object": REGARDING, "transfer": ("ver", "getir", "gönder")}
    if between == 1 and marks[-1] == "L":
        lemmas["none"] = ("uyu", "otur", "gül", "ağla")
    verb = VERBS[state.choice(lemmas[frame])].stem
    forms = {p: joined(verb_form(verb, tense, p)[0]) for p in PERSONS}
    at = len(line.words)
    line.add(forms[person], ".")
    return Agreement(
        tuple(line.words), 0, at, forms[person],
        tuple(form for p, form in forms.items() if p != person),
        "plural" if person.endswith("pl") else "singular", person,
        tuple(numbers), tuple(line.inside),
    )  # fmt: skip


MAKERS: dict[str, Callable[[random.Random, int], Agreement]] = {
    "en": english_agreement,
    "tr": turkish_agreement,
}


def generate(
    seed: int, language: str, *, part: Part | None = None, between: int | None = None
) -> Iterator[Agreement]:
    """Random sentences without end, by default of all distances alike.

    language: "en" or "tr". KeyError: another one.
    """
    state = random.Random(seed)
    make = MAKERS[language]
    while True:
        distance = state.randint(0, FARTHEST) if between is None else between
        sentence = make(state, distance)
        if part is None or sentence.part == part:
            yield sentence


def vocabulary(language: str, *, sample: int = 20_000) -> tuple[str, ...]:
    """Every word of many sentences, sorted: what a word-level model is built with."""
    stream = generate(0, language)
    return tuple(sorted({word for _ in range(sample) for word in next(stream).words}))
