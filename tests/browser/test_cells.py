"""Cells of figures chosen by keyboard alone, on every page, in a real Chromium."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, expect

from pages.registry import topic
from pages.ui import text
from tests.browser.conftest import Language, OpenPage
from tests.browser.test_keys import stands
from tests.browser.test_walk import click_cell, says
from tests.browser.visit import Visit

TEXT = "Dogs chase cats"
# Of every page with figures its views, and how many of their figures have cells.
FIGURES = [
    *(("lstm", {}), ("seq2seq", {}), ("scores", {}), ("translator", {"beams": "2"})),
    *(
        (page, {"view": view})
        for page in ("memory", "positions", "bert", "gpt", "vision")
        for view in topic(page).views
        if (page, view) not in {("gpt", "cache"), ("memory", "clipping")}  # no cells to choose
    ),
    *(("heads", {}), ("heads", {"view": "elementwise"})),
]


def tab_to(visit: Visit, key: str) -> Locator:
    """Press Tab until a figure has the focus."""
    figure = visit.box(key)
    expect(figure).to_have_attribute("tabindex", "0")
    for _ in range(80):
        visit.page.keyboard.press("Tab")
        if figure.evaluate("box => box === document.activeElement"):
            return figure
    raise AssertionError(f"{key} cannot be reached")


def press(visit: Visit, key: str, times: int = 1) -> None:
    for _ in range(times):
        visit.page.keyboard.press(key)


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_query_and_key_are_chosen_by_arrows(open_page: OpenPage, lang: Language) -> None:
    visit = open_page(f"/heads?{urlencode({'text': TEXT, 'query': 1, 'key': 1})}", lang=lang)
    visit.figure()
    figure = tab_to(visit, "weights")
    expect(figure).to_have_attribute("role", "application")
    name = text.catalogue(lang)["heads.map"]
    named(visit, figure, name, "Dogs", "Dogs")
    ring = "box => getComputedStyle(box).outlineStyle + getComputedStyle(box).outlineWidth"
    assert figure.evaluate(ring) == "solid3px"
    press(visit, "ArrowDown")
    press(visit, "ArrowRight", 2)
    stands(visit, query="2", key="3")
    expect(figure).to_be_focused()
    named(visit, figure, name, "chase", "cats")
    press(visit, "ArrowLeft", 9)
    stands(visit, query="2", key="0")
    press(visit, "End")
    stands(visit, query="2", key="4")
    press(visit, "Home")
    stands(visit, query="2", key="0")
    press(visit, "Escape")
    expect(figure).not_to_be_focused()
    press(visit, "ArrowDown")
    stands(visit, query="2", key="0")
    click_cell(visit, 3, 2)
    stands(visit, query="3", key="2")
    press(visit, "ArrowDown")
    stands(visit, query="3", key="2")


def named(visit: Visit, figure: Locator, name: str, query: str, key: str) -> None:
    """What the figure is, and its chosen cell with the weight that stands under the formula."""
    mark = "[\u2068\u2069]?"  # parts tokens of either direction from their surroundings
    words = (f"{mark}{word}{mark}" for word in (query, key))
    pattern = f"{name}: {' → '.join(words)}: (.+)"
    expect(figure).to_have_accessible_name(re.compile(pattern))
    weight = re.fullmatch(pattern, figure.get_attribute("aria-label") or "")
    assert weight is not None
    expect(visit.box("steps").locator(".equal").last).to_contain_text(weight[1])


def test_cells_of_every_step_and_every_matrix(open_page: OpenPage) -> None:
    visit = open_page(f"/scores?{urlencode({'text': TEXT, 'step': 2, 'query': 1, 'key': 1})}")
    visit.figure()
    figure = tab_to(visit, "scene")
    press(visit, "ArrowRight")
    press(visit, "ArrowUp")
    stands(visit, query="0", key="2", step="2")
    # The page's own keys go on stepping, and the figure keeps the focus.
    press(visit, "PageDown")
    stands(visit, query="0", key="2", step="3")
    expect(figure).to_be_focused()
    press(visit, "ArrowLeft")
    stands(visit, query="0", key="1", step="3")
    press(visit, "Escape")
    press(visit, "ArrowRight")
    stands(visit, step="4", key="1")


def test_another_part_of_the_picture_is_an_arrow_with_shift_away(open_page: OpenPage) -> None:
    """Queries stand at the left, keys at the right: both are lists."""
    visit = open_page(f"/heads?{urlencode({'text': TEXT, 'query': 1, 'key': 1})}")
    visit.figure()
    tab_to(visit, "row")
    press(visit, "ArrowDown")
    stands(visit, query="2", key="1")
    press(visit, "Shift+ArrowRight")
    press(visit, "ArrowDown", 2)
    stands(visit, query="2", key="3")


def test_a_long_text_is_walked_cell_by_cell(open_page: OpenPage) -> None:
    """Of a large matrix only the chosen row and column answer: the next ones have to be drawn."""
    long = " ".join(["cats"] * 60)
    visit = open_page(f"/heads?{urlencode({'text': long, 'query': 20, 'key': 30})}")
    visit.figure()
    tab_to(visit, "weights")
    for key in ("ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowDown"):
        press(visit, key)
    stands(visit, query="23", key="32")


@pytest.mark.parametrize(("page", "more"), FIGURES, ids=lambda value: str(value)[:30])
def test_every_figure_that_answers_clicks_is_named_and_walked(
    open_page: OpenPage, page: str, more: dict[str, str]
) -> None:
    visit = open_page(f"/{page}?{urlencode(more)}")
    visit.figure()
    figures = visit.page.locator("[data-cells]")
    expect(figures.first).to_be_visible()
    names = figures.evaluate_all(
        "all => all.map(box => box.className.match(/st-key-([\\w-]+)/)[1])"
    )
    assert len(names) == len(set(names))
    for key in names:
        figure = tab_to(visit, key)
        before = figure.get_attribute("aria-label") or ""
        assert ": " in before
        for way in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft"):
            press(visit, way)
            visit.idle()
            visit.page.wait_for_timeout(150)
            visit.idle()
            if figure.get_attribute("aria-label") != before:
                break
        else:
            raise AssertionError(f"no arrow leads away from {before}")
        expect(figure).to_be_focused()
        press(visit, "Escape")
        expect(figure).not_to_be_focused()


def test_where_a_click_does_more_arrows_only_lead_and_enter_does_it(open_page: OpenPage) -> None:
    visit = open_page("/bert?view=mask&step=4&hidden=none")
    visit.figure()
    tab_to(visit, "masking")
    press(visit, "ArrowRight", 2)
    stands(visit, hidden="none", step="6")
    press(visit, "Enter")
    stands(visit, hidden="6", step="6")
    press(visit, "Space")
    stands(visit, hidden="none", step="6")

    visit = open_page("/gpt?step=1&text=You")
    visit.figure()
    tab_to(visit, "choosing")
    chips = visit.page.locator(".chips .given bdi")
    count = chips.count()
    press(visit, "ArrowDown")
    expect(visit.page.locator(".cells-ring")).to_be_visible()
    visit.page.wait_for_timeout(300)
    expect(chips).to_have_count(count)
    press(visit, "Enter")
    expect(chips).to_have_count(count + 2)


def test_the_overview_and_the_pad_are_left_by_escape(open_page: OpenPage) -> None:
    visit = open_page(f"/heads?{urlencode({'text': TEXT, 'layer': 2, 'head': 2})}")
    visit.figure()
    grid = visit.box("overview-picture").locator("canvas.grid")
    for _ in range(40):
        press(visit, "Tab")
        if grid.evaluate("one => one === one.getRootNode().activeElement"):
            break
    press(visit, "ArrowRight", 2)
    press(visit, "ArrowDown", 2)
    stands(visit, layer="4", head="4")
    press(visit, "Escape")
    expect(grid).not_to_be_focused()

    visit = open_page("/vision?key=3")
    visit.figure()
    pad = visit.box("input").locator(".pad .pixels")
    pad.focus()
    press(visit, "ArrowRight")
    expect(pad).to_have_attribute("aria-activedescendant", "pixel-0-1")
    press(visit, "Escape")
    expect(pad).not_to_be_focused()
    press(visit, "ArrowRight")
    says(visit, key="4")
