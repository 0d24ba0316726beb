"""The weighted synchronous grammar itself, on a grammar small enough to list by hand."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Sequence

import pytest

from models.grammar.chart import Chart
from models.grammar.measures import measure
from models.grammar.scfg import SOURCE, TARGET, Grammar, Link, Ref, Rule, Symbol, Word, read_off


def rules_of(symbol: Symbol) -> Sequence[Rule]:
    """S → A b | b; A → x (1/4) | x x (3/4): the English side turns A and b around."""
    if symbol == ("S",):
        a, left, right = Ref(("A",)), Word("b"), Word("B")
        alone, single = Word("b"), Word("B")
        return (
            Rule(1.0, (a, left), (right, a), (Link(right, left),), (left, right)),
            Rule(3.0, (alone,), (single,), (Link(single, alone),)),
        )
    if symbol == ("A",):
        one, two = Word("x", "noun"), (Word("x", "noun"), Word("x", "noun"))
        up, pair = Word("X", "noun"), (Word("X", "noun"), Word("X", "noun"))
        return (
            Rule(1.0, (one,), (up,), (Link(up, one),)),
            Rule(3.0, two, pair, (Link(pair[0], two[1]), Link(pair[1], two[0], False))),
        )
    return ()


def tiny() -> Grammar:
    return Grammar(("S",), rules_of)


# source, probability
ALL = {"b": 3 / 4, "x b": 1 / 16, "x x b": 3 / 16}


def test_every_sentence_parses_once_with_its_probability() -> None:
    chart = Chart(tiny(), SOURCE)
    for text, p in ALL.items():
        (derivation,) = chart.parses(text.split())
        assert math.exp(derivation.total()) == pytest.approx(p)


def test_the_other_language_is_parsed_with_the_same_rules() -> None:
    (derivation,) = Chart(tiny(), TARGET).parses(("B", "X", "X"))
    assert [word.text for word in read_off(derivation).source] == ["x", "x", "b"]


@pytest.mark.parametrize("text", ["", "x", "b x", "x x x b", "b b", "q"])
def test_nothing_else_parses(text: str) -> None:
    assert Chart(tiny(), SOURCE).parses(text.split()) == []


def test_links_move_with_their_words() -> None:
    (derivation,) = Chart(tiny(), SOURCE).parses(("x", "x", "b"))
    done = read_off(derivation)
    assert [word.text for word in done.target] == ["B", "X", "X"]
    assert set(done.sure) == {(0, 2), (1, 1)}
    assert set(done.possible) == {(2, 0)}


def test_samples_come_as_often_as_they_should() -> None:
    state, grammar, draws = random.Random(1), tiny(), 4000
    counts = Counter(
        " ".join(word.text for word in read_off(grammar.sample(state)).source) for _ in range(draws)
    )
    assert set(counts) == set(ALL)
    for text, p in ALL.items():
        assert abs(counts[text] - draws * p) < 4 * math.sqrt(draws * p * (1 - p))


def test_count_mass_and_entropy_are_those_of_the_list() -> None:
    whole = measure(tiny(), 1, 3)
    assert whole.derivations == pytest.approx(3)
    assert whole.mass == pytest.approx(1)
    assert whole.entropy == pytest.approx(-sum(p * math.log(p) for p in ALL.values()))


def test_limits_leave_out_what_is_longer_or_shorter() -> None:
    part = measure(tiny(), 2, 3)
    kept = [p for text, p in ALL.items() if len(text.split()) >= 2]
    assert part.derivations == pytest.approx(2)
    assert part.mass == pytest.approx(sum(kept))
    shares = [p / sum(kept) for p in kept]
    assert part.entropy == pytest.approx(-sum(p * math.log(p) for p in shares))


def test_a_symbol_without_rules_is_an_error() -> None:
    with pytest.raises(ValueError, match="needs rules"):
        Grammar(("nothing",), rules_of).choices(("nothing",))
