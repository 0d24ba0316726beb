"""A lecture that plays: covered answers, the way through the stops, an address that is wrong."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import presenter, text
from pages.ui.lectures import bar, shipped
from pages.ui.lectures.words import markdown
from tests.pages.lectures.test_lecture import GOOD
from tests.pages.visiting import address, healthy, html, key_of, visit
from tests.pages.visiting import said as notices

NAME = "by-hand"
FOUND = shipped.shipped(NAME, "en")


def opened(number: int) -> AppTest:
    """The lecture at a stop."""
    stop = FOUND.stops[number - 1]
    at = visit("scores", v="2", lang="en", talk=NAME, stop=str(number), **stop.place.said)
    healthy(at)
    return at


def words(at: AppTest) -> list[str]:
    """All Markdown on the page."""
    return [one.value for one in at.markdown]


def test_the_answer_is_covered_until_something_was_predicted_and_then_shown() -> None:
    at, stop = opened(2), FOUND.stops[1]
    assert markdown(stop.answer) not in words(at)
    at.button(key="talk-predict").click().run()
    assert markdown(stop.answer) not in words(at)
    at.button(key="talk-choice-0").click().run()
    healthy(at)
    assert markdown(stop.answer) in words(at)
    assert address(at)["step"] == "2"
    at.button(key="talk-again").click().run()
    assert markdown(stop.answer) not in words(at)
    assert "step" not in address(at)


def test_what_to_say_is_folded() -> None:
    at, notes = opened(2), markdown(FOUND.stops[1].notes)
    assert notes not in words(at)
    at.button(key="talk-notes").click().run()
    assert notes in words(at)


def test_every_stop_begins_as_its_file_says_whatever_was_done_before() -> None:
    at = opened(2)
    at.session_state["step"] = 7
    at.run()
    at.button(key="talk-next").click().run()
    healthy(at)
    assert (address(at)["stop"], address(at)["step"]) == ("3", "2")
    at.button(key="talk-contents").click().run()
    at.button(key="talk-stop-7").click().run()
    assert (address(at)["stop"], address(at)["step"]) == ("7", "5")
    assert at.button(key="talk-next").disabled
    at.button(key="talk-leave").click().run()
    healthy(at)
    assert at.title[0].value == text.catalogue("en")["scores.title"]
    assert "talk" not in address(at)


@pytest.mark.parametrize(
    ("talk", "stop", "key", "values"),
    [
        ("none", "1", "error.talk", {"talk": "none"}),
        ("own", "1", "error.own_talk", {}),
        (NAME, "99", "error.talk_stop", {"value": 99, "last": 7}),
    ],
)
def test_a_lecture_or_a_stop_that_is_not_there_is_told(
    talk: str, stop: str, key: str, values: dict[str, object]
) -> None:
    at = visit("scores", v="2", lang="en", mode="hand", talk=talk, stop=stop)
    healthy(at)
    assert notices(at) == [text.catalogue("en")[key].format(**values)]


def test_nothing_of_a_lecture_is_on_a_page_without_one() -> None:
    at = visit("scores", v="2", lang="en", mode="hand")
    assert not [one for one in at if hasattr(one, "proto") and key_of(one).startswith("talk")]
    assert "talk-" not in html(at)


def test_ones_own_file_opens_where_files_may_and_its_faults_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = visit(lang="en")
    at.file_uploader(key="own-lecture").set_value(
        ("a.md", GOOD.replace("v=2", "v=1").encode(), "text/markdown")
    ).run()
    healthy(at)
    assert "`4`" in at.warning[-1].value
    assert "v=2" in at.warning[-1].value
    at.file_uploader(key="own-lecture").set_value(("b.md", b"# \xff", "text/markdown")).run()
    healthy(at)
    assert "UTF\\-8" in at.warning[-1].value
    at.file_uploader(key="own-lecture").set_value(("c.md", GOOD.encode(), "text/markdown")).run()
    healthy(at)
    assert not at.warning
    links = [one.proto.query_string for one in at.get("page_link")]
    assert [link for link in links if "talk=own" in link]
    monkeypatch.setenv("DIKKAT_MODE", "hosted")
    assert not visit(lang="en").get("file_uploader")


def test_no_key_of_a_lecture_is_one_of_presenter_mode() -> None:
    hall = {key for said in presenter._KEYS.values() for key in re.findall(r"\b[A-Z]\b", said)}
    assert len(hall) >= 9
    own = {key.upper() for _, key in bar._PRESSES.values()}
    # M masks, Z enlarges; I has a dot or none in Turkish, whose alphabet lacks Q, W and X.
    assert not own & (hall | set("MZIQWX"))
