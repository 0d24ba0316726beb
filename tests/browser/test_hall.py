"""A whole lecture: from the home page with keys alone, three questions to 200 students, a deck."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from itertools import groupby
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Locator, expect
from pptx import Presentation

from pages.ui import text
from pages.ui.classroom import ask, panel
from pages.ui.classroom.questions import KINDS, Kind
from pages.ui.classroom.store import Store
from pages.ui.lectures import shipped
from pages.ui.lectures.deck import making
from pages.ui.lectures.lecture import Lecture
from pages.ui.lectures.words import on_slide
from pages.ui.storage import settings
from tests.browser.classroom import STUDENTS, answer, chooses
from tests.browser.conftest import OpenPage
from tests.browser.server import Server
from tests.browser.test_lectures import reach
from tests.browser.visit import PATIENCE, Visit
from viz.export.slide_text import plain

expect.set_options(timeout=PATIENCE)
NAME, LANG = "transformer", "tr"
WORDS = text.catalogue(LANG)
PICTURE = 13  # of python-pptx's kinds of shapes


class Question(NamedTuple):
    """fields: key of a field → what is typed; sends: what the n-th student answers."""

    kind: Kind
    fields: dict[str, str]
    sends: Callable[[int], dict[str, str]]


# By the stop at which it is asked; a cell where the page shows a map.
ASKED = {
    3: Question(
        "number", {ask.TEXT: "Yüzde kaç?", ask.NUMBER: "26"}, lambda n: {"number": f"{n},5"}
    ),
    5: Question("choice", {ask.TEXT: "Hangi sözcük?", ask.OPTIONS: "ışık\nİğde\nhiçbiri"}, chooses),
    7: Question("cell", {}, lambda n: {"query": str(n % 2), "key": "0"}),
}


def by_keys(visit: Visit, target: Locator) -> None:
    """The keyboard goes there and presses it."""
    expect(target).to_be_visible()
    reach(visit, target)
    visit.page.keyboard.press("Enter")


def choose_kind(visit: Visit, box: Locator, kind: Kind) -> None:
    """Tab leads to the row of kinds, arrows lead in it."""
    kinds = box.locator(f".st-key-{ask.KIND}").get_by_role("radio")
    reach(visit, kinds.first)
    for _ in range(KINDS.index(kind)):
        visit.page.keyboard.press("ArrowRight")
    by_keys(visit, kinds.nth(KINDS.index(kind)))
    expect(kinds.nth(KINDS.index(kind))).to_be_checked()


def write(visit: Visit, box: Locator, key: str, words: str) -> None:
    """A field, filled by hand."""
    target = box.locator(f".st-key-{key}").locator("textarea, input")
    reach(visit, target)
    visit.page.keyboard.insert_text(words)
    visit.page.keyboard.press("Control+Enter" if key in (ask.TEXT, ask.OPTIONS) else "Enter")
    visit.idle()


def opened(visit: Visit) -> Locator:
    """The class's panel, of a class that has begun."""
    by_keys(visit, visit.page.locator(f".st-key-{panel.OPEN} button").first)
    box = visit.page.locator(f".st-key-{panel.PANEL}")
    begin, code = box.locator(".st-key-class-begin button"), box.locator(".class-join .letters")
    expect(begin.or_(code)).to_be_visible()
    if begin.is_visible():
        by_keys(visit, begin)
    expect(code).to_be_visible()
    return box


def closed(visit: Visit, box: Locator) -> None:
    visit.page.keyboard.press("Escape")
    expect(box).to_have_count(0)


