"""What stands in both of two recordings, and what their weights differ by there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core.tokens import named
from models.heads import alignment, compare
from models.heads.alignment import Both, Grid, Place
from models.heads.compare import Comparison
from models.record import record
from models.trace import AttentionTrace, Kind

CAT = "The cat sat down because it was tired"
LETTERS = st.lists(st.sampled_from("abcd"), max_size=9)
TURKISH = "Şoförün İstanbul'daki ılık akşamı"


@cache
def recorded(model: str, text: str) -> AttentionTrace:
    return record(model, text)


def both(first: str, second: str, *, model: str = "minilm", other: str = "") -> Both:
    return Both(recorded(model, first), recorded(other or model, second))


def spelled(first: Sequence[str], second: Sequence[str]) -> tuple[Place, ...]:
    sides = ([(word, (n,)) for n, word in enumerate(side)] for side in (first, second))
    return alignment.merged(*sides)


def longest(first: Sequence[str], second: Sequence[str]) -> int:
    """By trying every subsequence of the shorter one, the longest first."""
    short, long = sorted((first, second), key=len)
    for count in range(len(short), 0, -1):
        for letters in combinations(short, count):
            rest = iter(long)
            if all(letter in rest for letter in letters):
                return count
    return 0


@given(LETTERS, LETTERS)
def test_as_many_equal_tokens_meet_as_can(first: list[str], second: list[str]) -> None:
    pairs = alignment.common(first, second)
    assert len(pairs) == len(alignment.common(second, first)) == longest(first, second)
    assert all(first[i] == second[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


@given(LETTERS, LETTERS)
def test_every_token_stands_once_and_in_its_own_order(first: list[str], second: list[str]) -> None:
    places = spelled(first, second)
    for side, tokens in enumerate((first, second)):
        assert [g for place in places for g in place[side] or ()] == list(range(len(tokens)))
    assert (None, None) not in places
    assert all(first[a[0]] == second[b[0]] for a, b in places if a and b)


@given(LETTERS)
def test_a_text_meets_itself_everywhere(tokens: list[str]) -> None:
    assert spelled(tokens, tokens) == tuple(((n,), (n,)) for n in range(len(tokens)))


def test_difflibs_longest_blocks_would_leave_equal_tokens_out() -> None:
    """Its first block is "abc"; what stands before it in one and behind it in the other is lost."""
    assert len(alignment.common("xyzwabc", "abcxyzw")) == 4
    assert len(alignment.common("abcdbaef", "dbacbdef")) == longest("abcdbaef", "dbacbdef")


def test_where_nothing_is_equal_there_is_no_number() -> None:
    places = spelled("ab", "cde")
    found = of(Grid(places, places), np.full((2, 2), 0.5), np.full((3, 3), 1 / 3))
    assert np.isnan(found.difference).all()
    assert found.largest is None
    assert found.in_both(0) == (0, 0)


def of(grid: Grid, first: np.ndarray, second: np.ndarray) -> Comparison:
    none = np.zeros((len(grid.rows), len(grid.columns)), bool)
    return Comparison(grid, grid.on(0, first), grid.on(1, second), (none, none))


def seen(pair: Both, place: tuple[int, int], kind: Kind = "encoder") -> Comparison:
    layer, head = place
    grid = alignment.grid(pair, kind, kind)
    return compare.compared(
        grid, (pair.first.block(kind, layer), head), (pair.second.block(kind, layer), head)
    )


def test_a_changed_word_is_in_one_only_and_the_others_are_subtracted() -> None:
    pair = both(CAT, CAT.replace("tired", "raining"))
    found = seen(pair, (3, 1))
    tokens = list(pair.first.tokens)
    a, b = (one.block("encoder", 3).head(1).weights for one in (pair.first, pair.second))
    it, cat = tokens.index("it"), tokens.index("cat")
    assert found.difference[it, cat] == pytest.approx(float(a[it, cat]) - float(b[it, cat]))
    assert found.largest == (it, cat)
    alone = [n for n, place in enumerate(found.grid.rows) if None in place]
    assert alone == [8, 9]
    assert np.isnan(found.difference[alone]).all()
    assert np.isnan(found.difference[:, alone]).all()
    assert found.grid.gaps
    shared = found.in_both(it)
    assert shared == pytest.approx((1 - a[it, 8], 1 - b[it, 8]), abs=1e-6)
    assert max(shared) < 1, "nothing is renormalised"


def test_each_heads_change_is_its_largest_difference() -> None:
    pair = both(CAT, CAT.replace("tired", "raining"))
    grid = alignment.grid(pair, "encoder", "encoder")
    changes = compare.changes(pair, grid, "encoder")
    for place in ((0, 0), (3, 1), (5, 11)):
        difference = seen(pair, place).difference
        assert changes[place[0]][place[1]] == pytest.approx(np.nanmax(np.abs(difference)))
    assert max((value, (layer, head)) for layer, row in enumerate(changes)
               for head, value in enumerate(row))[1] == (3, 1)  # fmt: skip


def test_the_nearest_head_of_a_model_to_one_of_its_own_is_that_one() -> None:
    pair = both(CAT, CAT)
    grid = alignment.grid(pair, "encoder", "encoder")
    found = compare.closeness(pair, grid, pair.first.block("encoder", 3), 1, "encoder")
    assert found[3][1] == 0
    assert sorted(np.concatenate(found))[1] > 0
    other = seen(pair, (3, 1)).first - pair.first.block("encoder", 4).weights[7]
    assert found[4][7] == pytest.approx(np.abs(other).mean())


def cut(text: str, tokens: Sequence[str], model: str) -> AttentionTrace:
    """A text in these tokens, as a model of that name would cut it."""
    return AttentionTrace(model, named(tokens), (), text=text)


def test_two_tokenizers_meet_where_no_token_of_either_crosses() -> None:
    first = cut("unhappy cats.", ("un", "##happy", "cats", "."), "a")
    second = cut("unhappy cats.", ("unh", "appy", "cat", "s."), "b")
    grid = alignment.grid(Both(first, second), "encoder", "encoder")
    assert grid.rows == grid.columns == (((0, 1), (0, 1)), ((2, 3), (2, 3)))
    assert grid.several
    assert not grid.gaps
    a = np.array([[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], [1, 0, 0, 0], [0, 0, 0, 1]])
    b = np.eye(4)
    found = of(grid, a, b)
    np.testing.assert_allclose(found.first, [[0.5, 0.5], [0.5, 0.5]])  # means of sums
    np.testing.assert_allclose(found.second, np.eye(2))
    np.testing.assert_allclose(found.first.sum(axis=1), 1)


def test_equal_tokens_of_two_models_meet_one_by_one() -> None:
    first, second = (cut("a b", ("[CLS]", "a", "b"), model) for model in "ab")
    grid = alignment.grid(Both(first, second), "encoder", "encoder")
    assert grid.rows == tuple(((n,), (n,)) for n in range(3))


@pytest.mark.parametrize("other", ["bert-mini", "gpt-mini"])
@pytest.mark.parametrize("text", [CAT, TURKISH, "ğ😀 ığdır, “x”  y"])
def test_real_tokenizers_meet_and_lose_no_token(other: str, text: str) -> None:
    pair = both(text, text, other=other)
    kind = alignment.matching(pair, "encoder")
    assert kind is not None
    grid = alignment.grid(pair, "encoder", kind)
    sides = []
    for side, trace in enumerate((pair.first, pair.second)):
        assert [n for place in grid.rows for n in place[side] or ()] == list(
            range(len(trace.tokens))
        )
        spans = alignment.stretches(trace)
        sides.append([[s for n in place[side] or () if (s := spans[n])] for place in grid.rows])
    covered = [
        tuple((parts[0][0], parts[-1][1]) for parts in pair_ if parts)
        for pair_ in zip(*sides, strict=True)
        if all(pair_)
    ]
    assert covered
    assert all(a == b for a, b in covered), "other letters"
    assert "".join(text[slice(*a)] for a, _ in covered) == "".join(text.split())


def test_a_characters_bytes_stand_where_it_does() -> None:
    trace = replace(
        cut("ş a", ("Å", "Ł", "Ġa"), "bytes"), source=replace(named(("Å", "Ł", "Ġa")),
        typed=("ş·1/2", "ş·2/2", "a")))  # fmt: skip
    assert alignment.stretches(trace) == [(0, 1), (0, 1), (2, 3)]
    literal = cut("x·1/2", ("x·1/2",), "words")
    assert alignment.stretches(literal) == [(0, 5)]


def test_the_same_kind_is_compared_and_text_with_text() -> None:
    minilm, gpt, translator = (recorded(m, CAT) for m in ("minilm", "gpt-mini", "translator"))
    assert alignment.matching(Both(minilm, gpt), "encoder") == "decoder"
    assert alignment.matching(Both(gpt, minilm), "decoder") == "encoder"
    assert alignment.matching(Both(translator, translator), "cross") == "cross"
    assert alignment.matching(Both(translator, minilm), "cross") is None
    assert alignment.matching(Both(translator, gpt), "decoder") is None
    assert alignment.matching(Both(minilm, translator), "encoder") == "encoder"


def test_masked_in_one_is_a_number_and_said_to_be_masked() -> None:
    pair = both(CAT, CAT, other="gpt-mini")
    grid = alignment.grid(pair, "encoder", "decoder")
    found = compare.compared(
        grid, (pair.first.block("encoder", 0), 0), (pair.second.block("decoder", 0), 0)
    )
    assert not found.masked[0].any()
    later = np.triu(np.isfinite(found.second), 1)
    assert (found.masked[1] == later).all()
    assert not found.second[later].any()
