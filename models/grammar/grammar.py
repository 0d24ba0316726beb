"""The language: Turkish sentences with their English and gold word alignments.

    pairs = generate(seed=1)                     # an endless stream of Pair
    pairs = generate(seed=1, split="train")      # only those of one part
    is_grammatical("Kedi balığı yedi.", "tr")    # exactly what the grammar can generate
    log_probability("The cat ate the fish.", "en")

A Turkish sentence has one English translation; where several would do, `CONVENTIONS` says
which. Sentences are 2 to 16 words long in both languages (the final mark not counted):
what the weights make longer or shorter is drawn again, so all probabilities are divided
by `measures().mass`.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, get_args

from models.grammar.chart import Chart
from models.grammar.conventions import CONVENTIONS, Convention
from models.grammar.measures import Measures, measure
from models.grammar.scfg import SOURCE, TARGET, Derivation, Yield, read_off
from models.grammar.sentences import language
from models.grammar.writing_out import readings, spoken, written

Language = Literal["tr", "en"]
Split = Literal["train", "validation", "test", "unseen"]
SPLITS: tuple[Split, ...] = get_args(Split)
SHORTEST, LONGEST = 2, 16
CONTENT = frozenset({"noun", "name", "verb", "adjective", "adverb", "number"})
HELD_OUT_SHARE = 12  # one combination in so many is kept out of training
TEST_SHARE = 40  # one sentence in so many is a test sentence, and one a validation sentence

__all__ = [
    "CONVENTIONS", "SPLITS", "Convention", "Pair", "Split", "derivations", "generate",
    "is_grammatical", "is_held_out", "log_probability", "measures", "split_of", "translations",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence in both languages.

    source, target: as one writes them. source_words, target_words: the same word by word,
    the final mark a word of its own. alignment: (target index, source index) of every
    target word that says what a source word or suffix says; possible: those and the words
    that only English grammar asks for (the, do-support), with the word they belong to.
    source_tags, target_tags: a part of speech a word. combinations: "ye+elma",
    "kırmızı+elma". features: construction, tense, polarity, number, person, subject,
    verb_source, verb_target, between (nouns between the subject's noun and the verb, in
    English), and shape where there is a clause, a possessor or a coordination.
    log_p: natural logarithm of this derivation's probability.
    """

    source: str
    target: str
    source_words: tuple[str, ...]
    target_words: tuple[str, ...]
    alignment: tuple[tuple[int, int], ...]
    possible: tuple[tuple[int, int], ...]
    source_tags: tuple[str, ...]
    target_tags: tuple[str, ...]
    combinations: tuple[str, ...]
    features: Mapping[str, str]
    log_p: float

    @property
    def content(self) -> tuple[int, ...]:
        """Target indices of content words: nouns, names, verbs, adjectives, adverbs, numbers."""
        return tuple(i for i, tag in enumerate(self.target_tags) if tag in CONTENT)

    @property
    def split(self) -> Split:
        """Which part this pair belongs to."""
        return split_of(self)


def _share(text: str, parts: int) -> int:
    """0..parts−1, the same for the same text always and everywhere."""
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % parts


def is_held_out(combination: str) -> bool:
    """Whether verb+object or adjective+noun is kept out of training: by its own hash."""
    return _share(f"combination:{combination}", HELD_OUT_SHARE) == 0


def split_of(pair: Pair) -> Split:
    """unseen: holds a held-out combination; else by the hash of the English sentence.

    English, because several Turkish sentences share one (with and without a pronoun), and
    no part may share a sentence with another in either language.
    """
    if any(is_held_out(combination) for combination in pair.combinations):
        return "unseen"
    part = _share(f"sentence:{pair.target}", TEST_SHARE)
    return "test" if part == 0 else "validation" if part == 1 else "train"


def within_limits(done: Yield) -> bool:
    """2 to 16 words on both sides, the final mark not counted."""
    return all(SHORTEST <= len(side) - 1 <= LONGEST for side in (done.source, done.target))


def _between(done: Yield) -> int:
    """Nouns before the English main verb, without the subject's own."""
    before = [word.tag for word in done.target[: done.head[1]]]
    return max(0, sum(tag in ("noun", "name") for tag in before) - 1)


def pair_of(derivation: Derivation, done: Yield | None = None) -> Pair:
    """A derivation, written out. done: its yield, where it has been read off before."""
    done = done or read_off(derivation)
    source = spoken(tuple(word.text for word in done.source), "tr")
    target = spoken(tuple(word.text for word in done.target), "en")
    features = dict(done.notes) | {
        "verb_source": str(done.head[0]),
        "verb_target": str(done.head[1]),
        "between": str(_between(done)),
    }
    return Pair(
        written(source),
        written(target),
        source,
        target,
        done.sure,
        tuple(sorted({*done.sure, *done.possible})),
        tuple(word.tag for word in done.source),
        tuple(word.tag for word in done.target),
        done.combinations,
        MappingProxyType(features),
        derivation.total(),
    )


def generate(seed: int, split: Split | None = None) -> Iterator[Pair]:
    """Random pairs without end; the same for the same seed. split: only pairs of that part."""
    state = random.Random(seed)
    while True:
        derivation = language().sample(state)
        done = read_off(derivation)
        if within_limits(done):
            pair = pair_of(derivation, done)
            if split is None or pair.split == split:
                yield pair


@lru_cache(maxsize=2)
def chart(side: Language) -> Chart:
    """The parser of one language; building it takes a second or two, once."""
    return Chart(language(), SOURCE if side == "tr" else TARGET)


def derivations(sentence: str, side: Language) -> list[Pair]:
    """Every way in which the grammar makes that sentence; empty: it cannot."""
    found: list[Pair] = []
    for words in readings(sentence, side):
        for derivation in chart(side).parses(words):
            if within_limits(read_off(derivation)):
                pair = pair_of(derivation)
                if (pair.source if side == "tr" else pair.target) == sentence:
                    found.append(pair)
    return found


def is_grammatical(sentence: str, side: Language) -> bool:
    """Whether the grammar can generate exactly that sentence, capital and mark included."""
    return bool(derivations(sentence, side))


def translations(turkish: str) -> set[str]:
    """The English of a Turkish sentence: one sentence, or none where it is not grammatical."""
    return {pair.target for pair in derivations(turkish, "tr")}


def log_probability(sentence: str, side: Language) -> float:
    """Natural log of the probability that `generate` yields that sentence; −inf: never.

    Exact: the sum over all its derivations, divided by the mass within the length limits.
    """
    found = [pair.log_p for pair in derivations(sentence, side)]
    if not found:
        return -math.inf
    top = max(found)
    total = top + math.log(sum(math.exp(value - top) for value in found))
    return total - math.log(measures().mass)


@lru_cache(maxsize=1)
def measures() -> Measures:
    """How many derivations there are within the limits, their mass and their entropy (nats).

    Turkish sentences have one derivation each (4000 of 4000 tried), so the entropy is that of
    the Turkish sentences; that of the English ones is lower (I came: with and without ben).
    """
    return measure(language(), SHORTEST + 1, LONGEST + 1)