def asks(visit: Visit, asked: Question, store: Store, url: str) -> None:
    """One question to the class: asked, answered by all, closed, revealed."""
    box = opened(visit)
    choose_kind(visit, box, asked.kind)
    for key, words in asked.fields.items():
        write(visit, box, key, words)
    by_keys(visit, box.locator(".st-key-class-ask button"))
    expect(box.locator(".class-asked")).to_be_visible()
    expect(box.locator(".st-key-class-close")).to_be_visible()
    code = box.locator(".class-join .letters").inner_text().strip()
    now = store.standing(code)
    assert now is not None
    assert (now.state, now.question and now.question.kind) == ("open", asked.kind)
    sent = answer(url, code, now.id, sends=asked.sends)
    assert {tuple(one.status for one in both) for both in sent} == {(200, 303)}
    by_keys(visit, box.locator(".st-key-class-close button"))
    expect(box.locator(".st-key-class-close")).to_have_count(0)
    visit.idle()
    expect(box.locator(".st-key-class-reveal")).to_have_count(1)  # not where it stood before, too
    by_keys(visit, box.locator(".st-key-class-reveal button"))
    expect(box.locator(".st-key-class-reveal")).to_have_count(0)
    counted = WORDS["classroom.form.count"].format(count=STUDENTS)
    expect(box.locator(".hint").filter(has_text=counted)).to_be_visible()
    assert sum(store.tally(now.id).values()) == STUDENTS
    closed(visit, box)


def predicts(visit: Visit, choices: int) -> None:
    """The class predicts, and the answer is uncovered."""
    shown = visit.page.locator(".st-key-talk-panel")
    visit.page.keyboard.press("t")
    expect(shown.locator("button")).to_have_count(choices)
    visit.page.keyboard.press("1")
    expect(shown.locator(".st-key-talk-again")).to_be_visible()
    visit.idle()


def deck(visit: Visit) -> bytes:
    """The slides, asked for by their key, and saved by another."""
    visit.page.keyboard.press("g")
    by_keys(visit, visit.page.locator(".st-key-deck-make button"))
    save = visit.page.locator(".st-key-deck-save button")
    save.wait_for(timeout=making.SECONDS * 1000)
    with visit.page.expect_download() as saved:
        by_keys(visit, save)
    return saved.value.path().read_bytes()


def holds(slides: list[Any], lecture: Lecture) -> None:
    """A question and its answer a stop, with pictures, predictions, and what to say."""
    titles = [one for one, _ in groupby(slide.shapes.title.text_frame.text for slide in slides)]
    expected = [plain(on_slide(lecture.title))]
    for stop in lecture.stops:
        told = WORDS["deck.answer"].format(title=plain(on_slide(stop.title)))
        expected += [plain(on_slide(stop.question)), told]
    assert titles == expected
    pictures = [shape for one in slides for shape in one.shapes if shape.shape_type == PICTURE]
    assert len(pictures) == 2 * len(lecture.stops)
    said = ["\n".join(s.text_frame.text for s in one.shapes if s.has_text_frame) for one in slides]
    notes = "\n".join(one.notes_slide.notes_text_frame.text for one in slides)
    for stop in lecture.stops:
        assert all(plain((line,)) in notes for line in on_slide(stop.notes))
        [page] = [n for n, one in enumerate(titles) if one == plain(on_slide(stop.question))]
        for choice in stop.choices:
            assert any(plain(on_slide(choice.words)) in words for words in said[page:])


@pytest.mark.slow
def test_forty_minutes_with_keys_alone_three_questions_and_a_deck(
    open_page: OpenPage, server: Server
) -> None:
    lecture, store = shipped.shipped(NAME, LANG), Store(settings.settings().url)
    visit = open_page(f"/?lang={LANG}", lang=LANG)
    page = visit.page
    by_keys(
        visit,
        page.locator("a[data-testid=stPageLink-NavLink]").filter(has_text=lecture.title),
    )
    for number, stop in enumerate(lecture.stops, 1):
        page.wait_for_url(re.compile(rf"[?&]stop={number}(&|$)"))
        question = page.locator(".st-key-talk-question h1")
        expect(question).to_contain_text(stop.question.split("*")[-1].split("$")[-1].strip())
        visit.idle()
        if number in ASKED:
            asks(visit, ASKED[number], store, server.url)
        predicts(visit, len(stop.choices))
        if number < len(lecture.stops):
            page.keyboard.press("n")
    expect(page.locator(".st-key-talk-next button").first).to_be_disabled()
    holds(list(Presentation(BytesIO(deck(visit))).slides), lecture)
    box = opened(visit)
    for _ in ("delete", "sure"):
        by_keys(visit, box.locator(".st-key-class-delete button"))
        visit.idle()
    expect(box.locator(".st-key-class-begin")).to_be_visible()
    store.close()
