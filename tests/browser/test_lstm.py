"""The gates page in a real Chromium: a whole sentence by keyboard, clicks, one screen."""

from __future__ import annotations

from playwright.sync_api import expect

from pages.registry import topic
from pages.ui import text
from tests.browser.conftest import OpenPage
from tests.browser.marks import mark_at
from tests.browser.test_walk import bounds, on_one_screen, says
from tests.browser.visit import Visit
from tests.viz.sentences import quoted

SENTENCE = topic("lstm").defaults["text"]
WORDS = [*SENTENCE.removesuffix(".").split(), "."]


def reading(visit: Visit, word: str) -> None:
    """The sentence in words and the cell both say which word is read."""
    expect(visit.box("now").locator(".tok").first).to_have_text(quoted(word))
    drawn = visit.box("cell").locator(".js-plotly-plot")
    expect(drawn).to_contain_text(word)


def click_map(visit: Visit, part: str, step: int, unit: int) -> None:
    """Click the point of a map that carries that step and unit."""
    plot = visit.box("gates").locator(".js-plotly-plot")
    with visit.rerun():
        plot.click(position=mark_at(plot, step, unit, said=f"<i>{part}</i>"))


def test_a_whole_sentence_is_walked_by_keyboard(open_page: OpenPage) -> None:
    visit = open_page("/lstm?step=0")
    visit.figure()
    reading(visit, WORDS[0])
    for step in range(1, len(WORDS)):
        with visit.rerun():
            visit.page.keyboard.press("ArrowRight")
        reading(visit, WORDS[step])
    with visit.rerun():
        visit.page.keyboard.press("ArrowLeft")
    reading(visit, WORDS[-2])
    # The slider takes arrow keys, too: one key must not count twice.
    visit.box("step").get_by_role("slider").focus()
    for step in (len(WORDS) - 3, len(WORDS) - 4, len(WORDS) - 5):
        with visit.rerun():
            visit.page.keyboard.press("ArrowLeft")
        reading(visit, WORDS[step])
    visit.page.wait_for_timeout(500)
    says(visit, step=str(len(WORDS) - 5))


def test_a_click_on_a_map_chooses_unit_and_step_and_the_link_restores_them(
    open_page: OpenPage,
) -> None:
    visit = open_page("/lstm?order=index")
    visit.figure()
    for part, step, unit in (("f", 3, 25), ("h", 9, 25)):
        click_map(visit, part, step, unit)
        reading(visit, WORDS[step])
        expect(visit.box("unit").locator("input")).to_have_value(str(unit))
        says(visit, step=str(step), unit=str(unit))
    link = visit.page.url
    said = visit.box("steps").inner_text()
    other = open_page(link[link.index("/lstm") :])
    other.figure()
    assert other.box("steps").inner_text() == said


def test_a_long_text_stands_on_one_screen_and_moves_with_the_step(open_page: OpenPage) -> None:
    visit = open_page("/lstm?step=150&text=" + "+".join(WORDS * 20))
    visit.figure()
    on_one_screen(visit)
    reading(visit, WORDS[150 % 12])
    nodes = visit.box("gates").evaluate("box => box.querySelectorAll('*').length")
    assert nodes < 6000
    with visit.rerun():
        visit.page.keyboard.press("ArrowRight")
    reading(visit, WORDS[151 % 12])
    box = bounds(visit.box("main-figure"))
    assert box["x"] + box["width"] <= 1920


def test_the_unit_is_found_and_silenced_by_clicks(open_page: OpenPage) -> None:
    visit = open_page("/lstm")
    visit.figure()
    words = text.catalogue("en")
    with visit.rerun():
        visit.box("find").get_by_role("button", name=words["lstm.figure.unit"].format(n=42)).click()
    expect(visit.box("unit").locator("input")).to_have_value("42")
    name = words["lstm.silence.unit"].format(unit=42)
    option = visit.page.get_by_role("option", name=name, exact=True)
    # A list closes when the page below it scrolls, and a browser tells of scrolling a frame late.
    visit.page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    visit.painted()
    visit.box("silence").get_by_role("combobox").click()
    with visit.rerun():
        option.click()
    expect(visit.box("provenance")).to_contain_text(words["origin.whatif"])
    expect(visit.box("next-words").locator("th")).to_have_text(
        ["", words["lstm.as_trained"], words["lstm.without"]]
    )
    says(visit, unit="42", silence="unit")
