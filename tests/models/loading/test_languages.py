"""Translators between many languages: which ones is chosen and told, and no mark is a word."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sentencepiece
import torch
import transformers
from transformers import AutoTokenizer
from transformers.models.mbart.modeling_mbart import shift_tokens_right

from models.catalog import load
from models.core.loaded import Languages, LoadedModel
from models.core.tokens import language_ids
from models.errors import UnknownLanguage
from models.heads.eager import between_against_eager
from models.record import record, record_between
from tests.models import tiny

LETTERS = "▁abcdefghijklmnopqrstuvwxyz"
NUMBERS = {"pad_token_id": 1, "eos_token_id": 2, "bos_token_id": 0, "decoder_start_token_id": 2}


def saved(folder: Path, words: Any, name: str, rows: int) -> Path:
    # With wider weights scores are so large that one processor's rounding passes the check's limit.
    numbers = NUMBERS | {"vocab_size": rows, "init_std": tiny.SPREAD / 2}
    options = tiny.FAMILIES["marian"].options | numbers
    torch.manual_seed(0)
    config = getattr(transformers, f"{name}Config")(**options)
    getattr(transformers, f"{name}ForConditionalGeneration")(config).save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


def scored(folder: Path, name: str, **languages: str) -> Path:
    """MBart or MBart50: a vocabulary with scores."""
    names = ("<s>", "<pad>", "</s>", "<unk>", *LETTERS, "en_XX", "tr_TR", "ro_RO", "<mask>")
    vocabulary = [(token, -float(i)) for i, token in enumerate(names)]
    words = getattr(transformers, name)(vocab=vocabulary, **languages)
    return saved(folder, words, "MBart", len(words))


def merged(folder: Path, **languages: str) -> Path:
    """NLLB: a vocabulary with numbers."""
    names = ("<s>", "<pad>", "</s>", "<unk>", *LETTERS)
    numbers = {token: i for i, token in enumerate(names)}
    words = transformers.NllbTokenizer(vocab=numbers, merges=[], **languages)
    return saved(folder, words, "M2M100", len(words))


def in_python(folder: Path, **languages: str) -> Path:
    """M2M100: no file of the tokenizers library, languages beside the vocabulary."""
    corpus, prefix = folder / "corpus.txt", folder / "sentencepiece.bpe"
    corpus.write_text("\n".join(tiny.CORPUS * 3))
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(prefix), vocab_size=70, minloglevel=2
    )
    pieces = sentencepiece.SentencePieceProcessor(f"{prefix}.model")
    names = ["<s>", "<pad>", "</s>", "<unk>"]
    names += [pieces.id_to_piece(i) for i in range(3, pieces.get_piece_size())]
    (folder / "vocab.json").write_text(json.dumps({name: i for i, name in enumerate(names)}))
    words = transformers.M2M100Tokenizer(str(folder / "vocab.json"), f"{prefix}.model", **languages)
    return saved(folder, words, "M2M100", len(names) + len(words.lang_code_to_id) + 8)


TRANSLATORS: dict[str, Callable[..., Path]] = {
    "m2m100": in_python,
    "mbart": partial(scored, name="MBartTokenizer"),
    "mbart50": partial(scored, name="MBart50Tokenizer"),
    "nllb": merged,
}
ENGLISH = {"m2m100": "en", "mbart": "en_XX", "mbart50": "en_XX", "nllb": "eng_Latn"}
TURKISH = {"m2m100": "tr", "mbart": "tr_TR", "mbart50": "tr_TR", "nllb": "tur_Latn"}
MARK = {"m2m100": "__tr__"}  # where the token is not the code itself


@pytest.fixture(params=TRANSLATORS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_languages_that_no_file_names_are_chosen_and_told(kind: str, tmp_path: Path) -> None:
    loaded = load(str(TRANSLATORS[kind](tmp_path)))
    assert loaded.languages == Languages(ENGLISH[kind], ENGLISH[kind], chosen=True)


def test_languages_that_its_files_name_are_those(kind: str, tmp_path: Path) -> None:
    names = {"src_lang": ENGLISH[kind], "tgt_lang": TURKISH[kind]}
    loaded = load(str(TRANSLATORS[kind](tmp_path, **names)))
    assert loaded.languages == Languages(ENGLISH[kind], TURKISH[kind], chosen=False)


def test_marks_that_a_fine_tune_added_are_no_languages(kind: str, tmp_path: Path) -> None:
    folder = TRANSLATORS[kind](tmp_path, src_lang=ENGLISH[kind], tgt_lang=TURKISH[kind])
    plain = load(str(folder)).languages
    words = AutoTokenizer.from_pretrained(folder)
    words.add_special_tokens(
        {"additional_special_tokens": [*words.additional_special_tokens, "<dialog>"]}
        if hasattr(words, "additional_special_tokens")
        else {"extra_special_tokens": [*words.extra_special_tokens, "<dialog>"]}
    )
    words.save_pretrained(folder)
    again = AutoTokenizer.from_pretrained(folder)
    assert "<dialog>" in again.all_special_tokens
    assert plain is not None
    assert set(language_ids(again)) == set(plain.known)
    assert {ENGLISH[kind], TURKISH[kind]} <= set(language_ids(again))


def test_what_the_settings_write_first_names_the_target(tmp_path: Path) -> None:
    folder = scored(tmp_path, "MBart50Tokenizer", src_lang="en_XX")
    number = load(str(folder)).tokenizer.convert_tokens_to_ids("ro_RO")
    tiny.settings(folder, "generation_config.json", forced_bos_token_id=number)
    assert load(str(folder)).languages == Languages("en_XX", "ro_RO", chosen=False)


@pytest.mark.parametrize("target", [None, "the cat"])
def test_the_target_begins_with_its_language(kind: str, target: str | None, tmp_path: Path) -> None:
    names = {"src_lang": ENGLISH[kind], "tgt_lang": TURKISH[kind]}
    trace = record(load(str(TRANSLATORS[kind](tmp_path, **names))), "a cat", target=target)
    assert trace.target_tokens is not None
    mark = MARK.get(kind, TURKISH[kind])
    assert mark in trace.target_tokens[:2]
    assert (trace.target_tokens[0] == mark) == (kind == "mbart")


def test_mbarts_target_is_moved_as_the_library_moves_it(tmp_path: Path) -> None:
    loaded = load(str(scored(tmp_path, "MBartTokenizer", src_lang="en_XX", tgt_lang="tr_TR")))
    trace = record(loaded, "a cat", target="the cat")
    labels = loaded.tokenizer(text_target="the cat", return_tensors="pt")["input_ids"]
    moved = shift_tokens_right(labels, loaded.model.config.pad_token_id)[0].tolist()
    assert trace.target_side is not None
    assert trace.target_tokens is not None
    assert list(trace.target_side.ids) == moved
    assert (trace.target_tokens[0], trace.target_tokens[-1]) == ("tr_TR", "</s>")


def test_a_languages_mark_is_no_word(kind: str, tmp_path: Path) -> None:
    loaded = load(str(TRANSLATORS[kind](tmp_path)))
    trace = record(loaded, "a cat")
    sides = (trace.source, trace.target_side)
    marks = [spelled for side in sides for spelled in _specials(loaded, side)]
    assert all(special for _, special in marks)
    assert len(marks) >= 2
    assert not all(trace.source.special)


def _specials(loaded: LoadedModel, side: Any) -> list[tuple[str, bool]]:
    """(token, is it special) of a side's language marks."""
    codes = {"en", "en_XX", "eng_Latn", "__en__"}
    return [pair for pair in zip(side.tokens, side.special, strict=True) if pair[0] in codes]


