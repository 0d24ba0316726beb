"""English forms, with the right answers written down by hand."""

from __future__ import annotations

import pytest

from models.grammar import english as en
from models.grammar.lexicon import NOUNS, VERBS

PLURALS = """
çocuk children, kadın women, adam men, fare mice, kurt wolves, balık fish, diş teeth, ayak feet,
şehir cities, otobüs buses, kutu boxes, saat watches, domates tomatoes, bıçak knives, kedi cats,
bardak glasses, elbise dresses, anahtar keys, komşu neighbours, teyze aunts
"""
# base past third ing
VERB_FORMS = """
ye eat ate eats eating
git go went goes going
koş run ran runs running
otur sit sat sits sitting
yüz swim swam swims swimming
kes cut cut cuts cutting
sev love loved loves loving
taşı carry carried carries carrying
ağla cry cried cries crying
gör see saw sees seeing
yaz write wrote writes writing
aç open opened opens opening
unut forget forgot forgets forgetting
yıka wash washed washes washing
izle watch watched watches watching
çiz draw drew draws drawing
oyna play played plays playing
oku read read reads reading
"""
# tense, subject, negative → the whole verb
FINITE: list[tuple[str, en.Tense, str, bool, str]] = [
    ("ye", "past", "she", False, "ate"),
    ("ye", "past", "they", True, "did not eat"),
    ("ye", "present", "I", False, "am eating"),
    ("ye", "present", "it", True, "is not eating"),
    ("ye", "present", "we", False, "are eating"),
    ("ye", "future", "he", False, "will eat"),
    ("ye", "future", "you", True, "will not eat"),
    ("sev", "present", "she", False, "loves"),
    ("sev", "present", "they", False, "love"),
    ("sev", "present", "he", True, "does not love"),
    ("sev", "present", "I", True, "do not love"),
    ("iste", "past", "I", False, "wanted"),
]


@pytest.mark.parametrize("entry", [part.strip() for part in PLURALS.split(",")])
def test_plurals_are_right(entry: str) -> None:
    turkish, plural = entry.split()
    assert NOUNS[turkish].plural == plural


@pytest.mark.parametrize("row", VERB_FORMS.strip().splitlines())
def test_verb_forms_are_right(row: str) -> None:
    turkish, *forms = row.split()
    verb = VERBS[turkish].english
    assert [verb.base, verb.past, verb.third, verb.ing] == forms


@pytest.mark.parametrize(("lemma", "tense", "subject", "negative", "answer"), FINITE)
def test_tense_agreement_and_negation_are_right(
    lemma: str, tense: en.Tense, subject: str, negative: bool, answer: str
) -> None:
    verb = VERBS[lemma].english
    assert " ".join(en.finite(verb, tense, subject, negative=negative)) == answer


@pytest.mark.parametrize(
    "phrase",
    ["an apple", "a cat", "an old man", "a university", "an hour", "a hundred", "a used car"],
)
def test_the_article_is_chosen_by_sound(phrase: str) -> None:
    article, following, *_ = phrase.split()
    assert en.article(following) == article


def test_articles_are_put_in_and_taken_out() -> None:
    plain = ("a", "old", "man", "saw", "a", "cat")
    assert en.with_articles(plain) == ("an", "old", "man", "saw", "a", "cat")
    assert en.without_articles(en.with_articles(plain)) == plain
    assert en.without_articles(("an", "cat")) is None


def test_a_question_splits_the_verb() -> None:
    eat, love = VERBS["ye"].english, VERBS["sev"].english
    assert (en.auxiliary(eat, "past", "she"), en.after_auxiliary(eat, "past")) == ("did", "eat")
    assert en.auxiliary(eat, "present", "you") == "are"
    assert en.after_auxiliary(eat, "present") == "eating"
    assert en.auxiliary(love, "present", "it") == "does"
    assert en.after_auxiliary(love, "present") == "love"


def test_genitives_of_singular_and_plural_differ() -> None:
    assert (en.genitive("teacher"), en.genitive("teachers")) == ("teacher's", "teachers'")
