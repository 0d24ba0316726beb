"""The tokenizer: stems and suffixes as pieces, nothing lost, the same every time."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.grammar.grammar import generate
from models.training import tokenizer as t
from models.training.morphs import segmented

PAIRS = 1500


@lru_cache(maxsize=1)
def trained() -> Any:
    return t.train(PAIRS)


def round_trip(text: str) -> str:
    tokenizer = trained()
    return str(tokenizer.decode(tokenizer(text)["input_ids"], skip_special_tokens=True))


@pytest.mark.parametrize(
    "text",
    [
        "İki Işık ığdır.",
        "Şoför güzel çiçekleri İrem'e verdi.",
        "ıIiİ ğĞ şŞ çÇ öÖ üÜ",
        "The teachers' books are old.",
        "I saw Ayşe's cat.",
        "ILIK iLİK",
    ],
)
def test_text_comes_back_letter_by_letter(text: str) -> None:
    assert round_trip(text) == text


@given(st.lists(st.text("abcçdefgğhıijklmnoöprsştuüvyzİIŞÇ'", min_size=1), min_size=1, max_size=6))
def test_any_turkish_letters_come_back(words: list[str]) -> None:
    assert round_trip(" ".join(words)) == " ".join(words)


def test_generated_sentences_come_back_in_both_languages() -> None:
    for pair in islice(generate(77), 60):
        assert round_trip(pair.source) == pair.source
        assert round_trip(pair.target) == pair.target


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("çocuklarımız", ["▁çocuk", "lar", "ımız"]),
        ("gelmeyeceğiz", ["▁gel", "me", "yeceğ", "iz"]),
        ("kitabımı", ["▁kitab", "ım", "ı"]),
        ("bahçede", ["▁bahçe", "de"]),
        ("okuyan", ["▁oku", "yan"]),
    ],
)
def test_suffixes_are_pieces(word: str, pieces: list[str]) -> None:
    assert trained().tokenize(word) == pieces


def test_most_turkish_words_are_cut_where_their_morphs_meet() -> None:
    words = [w for pair in islice(generate(78), 300) for w in pair.source_words[1:-1]]
    gold = [["▁" + segmented(word)[0], *segmented(word)[1:]] for word in words]
    right = sum(trained().tokenize(w) == g for w, g in zip(words, gold, strict=True))
    assert right / len(words) > 0.95


def test_a_letter_from_elsewhere_is_unknown() -> None:
    assert trained().unk_token_id in trained()("kedi 猫")["input_ids"]
    assert trained().unk_token_id not in trained()("bilgisayar")["input_ids"]


def test_special_tokens_stand_first_and_a_text_ends_with_its_mark() -> None:
    tokenizer = trained()
    assert tokenizer.convert_ids_to_tokens([0, 1, 2]) == list(t.SPECIAL)
    assert tokenizer("Kedi uyudu.")["input_ids"][-1] == tokenizer.eos_token_id == 1
    assert (tokenizer.pad_token_id, tokenizer.unk_token_id) == (0, 2)


def test_training_again_gives_the_same_vocabulary() -> None:
    first, again = (t.vocabulary(t.counted(islice(generate(1, "train"), 300))) for _ in range(2))
    assert first == again
    assert len({piece for piece, _ in first}) == len(first)


def test_a_saved_folder_reads_back_the_same(tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    t.save(trained(), tmp_path)
    again = AutoTokenizer.from_pretrained(str(tmp_path))
    for pair in islice(generate(79), 20):
        assert again(pair.source)["input_ids"] == trained()(pair.source)["input_ids"]
        assert again(pair.target)["input_ids"] == trained()(pair.target)["input_ids"]


def test_pieces_know_their_words() -> None:
    for pair in islice(generate(80), 60):
        for words in (pair.source_words, pair.target_words):
            ids, owners = t.word_of_pieces(trained(), words)
            assert len(ids) == len(owners)
            assert owners[-1] is None
            rebuilt = [
                trained().decode([i for i, o in zip(ids, owners, strict=True) if o == number])
                for number in range(len(words))
            ]
            assert [text.strip() for text in rebuilt] == list(words)
