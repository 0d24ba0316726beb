"""The speaker's notes in a second window: both lead the lecture, and no other one."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from pages.ui import text
from pages.ui.lectures import shipped
from tests.browser.conftest import OpenPage
from tests.browser.visit import PATIENCE, SETTLED, Visit, until

expect.set_options(timeout=PATIENCE)


def at(name: str, number: int, visit: Visit) -> str:
    """The title of a stop, once the window with the lecture is there."""
    visit.page.wait_for_url(re.compile(rf"[?&]stop={number}(&|$)"), timeout=PATIENCE)
    visit.idle()
    return shipped.shipped(name, "en").stops[number - 1].title


def began(name: str, visit: Visit, other: Page | None = None) -> Page:
    """The window that V opens; its title is that of the stop."""
    page = other or visit.page
    until(page, "() => window.dikkatKeys?.data && window.dikkatPresenter && window.dikkatNotes")
    with page.context.expect_page() as opened:
        page.keyboard.press("v")
    return opened.value


def lecture(name: str) -> str:
    place = shipped.shipped(name, "en").stops[0].place
    said = "&".join(f"{n}={v}" for n, v in place.said.items())
    return f"/{place.page}?v=2&lang=en&{said}&talk={name}&stop=1"


def test_both_windows_lead_one_lecture_and_leave_another_alone(open_page: OpenPage) -> None:
    words = text.catalogue("en")
    visit = open_page(lecture("by-hand"))
    notes = began("by-hand", visit)
    title = notes.locator("#title")
    expect(title).to_have_text(at("by-hand", 1, visit))
    expect(notes.locator("#screen")).not_to_be_empty()

    # A second lecture in the same browser, with a window of its own.
    second = visit.page.context.new_page()
    second.goto(visit.page.url.split("/scores")[0] + lecture("bert-gpt"))
    expect(second.locator(".st-key-talk-next button").first).to_be_visible()  # hears keys now
    until(second, SETTLED)
    others = began("bert-gpt", visit, second)
    first_of_other = shipped.shipped("bert-gpt", "en").stops[0].title
    expect(others.locator("#title")).to_have_text(first_of_other)

    visit.page.bring_to_front()
    visit.page.keyboard.press("n")
    expect(title).to_have_text(at("by-hand", 2, visit))
    notes.bring_to_front()
    notes.keyboard.press("n")
    expect(title).to_have_text(at("by-hand", 3, visit))
    notes.keyboard.press("Shift+N")
    expect(title).to_have_text(at("by-hand", 2, visit))
    notes.locator("#on").click()
    expect(title).to_have_text(at("by-hand", 3, visit))
    assert "stop=1" in second.url
    expect(others.locator("#title")).to_have_text(first_of_other)

    # The clock outlives the window, which a new press of V brings back.
    notes.locator("#run").click()
    expect(notes.locator("#run")).to_have_text(words["talk.window.pause"])
    expect(notes.locator("#plan")).to_have_class("ahead")
    notes.close()
    visit.page.bring_to_front()
    visit.page.wait_for_timeout(500)  # its name is free only once all of it is gone
    notes = began("by-hand", visit)
    expect(notes.locator("#run")).to_have_text(words["talk.window.pause"])
    visit.page.locator(".st-key-talk-leave button").first.click()
    expect(notes.locator("#why")).to_have_text(words["talk.window.left"])
    expect(others.locator("#title")).to_have_text(first_of_other)


def test_a_window_that_is_opened_alone_says_what_it_waits_for(open_page: OpenPage) -> None:
    visit = open_page("/", lang="tr", size=(390, 844))
    page, words = visit.page, text.catalogue("tr")
    page.goto(page.url.split("?")[0] + "?notes=1")
    expect(page.locator("#why")).to_have_text(words["talk.window.alone"])
    expect(page.get_by_text(words["talk.window.device"])).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto("about:blank")
    page.goto(visit._base + "/?notes=1&lang=tr#nobody")
    expect(page.locator("#why")).to_have_text(words["talk.window.silent"])
