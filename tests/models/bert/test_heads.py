"""What BERT's heads say, against transformers' own outputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers

from models.bert.heads import fills_masks, judges_pairs, masked_words, next_sentence
from models.catalog import load
from models.core.loaded import LoadedModel
from models.errors import BrokenNumbers, EmptyText, NoHead
from tests.models import tiny

A, B = "Ayşe dün [MASK] bir araba aldı.", "Komşu [MASK] arabayı gördü."


def pretrained(folder: Path, family: type) -> LoadedModel:
    """A tiny BERT of a visitor's own, with random heads."""
    words = tiny.tokenizer("wordpiece")
    torch.manual_seed(0)
    options = tiny.FAMILIES["bert"].options
    family(transformers.BertConfig(vocab_size=len(words) + 3, **options)).save_pretrained(folder)
    words.save_pretrained(folder)
    return load(str(folder))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """A BERT with both heads, random weights."""
    return pretrained(tmp_path_factory.mktemp("both"), transformers.BertForPreTraining)


@pytest.fixture(scope="module")
def own(both: LoadedModel) -> tuple[torch.nn.Module, transformers.PreTrainedTokenizerFast]:
    """The same folder as transformers alone opens it, without our attention."""
    folder = both.card.id
    model = transformers.BertForPreTraining.from_pretrained(folder)
    return model.eval(), transformers.AutoTokenizer.from_pretrained(folder)


@pytest.mark.parametrize("pair", [None, "  ", B])
def test_scores_for_masked_words_are_those_of_transformers(
    both: LoadedModel,
    own: tuple[torch.nn.Module, transformers.PreTrainedTokenizerFast],
    pair: str | None,
) -> None:
    model, tokenizer = own
    words = masked_words(both, A, pair)
    asked = tokenizer(A, (pair or "").strip() or None, return_tensors="pt")
    with torch.inference_mode():
        logits = model(**asked).prediction_logits[0]
    assert words.logits.shape == (asked["input_ids"].shape[1], len(tokenizer) + 3)
    assert float(np.abs(words.logits - logits.numpy()).max()) <= 1e-5 * float(logits.abs().max())
    difference = np.abs(words.probabilities - logits.softmax(-1).numpy()).max()
    assert float(difference) <= 1e-6
    assert words.tokens == tuple(tokenizer.convert_ids_to_tokens(asked["input_ids"][0]))
    assert words.vocabulary[: len(tokenizer)] == tuple(
        tokenizer.convert_ids_to_tokens(range(len(tokenizer)))
    )


@pytest.mark.parametrize("pair", [B, "Ali yeşil elmayı kesti.", "Yes?"])
def test_the_next_sentence_is_as_likely_as_transformers_says(
    both: LoadedModel,
    own: tuple[torch.nn.Module, transformers.PreTrainedTokenizerFast],
    pair: str,
) -> None:
    model, tokenizer = own
    with torch.inference_mode():
        scores = model(**tokenizer(A, pair, return_tensors="pt")).seq_relationship_logits[0]
    assert next_sentence(both, A, pair) == pytest.approx(float(scores.softmax(-1)[0]), abs=1e-6)


def test_a_typed_mask_is_the_mask_token_wherever_it_stands(both: LoadedModel) -> None:
    words = masked_words(both, A, B)
    assert [words.tokens[place] for place in words.masked] == ["[MASK]", "[MASK]"]
    assert [words.segments[place] for place in words.masked] == [0, 1]
    assert words.typed[words.masked[0]] == "[MASK]"
    assert masked_words(both, "Kedi uyudu.").masked == ()


def test_the_best_guesses_come_likeliest_first(
    both: LoadedModel,
) -> None:
    words = masked_words(both, A)
    guesses = words.best(words.masked[0], 5)
    row = words.probabilities[words.masked[0]]
    assert guesses[0].piece == words.vocabulary[int(row.argmax())]
    assert [g.probability for g in guesses] == sorted(row, reverse=True)[:5]
    assert row.sum() == pytest.approx(1, abs=1e-5)
    with pytest.raises(IndexError):
        words.best(len(words.tokens))


def test_the_record_cannot_be_written_to(both: LoadedModel) -> None:
    words = masked_words(both, A)
    with pytest.raises(ValueError, match="read-only"):
        words.logits[0, 0] = 1.0


def test_a_model_without_the_head_says_so(
    minilm: LoadedModel, tiny_model: Callable[[str], LoadedModel]
) -> None:
    for model in (minilm, tiny_model("gpt2"), load("induction")):
        assert not fills_masks(model)
        assert not judges_pairs(model)
        with pytest.raises(NoHead):
            masked_words(model, "The cat")
        with pytest.raises(NoHead):
            next_sentence(model, "The cat", "slept.")


def test_a_blank_second_sentence_is_no_question(both: LoadedModel) -> None:
    with pytest.raises(EmptyText):
        next_sentence(both, A, " \u200b")


def test_a_folder_with_the_masked_word_head_alone_fills_masks(tmp_path: Path) -> None:
    loaded = pretrained(tmp_path, transformers.BertForMaskedLM)
    words = masked_words(loaded, "the [MASK] was tired")
    assert words.masked == (2,)
    assert words.logits.shape[1] == len(words.vocabulary) == len(loaded.tokenizer) + 3
    assert words.vocabulary[-1] == f"<{len(loaded.tokenizer) + 2}>"
    assert not judges_pairs(loaded)


def test_a_folder_with_both_heads_keeps_both(tmp_path: Path) -> None:
    loaded = pretrained(tmp_path, transformers.BertForPreTraining)
    assert (loaded.has_head, fills_masks(loaded), judges_pairs(loaded)) == (True, True, True)
    assert 0 < next_sentence(loaded, "the cat", "was tired") < 1


def test_numbers_that_are_none_are_not_shown(tmp_path: Path) -> None:
    loaded = pretrained(tmp_path, transformers.BertForPreTraining)
    with torch.no_grad():
        loaded.model.cls.predictions.bias.fill_(torch.nan)
        loaded.model.cls.seq_relationship.bias.fill_(torch.inf)
    with pytest.raises(BrokenNumbers):
        masked_words(loaded, "the [MASK]")
    with pytest.raises(BrokenNumbers):
        next_sentence(loaded, "the cat", "was tired")
