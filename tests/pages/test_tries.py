"""What there is to predict: covered until a prediction, set on stage by a button, by view."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.registry import TOPICS
from pages.ui import stages, state, text
from pages.ui.lesson import Lesson, Try
from tests.pages.visiting import SLUGS, healthy, said, visit

PAGES = tuple(topic.slug for topic in TOPICS if topic.slug in SLUGS)
BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
EVERY = pytest.mark.parametrize("page", PAGES)


def lesson_of(page: str, language: str = "en") -> Lesson:
    return stages.check(page, text.lesson(page, language))


def sides(page: str) -> Iterator[dict[str, str]]:
    """A link to each side of a page on which something is to predict."""
    wheres = dict.fromkeys(one.where for one in lesson_of(page).tries)
    for where in wheres:
        yield dict([(where.name, where.values[0])] if where.name else [])


def on(page: str, side: dict[str, str], language: str = "en") -> list[Try]:
    """What is to predict on that side."""
    usual = {name: one.default for name, one in state.parameters(page).items()} | side
    return [one for one in lesson_of(page, language).tries if one.where.open(usual.__getitem__)]


def marked(at: AppTest) -> list[str]:
    return [element.value for element in at.markdown]


def click(at: AppTest, key: str) -> None:
    at.button(key=key).click().run()
    healthy(at)
    assert not said(at), (key, said(at))


def value(at: AppTest, page: str, name: str) -> Any:
    found = at.session_state.get(name, None)
    return state.parameters(page)[name].default if found is None else found


def shows(at: AppTest, page: str, address: str) -> None:
    """The page is in the state that this stage says, and in no other."""
    wanted = stages.read(page, address)
    assert {name: value(at, page, name) for name in wanted} == wanted


def right(one: Try) -> int:
    return [choice.right for choice in one.choices].index(True)


@BOTH
@EVERY
def test_every_stage_opens_and_nothing_is_revealed_before_a_prediction(
    page: str, language: str
) -> None:
    for side in sides(page):
        at = visit(page, lang=language, **side)
        healthy(at)
        for one in on(page, side, language):
            key = f"try-{one.number}"
            assert one.question in marked(at)
            click(at, f"{key}-stage")
            shows(at, page, one.stage)
            assert one.answer not in marked(at)
            click(at, f"{key}-choice-{right(one)}")
            assert one.answer in marked(at)
            if one.shows:
                click(at, f"{key}-shows")
                shows(at, page, one.shows)


def test_a_wrong_prediction_is_told_what_is_right_and_can_be_made_again() -> None:
    (one,) = on("bert", {"view": "mask"})
    at = visit("bert", lang="en", view="mask")
    key, wrong = f"try-{one.number}", 1 - right(one)
    offered = [f"{key}-choice-{n}" for n in range(len(one.choices))]
    assert [button.key for button in at.button if button.key in offered] == offered
    click(at, offered[wrong])
    verdict = next(words for words in marked(at) if words.startswith("✗"))
    assert one.choices[wrong].words in verdict
    assert one.choices[right(one)].words in verdict
    assert not [button for button in at.button if button.key in offered]
    click(at, f"{key}-again")
    assert one.answer not in marked(at)
    click(at, offered[right(one)])
    verdict = next(words for words in marked(at) if words.startswith("✓"))
    assert one.choices[right(one)].words in verdict


def test_a_prediction_lasts_over_views_and_pages_and_stays_out_of_the_address() -> None:
    (one,) = on("bert", {"view": "mask"})
    at = visit("bert", lang="en", view="mask")
    before = dict(at.query_params)
    click(at, f"try-{one.number}-choice-0")
    assert dict(at.query_params) == before
    click(at, "try-elsewhere-next")
    assert one.question not in marked(at)
    click(at, "try-elsewhere-mask")
    assert one.answer in marked(at)
    other = visit("bert", lang="en", view="mask")  # another visitor has predicted nothing
    assert one.answer not in marked(other)


@BOTH
@EVERY
def test_only_what_belongs_to_the_open_view_is_shown_and_the_rest_is_counted(
    page: str, language: str
) -> None:
    lesson = lesson_of(page, language)
    switch = next((where.name for where in lesson.wheres if where.name), "")
    known = state.parameters(page)[switch].parse.choices if switch else ("",)  # type: ignore[attr-defined]
    for side in known:
        at = visit(page, lang=language, **({switch: side} if switch else {}))
        words, here, elsewhere = marked(at), {switch: side}.__getitem__, 0
        for part, every in (("try", lesson.tries), ("careful", lesson.careful)):
            for one in every:
                shown = (one.question if isinstance(one, Try) else one.words) in words
                assert shown == one.where.open(here), (side, one)
            others = [one for one in every if not one.where.open(here)]
            links = [b for b in at.button if str(b.key).startswith(f"{part}-elsewhere-")]
            assert {str(b.key).rsplit("-", 1)[1] for b in links} == {
                value for one in others for value in one.where.values
            }
            elsewhere += bool(others)
        told = [caption.value for caption in at.caption]
        assert told.count(text.catalogue(language)["frame.elsewhere"]) == elsewhere


@BOTH
@EVERY
def test_every_view_has_something_to_predict_and_a_warning_of_its_own(
    page: str, language: str
) -> None:
    lesson = lesson_of(page, language)
    assert lesson.tries
    assert lesson.careful
    for name in {where.name for where in lesson.wheres if where.name}:
        for value in state.parameters(page)[name].parse.choices:  # type: ignore[attr-defined]
            for part in (lesson.tries, lesson.careful):
                own = [one for one in part if one.where.name and one.where.open({name: value}.get)]
                assert own, (name, value)


def test_the_page_says_that_it_shows_a_stage_as_long_as_it_does() -> None:
    (one,) = on("bert", {"view": "next"})
    at = visit("bert", lang="en", view="next", pair="The big bear ran quickly.")
    # The line always stands there: what this style does not name is hidden.
    named = f".st-key-staged-try-{one.number}-stage{{display:block}}"
    said = text.catalogue("en")["frame.staged"]
    assert said in [caption.value for caption in at.caption]
    assert not any(named in piece.proto.body for piece in at.get("html"))
    click(at, f"try-{one.number}-stage")
    assert any(named in piece.proto.body for piece in at.get("html"))
    at.text_input(key="pair").input("The big bear ran quickly.").run()
    assert not any(named in piece.proto.body for piece in at.get("html"))


def test_a_stage_forgets_what_was_chosen_in_another_text() -> None:
    """A stage looks the same for a visitor who was elsewhere as for a fresh one."""
    (one,) = on("bert", {"view": "mask"})
    at = visit("bert", lang="en", view="mask", text="A cat sat.", pair="", hidden="13", step="2")
    click(at, f"try-{one.number}-stage")
    shows(at, "bert", one.stage)


def test_a_stage_leaves_the_language_alone() -> None:
    at = visit("gpt", lang="tr", temperature="1.5")
    click(at, "try-1-stage")
    assert at.session_state["lang"] == "tr"
    assert at.session_state["temperature"] == 0.2


def test_what_is_right_does_not_always_stand_at_the_same_place() -> None:
    places = [right(one) for page in PAGES for one in lesson_of(page).tries]
    assert len(places) > 30
    assert max(map(places.count, places)) < len(places) / 2


def test_every_claim_is_held_against_the_models() -> None:
    """The files of claims name each try of each page, and what it calls right."""
    files = (path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*_claims.py"))
    named = re.findall(r'both\(\s*"(\w+)", (\d+), "(.+?)"\s*\)', "\n".join(files))
    wanted = [
        (page, str(one.number), one.choices[right(one)].words)
        for page in PAGES
        for one in lesson_of(page).tries
    ]
    assert sorted(named) == sorted(wanted)
