"""Finding words: Turkish and English capitals, letters without marks, each alphabet's order."""

from __future__ import annotations

import pytest

from models.glossary.search import alphabetical, lowered, search

NAMES = [
    {"en": "beam width", "tr": "ışın genişliği"},
    {"en": "prompt", "tr": "istem"},
    {"en": "induction head", "tr": "tümevarım başlığı"},
    {"en": "IN GATE", "tr": "İÇ KAPI"},
]
SENTENCES = [
    {"en": "Keeps the best.", "tr": "En iyileri tutar."},
    {"en": "What is given to a model.", "tr": "Modele verilen."},
    {"en": "Copies.", "tr": "Kopyalar."},
    {"en": "Shut or open.", "tr": "Açık ya da kapalı."},
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("IŞIN", [0]),
        ("Işın", [0]),
        ("İSTEM", [1]),
        ("istem", [1]),
        ("INDUCTION", [2]),
        ("tümevarım", [2]),
        ("TÜMEVARIM", [2]),
        ("iç", [3]),
        ("in gate", [3]),
        ("  beam ", [0]),
    ],
)
def test_a_name_is_found_however_its_letters_are_written(query: str, found: list[int]) -> None:
    assert search(query, NAMES, SENTENCES) == found


def test_a_dot_tells_words_apart_where_both_are_there() -> None:
    """ı and i are two letters: only who finds nothing is asked to mean the other."""
    names = [{"tr": "sınır"}, {"tr": "sinir"}]
    assert search("sınır", names, SENTENCES) == search("SINIR", names, SENTENCES) == [0]
    assert search("sinir", names, SENTENCES) == search("SİNİR", names, SENTENCES) == [1]
    assert search("sinir", names[:1], SENTENCES) == [0]


@pytest.mark.parametrize("query", ["isin genisligi", "tumevarim", "TUMEVARIM"])
def test_who_has_no_turkish_keyboard_finds_turkish_words(query: str) -> None:
    assert len(search(query, NAMES, SENTENCES)) == 1


def test_sentences_are_searched_where_no_name_is_found() -> None:
    assert search("kopya", NAMES, SENTENCES) == [2]
    assert search("open", NAMES, SENTENCES) == [3]
    assert search("zebra", NAMES, SENTENCES) == []


def test_nothing_typed_finds_everything_in_its_order() -> None:
    assert search("", NAMES, SENTENCES) == search("  ", NAMES, SENTENCES) == [0, 1, 2, 3]


def test_each_language_has_its_own_small_letters() -> None:
    assert lowered("IŞIK İZİ", "tr") == "ışık izi"
    assert lowered("INPUT", "en") == "input"


def test_each_alphabet_has_its_order() -> None:
    turkish = ["cam", "çan", "ısı", "iz", "önek", "ot", "şal", "su"]
    shuffled = ["şal", "iz", "çan", "su", "ot", "ısı", "cam", "önek"]
    in_order = sorted(shuffled, key=lambda word: alphabetical(word, "tr"))
    assert in_order == ["cam", "çan", "ısı", "iz", "ot", "önek", "su", "şal"]
    assert set(in_order) == set(turkish)
    assert sorted(["Zebra", "apple", "[MASK]"], key=lambda w: alphabetical(w, "en")) == [
        *("[MASK]", "apple", "Zebra")
    ]
    german = sorted(["Zug", "Ärger", "Arm"], key=lambda w: alphabetical(w, "de"))
    assert german == ["Arm", "Ärger", "Zug"]
