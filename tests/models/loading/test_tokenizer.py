"""Tokens are those of the folder's own tokenizer.json, and every one has its embedding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from models.catalog import load
from models.core.loaded import LoadedModel
from models.errors import NoTokenizer, OtherTokens, TokenWithoutEmbedding
from models.loading import tokenizer as tokenizers_of_folders
from models.loading.tokenizer import PROBES
from tests.models import tiny
from tests.models.loading.conftest import CopyOf, Refusal

TEXTS = (*PROBES, tiny.SENTENCE, "7 8 99 100", "  ", "\n\n", "ΑΒΓ ß ŉ", "😀😀 in 2024")
FILE = "tokenizer.json"


def as_in_file(loaded: LoadedModel, folder: Path) -> None:
    """Every text has the numbers that the file itself gives it."""
    written = Tokenizer.from_file(str(folder / FILE))
    for text in TEXTS:
        assert loaded.tokenizer(text)["input_ids"] == written.encode(text).ids


def changed(folder: Path, **parts: Any) -> Path:
    return tiny.settings(folder, FILE, **parts)


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GPT-2 whose own file splits digits; its vocabulary has whole numbers, too."""
    folder = tmp_path_factory.mktemp("digits")
    words = Tokenizer(models.BPE())
    words.pre_tokenizer = byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    words.train_from_iterator(["in 2024 2024"] * 9, trainer)
    singly = pre_tokenizers.Digits(individual_digits=True)
    words.pre_tokenizer = pre_tokenizers.Sequence([singly, byte_level])
    end = "<|endoftext|>"
    transformers.PreTrainedTokenizerFast(
        tokenizer_object=words, bos_token=end, eos_token=end, unk_token=end
    ).save_pretrained(folder)
    options = tiny.FAMILIES["gpt2"].options | {"vocab_size": words.get_vocab_size()}
    transformers.GPT2LMHeadModel(transformers.GPT2Config(**options)).save_pretrained(folder)
    return folder


CLASSES = (
    *("GPT2Tokenizer", "LlamaTokenizer", "BertTokenizer", "RobertaTokenizer", "T5Tokenizer"),
    *("WhisperTokenizer", "ByT5Tokenizer", "PreTrainedTokenizerFast", "NoSuchTokenizer"),
)


@pytest.mark.parametrize("name", CLASSES)
def test_another_class_does_not_change_the_files_tokens(name: str, digits: Path) -> None:
    tiny.settings(digits, "tokenizer_config.json", tokenizer_class=name)
    loaded = load(str(digits))
    as_in_file(loaded, digits)
    assert loaded.encode("in 2024").tokens == ("in", "Ġ", "2", "0", "2", "4")


@pytest.mark.parametrize("settings", [{"add_prefix_space": True}, {"do_lower_case": True}])
def test_a_setting_beside_the_file_does_not_change_its_tokens(
    settings: dict[str, Any], digits: Path
) -> None:
    tiny.settings(digits, "tokenizer_config.json", tokenizer_class="GPT2Tokenizer", **settings)
    as_in_file(load(str(digits)), digits)


@pytest.mark.parametrize("family", ["bert", "roberta", "llama", "t5"])
def test_an_ordinary_folder_reads_as_its_file_says(family: str, copy_of: CopyOf) -> None:
    folder = copy_of(family)
    as_in_file(load(str(folder)), folder)


def test_a_file_that_cuts_and_pads_reads_whole_texts_here(copy_of: CopyOf) -> None:
    folder = copy_of("bert")
    cut = {"direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0}
    fill: dict[str, Any] = {"strategy": {"Fixed": 4}, "direction": "Right"}
    fill |= {"pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}
    loaded = load(str(changed(folder, truncation=cut, padding=fill)))
    assert len(loaded.encode("the animal was too tired").ids) > 4
    assert len(loaded.encode("the").ids) == 3


def test_where_nothing_reads_as_the_file_does_the_text_is_named(
    digits: Path, refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny.settings(digits, "tokenizer_config.json", tokenizer_class="GPT2Tokenizer")
    monkeypatch.setattr(
        tokenizers_of_folders, "PreTrainedTokenizerFast", transformers.AutoTokenizer
    )
    tiny.settings(digits, "config.json", note="written to")  # else it is the one in memory
    found = refusal(digits, OtherTokens)
    assert found.details == {"name": "GPT2Tokenizer", "text": "in 2024"}


def test_a_template_with_a_token_that_has_no_embedding_is_refused(
    copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = copy_of("bert")
    template = json.loads((folder / FILE).read_text())["post_processor"]
    template["special_tokens"]["[CLS]"]["ids"] = [5000]
    found = refusal(changed(folder, post_processor=template), TokenWithoutEmbedding)
    assert (found.details["id"], found.details["last"]) == (5000, 194)


def test_an_added_token_that_has_no_embedding_is_refused(copy_of: CopyOf, refusal: Refusal) -> None:
    folder = copy_of("bert")
    added = json.loads((folder / FILE).read_text())["added_tokens"]
    added.append({**added[-1], "id": 195, "content": "zzz", "special": False})
    found = refusal(changed(folder, added_tokens=added), TokenWithoutEmbedding)
    assert found.details == {"token": "zzz", "id": 195, "last": 194}


def test_a_vocabulary_with_a_gap_does_not_hide_a_token_beyond_the_table(
    copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = copy_of("bert")
    model = json.loads((folder / FILE).read_text())["model"]
    word = max(model["vocab"], key=lambda one: model["vocab"][one])
    model["vocab"][word] = 5000
    found = refusal(changed(folder, model=model), TokenWithoutEmbedding)
    assert found.details == {"token": word, "id": 5000, "last": 194}


def test_a_vocabulary_larger_than_the_table_is_refused(copy_of: CopyOf, refusal: Refusal) -> None:
    folder = tiny.settings(copy_of("bert"), vocab_size=50)
    name = "embeddings.word_embeddings.weight"
    tiny.weights(folder, lambda t: t.update({name: t[name][:50]}))
    found = refusal(folder, TokenWithoutEmbedding)
    assert (found.details["id"], found.details["last"]) == (194, 49)


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"model": 5}', "[" * 100_000])
def test_a_tokenizer_that_cannot_be_read_is_said_with_what_lies_there(
    content: str | None, copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = copy_of("bert")
    (folder / FILE).unlink()
    if content is not None:
        (folder / FILE).write_text(content)
    assert "config.json" in str(refusal(folder, NoTokenizer).details["files"])
