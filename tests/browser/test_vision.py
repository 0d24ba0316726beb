"""The pictures page in a real Chromium: a walk by keyboard, a digit drawn by mouse and by keys."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from pages.ui import text
from tests.browser.conftest import Language, OpenPage, ThemeName
from tests.browser.marks import mark_at
from tests.browser.test_walk import bounds, on_one_screen, says, stacked
from tests.browser.visit import Visit
from viz.board.theme import contrast

VIEWS = ("attention", "rollout", "deletion")


def press(visit: Visit, key: str) -> None:
    with visit.rerun():
        visit.page.keyboard.press(key)


def pad(visit: Visit) -> Locator:
    return visit.box("input").locator(".pad .pixels")


def ink(visit: Visit, row: int, column: int) -> Locator:
    return visit.box("input").locator(f"#pixel-{row}-{column}")


def place(visit: Visit, row: int, column: int) -> tuple[float, float]:
    """The middle of a pixel, in the window."""
    box = bounds(ink(visit, row, column))
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("tr", "dark")])
def test_every_view_is_on_one_screen_and_stacks_when_narrow(
    open_page: OpenPage, lang: Language, theme: ThemeName
) -> None:
    visit = open_page("/vision", lang=lang, theme=theme)
    words = text.catalogue(lang)
    expect(visit.page.locator("h1")).to_have_text(words["vision.title"])
    for view in VIEWS:
        if view != VIEWS[0]:
            with visit.rerun():
                visit.box("view").get_by_text(words[f"vision.view.{view}"], exact=True).click()
        visit.figure()
        for trouble in ("stException", "stAlert"):
            expect(visit.page.get_by_test_id(trouble)).to_have_count(0)
        expect(visit.box("steps").locator(".katex-error")).to_have_count(0)
        visit.screenshot(f"vision-{view}-{lang}-{theme}")
        on_one_screen(visit)
    visit.page.set_viewport_size({"width": 900, "height": 1000})
    visit.painted()
    stacked(visit, beside=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_pixels_number_can_be_read(open_page: OpenPage, theme: ThemeName) -> None:
    levels = "0123456789abcdefg"
    visit = open_page(f"/vision?drawn={(4 * levels)[:64]}", theme=theme)
    expect(ink(visit, 0, 1)).to_have_text("1")
    for column in range(1, 17):
        pixel = ink(visit, column // 8, column % 8)
        colours = pixel.evaluate(
            "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
        )
        assert contrast(*map(hex_of, colours)) >= 4.5, (column, colours)


def hex_of(colour: str) -> str:
    """#RRGGBB of what a browser says: rgb(255, …) or color(srgb 1 …)."""
    parts = [float(part) for part in re.findall(r"[\d.]+", colour)[:3]]
    scale = 255 if colour.startswith("color(") else 1
    return "#" + "".join(f"{round(part * scale):02X}" for part in parts)


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_patches_and_removals_are_walked_by_keyboard(open_page: OpenPage, lang: Language) -> None:
    visit = open_page("/vision?key=9", lang=lang)
    visit.figure()
    chosen = visit.box("patches").locator(".js-plotly-plot")
    for name in ("B3", "C3"):
        press(visit, "ArrowRight")
        expect(visit.box("steps").locator(".katex").first).to_contain_text(name)
    press(visit, "ArrowLeft")
    says(visit, key="10")
    expect(chosen).to_be_visible()
    words = text.catalogue(lang)
    with visit.rerun():
        visit.box("view").get_by_text(words["vision.view.deletion"], exact=True).click()
    visit.figure()
    for count in (5, 6):  # a link of the first version: its first step is 4
        press(visit, "ArrowRight")
        heading = words["vision.without"].format(count=count, named=7)
        expect(visit.box("main-figure").locator("h3")).to_contain_text(heading)


def test_clicks_choose_patch_query_and_head(open_page: OpenPage) -> None:
    visit = open_page("/vision")
    visit.figure()
    plot = visit.box("patches").locator(".js-plotly-plot")
    wanted: tuple[int | str, ...]
    for wanted, found in (
        (("key", 11), {"key": "11"}),
        (("query", 3), {"query": "3"}),
        (("head", 1, 3), {"layer": "1", "head": "3"}),  # neither is shown first
    ):
        with visit.rerun():
            plot.click(position=mark_at(plot, *wanted))
        says(visit, **found)


def test_a_stroke_of_the_mouse_is_the_visitors_own_picture(open_page: OpenPage) -> None:
    visit = open_page("/vision")
    visit.figure()
    words = text.catalogue("en")
    with visit.rerun():
        visit.box("input").get_by_role("button", name=words["vision.pad.clear"]).click()
    says(visit, drawn="0" * 64)
    expect(visit.box("input")).to_contain_text(words["vision.drawing"])
    visit.page.mouse.move(*place(visit, 1, 4))
    visit.page.mouse.down()
    visit.page.mouse.move(*place(visit, 6, 4))  # in one leap: no pixel on the way is left out
    with visit.rerun():
        visit.page.mouse.up()
    rows = ["0" * 8, *["0000g000"] * 6, "0" * 8]
    says(visit, drawn="".join(rows))
    expect(visit.box("provenance")).to_contain_text(words["vision.from_own"].format(number=0))
    other = open_page(visit.page.url[visit.page.url.index("/vision") :])
    other.figure()
    expect(ink(other, 3, 4)).to_have_attribute("data-value", "16")
    with visit.rerun():
        visit.page.get_by_role("button", name=words["vision.back_to"].format(number=0)).click()
    expect(ink(visit, 0, 4)).to_have_attribute("data-value", "16")
    expect(ink(visit, 6, 4)).to_have_attribute("data-value", "9")


def test_pixels_are_painted_by_keys_and_the_pages_own_keys_stay_still(open_page: OpenPage) -> None:
    visit = open_page("/vision?key=3")
    visit.figure()
    pad(visit).focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft"):
        visit.page.keyboard.press(key)
    expect(pad(visit)).to_have_attribute("aria-activedescendant", "pixel-1-1")
    press(visit, " ")
    expect(ink(visit, 1, 1)).to_have_attribute("data-value", "16")
    press(visit, "-")
    expect(ink(visit, 1, 1)).to_have_attribute("data-value", "15")
    press(visit, "Delete")
    expect(ink(visit, 1, 1)).to_have_attribute("data-value", "0")
    says(visit, key="3")
    level = visit.box("input").get_by_role("slider")
    level.focus()
    for _ in range(10):
        visit.page.keyboard.press("ArrowLeft")
    expect(visit.box("input").locator(".pad output")).to_have_text("6")
    pad(visit).focus()
    press(visit, "Enter")
    expect(ink(visit, 1, 1)).to_have_attribute("data-value", "6")
    expect(ink(visit, 1, 1)).to_have_attribute(
        "aria-label", text.catalogue("en")["vision.pad.pixel"].format(row=2, column=2, value=6)
    )
    says(visit, key="3")
