"""Probabilities of the next word: softmax of the model's own scores, none left out."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.catalog import load
from models.lstm.record import run
from models.recording.ranking import likeliest, likely_groups, probabilities, total, vocabulary

WORDS = ("a", "b", "c", "d", "e", "f")
ONE = np.array([0.1, 3.0, -2.0, 2.0, 0.0, 90.0], np.float32)
OTHER = ONE[::-1].copy()


def softmax(scores: np.ndarray) -> np.ndarray:
    """torch's own, in float64."""
    return torch.from_numpy(scores).double().softmax(0).numpy()


def test_probabilities_are_the_scores_softmax() -> None:
    np.testing.assert_allclose(probabilities(ONE), softmax(ONE), atol=1e-12)
    np.testing.assert_allclose(
        probabilities(np.stack((ONE, OTHER))), [softmax(ONE), softmax(OTHER)], atol=1e-12
    )
    assert probabilities(np.array([1e4, -1e4], np.float32)).tolist() == [1.0, 0.0]


def test_the_likeliest_come_first_with_their_share_in_every_network() -> None:
    found = likeliest([ONE, OTHER], WORDS, most=3)
    assert [one.word for one in found] == ["f", "b", "d"]
    for one in found:
        assert one.logits == (ONE[one.id], OTHER[one.id])
        np.testing.assert_allclose(
            one.probabilities, [softmax(s)[one.id] for s in (ONE, OTHER)], atol=1e-12
        )


def test_a_word_that_must_not_be_missing_takes_the_last_place() -> None:
    assert [one.word for one in likeliest([ONE], WORDS, most=3, also=2)] == ["f", "b", "c"]
    assert [one.word for one in likeliest([ONE], WORDS, most=3, also=1)] == ["f", "b", "d"]


def test_a_group_has_what_its_words_have() -> None:
    assert total(ONE, [1, 3]) == pytest.approx(softmax(ONE)[[1, 3]].sum())


def test_groups_that_have_most_come_first_and_none_where_all_have_little() -> None:
    groups = {"one": [1], "two": [3, 5], "three": [0]}
    found = likely_groups([ONE, OTHER], groups, most=2, least=0.1)
    everyone = {name: [total(one, ids) for one in (ONE, OTHER)] for name, ids in groups.items()}
    ranked = sorted(everyone, key=lambda name: -max(everyone[name]))
    assert list(found) == ranked[:2]
    assert all(found[name] == everyone[name] for name in found)
    assert likely_groups([ONE, OTHER], groups, most=2, least=1.1) == {}


def test_every_row_of_a_models_scores_has_a_name() -> None:
    names = vocabulary(load("memory-lstm"))
    trace = run("memory-lstm", "ABC?")
    assert trace.logits is not None
    assert len(names) == trace.logits.shape[1]
    assert names[:3] == ("<unk>", "A", "B")
