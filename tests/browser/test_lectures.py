"""A lecture in a real Chromium: given from the home page with keys alone."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from pages.ui.lectures import shipped
from tests.browser.conftest import OpenPage
from tests.browser.visit import Visit

NAME = "by-hand"
SECONDS = 15_000


def reach(visit: Visit, target: Locator, most: int = 80) -> None:
    """Tab until the keyboard's focus is there. most: presses of the key."""
    for _ in range(most):
        if target.evaluate("one => one === document.activeElement"):
            return
        visit.page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not get there")


def test_a_lecture_is_given_from_the_home_page_with_keys_alone(open_page: OpenPage) -> None:
    found, visit = shipped.shipped(NAME, "tr"), open_page("/?lang=tr", lang="tr")
    page = visit.page
    link = page.locator("a[data-testid=stPageLink-NavLink]").filter(has_text=found.title)
    expect(link).to_be_visible(timeout=SECONDS)
    reach(visit, link)
    page.keyboard.press("Enter")
    question = page.locator(".st-key-talk-question h1")
    for number, stop in enumerate(found.stops, 1):
        expect(question).to_contain_text(stop.question.split("*")[-1].strip(), timeout=SECONDS)
        page.wait_for_url(re.compile(rf"[?&]stop={number}(&|$)"), timeout=SECONDS)
        visit.idle()
        panel = page.locator(".st-key-talk-panel")
        expect(panel).to_have_count(0)
        page.keyboard.press("t")
        expect(panel.locator("button")).to_have_count(len(stop.choices), timeout=SECONDS)
        right = next(at for at, choice in enumerate(stop.choices, 1) if choice.right)
        page.keyboard.press(str(right))
        expect(panel).to_contain_text("✓", timeout=SECONDS)
        if stop.shows is not None:
            step = stop.shows.said["step"]  # silent where it is the page's first one
            page.wait_for_url(re.compile(rf"[?&]step={step}(&|$)"), timeout=SECONDS)
        page.keyboard.press("t")
        expect(panel).to_have_count(0, timeout=SECONDS)
        # A clicker's key goes on where the page has no further step, `n` from everywhere.
        page.keyboard.press("n")
    expect(page.locator(".st-key-talk-next button").first).to_be_disabled()
    assert not visit.problems


def test_the_focus_goes_to_what_a_key_opens_and_to_what_held_a_button_that_is_gone(
    open_page: OpenPage,
) -> None:
    visit = open_page("/scores?v=2&mode=hand&step=3&query=1&key=2&talk=by-hand&stop=4")
    visit.figure()
    page, opened = visit.page, visit.page.locator(".st-key-talk-panel")
    visit.idle()
    page.keyboard.press("t")
    expect(opened).to_be_focused()
    page.keyboard.press("Tab")
    expect(opened.locator("button").first).to_be_focused()
    page.keyboard.press("Enter")  # it is predicted, and all these buttons are gone
    expect(opened.locator(".st-key-talk-again")).to_be_visible()
    expect(opened).to_be_focused()
    page.keyboard.press("Tab")
    expect(opened.locator(":focus")).to_have_count(1)
