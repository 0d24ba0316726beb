"""Inflected nouns, with the right answers written down by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.grammar.lexicon import NAMES, NOUNS
from models.grammar.morphology import (
    CASES,
    PERSONS,
    VOICELESS,
    VOWELS,
    Case,
    Person,
    Stem,
    noun,
    spelled,
    stem,
    turkish_capital,
    turkish_lower,
)

# stem : accusative dative locative ablative genitive with
CASE_TABLE = """
ev       : evi eve evde evden evin evle
okul     : okulu okula okulda okuldan okulun okulla
göz      : gözü göze gözde gözden gözün gözle
kız      : kızı kıza kızda kızdan kızın kızla
araba    : arabayı arabaya arabada arabadan arabanın arabayla
kedi     : kediyi kediye kedide kediden kedinin kediyle
komşu    : komşuyu komşuya komşuda komşudan komşunun komşuyla
ütü      : ütüyü ütüye ütüde ütüden ütünün ütüyle
kapı     : kapıyı kapıya kapıda kapıdan kapının kapıyla
kitap    : kitabı kitaba kitapta kitaptan kitabın kitapla
ağaç     : ağacı ağaca ağaçta ağaçtan ağacın ağaçla
çocuk    : çocuğu çocuğa çocukta çocuktan çocuğun çocukla
köpek    : köpeği köpeğe köpekte köpekten köpeğin köpekle
mektup   : mektubu mektuba mektupta mektuptan mektubun mektupla
balık    : balığı balığa balıkta balıktan balığın balıkla
"""
CASE_COLUMNS: tuple[Case, ...] = ("acc", "dat", "loc", "abl", "gen", "ins")

# Words of the lexicon whose stem does something that the rule does not say.
IRREGULAR_TABLE = """
park    : parkı parka parkta parktan parkın parkla
saat    : saati saate saatte saatten saatin saatle
su      : suyu suya suda sudan suyun suyla
şehir   : şehri şehre şehirde şehirden şehrin şehirle
oğul    : oğlu oğla oğulda oğuldan oğlun oğulla
ağız    : ağzı ağza ağızda ağızdan ağzın ağızla
resim   : resmi resme resimde resimden resmin resimle
kurt    : kurdu kurda kurtta kurttan kurdun kurtla
armut   : armudu armuda armutta armuttan armudun armutla
top     : topu topa topta toptan topun topla
süt     : sütü süte sütte sütten sütün sütle
et      : eti ete ette etten etin etle
at      : atı ata atta attan atın atla
bisiklet: bisikleti bisiklete bisiklette bisikletten bisikletin bisikletle
uçak    : uçağı uçağa uçakta uçaktan uçağın uçakla
"""

# Stems that the lexicon may hold one day: bound shape and harmony given by hand.
GIVEN = {
    "burun": stem("burun", "burn"),
    "renk": stem("renk", "reng"),
    "kalp": stem("kalp", "kalb", front=True),
    "rol": stem("rol", front=True),
    "devlet": stem("devlet"),
    "hukuk": stem("hukuk", "hukuk"),
    "kanat": stem("kanat", "kanad"),
}
GIVEN_TABLE = """
burun  : burnu burna burunda burundan burnun burunla
renk   : rengi renge renkte renkten rengin renkle
kalp   : kalbi kalbe kalpte kalpten kalbin kalple
rol    : rolü role rolde rolden rolün rolle
devlet : devleti devlete devlette devletten devletin devletle
hukuk  : hukuku hukuka hukukta hukuktan hukukun hukukla
kanat  : kanadı kanada kanatta kanattan kanadın kanatla
"""

# stem : my your her our your(pl.) their
POSSESSIVE_TABLE = """
ev      : evim evin evi evimiz eviniz evleri
araba   : arabam araban arabası arabamız arabanız arabaları
kitap   : kitabım kitabın kitabı kitabımız kitabınız kitapları
köpek   : köpeğim köpeğin köpeği köpeğimiz köpeğiniz köpekleri
su      : suyum suyun suyu suyumuz suyunuz suları
saat    : saatim saatin saati saatimiz saatiniz saatleri
oğul    : oğlum oğlun oğlu oğlumuz oğlunuz oğulları
göl     : gölüm gölün gölü gölümüz gölünüz gölleri
"""

# stem, plural, possessor, case → form
CHAINS: list[tuple[str, bool, Person | None, Case, str]] = [
    ("ev", False, "3sg", "loc", "evinde"),
    ("ev", False, "3sg", "abl", "evinden"),
    ("ev", False, "3sg", "dat", "evine"),
    ("ev", False, "3sg", "ins", "eviyle"),
    ("ev", False, "1sg", "loc", "evimde"),
    ("ev", True, "1pl", "abl", "evlerimizden"),
    ("ev", True, "3pl", "loc", "evlerinde"),
    ("kitap", False, "3sg", "acc", "kitabını"),
    ("kitap", False, "2sg", "acc", "kitabını"),
    ("kitap", True, "3sg", "acc", "kitaplarını"),
    ("kitap", True, None, "gen", "kitapların"),
    ("araba", False, "3sg", "gen", "arabasının"),
    ("araba", True, "2pl", "dat", "arabalarınıza"),
    ("oda", False, "3sg", "loc", "odasında"),
    ("çocuk", True, None, "dat", "çocuklara"),
    ("anne", False, "1sg", "gen", "annemin"),
    ("baba", False, "2sg", "dat", "babana"),
    ("köpek", True, "1sg", "acc", "köpeklerimi"),
    ("su", False, "3sg", "acc", "suyunu"),
    ("oğul", False, "1sg", "dat", "oğluma"),
    ("şehir", True, None, "abl", "şehirlerden"),
    ("saat", True, None, "loc", "saatlerde"),
    ("yüz", False, "3sg", "acc", "yüzünü"),
    ("diş", True, "3sg", "acc", "dişlerini"),
    ("kapı", False, "3pl", "acc", "kapılarını"),
]

NAMES_TABLE = """
Ayşe   : Ayşe'yi Ayşe'ye Ayşe'de Ayşe'den Ayşe'nin Ayşe'yle
İrem   : İrem'i İrem'e İrem'de İrem'den İrem'in İrem'le
Işıl   : Işıl'ı Işıl'a Işıl'da Işıl'dan Işıl'ın Işıl'la
Zeynep : Zeynep'i Zeynep'e Zeynep'te Zeynep'ten Zeynep'in Zeynep'le
Umut   : Umut'u Umut'a Umut'ta Umut'tan Umut'un Umut'la
"""


def rows(table: str) -> list[tuple[str, list[str]]]:
    """The lines of a table as (word, right answers)."""
    lines = [line.split(":") for line in table.strip().splitlines()]
    return [(word.strip(), answers.split()) for word, answers in lines]


def known(word: str) -> Stem:
    """The lexicon's stem, or one that follows the rule alone."""
    return NOUNS[word].stem if word in NOUNS else GIVEN.get(word) or stem(word)


