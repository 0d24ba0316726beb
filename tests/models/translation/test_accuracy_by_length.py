"""Accuracy by length, as the training script wrote it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from models.catalog import CATALOG, card_folder
from models.translation.accuracy_by_length import FILE, by_length
from tests.present import present

MODELS = pytest.mark.parametrize("model", ["seq2seq", "seq2seq-fixed"])


@MODELS
def test_every_figure_is_the_files_own(model: str) -> None:
    stored = json.loads((card_folder(CATALOG[model]) / FILE).read_text("utf-8"))
    found = present(by_length(model))
    for name, column in stored.items():
        assert list(getattr(found, name)) == column


@MODELS
def test_shares_are_shares_of_that_many_sentences(model: str) -> None:
    found = present(by_length(model))
    for share, count, distinct in zip(found.exact, found.sentences, found.distinct, strict=True):
        assert abs(share * count - round(share * count)) < 1e-6
        assert 0 < distinct <= count


def test_both_networks_were_measured_on_the_same_sentences() -> None:
    one, other = present(by_length("seq2seq")), present(by_length("seq2seq-fixed"))
    assert (one.words, one.sentences, one.distinct) == (
        other.words,
        other.sentences,
        other.distinct,
    )


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="entry"):
        replace(present(by_length("seq2seq")), exact=(1.0,))
