"""The words page: every view in both languages, clicks, checks, and what cannot be shown."""

from __future__ import annotations

from typing import Any

import pytest

from models.words import vector_sets
from pages.ui.text import LANGUAGES
from tests.pages.visiting import address, charts, healthy, html, said, visit

BOTH = pytest.mark.parametrize("language", LANGUAGES)
FIGURES = {
    "table": "embedding-table",
    "neighbours": "neighbours",
    "map": "word-map",
    "analogies": "analogies",
}
CHECKS = {"table": 3, "neighbours": 2, "map": 3, "analogies": 2}


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
    for view, name in (("table", "dim"), ("neighbours", "step"), ("analogies", "question")):
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
