"""The bert page's examples: of the generators' test parts, and what they say they are."""

from __future__ import annotations

from itertools import islice

import pytest

from models.bert.examples import RELATIONS, meanings, pairs
from models.training import homonyms, nextsentence
from models.training.bert_examples import A_SENSE
from models.training.bert_measures import LANGUAGES
from pages.registry import topic


def test_every_language_has_one_first_sentence_with_three_second_ones() -> None:
    for language in LANGUAGES:
        own = [one for one in pairs() if one.language == language]
        assert [one.relation for one in own] == list(RELATIONS)
        assert len({one.first for one in own}) == 1
        assert len({one.second for one in own}) == 3


@pytest.mark.parametrize("example", pairs(), ids=lambda one: f"{one.language}-{one.relation}")
def test_a_pair_is_about_entities_kept_from_training(example: object) -> None:
    language, relation = example.language, example.relation  # type: ignore[attr-defined]
    first, second = example.first, example.second  # type: ignore[attr-defined]
    every = [e for topic in range(len(nextsentence.TOPICS)) for e in
             nextsentence.entities(topic, "test")]  # fmt: skip
    known = {e.key for e in every}

    def named(text: str) -> set[str]:
        words = text.casefold().replace(".", "").split()
        return {
            e.key for e in every
            if all(any(w.startswith(part.casefold()) for w in words)
                   for part in nextsentence.phrase(e, language).split())
        }  # fmt: skip

    shared = named(first) & named(second)
    assert named(first) <= known
    assert named(first)
    assert bool(shared) == (relation == "next")


def test_the_words_sentences_are_of_the_test_part_and_hold_their_meanings() -> None:
    yuz = meanings()["yüz"]
    assert all(homonyms.Sentence(one.text, (), 0).part == "test" for one in yuz)
    assert yuz[-1].text == homonyms.LESSON
    alone = [one.senses for one in yuz[:-1]]
    assert {sense: alone.count((sense,)) for (sense,) in alone} == dict.fromkeys(
        ("number", "face", "swim"), A_SENSE
    )
    watch = [one.senses for one in meanings()["watch"]]
    assert watch == [("thing",)] * A_SENSE + [("look",)] * A_SENSE


def test_the_page_opens_with_a_pair_that_belongs_together() -> None:
    defaults = topic("bert").defaults
    first = next(one for one in pairs() if (one.language, one.relation) == ("en", "next"))
    assert (defaults["text"], defaults["pair"]) == (first.first, first.second)


def test_the_generator_still_makes_such_sentences() -> None:
    made = {one.template for one in islice(homonyms.generate(0, "test"), 400)}
    assert len(made) > A_SENSE * 3