def test_a_model_of_one_language_has_no_marks(tiny_model: Callable[[str], LoadedModel]) -> None:
    assert tiny_model("marian").languages is None
    assert tiny_model("bert").languages is None


def test_other_languages_are_those_of_a_folder_that_names_them(kind: str, tmp_path: Path) -> None:
    usual, other = ENGLISH[kind], TURKISH[kind]
    for name in ("free", "named"):
        (tmp_path / name).mkdir()
    loaded = load(str(TRANSLATORS[kind](tmp_path / "free")))
    names = {"src_lang": other, "tgt_lang": usual}
    named = load(str(TRANSLATORS[kind](tmp_path / "named", **names)))
    for target in (None, "the cat"):
        before = record(loaded, "a cat", target=target)
        asked = record_between(loaded, (other, usual), "a cat", target=target)
        same = record(named, "a cat", target=target)
        assert asked.languages == same.languages == (other, usual)
        assert asked.tokens == same.tokens != before.tokens
        assert asked.target_tokens == same.target_tokens
        assert asked.block("cross", 0).output.tolist() == same.block("cross", 0).output.tolist()
        # Nobody else's translation has changed its languages.
        assert record(loaded, "a cat", target=target).key == before.key != asked.key
    both = record_between(loaded, (other, other), "a cat")
    mark = MARK.get(kind, other)
    assert mark in (both.target_tokens or ())[:2]


def test_a_language_that_the_model_does_not_mark_is_refused(kind: str, tmp_path: Path) -> None:
    loaded = load(str(TRANSLATORS[kind](tmp_path)))
    known = loaded.languages.known if loaded.languages else ()
    assert {ENGLISH[kind], TURKISH[kind]} <= set(known)
    for pair in (("xx", ENGLISH[kind]), (ENGLISH[kind], "")):
        with pytest.raises(UnknownLanguage):
            record_between(loaded, pair, "a cat")


def test_a_model_of_one_language_leaves_none_to_choose(
    tiny_model: Callable[[str], LoadedModel],
) -> None:
    with pytest.raises(UnknownLanguage):
        record_between(tiny_model("marian"), ("en", "tr"), "a cat")


def test_another_language_passes_the_eager_check(kind: str, tmp_path: Path) -> None:
    loaded = load(str(TRANSLATORS[kind](tmp_path)))
    pair = (TURKISH[kind], ENGLISH[kind])
    assert between_against_eager(loaded, pair, "a cat", None).passed
