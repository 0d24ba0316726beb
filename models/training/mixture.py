"""English and Turkish sentences and bracket words, one after another: what `lstm` and `rnn` read.

A mark ends each of the three, so a text of several needs no other separator.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, get_args

from models.grammar import agreement
from models.grammar.agreement import Agreement, Part, part_of
from models.training import brackets, symbols

Language = Literal["en", "tr", "brackets"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
END = "."
# How often each is drawn. Bracket words are long, Turkish sentences short and soon learned: of all
# words read, about half are English, a third are brackets.
SHARES: Mapping[Language, float] = MappingProxyType({"en": 0.55, "tr": 0.35, "brackets": 0.1})


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence or a bracket word. words: as the tokenizer knows them, the end mark the last.

    agreement: of a sentence; depth: of a bracket word, how many are open after each word.
    """

    language: Language
    words: tuple[str, ...]
    agreement: Agreement | None = None
    depth: tuple[int, ...] = ()


@cache
def vocabulary() -> tuple[str, ...]:
    """Every word of the three languages, as the tokenizer knows it: sorted, brackets last."""
    words = {symbols.small(w) for tongue in ("en", "tr") for w in agreement.vocabulary(tongue)}
    return (*sorted(words), *brackets.OPENING, *brackets.CLOSING)


@cache
def numbers() -> Mapping[str, int]:
    """word → id, as the tokenizer has it."""
    return MappingProxyType({w: i for i, w in enumerate((symbols.UNKNOWN, *vocabulary()))})


def lines(seed: int, language: Language, part: Part) -> Iterator[Line]:
    """Lines of one language without end; the same for the same seed."""
    if language == "brackets":
        for word in brackets.generate(seed):
            if part_of(word.tokens) == part:
                yield Line(language, (*word.tokens, END), depth=(*word.depth, 0))
        return
    yield from sentences(seed, language, part)


def sentences(
    seed: int, language: Language, part: Part, between: int | None = None
) -> Iterator[Line]:
    """Sentences of English or Turkish without end, with so many nouns between (None: any).

    No part shares a sentence's beginning, up to the verb, with another, except in Turkish with
    no noun between: there are 96 such sentences in all, and many a verb form stands in one of
    them only. Held back, it would not be known at all; they belong to every part.
    """
    for sentence in agreement.generate(seed, language, between=between):
        if sentence.part == part or is_everywhere(language, sentence):
            yield of_agreement(language, sentence)


def is_everywhere(language: Language, sentence: Agreement) -> bool:
    """It is one of the few that no part holds back."""
    return language == "tr" and sentence.between == 0


def of_agreement(language: Language, sentence: Agreement) -> Line:
    """A sentence of models.grammar.agreement as a line."""
    return Line(language, tuple(map(symbols.small, sentence.words)), sentence)


def mixed(seed: int, part: Part) -> Iterator[Line]:
    """Lines of all three, each drawn by itself: any may follow any."""
    streams = {language: lines(seed + i, language, part) for i, language in enumerate(LANGUAGES)}
    state = random.Random(seed)
    while True:
        (language,) = state.choices(LANGUAGES, [SHARES[one] for one in LANGUAGES])
        yield next(streams[language])


def rows(seed: int, part: Part, length: int) -> Iterator[tuple[str, ...]]:
    """Words of lines one after another, cut at `length`; each row begins a line."""
    stream = mixed(seed, part)
    while True:
        row: list[str] = []
        while len(row) < length:
            row += next(stream).words
        yield tuple(row[:length])
