"""The head that a first look shows: the measure by hand, the recordings against the live model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from models.catalog import load
from models.core.loaded import LoadedModel
from models.home import sentence
from models.home.sentence import (
    MOST_TOKENS,
    RowTooLong,
    chosen,
    least_distance,
    of_text,
    pairs,
    stored,
)
from models.record import record
from tests.closeness import assert_close

WORDS = (True, False, False, False, False, True)  # [CLS] a b c d [SEP]


def one_row(query: int, row: Sequence[float]) -> np.ndarray:
    """(1, 6, 6): all rest on [CLS] but one, which has this row."""
    weights = np.zeros((1, 6, 6))
    weights[0, :, 0] = 1
    weights[0, query] = row
    return weights


@pytest.mark.parametrize(
    ("row", "largest"),
    [
        ([0.2, 0.0, 0.0, 0.0, 0.8, 0.0], 0.8 * 3 / 4),  # a → d, less what the average word gives d
        ([0.2, 0.0, 0.0, 0.3, 0.5, 0.0], 0.5 * 3 / 4),  # the largest alone
        ([0.2, 0.0, 0.8, 0.0, 0.0, 0.0], 0.0),  # a → b: a neighbour
        ([0.2, 0.8, 0.0, 0.0, 0.0, 0.0], 0.0),  # a → a
        ([0.2, 0.0, 0.0, 0.0, 0.0, 0.8], 0.0),  # a → [SEP]
    ],
)
def test_only_a_word_further_away_than_a_neighbour_counts(row: list[float], largest: float) -> None:
    found = sentence.excess(one_row(1, row), WORDS, 2)[0]
    assert found[1].max() == pytest.approx(largest)
    assert found[0].max() == found[5].max() == -1  # special tokens look at nothing that counts


def test_the_measure_is_a_mean_over_words() -> None:
    row = [0.2, 0.0, 0.0, 0.3, 0.5, 0.0]
    each = sentence.excess(one_row(1, row), WORDS, 2)[0].max(axis=1)[1:5]
    assert sentence.strengths(one_row(1, row), WORDS, 2).tolist() == [pytest.approx(each.mean())]


def test_where_all_words_look_at_one_none_has_one_of_its_own() -> None:
    same = np.zeros((1, 6, 6))
    same[0, :, 4] = 1
    own = np.zeros((1, 6, 6))
    own[0, range(6), [0, 3, 4, 1, 2, 0]] = 1
    assert sentence.strengths(same, WORDS, 2).tolist() == [0]
    assert sentence.strengths(own, WORDS, 2).tolist() == [0.75]


def test_the_rows_of_special_tokens_do_not_count() -> None:
    quiet, loud = one_row(0, [1, 0, 0, 0, 0, 0]), one_row(0, [0, 0, 0, 0, 1, 0])
    assert (
        sentence.strengths(loud, WORDS, 2).tolist() == sentence.strengths(quiet, WORDS, 2).tolist()
    )


def test_short_texts_count_what_they_have() -> None:
    assert least_distance(WORDS) == 2
    assert least_distance((True, False, False, True)) == 1
    assert least_distance((True, False, True)) == 0
    assert least_distance((True,)) == 0
    assert pairs((True, False, False), 1).tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert not pairs((True, False, True), 0).any()
    assert sentence.strengths(np.full((2, 3, 3), 1 / 3), (True, False, True), 0).tolist() == [0, 0]


def test_of_all_heads_the_strongest_is_shown(minilm: LoadedModel) -> None:
    text = "The animal did not cross the street because it was tired"
    trace = record(minilm, text)
    found = chosen(trace)
    each = {
        (block.layer, head): float(sentence.strengths(block.weights, trace.special, 2)[head])
        for block in trace.blocks
        for head in range(block.heads)
    }
    assert found.among == len(each) == 72
    assert each[found.layer, found.head] == found.strength == max(each.values())
    assert_close(found.weights, trace.block("encoder", found.layer).head(found.head).weights)
    assert found.tokens == trace.typed
    assert found.difference == trace.difference()
    assert found.difference.rounding


def test_it_opens_at_the_word_with_the_clearest_link(minilm: LoadedModel) -> None:
    found = of_text(minilm, "The dog that chased the cats was tired")
    beyond = sentence.excess(found.weights, found.special, 2)
    assert beyond[found.clearest].max() == beyond.max() > 0.3
    assert found.weights[3, found.strongest(3)] == found.weights[3].max()


@pytest.mark.parametrize(("text", "distance"), [("hello", 0), ("hello world", 1)])
def test_a_word_or_two_are_shown_too(minilm: LoadedModel, text: str, distance: int) -> None:
    found = of_text(minilm, text)
    assert found.distance == distance
    assert (found.strength > 0) == (distance > 0)
    assert not found.special[found.clearest]


@pytest.mark.parametrize("words", [MOST_TOKENS - 1, 2000])
def test_a_text_that_is_too_long_for_a_row_says_how_long_it_is(
    minilm: LoadedModel, words: int
) -> None:
    with pytest.raises(RowTooLong) as caught:
        of_text(minilm, "dog " * words)
    assert caught.value.details == {"length": words + 2, "limit": MOST_TOKENS}
    assert len(of_text(minilm, "dog " * (MOST_TOKENS - 2)).tokens) == MOST_TOKENS


@pytest.mark.parametrize(("family", "kind"), [("gpt2", "decoder"), ("t5", "encoder")])
def test_other_families_are_shown_by_their_first_attention(
    tiny_model: Callable[[str], LoadedModel], family: str, kind: str
) -> None:
    found = of_text(tiny_model(family), "a dog saw a cat")
    assert found.kind == kind
    assert found.weights.shape == (len(found.tokens),) * 2


@pytest.mark.parametrize(
    ("tokens", "goes_on"),
    [
        (("[CLS]", "play", "##ing", "##", "[SEP]"), (False, False, True, False, False)),
        (("[CLS]", "▁bahçe", "de", ".", "[SEP]"), (False, False, True, True, False)),
        (("The", "Ġdog", "s", "Ġ", "run"), (False, False, True, False, True)),
        (("a", "b", "c", "d", "e"), (False,) * 5),
    ],
)
def test_pieces_of_a_word_are_known_by_their_tokenizers_own_marks(
    tokens: tuple[str, ...], goes_on: tuple[bool, ...]
) -> None:
    assert sentence.joined(tokens, [token.startswith("[") for token in tokens]) == goes_on


@pytest.mark.parametrize("name", sorted(sentence.names()))
def test_a_recording_is_what_the_live_model_gives(name: str) -> None:
    kept = stored(name)
    live = of_text(load(kept.model_id), kept.text)
    for part in (
        "tokens",
        "special",
        "joined",
        "kind",
        "layer",
        "head",
        "distance",
        "among",
        "clearest",
    ):
        assert getattr(kept, part) == getattr(live, part), part
    assert_close(kept.weights, live.weights)
    assert kept.strength == pytest.approx(live.strength, abs=1e-5)
    assert kept.difference.rounding
    assert live.difference.rounding
    assert kept.recorded
    assert not live.recorded


def test_a_recording_is_written_as_it_is_read() -> None:
    kept = stored("en")
    again = sentence._read(sentence.written(kept, kept.recorded))
    assert_close(again.weights, kept.weights, 1e-6)
    for part in ("tokens", "special", "text", "strength", "difference", "recorded"):
        assert getattr(again, part) == getattr(kept, part)


def test_weights_of_another_sentence_are_refused() -> None:
    kept = stored("en")
    with pytest.raises(ValueError, match="tokens"):
        replace(kept, tokens=kept.tokens[1:])