@pytest.mark.parametrize(
    ("word", "answers"), rows(CASE_TABLE) + rows(IRREGULAR_TABLE) + rows(GIVEN_TABLE)
)
def test_every_case_of_a_noun_is_spelled_right(word: str, answers: list[str]) -> None:
    made = ["".join(noun(known(word), case=case)) for case in CASE_COLUMNS]
    assert made == answers


@pytest.mark.parametrize(("word", "answers"), rows(POSSESSIVE_TABLE))
def test_every_possessor_of_a_noun_is_spelled_right(word: str, answers: list[str]) -> None:
    assert ["".join(noun(known(word), possessor=p)) for p in PERSONS] == answers


@pytest.mark.parametrize(("word", "plural", "possessor", "case", "answer"), CHAINS)
def test_suffixes_follow_one_another_right(
    word: str, plural: bool, possessor: Person | None, case: Case, answer: str
) -> None:
    assert "".join(noun(known(word), plural=plural, possessor=possessor, case=case)) == answer


@pytest.mark.parametrize(("name", "answers"), rows(NAMES_TABLE))
def test_a_name_keeps_its_spelling_and_takes_an_apostrophe(name: str, answers: list[str]) -> None:
    stem_ = NAMES[name].stem
    assert ["".join(noun(stem_, case=case)) for case in CASE_COLUMNS] == answers


def test_the_tables_hold_at_least_150_forms_of_nouns_alone() -> None:
    tables = (CASE_TABLE, IRREGULAR_TABLE, GIVEN_TABLE, POSSESSIVE_TABLE, NAMES_TABLE)
    assert sum(len(answers) for table in tables for _, answers in rows(table)) >= 150


def test_morphs_show_where_each_suffix_begins() -> None:
    chain = noun(NOUNS["kitap"].stem, plural=True, possessor="1pl", case="abl")
    assert chain == ("kitap", "lar", "ımız", "dan")
    assert noun(NOUNS["kitap"].stem, possessor="3sg", case="acc") == ("kitab", "ı", "nı")


def test_a_name_has_no_plural_here() -> None:
    with pytest.raises(ValueError, match="name"):
        noun(NAMES["Ali"].stem, plural=True)


def test_a_word_without_vowels_takes_no_suffix() -> None:
    with pytest.raises(ValueError, match="no vowel"):
        spelled("pst", "lAr")


def test_dotted_and_dotless_i_stay_apart() -> None:
    assert turkish_lower("IŞIK İRİS") == "ışık iris"
    assert (turkish_capital("iki"), turkish_capital("ışık")) == ("İki", "Işık")


words = st.text("abcçdefgğhıijklmnoöprsştuüvyz", min_size=2, max_size=9).filter(
    lambda word: any(letter in VOWELS for letter in word)
)


@given(words, st.sampled_from(CASES), st.booleans(), st.sampled_from((None, *PERSONS)))
def test_no_two_vowels_ever_meet_at_a_suffix(
    word: str, case: Case, plural: bool, possessor: Person | None
) -> None:
    morphs = noun(stem(word), plural=plural, possessor=possessor, case=case)
    for before, after in pairwise(morphs):
        assert not (before[-1] in VOWELS and after[0] in VOWELS)


@given(words, st.sampled_from(("lAr", "DA", "DAn", "(y)A", "(n)In", "(s)I", "(I)mIz")))
def test_a_suffix_agrees_with_the_vowel_before_it(word: str, suffix: str) -> None:
    last = [letter for letter in word if letter in VOWELS][-1]
    first = next(letter for letter in spelled(word, suffix) if letter in VOWELS)
    assert (last in "aıou") == (first in "aıou")
    if "A" not in suffix:
        assert (last in "oöuü") == (first in "oöuü")


@given(words)
def test_d_hardens_after_a_voiceless_letter_only(word: str) -> None:
    assert (spelled(word, "DA")[0] == "t") == (word[-1] in VOICELESS)
