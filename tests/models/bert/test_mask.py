"""Places hidden one by one, against transformers' own outputs for the same pieces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, BertForPreTraining

from models.bert.mask import MOST_ASKED, masked_text
from models.core.loaded import LoadedModel
from models.errors import NoHead, TextTooLong
from models.measured import CHECKPOINTS
from tests.closeness import CLOSE, assert_close

FOLDER = str(CHECKPOINTS / "bert-mini")
A, B = "The old car is in the garden.", "The neighbour saw the old car."


@pytest.fixture(scope="module")
def plain() -> BertForPreTraining:
    """The same weights as transformers alone opens them, in float64."""
    return BertForPreTraining.from_pretrained(FOLDER).double().eval()


def says(plain: BertForPreTraining, masked: Sequence[int], text: str, pair: str) -> np.ndarray:
    """(place, vocabulary): its logits with those places masked."""
    tokenizer = AutoTokenizer.from_pretrained(FOLDER)
    inputs = tokenizer(text, pair or None, return_tensors="pt")
    inputs["input_ids"][0, list(masked)] = tokenizer.mask_token_id
    with torch.inference_mode():
        return np.asarray(plain(**inputs).prediction_logits[0])


@pytest.mark.parametrize("masked", [(), (2,), (2, 3, 12)])
@pytest.mark.parametrize("pair", ["", B])
def test_each_place_read_and_hidden_is_what_the_model_itself_says(
    plain: BertForPreTraining, masked: tuple[int, ...], pair: str
) -> None:
    found = masked_text("bert-mini", A, pair, masked=masked)
    inside = tuple(i for i in masked if i < len(found.tokens) and not found.special[i])
    assert found.masked == inside
    assert set(found.read) == set(range(len(found.tokens)))
    for place in (1, 2, 3, len(found.tokens) - 2):
        read = says(plain, [i for i in inside if i != place], A, pair)[place]
        hidden = says(plain, sorted({*inside, place}), A, pair)[place]
        assert np.abs(found.read[place].logits - read).max() <= 2e-4
        assert np.abs(found.hidden[place].logits - hidden).max() <= 2e-4
        own = found.stood[place]
        shares = [np.exp(z - z.max()) / np.exp(z - z.max()).sum() for z in (read, hidden)]
        assert found.shares(place) == pytest.approx([s[own] for s in shares], abs=1e-5)
        assert found.hidden[place].rank(own) == 1 + (hidden > hidden[own]).sum()


def test_a_logit_is_the_sum_of_its_features_times_the_words_row() -> None:
    found = masked_text("bert-mini", A, B, masked=(3,))
    answer = found.hidden[3]
    made = answer.features.astype(np.float64) @ found.weight.T.astype(np.float64) + found.bias
    assert_close(made, answer.logits)
    assert found.difference().relative <= CLOSE
    assert found.logit(answer, 7) == pytest.approx(made[7], abs=1e-9)
    assert found.vocabulary[found.stood[3]] == "▁car"


def test_of_a_typed_mask_nobody_knows_what_stood_there() -> None:
    found = masked_text("bert-mini", "The old [MASK] is in the garden.")
    (place,) = found.masked
    assert found.stood[place] == -1
    assert found.shares(place) is None
    assert_close(found.read[place].logits, found.hidden[place].logits)


def test_special_tokens_and_places_that_are_not_there_are_left_alone() -> None:
    found = masked_text("bert-mini", A, B, masked=(0, 3, 999))
    assert found.masked == (3,)


def test_of_a_long_text_one_place_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.bert.mask.MOST_ASKED", 8)
    whole, one = masked_text("bert-mini", "The cat slept."), masked_text("bert-mini", A, B, place=5)
    assert len(whole.read) == len(whole.tokens) <= 8
    assert list(one.read) == list(one.hidden) == [5]
    monkeypatch.undo()
    every = masked_text("bert-mini", A, B)
    assert_close(every.hidden[5].logits, one.hidden[5].logits)
    assert MOST_ASKED >= 64


def test_small_batches_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    large = masked_text("bert-mini", A, B)
    monkeypatch.setattr("models.bert.mask._NUMBERS", 1)
    small = masked_text("bert-mini", A, B)
    for place in large.read:
        assert_close(large.hidden[place].logits, small.hidden[place].logits)


def test_a_model_without_a_head_says_so(minilm: LoadedModel) -> None:
    with pytest.raises(NoHead):
        masked_text(minilm, A)
    with pytest.raises(TextTooLong):
        masked_text("bert-mini", "the cat " * 60)
    assert masked_text("bert-mini", "the cat " * 60, cut=True).cut
