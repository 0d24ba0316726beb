"""The positions page in a real Chromium: every view by keyboard, on one screen, and clicks."""

from __future__ import annotations

from typing import cast

import pytest
from playwright.sync_api import Locator, expect

from pages.positions.shared import VIEWS
from pages.ui import text
from tests.browser.conftest import Language, OpenPage, ThemeName
from tests.browser.marks import mark_at
from tests.browser.test_walk import says
from tests.browser.visit import Visit

# What the right arrow moves in each view, and from where.
WALKS = {
    "table": ("step", 0),
    "waves": ("pos", 0),
    "distances": ("offset", 0),
    "shift": ("offset", 0),
    "learned": ("offset", 0),
    "ways": ("key", 1),
    "shuffle": ("query", 4),
    "added": ("dim", 0),
}


def bottom(box: Locator) -> float:
    found = cast(dict[str, float], box.bounding_box())
    return found["y"] + found["height"]


def heading(visit: Visit) -> Locator:
    return visit.box("steps").locator("h3").first


def choose(visit: Visit, language: Language, view: str) -> None:
    words = text.catalogue(language)
    with visit.rerun():
        visit.box("view").get_by_text(words[f"positions.view.{view}"], exact=True).click()
    # The switch keeps the focus, and with it the arrow keys.
    visit.page.locator("h1").click()


@pytest.mark.parametrize(("lang", "theme"), [("en", "dark"), ("tr", "light")])
def test_every_view_is_on_one_screen(open_page: OpenPage, lang: Language, theme: ThemeName) -> None:
    visit = open_page("/positions", lang=lang, theme=theme)
    for view in VIEWS:
        if view != VIEWS[0]:
            choose(visit, lang, view)
        visit.figure()
        for part in ("main-figure", "steps", "provenance"):
            assert bottom(visit.box(part)) <= 1080, (view, part)
        expect(visit.box("steps").locator(".katex-error")).to_have_count(0)
        visit.screenshot(f"positions-{view}-{lang}-{theme}")


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_every_view_is_walked_by_keyboard(open_page: OpenPage, lang: Language) -> None:
    visit = open_page("/positions", lang=lang)
    moved: dict[str, int] = {}
    # Half of the views in either language: the keys are the same.
    for view in VIEWS[::2] if lang == "en" else VIEWS[1::2]:
        if view != VIEWS[0]:
            choose(visit, lang, view)
        visit.figure()
        before = heading(visit).inner_text()
        with visit.rerun():
            visit.page.keyboard.press("ArrowRight")
        expect(heading(visit)).not_to_have_text(before)
        name, start = WALKS[view]
        moved[name] = moved.get(name, start) + 1  # some views move the same
        says(visit, **{name: str(moved[name])})
    with visit.rerun():
        visit.page.keyboard.press("ArrowLeft")
    expect(heading(visit)).to_have_text(before)


def test_a_click_on_a_cell_opens_its_formula(open_page: OpenPage) -> None:
    visit = open_page("/positions")
    plot = visit.figure().locator(".js-plotly-plot")
    with visit.rerun():
        plot.click(position=mark_at(plot, 3, 1))
    said = text.catalogue("en")["positions.cell"].format(word="Robot", pos=3, dim=1)
    expect(heading(visit)).to_have_text(said)
