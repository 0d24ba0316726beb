"""Turkish verbs and predicates, with the right answers written down by hand."""

from __future__ import annotations

import pytest

from models.grammar.conjugation import (
    Tense,
    adjective_predicate,
    object_participle,
    subject_participle,
    verb_form,
)
from models.grammar.lexicon import VERBS
from models.grammar.morphology import PERSONS, Person, Stem, stem

# verb, tense, negative, question : ben sen o biz siz onlar
VERB_TABLE = """
gel past    + . : geldim, geldin, geldi, geldik, geldiniz, geldiler
gel past    - . : gelmedim, gelmedin, gelmedi, gelmedik, gelmediniz, gelmediler
gel past    + ? : geldim mi, geldin mi, geldi mi, geldik mi, geldiniz mi, geldiler mi
gel present + . : geliyorum, geliyorsun, geliyor, geliyoruz, geliyorsunuz, geliyorlar
gel present - . : gelmiyorum, gelmiyorsun, gelmiyor, gelmiyoruz, gelmiyorsunuz, gelmiyorlar
gel present + ? : geliyor muyum, geliyor musun, geliyor mu, geliyor muyuz, geliyor musunuz, geliyorlar mı
gel future  + . : geleceğim, geleceksin, gelecek, geleceğiz, geleceksiniz, gelecekler
gel future  - . : gelmeyeceğim, gelmeyeceksin, gelmeyecek, gelmeyeceğiz, gelmeyeceksiniz, gelmeyecekler
gel future  + ? : gelecek miyim, gelecek misin, gelecek mi, gelecek miyiz, gelecek misiniz, gelecekler mi
git past    + . : gittim, gittin, gitti, gittik, gittiniz, gittiler
git present + . : gidiyorum, gidiyorsun, gidiyor, gidiyoruz, gidiyorsunuz, gidiyorlar
git future  + . : gideceğim, gideceksin, gidecek, gideceğiz, gideceksiniz, gidecekler
git future  - . : gitmeyeceğim, gitmeyeceksin, gitmeyecek, gitmeyeceğiz, gitmeyeceksiniz, gitmeyecekler
oku past    + ? : okudum mu, okudun mu, okudu mu, okuduk mu, okudunuz mu, okudular mı
oku present + . : okuyorum, okuyorsun, okuyor, okuyoruz, okuyorsunuz, okuyorlar
oku future  + . : okuyacağım, okuyacaksın, okuyacak, okuyacağız, okuyacaksınız, okuyacaklar
ye  present + . : yiyorum, yiyorsun, yiyor, yiyoruz, yiyorsunuz, yiyorlar
ye  future  + . : yiyeceğim, yiyeceksin, yiyecek, yiyeceğiz, yiyeceksiniz, yiyecekler
ye  past    - ? : yemedim mi, yemedin mi, yemedi mi, yemedik mi, yemediniz mi, yemediler mi
ye  present - . : yemiyorum, yemiyorsun, yemiyor, yemiyoruz, yemiyorsunuz, yemiyorlar
gör past    + . : gördüm, gördün, gördü, gördük, gördünüz, gördüler
gör present - ? : görmüyor muyum, görmüyor musun, görmüyor mu, görmüyor muyuz, görmüyor musunuz, görmüyorlar mı
yüz past    + . : yüzdüm, yüzdün, yüzdü, yüzdük, yüzdünüz, yüzdüler
aç  past    + . : açtım, açtın, açtı, açtık, açtınız, açtılar
"""  # noqa: E501

# verb: third person present, that of the negative, third person future
THIRD_TABLE = """
bekle : bekliyor beklemiyor bekleyecek
oyna  : oynuyor oynamıyor oynayacak
izle  : izliyor izlemiyor izleyecek
söyle : söylüyor söylemiyor söyleyecek
ağla  : ağlıyor ağlamıyor ağlayacak
yürü  : yürüyor yürümüyor yürüyecek
uyu   : uyuyor uyumuyor uyuyacak
taşı  : taşıyor taşımıyor taşıyacak
yıka  : yıkıyor yıkamıyor yıkayacak
tat   : tadıyor tatmıyor tadacak
kaybet: kaybediyor kaybetmiyor kaybedecek
kapat : kapatıyor kapatmıyor kapatacak
unut  : unutuyor unutmuyor unutacak
düş   : düşüyor düşmüyor düşecek
kork  : korkuyor korkmuyor korkacak
"""

# verb: -(y)An, its negative, -DIK with o, with ben, negative with biz
PARTICIPLE_TABLE = """
ye    : yiyen yemeyen yediği yediğim yemediğimiz
gör   : gören görmeyen gördüğü gördüğüm görmediğimiz
oku   : okuyan okumayan okuduğu okuduğum okumadığımız
git   : giden gitmeyen gittiği gittiğim gitmediğimiz
aç    : açan açmayan açtığı açtığım açmadığımız
kaybet: kaybeden kaybetmeyen kaybettiği kaybettiğim kaybetmediğimiz
bekle : bekleyen beklemeyen beklediği beklediğim beklemediğimiz
"""

