"""The other training tasks: agreement, brackets, pairs of sentences, bare sequences."""

from __future__ import annotations

import math
from collections import Counter
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.grammar import agreement
from models.training import brackets, nextsentence, sequences

LANGUAGES = ("en", "tr")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("between", range(4))
def test_an_agreement_sentence_has_the_nouns_between_that_were_asked(
    language: str, between: int
) -> None:
    for sentence in islice(agreement.generate(1, language, between=between), 50):
        assert sentence.between == between
        assert sentence.words[sentence.verb] == sentence.right
        assert sentence.right not in sentence.wrong
        assert len(sentence.inside) == len(sentence.words)
        assert sentence.subject < sentence.verb
        assert not sentence.inside[sentence.verb]


def test_only_the_subject_tells_the_main_verbs_number() -> None:
    """Attractors of either number are as frequent beside either answer."""
    counts = Counter(
        (sentence.number, number)
        for sentence in islice(agreement.generate(2, "en"), 4000)
        for number in sentence.numbers
    )
    total = sum(counts.values())
    assert len(counts) == 4
    for times in counts.values():
        assert abs(times / total - 0.25) < 0.03


PRESENT = {"is", "are", "sleeps", "sleep", "sits", "sit", "runs", "run", "walks", "walk"}


def test_no_other_verb_shows_a_number() -> None:
    for sentence in islice(agreement.generate(3, "en"), 300):
        assert [w for w in sentence.words if w in PRESENT] == [sentence.right]


def test_turkish_verbs_agree_with_the_pronoun_and_offer_five_wrong_persons() -> None:
    endings = {"1sg": ("m",), "2sg": ("n",), "1pl": ("k", "z"), "2pl": ("z",), "3pl": ("r",)}
    for sentence in islice(agreement.generate(4, "tr"), 300):
        assert len(set(sentence.wrong)) == 5
        if sentence.person != "3sg":
            assert sentence.right.endswith(endings[sentence.person])


@pytest.mark.parametrize("language", LANGUAGES)
def test_agreement_is_the_same_for_the_same_seed_and_its_parts_share_no_beginning(
    language: str,
) -> None:
    first = [s.words for s in islice(agreement.generate(5, language), 20)]
    assert first == [s.words for s in islice(agreement.generate(5, language), 20)]
    heads: dict[tuple[str, ...], set[str]] = {}
    for sentence in islice(agreement.generate(6, language), 2000):
        heads.setdefault(sentence.words[: sentence.verb], set()).add(sentence.part)
    assert all(len(parts) == 1 for parts in heads.values())
    assert {part for parts in heads.values() for part in parts} == {"train", "validation", "test"}


def test_a_distance_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.\.3"):
        next(agreement.generate(1, "en", between=4))


def test_generated_brackets_are_balanced_and_never_too_deep() -> None:
    deepest = 0
    for word in islice(brackets.generate(1), 300):
        assert brackets.is_balanced(word.tokens)
        assert len(word.depth) == len(word.tokens) <= brackets.LONGEST
        deepest = max(deepest, *word.depth)
    assert deepest == brackets.DEEPEST


@pytest.mark.parametrize("word", ["", "(", ")", "(]", "([)]", "(((((())))))", "a", "()("])
def test_wrong_brackets_are_refused(word: str) -> None:
    assert not brackets.is_balanced(word)
    assert brackets.log_probability(word) == -math.inf


@given(st.integers(0, 10_000))
def test_a_bracket_words_probability_is_the_product_of_its_steps(seed: int) -> None:
    tokens = next(brackets.generate(seed, longest=20)).tokens
    steps = [brackets.next_probabilities(tokens[:i]) for i in range(len(tokens) + 1)]
    assert all(sum(step.values()) == pytest.approx(1) for step in steps)
    product = sum(math.log(step[token]) for step, token in zip(steps, (*tokens, ""), strict=True))
    assert brackets.log_probability(tokens) == pytest.approx(product)


@pytest.mark.parametrize("language", ["tr", "en"])
def test_a_true_pair_speaks_of_one_entity_and_a_false_one_of_two(
    language: nextsentence.Language,
) -> None:
    pairs = list(islice(nextsentence.generate(1, language, "train"), 600))
    assert abs(sum(pair.is_next for pair in pairs) / 600 - 0.5) < 0.1
    assert {pair.relation for pair in pairs} == {"next", "near", "far"}
    for pair in pairs:
        shared = (pair.entity.noun == pair.other.noun) + (
            pair.entity.adjective == pair.other.adjective
        )
        assert shared == {"next": 2, "near": 1, "far": 0}[pair.relation]
        assert pair.is_next == (pair.entity == pair.other)


def test_no_entity_of_the_test_is_ever_trained_on_but_each_of_its_words_is() -> None:
    for topic in range(len(nextsentence.TOPICS)):
        train, test = (nextsentence.entities(topic, part) for part in ("train", "test"))
        assert test
        assert not {e.key for e in train} & {e.key for e in test}
        assert {e.noun.lemma for e in test} <= {e.noun.lemma for e in train}
        assert {e.adjective.lemma for e in test} <= {e.adjective.lemma for e in train}


def test_the_entity_stands_in_both_sentences_in_the_right_case() -> None:
    pairs = islice(nextsentence.generate(2, "en", "test"), 100)
    for pair in pairs:
        assert f"{pair.entity.adjective.english} {pair.entity.noun.english}" in pair.first
        assert f"the {pair.other.adjective.english} {pair.other.noun.english}" in (
            pair.second[0].lower() + pair.second[1:]
        )


@pytest.mark.parametrize("distance", [0, 1, 50, 1000])
def test_recall_asks_at_its_end_for_the_symbol_at_its_beginning(distance: int) -> None:
    task = sequences.recall(1, 32, distance)
    assert task.inputs.shape == task.targets.shape == (32, distance + 2)
    assert (task.targets[:, -1] == task.inputs[:, 0]).all()
    assert (task.targets[:, :-1] == sequences.NOTHING).all()
    assert (task.inputs[:, 1:-1] >= 8).all()
    assert task.inputs.max() == task.tokens - 1


def test_copying_asks_for_all_symbols_in_order() -> None:
    task = sequences.copy(1, 16, 5)
    assert (task.targets[:, 6:] == task.inputs[:, :5]).all()
    assert (task.targets[:, :6] == sequences.NOTHING).all()


def test_the_second_half_repeats_the_first() -> None:
    task = sequences.repeated(1, 8, 20, tokens=50)
    assert (task.inputs[:, :20] == task.inputs[:, 20:]).all()
    assert (task.targets[:, :-1] == task.inputs[:, 1:]).all()
    assert np.unique(task.inputs).size > 40


@pytest.mark.parametrize("make", [sequences.recall, sequences.copy])
def test_a_seed_gives_the_same_sequences(make: type) -> None:
    once, again, other = make(1, 4, 6), make(1, 4, 6), make(2, 4, 6)
    assert (once.inputs == again.inputs).all()
    assert (once.inputs != other.inputs).any()


def test_impossible_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        sequences.recall(1, 1, -1)
    with pytest.raises(ValueError, match="1 or more"):
        sequences.copy(1, 1, 0)
    with pytest.raises(ValueError, match="2 tokens or more"):
        sequences.repeated(1, 1, 1, tokens=5)
