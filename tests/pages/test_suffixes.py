"""Turkish suffixes by rule, against a list written by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.grammar.morphology import VOICELESS, VOWELS
from pages.ui.suffixes import ENDINGS, Wording, ending, spoken, wording
from viz.board.markup import filled, template

# case: what it is put on → as a Turkish speaker writes it.
BY_HAND = {
    "poss": "1’i 2’si 3’ü 4’ü 5’i 6’sı 7’si 8’i 9’u 0’ı 10’u 20’si 30’u 40’ı 50’si 60’ı 70’i 80’i "
    "90’ı 100’ü 1.000’i 12.000’i 1.000.000’u %15’i %40’ı %6’sı h’si k’si q’sü",
    "acc": "1’i 2’yi 3’ü 6’yı 9’u 10’u 40’ı 50’yi 100’ü 1.000’i 1.209’u k’yi h’yi σ’yı γ’yı x’i "
    "μ’yü",
    "dat": "1’e 2’ye 3’e 6’ya 9’a 10’a 40’a 100’e 0,85’e 1,00’a 0,6320’ye 0,30’a 0,5’e [CLS]’ye "
    "[SEP]’e <s>’ye 10⁻⁷’ye ∞’a",
    "loc": "1’de 2’de 3’te 4’te 5’te 6’da 9’da 10’da 40’ta 60’ta 70’te 80’de 100’de",
    "abl": "1’den 3’ten 4’ten 5’ten 6’dan 0,5857’den 0,02’den 49,52’den 40’tan k’den top-k’den "
    "n’den",
    "gen": "0’ın 1’in 2’nin 3’ün 4’ün 6’nın 9’un 10’un 30’un 40’ın 100’ün h’nin k’nin W_Q’nün "
    "QKᵀ’nin LSTM’in RNN’in BERT’in",
    "ins": "1’le 2’yle 3’le 6’yla 9’la 40’la h’yle",
    "poss_loc": "%15’inde %93’ünde %80’inde 4’ünde 6’sında 0’ında 20’sinde",
    "poss_acc": "%82’sini %40’ını %100’ünü 3’ünü 9’unu",
    "poss_abl": "19’undan 20’sinden 3’ünden",
    "ord": "1’inci 2’nci 3’üncü 4’üncü 6’ncı 9’uncu 10’uncu 40’ıncı 100’üncü k’inci n’inci x’inci",
    "is": "1’dir 3’tür 4’tür 6’dır 9’dur 40’tır 70’tir",
    "gen_is": "arkadaşları’nındır öğrenci’nindir 3’ündür",
}
CASES = [(case, *one.split("’")) for case, written in BY_HAND.items() for one in written.split()]


@pytest.mark.parametrize(("case", "text", "suffix"), CASES)
def test_a_suffix_is_what_a_speaker_writes(case: str, text: str, suffix: str) -> None:
    assert ending(text, case) == suffix


def test_the_list_is_long_enough_and_knows_every_case() -> None:
    assert len(CASES) >= 60
    assert {*BY_HAND, "poss_dat"} == ENDINGS.keys()


@given(st.integers(0, 10**15), st.sampled_from(sorted(ENDINGS)))
def test_a_numbers_last_word_decides_alone(number: int, case: str) -> None:
    """1.234.005 ends as 5 does, however long it is and however it is grouped."""
    digits = str(number)
    last = int(digits[-1])
    assert ending(f"{number:,}".replace(",", "."), case) == ending(digits, case)
    if last:
        assert ending(digits, case) == ending(str(last), case) == ending(f"0,{digits}", case)
    elif number % 100:
        assert ending(digits, case) == ending(str(number % 100), case)


@given(st.text(max_size=12), st.sampled_from(sorted(ENDINGS)))
def test_whatever_a_visitor_types_takes_a_suffix_that_agrees_with_it(text: str, case: str) -> None:
    suffix, said = ending(text, case), spoken(text)
    back = next(c for c in reversed(said) if c in VOWELS) in "aıou"
    vowels = [c for c in suffix if c in VOWELS]
    assert suffix
    assert all((c in "aıou") == back for c in vowels)
    if case in ("loc", "abl"):
        assert (suffix[0] == "t") == (said[-1] in VOICELESS)


def test_a_sentence_names_the_case_and_the_number_decides() -> None:
    said = Wording("{layer:gen} h’si, {share:poss_loc}, {n:.2f} {word}")
    filled_in = said.format(layer=3, share="%15", n=0.5, word="su")
    assert filled_in == "3’ün h’si, %15’inde, 0.50 su"
    assert said.format(layer=2, share="%40", n=1, word="su").startswith("2’nin h’si, %40’ında")


def test_a_count_in_a_sentence_is_grouped_as_its_language_does() -> None:
    said = wording(".")("{n:dat} {m} {p} {q} {typed}")
    assert (
        said.format(n=12345, m=999, p=-11999, q=True, typed="2026")
        == "12.345’e 999 −11.999 True 2026"
    )
    assert filled(said, n=10000, m=0, p=1, q=2, typed="<") == "10.000’e 0 1 2 &lt;"
    assert wording(",")("{n}").format(n=11990) == "11,990"


def test_in_html_the_word_decides_and_not_its_tags() -> None:
    token = template("<bdi class='tok'>{{ word }}</bdi>")
    said = Wording("<{a:gen}> & {b:dat}")
    assert filled(said, a=token(word="<s>"), b="<6>") == (
        "&lt;<bdi class='tok'>&lt;s&gt;</bdi>’nin&gt; &amp; &lt;6&gt;’ya"
    )


def test_an_unknown_case_is_an_error() -> None:
    with pytest.raises(KeyError):
        ending("3", "vocative")
    with pytest.raises(ValueError, match="format"):
        Wording("{n:vocative}").format(n=3)