# adjective, past, negative, question : ben sen o biz siz onlar
PREDICATE_TABLE = """
yorgun present + . : yorgunum, yorgunsun, yorgun, yorgunuz, yorgunsunuz, yorgunlar
yorgun present + ? : yorgun muyum, yorgun musun, yorgun mu, yorgun muyuz, yorgun musunuz, yorgunlar mı
yorgun past    + . : yorgundum, yorgundun, yorgundu, yorgunduk, yorgundunuz, yorgundular
yorgun past    + ? : yorgun muydum, yorgun muydun, yorgun muydu, yorgun muyduk, yorgun muydunuz, yorgunlar mıydı
mutlu  present + . : mutluyum, mutlusun, mutlu, mutluyuz, mutlusunuz, mutlular
mutlu  past    + . : mutluydum, mutluydun, mutluydu, mutluyduk, mutluydunuz, mutluydular
küçük  present + . : küçüğüm, küçüksün, küçük, küçüğüz, küçüksünüz, küçükler
küçük  past    + . : küçüktüm, küçüktün, küçüktü, küçüktük, küçüktünüz, küçüktüler
hasta  present - . : hasta değilim, hasta değilsin, hasta değil, hasta değiliz, hasta değilsiniz, hasta değiller
hasta  past    - ? : hasta değil miydim, hasta değil miydin, hasta değil miydi, hasta değil miydik, hasta değil miydiniz, hasta değiller miydi
"""  # noqa: E501


def written(forms: tuple[tuple[str, ...], ...]) -> str:
    return " ".join("".join(morphs) for morphs in forms)


def paradigms(table: str) -> list[tuple[str, str, bool, bool, list[str]]]:
    made = []
    for line in table.strip().splitlines():
        left, right = line.split(" : ")
        word, tense, polarity, mark = left.split()
        made.append((word, tense, polarity == "-", mark == "?", right.split(", ")))
    return made


@pytest.mark.parametrize(
    ("word", "tense", "negative", "question", "answers"), paradigms(VERB_TABLE)
)
def test_a_verb_is_conjugated_right(
    word: str, tense: Tense, negative: bool, question: bool, answers: list[str]
) -> None:
    base = VERBS[word].stem
    made = [verb_form(base, tense, p, negative=negative, question=question) for p in PERSONS]
    assert [written(form) for form in made] == answers


def rows(table: str) -> list[tuple[str, list[str]]]:
    lines = [line.split(":") for line in table.strip().splitlines()]
    return [(word.strip(), answers.split()) for word, answers in lines]


@pytest.mark.parametrize(("word", "answers"), rows(THIRD_TABLE))
def test_vowels_narrow_and_consonants_soften_before_a_suffix(word: str, answers: list[str]) -> None:
    base = VERBS[word].stem
    present = verb_form(base, "present", "3sg")
    negative = verb_form(base, "present", "3sg", negative=True)
    future = verb_form(base, "future", "3sg")
    assert [written(present), written(negative), written(future)] == answers


@pytest.mark.parametrize(("word", "answers"), rows(PARTICIPLE_TABLE))
def test_participles_are_spelled_right(word: str, answers: list[str]) -> None:
    base = VERBS[word].stem
    made = [
        subject_participle(base),
        subject_participle(base, negative=True),
        object_participle(base, "3sg"),
        object_participle(base, "1sg"),
        object_participle(base, "1pl", negative=True),
    ]
    assert ["".join(morphs) for morphs in made] == answers


@pytest.mark.parametrize(
    ("word", "tense", "negative", "question", "answers"), paradigms(PREDICATE_TABLE)
)
def test_an_adjective_as_predicate_is_right(
    word: str, tense: str, negative: bool, question: bool, answers: list[str]
) -> None:
    def form(person: Person) -> str:
        past = tense == "past"
        made = adjective_predicate(
            stem(word), person, past=past, negative=negative, question=question
        )
        return written(made)

    assert [form(person) for person in PERSONS] == answers


def test_the_verb_de_narrows_like_ye() -> None:
    de = Stem("de", "de")
    made = [verb_form(de, tense, "3sg") for tense in ("past", "present", "future")]
    assert [written(form) for form in made] == ["dedi", "diyor", "diyecek"]
    assert "".join(subject_participle(de)) == "diyen"


def test_negation_is_a_morph_of_its_own() -> None:
    git = VERBS["git"].stem
    assert verb_form(git, "future", "1sg", negative=True) == (("git", "me", "yeceğ", "im"),)
    assert verb_form(git, "present", "1sg", negative=True) == (("git", "m", "iyor", "um"),)
