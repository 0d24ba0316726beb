"""What stands below a page's body is drawn anew where it changes, and only there."""

from __future__ import annotations

import pytest
from playwright.sync_api import WebSocket, expect

from pages.ui.model.chooser import FIELD
from tests.browser.conftest import OpenPage
from tests.browser.visit import Visit

STEPPED = (
    "lstm",
    "memory",
    "seq2seq",
    "scores",
    "positions",
    "translator",
    "bert",
    "gpt",
    "vision",
)
HEADING = b"Careful"  # too short to be sent by its hash


def lesson(visit: Visit) -> str:
    """All that the lesson says."""
    return visit.box("try").inner_text() + visit.box("careful").inner_text()


@pytest.mark.parametrize("page", STEPPED)
def test_a_step_leaves_the_lesson_alone(page: str, open_page: OpenPage) -> None:
    visit = open_page(f"/{page}", size=(1366, 768))
    sent: list[bytes | str] = []
    keep = sent.append

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: keep(frame))

    visit.page.on("websocket", listen)
    visit.goto(f"/{page}")
    assert any(HEADING in frame for frame in sent if isinstance(frame, bytes))
    sent.clear()
    with visit.rerun():
        visit.page.keyboard.press("ArrowRight")
    visit.page.wait_for_timeout(300)  # a second run would come after the first
    assert sent
    assert not any(HEADING in frame for frame in sent if isinstance(frame, bytes))


@pytest.mark.parametrize(("page", "views"), [("gpt", 4), ("bert", 5)])
def test_each_view_has_its_own_lesson(page: str, views: int, open_page: OpenPage) -> None:
    visit = open_page(f"/{page}", size=(1366, 768))
    options = visit.box("view").get_by_role("radio")
    expect(options).to_have_count(views)
    seen = {lesson(visit)}
    for place in range(1, views):
        with visit.rerun():
            options.nth(place).click()
        visit.page.wait_for_timeout(300)
        visit.idle()
        seen.add(lesson(visit))
    assert len(seen) == views


def test_a_stage_is_set_and_left(open_page: OpenPage) -> None:
    visit = open_page("/lstm", size=(1366, 768))
    question = visit.box("question-1")
    staged = question.locator("[data-testid=stCaptionContainer]")
    expect(staged).to_be_hidden()
    with visit.rerun():
        visit.box("try-1-stage").get_by_role("button").click()
    expect(staged).to_be_visible()
    address = visit.page.url
    with visit.rerun():
        visit.page.keyboard.press("ArrowRight")
    expect(staged).to_be_hidden()
    assert visit.page.url != address


def test_a_prediction_opens_the_answer_and_leaves_the_picture_alone(open_page: OpenPage) -> None:
    visit = open_page("/lstm", size=(1366, 768))
    before = visit.bytes_received
    with visit.rerun():
        visit.box("try-1-choice-0").get_by_role("button").click()
    expect(visit.box("try-1-again")).to_be_visible()
    assert visit.bytes_received - before < 30_000


def test_the_card_below_is_the_models(open_page: OpenPage) -> None:
    visit = open_page("/lstm", size=(1366, 768))
    expect(visit.box("about")).to_contain_text("Sentences (LSTM)")
    visit.box(FIELD).get_by_role("button").click()
    with visit.rerun():
        visit.box("choose-rnn").get_by_role("button").click()
    expect(visit.box("about")).to_contain_text("Sentences (RNN)")


def test_a_button_below_chooses_what_is_above(open_page: OpenPage) -> None:
    visit = open_page("/lstm?unit=3", size=(1366, 768))
    button = visit.box("find").get_by_role("button").nth(1)
    name = button.inner_text()
    with visit.rerun():
        button.click()
    expect(visit.box("unit").locator("input")).to_have_value(name.split()[-1])
