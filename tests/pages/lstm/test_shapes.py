"""The view of the shapes: each with its model, words that go along, links and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from models.catalog import CATALOG
from models.lstm.shapes import MODELS, SHAPES
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.visiting import address, charts, healthy, html, kept, said, visit
from viz.board.box import read_lines
from viz.board.markup import Safe, plain


def opened(shape: str, **more: str) -> Any:
    return visit("lstm", v="2", view="shapes", task_shape=shape, **{"lang": "en", **more})


def drawn(at: Any) -> list[str]:
    """The words on the figure."""
    traces = (one for one in charts(at)["shapes"]["data"] if one.get("mode") == "text")
    return [line for one in traces for word in one["text"] for line in read_lines(word)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_shows_its_model_live_and_matches_torch(shape: str, language: str) -> None:
    at = opened(shape, lang=language, step="2")
    healthy(at)
    words = catalogue(language)
    assert not said(at)
    assert str(words[f"lstm.shaped.{shape}"]) in drawn(at)
    assert str(words["origin.live"]) in html(at)
    assert str(words["lstm.shaped_logits.matches"]).split("{")[0][:20] in plain(Safe(html(at)))
    assert str(words[f"model.{MODELS[shape]}"]) in html(at)
    assert MODELS[shape] in CATALOG


def test_a_visitors_sentence_goes_along_from_shape_to_shape() -> None:
    at = opened("tagging", given="The zebra is tired.", step="1")
    assert {"The", "zebra *", "is"} <= set(drawn(at))
    at.selectbox(key="task_shape").set_value("language_model").run()
    healthy(at)
    assert address(at)["given"] == "The zebra is tired."
    assert at.session_state["step"] == 0
    assert "zebra *" in drawn(at)


def test_an_example_does_not_go_along_but_each_shape_has_its_own() -> None:
    at = opened("many_to_one")
    assert at.session_state["given"] == "CABFEH?"
    at.selectbox(key="task_shape").set_value("encoder_decoder").run()
    assert at.session_state["given"] == "Kediyi gördük."
    assert {"We", "saw", "cat"} <= set(drawn(at))


def test_a_link_of_another_language_keeps_its_example() -> None:
    sentence = "The dogs that saw the man are tired."
    at = opened("tagging", given=sentence, lang="tr", step="8")
    assert at.session_state["given"] == sentence
    assert at.session_state["step"] == 8


def test_what_the_model_cannot_read_is_said_and_its_example_is_shown() -> None:
    at = opened("many_to_one", given="Kediler uyuyor.")
    assert not at.exception
    (told,) = said(at)
    assert told.endswith(kept("en"))
    assert "B" in drawn(at)


@pytest.mark.parametrize("hostile", ["<b>x</b> $y$", "{word}", "ışĞİ"])
def test_hostile_words_stay_words(hostile: str) -> None:
    at = opened("tagging", given=f"The {hostile} is tired.")
    assert not at.exception
    assert "<b>x</b> $y$" not in html(at)


def test_steps_that_answer_nothing_open_a_state_and_the_last_one_a_prediction() -> None:
    words = catalogue("en")
    first, last = opened("many_to_one"), opened("many_to_one", step="6")
    assert str(words["lstm.shaped_state"]) in html(first)
    assert str(words["lstm.shaped_answer"]) in html(last)
    assert str(words["lstm.shaped_answer"]) not in html(first)
