"""Shares of attention between two sentences."""

from __future__ import annotations

import numpy as np
import pytest

from models.bert.between import between
from models.record import record

SPECIAL = (True, False, False, True, False, True)
SEGMENTS = (0, 0, 0, 0, 1, 1)


def test_shares_are_means_over_words_of_what_goes_to_words_and_special_tokens() -> None:
    raw = np.random.default_rng(0).random((3, 6, 6))
    weights = (raw / raw.sum(axis=-1, keepdims=True)).astype(np.float32)
    found = between(weights, SPECIAL, SEGMENTS)
    for h in range(3):
        a = weights[h].astype(np.float64)
        rows = {0: (1, 2), 1: (4,)}
        columns = {0: (1, 2), 1: (4,), 2: (0, 3, 5)}
        for s, asking in rows.items():
            for k, asked in columns.items():
                true = sum(a[i, j] for i in asking for j in asked) / len(asking)
                assert found[h, s, k] == pytest.approx(true, abs=1e-6)
    assert np.allclose(found.sum(axis=2), 1, atol=1e-6)


def test_a_sentence_without_words_has_no_share() -> None:
    weights = np.full((1, 3, 3), 1 / 3, np.float32)
    found = between(weights, (True, False, True), (0, 0, 0))
    assert np.isnan(found[0, 1]).all()
    assert found[0, 0] == pytest.approx([1 / 3, 0, 2 / 3], abs=1e-6)


def test_marks_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="2 marks"):
        between(np.zeros((1, 3, 3), np.float32), (True, False), (0, 0))


def test_of_a_real_pair_three_shares_make_a_whole() -> None:
    trace = record("bert-mini", "The cat slept.", text_pair="It was tired.")
    for layer, block in enumerate(trace.blocks):
        found = between(trace.block("encoder", layer).weights, trace.special, trace.segments)
        assert found.shape == (block.heads, 2, 3)
        assert np.allclose(found.sum(axis=2), 1, atol=1e-5)
