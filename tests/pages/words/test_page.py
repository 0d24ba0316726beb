"""The words page: every view in both languages, clicks, checks, and what cannot be shown."""

from __future__ import annotations

from typing import Any

import pytest

from models.words import tokenizers, vector_sets
from pages.ui.text import LANGUAGES
from tests.pages.visiting import address, charts, healthy, html, said, visit

BOTH = pytest.mark.parametrize("language", LANGUAGES)
FIGURES = {
    "table": "embedding-table",
    "neighbours": "neighbours",
    "map": "word-map",
    "analogies": "analogies",
    "pieces": "pieces",
}
CHECKS = {"table": 3, "neighbours": 2, "map": 3, "analogies": 2, "pieces": 2}


def opened(view: str, **more: str) -> Any:
    at = visit("words", v="2", view=view, **more)
    healthy(at)
    return at


@BOTH
@pytest.mark.parametrize("view", FIGURES)
def test_every_view_shows_its_picture_and_is_right_about_its_sums(view: str, language: str) -> None:
    at = opened(view, lang=language)
    assert not said(at)
    assert FIGURES[view] in charts(at)
    assert html(at).count("class='good'") == CHECKS[view]
    assert "class='bad'" not in html(at)


@pytest.mark.parametrize("vectors", ["counted", "minilm"])
@pytest.mark.parametrize("view", FIGURES)
def test_every_table_can_be_looked_at(view: str, vectors: str) -> None:
    at = opened(view, vectors=vectors)
    assert not said(at)
    assert "class='bad'" not in html(at)


def test_a_word_without_a_row_is_said_and_another_one_shown() -> None:
    at = opened("table", word="xyzzy<b>")
    (told,) = said(at)
    assert "xyzzy<b>" in told
    assert "cat" in told


def test_a_table_that_is_not_here_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_sets, "present", lambda: ("skipgram", "counted"))
    at = opened("table", vectors="smollm2")
    assert len(said(at)) == 1
    assert at.session_state["vectors"] == "skipgram"


def test_steps_go_through_numbers_neighbours_and_questions() -> None:
    for view, name in (
        ("table", "dim"),
        ("neighbours", "step"),
        ("analogies", "question"),
        ("pieces", "step"),
    ):
        at = opened(view)
        at.button(key="next").click().run()
        healthy(at)
        assert at.session_state[name] == 1
        assert address(at)[name] == "1"


def test_a_visitors_own_three_words_are_asked_for_no_answer() -> None:
    at = opened("analogies", relation="own", a="ate", b="eat", c="read")
    assert "wrote" in html(at)
    assert "yours to say" in html(at)


@BOTH
def test_a_word_goes_through_both_tokenizers_step_by_step(language: str) -> None:
    at = opened("pieces", tokenizer="smollm2", split="öğretmenlerimizden", lang=language)
    assert not said(at)
    assert "C3 B6" in html(at)
    while not at.button(key="next").disabled:
        at.button(key="next").click().run()
    healthy(at)
    assert html(at).count("class='good'") == CHECKS["pieces"]
    at.selectbox(key="tokenizer").set_value("minilm").run()
    healthy(at)
    assert "ogretmenlerimizden" in html(at)


@pytest.mark.parametrize(
    ("word", "limit"), [("", ""), ("\u0301", ""), ("a" * 41, "40"), ("😀" * 13, "48")]
)
def test_what_cannot_be_split_is_said_and_the_usual_word_stays(word: str, limit: str) -> None:
    at = opened("pieces", split=word or "\u200b")
    (told,) = said(at)
    assert "unhappiness" in told
    assert limit in told


@pytest.mark.parametrize("word", ["<b>x</b>", "😀", "שלום", "$x_1$", "[MASK]", "e\u0301", "\\"])
@pytest.mark.parametrize("tokenizer", ["minilm", "smollm2"])
def test_hostile_words_are_split_like_others(word: str, tokenizer: str) -> None:
    at = opened("pieces", tokenizer=tokenizer, split=word, second=word)
    assert not said(at)
    assert html(at).count("class='good'") == CHECKS["pieces"]
    assert "<b>x</b>" not in html(at)


def test_without_smollm2_the_other_tokenizer_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    few = ("minilm", "bert-mini")
    monkeypatch.setattr(
        tokenizers, "present", lambda among=few: tuple(name for name in among if name in few)
    )
    at = opened("pieces", tokenizer="smollm2")
    assert len(said(at)) == 1
    assert at.session_state["tokenizer"] == "minilm"


@BOTH
@pytest.mark.parametrize("projection", ["tsne", "tsne_again"])
def test_t_sne_is_named_as_distorting_and_its_control_is_shown(
    projection: str, language: str
) -> None:
    at = opened("map", projection=projection, lang=language)
    assert not said(at)
    assert "class='bad'" not in html(at)
    assert "scikit-learn" in html(at)
    assert {"en": "0.37", "tr": "0,37"}[language] in html(at)


def test_a_word_that_is_not_on_the_map_is_said() -> None:
    at = opened("map", vectors="minilm", word="queen")
    (told,) = said(at)
    assert "queen" in told
    assert "cat" in told
