"""What BERT's heads say, against transformers' own outputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers

from models.bert.heads import fills_masks, judges_pairs
from models.bert.mask import masked_text
from models.bert.next import judged
from models.catalog import load
from models.core.loaded import LoadedModel
from models.errors import BrokenNumbers, EmptyText, NoHead
from models.recording.ranking import probabilities
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
    words = masked_text(both, A, pair)
    asked = tokenizer(A, (pair or "").strip() or None, return_tensors="pt")
    with torch.inference_mode():
        logits = model(**asked).prediction_logits[0]
    made = np.stack([words.read[place].logits for place in range(len(words.tokens))])
    assert made.shape == (asked["input_ids"].shape[1], len(tokenizer) + 3)
    assert float(np.abs(made - logits.numpy()).max()) <= 1e-5 * float(logits.abs().max())
    difference = np.abs(probabilities(made) - logits.softmax(-1).numpy()).max()
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
    assert judged(both, A, pair).probability == pytest.approx(
        float(scores.softmax(-1)[0]), abs=1e-6
    )


def test_a_typed_mask_is_the_mask_token_wherever_it_stands(both: LoadedModel) -> None:
    words = masked_text(both, A, B)
    assert [words.tokens[place] for place in words.masked] == ["[MASK]", "[MASK]"]
    assert [words.segments[place] for place in words.masked] == [0, 1]
    assert words.typed[words.masked[0]] == "[MASK]"
    assert masked_text(both, "Kedi uyudu.").masked == ()


def test_the_record_cannot_be_written_to(both: LoadedModel) -> None:
    words = masked_text(both, A)
    with pytest.raises(ValueError, match="read-only"):
        words.read[0].logits[0] = 1.0


def test_a_model_without_the_head_says_so(
    minilm: LoadedModel, tiny_model: Callable[[str], LoadedModel]
) -> None:
    for model in (minilm, tiny_model("gpt2"), load("induction")):
        assert not fills_masks(model)
        assert not judges_pairs(model)
        with pytest.raises(NoHead):
            masked_text(model, "The cat")
        with pytest.raises(NoHead):
            judged(model, "The cat", "slept.")


def test_a_blank_second_sentence_is_no_question(both: LoadedModel) -> None:
    with pytest.raises(EmptyText):
        judged(both, A, " \u200b")


def test_a_folder_with_the_masked_word_head_alone_fills_masks(tmp_path: Path) -> None:
    loaded = pretrained(tmp_path, transformers.BertForMaskedLM)
    words = masked_text(loaded, "the [MASK] was tired")
    assert words.masked == (2,)
    assert len(words.read[0].logits) == len(words.vocabulary) == len(loaded.tokenizer) + 3
    assert words.vocabulary[-1] == f"<{len(loaded.tokenizer) + 2}>"
    assert not judges_pairs(loaded)


def test_a_folder_with_both_heads_keeps_both(tmp_path: Path) -> None:
    loaded = pretrained(tmp_path, transformers.BertForPreTraining)
    assert (loaded.has_head, fills_masks(loaded), judges_pairs(loaded)) == (True, True, True)
    assert 0 < judged(loaded, "the cat", "was tired").probability < 1


def test_numbers_that_are_none_are_not_shown(tmp_path: Path) -> None:
    loaded = pretrained(tmp_path, transformers.BertForPreTraining)
    with torch.no_grad():
        loaded.model.cls.predictions.bias.fill_(torch.nan)
        loaded.model.cls.seq_relationship.bias.fill_(torch.inf)
    with pytest.raises(BrokenNumbers):
        masked_text(loaded, "the [MASK]")
    with pytest.raises(BrokenNumbers):
        judged(loaded, "the cat", "was tired")
