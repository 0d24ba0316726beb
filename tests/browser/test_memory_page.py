"""The memory page in a real Chromium: a whole text by keyboard, clicks, all views on one screen."""

from __future__ import annotations

from typing import cast

import pytest
from playwright.sync_api import Locator, expect

from models.memory import recall
from models.memory.gradients import NETWORKS
from pages.ui import text
from tests.browser.conftest import Language, OpenPage, ThemeName
from tests.browser.marks import mark_at
from tests.browser.visit import Visit
from tests.present import present
from tests.viz.sentences import quoted

WORDS = text.catalogue("en")
SHORT = "CABHGD?"
VIEWS = ("gradients", "recall", "exploding")


def bottom(box: Locator) -> float:
    found = cast(dict[str, float], box.bounding_box())
    return found["y"] + found["height"]


def heading(visit: Visit) -> Locator:
    return visit.box("steps").locator("h3").first


def press(visit: Visit, key: str) -> None:
    with visit.rerun():
        visit.page.keyboard.press(key)


def test_a_whole_text_is_walked_by_keyboard(open_page: OpenPage) -> None:
    visit = open_page(f"/memory?text={SHORT[:-1]}%3F&step=0")
    visit.figure()
    for distance in range(len(SHORT)):
        expect(heading(visit)).to_have_text(
            WORDS["memory.from"].format(distance=distance, word=quoted(SHORT[-1 - distance]))
        )
        expect(visit.box("steps").locator(".bad")).to_have_count(0)
        expect(visit.box("steps").locator(".katex-error")).to_have_count(0)
        if distance < len(SHORT) - 1:
            press(visit, "ArrowRight")
    press(visit, "ArrowLeft")
    expect(heading(visit)).to_contain_text(str(len(SHORT) - 2))


def test_recall_is_walked_by_keyboard(open_page: OpenPage) -> None:
    lengths = present(recall.measured(NETWORKS))["lstm"].distractors
    visit = open_page(f"/memory?view=recall&length={lengths[0]}")
    visit.figure()
    for length in lengths[1:]:
        press(visit, "ArrowRight")
        expect(heading(visit)).to_have_text(WORDS["memory.after"].format(n=length))


@pytest.mark.parametrize(("lang", "theme"), [("en", "dark"), ("tr", "light")])
def test_picture_sums_and_provenance_are_on_one_screen(
    open_page: OpenPage, lang: Language, theme: ThemeName
) -> None:
    visit = open_page("/memory", lang=lang, theme=theme)
    for view in VIEWS:
        if view != VIEWS[0]:
            with visit.rerun():
                name = text.catalogue(lang)[f"memory.view.{view}"]
                visit.box("view").get_by_text(name, exact=True).click()
        visit.figure()
        for part in ("main-figure", "steps", "provenance"):
            assert bottom(visit.box(part)) <= 1080, (view, part)
        visit.screenshot(f"memory-{view}-{lang}-{theme}")


def test_a_click_on_the_picture_chooses_the_distance(open_page: OpenPage) -> None:
    visit = open_page(f"/memory?text={SHORT[:-1]}%3F&step=0")
    plot = visit.figure().locator(".js-plotly-plot")
    with visit.rerun():
        plot.click(position=mark_at(plot, 4))
    expect(heading(visit)).to_contain_text("4")


def test_the_slider_makes_a_what_if_by_keyboard(open_page: OpenPage) -> None:
    visit = open_page(f"/memory?view=exploding&text={SHORT[:-1]}%3F")
    visit.figure()
    expect(visit.box("provenance").locator(".dot.live")).to_have_count(1)
    visit.box("sigma").get_by_role("slider").focus()
    press(visit, "ArrowRight")
    expect(visit.box("provenance").locator(".dot.whatif")).to_have_count(1)
