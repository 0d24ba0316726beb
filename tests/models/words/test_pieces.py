"""Words cut step by step, against the tokenizers library and against the papers' rules."""

from __future__ import annotations

import dataclasses
import itertools
import random

import pytest
from transformers.convert_slow_tokenizer import bytes_to_unicode

from models.words import tokenizers
from models.words.pieces import (
    LONGEST,
    MOST_BYTES,
    Match,
    Merge,
    NoWord,
    WordTooLong,
    letters,
    matched,
    merged,
    stand_ins,
    typed,
)
from tests.viz.figures import HOSTILE

STEPWISE = pytest.mark.parametrize("name", tokenizers.STEPWISE)
WORDS = (
    *("unhappiness", "evlerimizden", "İstanbul", "IŞIK", "öğretmenlerimizden", "don't 42", "x  y"),
    *("[MASK]", "<|im_start|>", "<s>", "😀", "a😀b", "שלום", "e\u0301\u0327x", "한국어", "ﷺ", "ß"),
    *("a" * LONGEST, "👩‍👩‍👧‍👦", "ſ", "ǅ", "\u200bcat\u200d", "3.14", "Ġev", "##ler"),
)


@STEPWISE
@pytest.mark.parametrize("word", WORDS)
def test_the_steps_come_to_what_the_library_says(name: str, word: str) -> None:
    found = tokenizers.pieces(name, word)
    assert found.tokens == found.library
    assert found.check().absolute == 0


@STEPWISE
def test_so_do_drawn_strings_of_letters_of_both_languages(name: str) -> None:
    drawn = random.Random(7)
    for _ in range(300):
        word = "".join(drawn.choices("abcçdefgğhıijklmnoöprsştuüvyzİIÂ-'1", k=drawn.randint(1, 24)))
        found = tokenizers.pieces(name, word)
        assert found.tokens == found.library, word


@STEPWISE
@pytest.mark.parametrize("word", HOSTILE)
def test_hostile_words_are_cut_or_refused_by_name(name: str, word: str) -> None:
    try:
        found = tokenizers.pieces(name, word)
    except (NoWord, WordTooLong):  # anything else would be an error on the page
        return
    assert found.check().absolute == 0


def test_another_token_is_seen_by_the_check() -> None:
    found = tokenizers.pieces("minilm", "evlerimizden")
    wrong = dataclasses.replace(found, tokens=("ev", "##ler", "##imiz", "##den"))
    assert wrong.check().absolute == 3
    assert not wrong.check().rounding


def test_the_longest_prefix_is_taken_and_all_longer_ones_were_tried() -> None:
    vocabulary = {one: n for n, one in enumerate(("a", "ab", "##b", "##bc", "##c"))}
    first, second = matched("abbc", vocabulary)
    assert (first.taken, first.rejected, first.left) == ("ab", ("abbc", "abb"), "bc")
    assert second == Match(("ab",), "bc", (), "##bc")
    assert matched("abx", vocabulary)[-1] == Match(("ab",), "x", ("##x",), None)
    assert matched("ab", vocabulary, most=1) == (Match((), "ab", (), None),)


def test_the_lowest_rank_is_merged_and_of_equals_the_first() -> None:
    ranks = {("a", "b"): 1, ("b", "a"): 0, ("a", "ba"): 2}
    steps = list(merged(tuple("ababa"), ranks))
    assert [(s.pieces, s.place) for s in steps] == [
        (("a", "b", "a", "b", "a"), 1),
        (("a", "ba", "b", "a"), 2),
        (("a", "ba", "ba"), 0),
        (("aba", "ba"), None),
    ]
    assert [s.rank for s in steps] == [0, 0, 2, None]


def test_every_step_of_a_real_word_merges_its_lowest_rank() -> None:
    found = tokenizers.pieces("smollm2", "öğretmenlerimizden")
    for one, after in itertools.pairwise(found.steps):
        assert isinstance(one, Merge)
        assert isinstance(after, Merge)
        assert one.rank == min(rank for rank in one.ranks.values() if rank is not None)
        assert "".join(one.pieces) == "".join(after.pieces)
        assert len(after.pieces) == len(one.pieces) - 1


def test_bytes_have_the_stand_ins_of_gpt2() -> None:
    assert stand_ins() == bytes_to_unicode()
    first = tokenizers.pieces("smollm2", "çiçek").steps[0]
    assert isinstance(first, Merge)
    signs = bytes_to_unicode()
    assert first.pieces == tuple(signs[byte] for byte in " çiçek".encode())
    space, c = letters("çiçek")
    assert (space.signs, c.bytes, c.signs) == ("Ġ", "C3 A7", "Ã§")


@pytest.mark.parametrize("word", ["", "  ", "\u200b\u2066", "\ud800", "\0\t"])
def test_nothing_to_cut_is_said(word: str) -> None:
    with pytest.raises(NoWord):
        typed(word)


def test_a_lone_accent_is_nothing_once_accents_are_stripped() -> None:
    with pytest.raises(NoWord):
        tokenizers.pieces("minilm", "\u0301")


@pytest.mark.parametrize("word", ["a" * (LONGEST + 1), "😀" * (MOST_BYTES // 4 + 1)])
def test_too_long_a_word_is_refused_before_it_is_cut(word: str) -> None:
    with pytest.raises(WordTooLong):
        typed(word)


def test_the_normalizer_says_what_it_does() -> None:
    own = tokenizers.reader("minilm")
    assert own.lowers
    assert own.strips
    assert own.normal("IŞIK İzin ı") == "isik izin ı"
    other = tokenizers.reader("smollm2")
    assert not other.lowers
    assert not other.strips
    assert other.normal("IŞIK") == "IŞIK"


def test_a_tokenizer_that_is_none_of_them_is_refused() -> None:
    with pytest.raises(KeyError):
        tokenizers.reader("lstm")
