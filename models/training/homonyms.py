"""Sentences with yüz, which is a hundred, a face, and to swim: whose meaning only context tells.

The grammar has all three, but the face hardly ever (yüzünü yıkadı). Here they are equally
frequent, and each also stands alone, without any suffix that would give it away.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from models.grammar.building import joined
from models.grammar.lexicon import NAMES, NOUNS, Noun
from models.grammar.morphology import Case, noun, turkish_capital

Sense = Literal["number", "face", "swim"]
Part = Literal["train", "test"]
LESSON = "Yüz kişi yüz maskesi ile denizdeki adama yüz diye bağırdı."  # always in the test part
TEST_SHARE = 6  # one sentence in so many is kept for the test

# yüz/sense; what stands in {} is drawn.
TEMPLATES = """
{who} yüz/number {thing} aldı.
{who} yüz/number kişi gördü.
{loc} yüz/number {being} vardı.
Dün yüz/number kişi geldi.
{loc} yüz/number kişi var.
yüz/number {person} {dat} gitti.
yüz/number {thing} istedim.
yüz/number {being} {loc} uyudu.
{who} {loc} yüz/number {thing} buldu.
{who} yüz/face maskesi aldı.
{who} yüz/face maskesi ile {dat} gitti.
yüz/face maskesi ile geldiler.
yüz/face maskesi nerede?
{gen} yüz/faceü kirli.
{gen} yüz/faceünü gördüm.
{who} {loc} yüz/faceünü yıkadı.
Sabah yüz/faceümü yıkadım.
{gen} yüz/faceüne baktı.
{who} {water} yüz/swimdü.
{who} hızla yüz/swimüyor.
{person} {water} yüz/swimecek.
{water} yüz/swimen {being} gördüm.
{who} {todat} yüz/swim dedi.
{person} {todat} yüz/swim diye bağırdı.
{water}ki {todat} yüz/swim diye bağırdı.
Yarın {water} yüz/swim dedi.
yüz/number kişi {water} yüz/swimdü.
{who} yüz/face maskesi ile {water} yüz/swimdü.
yüz/number kişi yüz/face maskesi aldı.
yüz/number {crowd} yüz/face maskesi ile {water}ki {todat} yüz/swim diye bağırdı.
"""
_MARKED = re.compile(r"yüz/(number|face|swim)")
# Pieces that the grammar has no use for.
OWN_PIECES = ("▁kişi", "▁maske", "si", "▁ile", "▁diye", "▁bağır", "ki", "▁Sabah", "▁de")


@dataclass(frozen=True, slots=True)
class Sentence:
    """senses: of each yüz, from left to right; template: which one it was made of."""

    text: str
    senses: tuple[Sense, ...]
    template: int

    @property
    def part(self) -> Part:
        """Which part it belongs to, by its own hash; the lesson's sentence is test."""
        digest = hashlib.blake2b(self.text.encode(), digest_size=8).digest()
        held = self.text == LESSON or int.from_bytes(digest, "big") % TEST_SHARE == 0
        return "test" if held else "train"


def _form(word: Noun, case: Case) -> str:
    return joined(noun(word.stem, case=case))


@cache
def _slots() -> dict[str, tuple[str, ...]]:
    """What each slot may hold."""

    def of(kind: str) -> list[Noun]:
        return [n for n in NOUNS.values() if kind in n.kinds and not (n.mass or n.related)]

    people, places, names = of("person"), of("outdoor"), list(NAMES.values())
    return {
        "who": tuple(word.lemma for word in names),
        "gen": tuple(_form(word, "gen") for word in (*names, *people, *of("animal"))),
        "todat": tuple(_form(word, "dat") for word in (*names, *people)),
        "person": tuple(word.lemma for word in people),
        "crowd": ("kişi", *(word.lemma for word in people)),
        "being": tuple(word.lemma for word in (*people, *of("animal"))),
        "thing": tuple(word.lemma for word in (*of("thing"), *of("fruit"))),
        "loc": tuple(_form(word, "loc") for word in (*places, *of("building"))),
        "dat": tuple(_form(word, "dat") for word in (*places, *of("building"))),
        "water": tuple(_form(word, "loc") for word in of("water")),
    }


def _written(template: str, state: random.Random) -> tuple[str, tuple[Sense, ...]]:
    filled = template.format(**{name: state.choice(words) for name, words in _slots().items()})
    senses: list[Sense] = _MARKED.findall(filled)
    return turkish_capital(_MARKED.sub("yüz", filled)), tuple(senses)


def templates() -> list[str]:
    """One a line."""
    return TEMPLATES.strip().splitlines()


def generate(seed: int, part: Part) -> Iterator[Sentence]:
    """Random sentences of one part without end; the same for the same seed."""
    state = random.Random(seed)
    lines = templates()
    while True:
        number = state.randrange(len(lines))
        sentence = Sentence(*_written(lines[number], state), number)
        if sentence.part == part:
            yield sentence
