"""Draws of a wanted length: exact by count on a small grammar, and true to the language."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest

from models.grammar.grammar import generate
from models.grammar.scfg import Derivation, Grammar, Ref, Rule, Symbol, Word, read_off
from models.training.lengths import SentencesByLength, by_length


def rules(symbol: Symbol) -> list[Rule]:
    """S → a | b S | S' S' S';  S' → c | d d: lengths of several symbols, unequal weights."""
    if symbol == ("S",):
        a, b, ref = Word("a"), Word("b"), Ref(("T",))
        three = tuple(Ref(("T",)) for _ in range(3))
        return [Rule(1, (a,), (a,)), Rule(2, (b, ref), (ref, b)), Rule(5, three, three)]
    c, d, e = Word("c"), Word("d"), Word("e")
    return [Rule(3, (c,), (c,)), Rule(1, (d, e), (d, e))]


SMALL = SentencesByLength(Grammar(("S",), rules), 6)


def words(derivation: Derivation) -> str:
    return "".join(word.text for word in read_off(derivation).source)


def test_lengths_have_the_probability_that_counting_gives() -> None:
    # a: 1/8; b c, b d e: 2/8 · (3/4, 1/4); three T: 5/8 · binomial(3, 1/4) longer ones
    wanted = [0, 1 / 8, 3 / 16, 1 / 16, 0, 0, 0]
    for longer in range(4):
        wanted[3 + longer] += 5 / 8 * math.comb(3, longer) * 0.25**longer * 0.75 ** (3 - longer)
    assert [SMALL.probability(n) for n in range(7)] == pytest.approx(wanted)
    assert sum(wanted) == pytest.approx(1)


def test_draws_of_a_length_are_as_frequent_as_the_grammar_has_them() -> None:
    state, draws = random.Random(0), 6000
    found = Counter(words(SMALL.sample(state, 3)) for _ in range(draws))
    wanted = {"bde": 1 / 16, "ccc": 5 / 8 * 0.75**3}
    total = sum(wanted.values())
    assert found.keys() == wanted.keys()
    assert found["bde"] / draws == pytest.approx(wanted["bde"] / total, abs=0.02)
    # of length 4: the long T is first, second or third, all alike
    four = Counter(words(SMALL.sample(state, 4)) for _ in range(draws))
    assert set(four) == {"decc", "cdec", "ccde"}
    assert all(count / draws == pytest.approx(1 / 3, abs=0.03) for count in four.values())


def test_a_length_that_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="no yield of 0 words"):
        SMALL.sample(random.Random(0), 0)


def test_the_languages_lengths_are_those_of_its_sentences() -> None:
    draws, stream = 1500, generate(3)
    counts = Counter(len(next(stream).source_words) for _ in range(draws))
    known = by_length(13)
    inside = sum(known.probability(n) for n in range(3, 11))
    for n in range(3, 8):  # of the longer ones, some are left out for their English
        share = known.probability(n) / inside
        assert counts[n] / draws == pytest.approx(share, abs=0.06)


@pytest.mark.parametrize("length", [2, 6, 13])
def test_a_sentence_has_the_length_asked_for(length: int) -> None:
    state = random.Random(1)
    for _ in range(40):
        assert len(read_off(by_length(13).sample(state, length)).source) == length
