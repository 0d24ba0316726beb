"""Gold translations and alignments: drawn once, parsed anew, brought to a model's pieces."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalog import load
from models.core.tokens import named
from models.grammar.grammar import derivations, split_of
from models.recording.vocabulary import unmet
from models.seq2seq.record import translate
from models.training import examples as drawing
from models.translation.reference import cells, examples, of_sentence, right, spelled, words_of
from pages.registry import topic


def test_the_examples_are_what_the_grammar_draws_for_that_seed() -> None:
    assert drawing.drawn() == examples()


def test_no_example_was_in_a_training_part_and_all_are_what_their_names_say() -> None:
    for name, example in examples().items():
        (pair,) = derivations(example.source, "tr")
        assert split_of(pair) == "test"
        assert drawing.RULES[name](pair)


def test_the_page_begins_with_the_example_whose_order_crosses() -> None:
    example = examples()["crossing"]
    assert topic("seq2seq").defaults["text"] == example.source
    links = sorted(example.sure)
    assert any(a[1] > b[1] for a, b in combinations(links, 2) if a[0] < b[0])


@pytest.mark.parametrize("text", ["Kedi balığı yedi.", "  Kedi   balığı yedi. "])
def test_any_sentence_of_the_grammar_has_its_gold(text: str) -> None:
    found = of_sentence(text)
    assert found is not None
    assert found.target == "The cat ate the fish."
    assert {(1, 0), (2, 2), (4, 1)} <= found.sure
    assert found.sure.isdisjoint(found.possible)
    assert found.length == 3


@pytest.mark.parametrize("text", ["", "merhaba", "Kedi balığı yedi", "<b>", "a " * 400, "?"])
def test_what_the_grammar_does_not_make_has_none(text: str) -> None:
    assert of_sentence(text) is None


def test_an_example_says_what_parsing_it_says() -> None:
    example = examples()["possessor"]
    (pair,) = derivations(example.source, "tr")
    assert frozenset(pair.alignment) == example.sure
    assert frozenset(pair.possible) == example.sure | example.possible


def test_pieces_of_a_right_translation_get_every_gold_link() -> None:
    example = examples()["crossing"]
    trace = translate("seq2seq", example.source)
    sources, rows = words_of(trace.source), words_of(trace.predicted)
    assert tuple(spelled(trace.source)) == example.source_words
    assert tuple(spelled(trace.predicted)) == example.target_words
    found = cells(example, trace.source, trace.predicted)
    assert found.steps == len(trace.predicted.tokens)
    assert {(rows[t], sources[s]) for t, s in found.sure} == example.sure
    assert {(rows[t], sources[s]) for t, s in found.possible} == example.possible


def test_after_the_first_word_that_is_not_gold_no_row_has_gold() -> None:
    example = examples()["crossing"]
    trace = translate("seq2seq", example.source)
    words = ("▁You", "▁went", "▁away", "▁the", "</s>")
    found = cells(example, trace.source, named(words, (False,) * 4 + (True,)))
    assert found.steps == 2
    assert found.sure
    assert max(step for step, _ in found.sure) < 2
    assert cells(example, trace.source, named(("▁Your",))).steps == 0
    assert cells(example, named(trace.tokens[1:], trace.special[1:]), named(words)).steps == 0


WORDS = st.lists(st.sampled_from("abc"), max_size=7)


@given(WORDS, WORDS)
def test_right_words_are_a_longest_common_part(written: list[str], wanted: list[str]) -> None:
    marks = right(written, wanted)
    kept = [word for word, good in zip(written, marks, strict=True) if good]
    left = iter(wanted)
    assert all(word in left for word in kept)
    longer = combinations(written, len(kept) + 1)
    assert not any(all(word in rest for word in some) for some in longer if (rest := iter(wanted)))


def test_letters_that_were_never_a_piece_of_their_own_are_unmet() -> None:
    found = unmet(load("seq2seq"))
    assert {"<unk>", "▁", "B", "g"} <= found
    assert not {"▁kedi", "</s>", ".", "▁The"} & found


def test_a_targets_numbers_are_those_of_its_words() -> None:
    trace = translate("seq2seq", "Kedi uyudu.", target="The cat slept.")
    assert trace.expected is not None
    assert tuple(trace.vocabulary[i] for i in trace.written.ids) == trace.expected.typed
