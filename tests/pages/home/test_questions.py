"""What students ask: each question opens the state in which its answer stands."""

from __future__ import annotations

from functools import cache
from html import unescape
from urllib.parse import parse_qs

import pytest

from pages.home.questions import QUESTIONS, StudentQuestion
from pages.ui import text
from tests.pages.visiting import address, healthy, html, said, visit

BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
ALL = [one for asked in QUESTIONS.values() for one in asked]


@cache
def links(language: str) -> dict[str, tuple[str, dict[str, str]]]:
    """A question's words → the page that its link opens, and with what."""
    found = {}
    for link in visit(lang=language).get("page_link"):
        given = {name: value[0] for name, value in parse_qs(link.proto.query_string).items()}
        found[link.proto.label.replace("\\", "")] = (link.proto.page, given)
    return found


@BOTH
def test_every_question_is_a_link_to_its_state(language: str) -> None:
    shown, words = links(language), text.catalogue(language)
    for one in ALL:
        page, given = shown[words[f"home.question.{one.name}"]]
        assert page == one.page
        assert given.keys() == {"lang", "v", *one.opened()}


def test_no_question_and_no_answer_stands_there_twice() -> None:
    assert len({one.name for one in ALL}) == len({one.heading for one in ALL}) == len(ALL)


@BOTH
@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_the_state_opens_without_a_notice_and_has_the_answer(
    one: StudentQuestion, language: str
) -> None:
    words = text.catalogue(language)
    _, given = links(language)[words[f"home.question.{one.name}"]]
    at = visit(one.page, **given)
    healthy(at)
    assert not said(at)
    heading = words[one.heading].split("{")[0]
    assert heading
    assert heading in unescape(html(at))
    # What the link says is what the page shows: nothing was put right on the way.
    assert address(at).items() <= given.items()


def test_without_the_larger_model_a_small_one_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIKKAT_WITHOUT", "smollm2")
    for one in ALL:
        assert one.opened() == dict(one.state)
