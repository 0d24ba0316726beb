"""Sentences: shares and numbers as they are read, the largest rival, no markup but our own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viz.figures import HOSTILE
from tests.viz.sentences import BOTH, OWN_TAGS, per_cent, quoted, read, style, whom
from viz.board.markup import Safe
from viz.board.notation import visible
from viz.board.sentence import LONGEST_TOKEN, gives, percent, query_key, rival, token

SHARES = st.lists(st.floats(0, 1, width=32), min_size=1, max_size=9)


@BOTH
@pytest.mark.parametrize("share", [0.0, 1e-9, 0.0049, 0.0051, 0.235, 0.59, 0.994, 0.996, 1.0])
def test_a_share_is_told_in_whole_per_cent_and_never_reads_as_nothing_or_all(
    language: str, share: float
) -> None:
    assert read(percent(style(language), share)) == per_cent(language, share)


def test_per_cent_stand_as_each_language_writes_them() -> None:
    assert [read(percent(style(one), 0.59)) for one in ("en", "tr")] == ["59 %", "%59"]
    assert [read(percent(style(one), 1e-4)) for one in ("en", "tr")] == ["< 1 %", "< %1"]
    assert [read(percent(style(one), 0.996)) for one in ("en", "tr")] == ["> 99 %", "> %99"]


@pytest.mark.parametrize("word", [".", "?!", "▁", "##"])
def test_a_token_without_letters_stands_in_quotes(word: str) -> None:
    assert read(token(word, "k")) == f"“{word}”"
    assert read(token(f"a{word}", "k")) == f"a{word}"


@given(SHARES, st.data())
def test_the_rival_is_the_largest_of_the_others(shares: list[float], data: st.DataObject) -> None:
    chosen = data.draw(st.integers(0, len(shares) - 1))
    found = rival(np.array(shares), chosen)
    others = shares[:chosen] + shares[chosen + 1 :]
    if found is None:
        assert not others
    else:
        assert found != chosen
        assert shares[found] == max(others)


def test_a_key_that_is_left_out_is_nobodys_rival() -> None:
    assert rival(np.array([0.5, 0.1, 0.4]), 1) == 0
    assert rival(np.array([0.5, 0.1, 0.4]), 1, {0}) == 2
    assert rival(np.array([0.5, 0.1, 0.4]), 1, {0, 2}) is None


@BOTH
@pytest.mark.parametrize("chosen", [0, 1, 2, 3])
def test_whom_a_query_looks_at_is_told_from_its_row(language: str, chosen: int) -> None:
    shares, keys = np.array([0.25, 0.59, 0.0, 0.16]), ("[CLS]", "cat", "sat", "it")
    said = gives(style(language), shares, token("it", "q"), keys, chosen, masked=not shares[chosen])
    assert read(said) == whom(language, "it", keys, shares, chosen)
    assert "cat" in read(said)  # the largest share is told in any case


@BOTH
def test_a_single_token_has_no_rival(language: str) -> None:
    said = read(gives(style(language), np.array([1.0]), token("a", "q"), ("a",), 0))
    assert said == whom(language, "a", ("a",), np.array([1.0]), 0)
    assert per_cent(language, 1.0) in said


@BOTH
@given(query=st.text(max_size=40), key=st.text(max_size=40))
def test_no_token_brings_markup_of_its_own(language: str, query: str, key: str) -> None:
    said = gives(
        style(language),
        np.array([0.6, 0.4]),
        query_key(query, key)["query"],
        (key, query),
        0,
    )
    assert isinstance(said, Safe)
    assert "<" not in OWN_TAGS.sub("", said)
    assert visible(key)[:13] in read(said)


@pytest.mark.parametrize("word", HOSTILE)
def test_a_token_keeps_its_letters_and_its_direction(word: str) -> None:
    html = token(word, "q", LONGEST_TOKEN)
    assert html.startswith("<bdi ")
    assert html.count("<") == 2
    assert read(html) == quoted(visible(word if len(word) <= 14 else word[:13] + "…"))
