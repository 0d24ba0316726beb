"""The gpt page in a real Chromium: written, taken back and walked through by keyboard."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from models.catalog import load
from models.core.sampling import Settings
from models.gpt.generation import spelled, write
from pages.ui import text
from pages.ui.state import parameters
from tests.browser.conftest import Language, OpenPage
from tests.browser.marks import mark_at
from tests.browser.test_walk import address, bounds, on_one_screen, says
from tests.browser.visit import Visit

HERE = parameters("gpt")
WAY = Settings(*(HERE[name].default for name in ("temperature", "top_k", "top_p")))
BEGINNINGS: dict[Language, str] = {"en": "The old", "tr": "Yaşlı"}


def written(visit: Visit) -> list[str]:
    return visit.page.locator(".chips .written bdi").all_inner_texts()


def fits(visit: Visit) -> None:
    """Picture and sums on one screen, and no formula wider than its column."""
    on_one_screen(visit)
    steps = bounds(visit.box("steps"))
    over = (
        visit.box("steps")
        .locator(".katex-display")
        .evaluate_all(
            "(all, right) => all.filter(e => e.querySelector('.katex-html')"
            ".getBoundingClientRect().right > right + 1).length",
            steps["x"] + steps["width"],
        )
    )
    assert over == 0


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_the_page_is_walked_by_keyboard(open_page: OpenPage, lang: Language) -> None:
    words, beginning = text.catalogue(lang), BEGINNINGS[lang]
    visit = open_page(f"/gpt?{urlencode({'text': beginning, 'step': 0})}", lang=lang)
    own = write("gpt-mini", beginning, WAY, steps=3)
    typed = list(own.typed[own.given :])
    visit.figure()
    expect(visit.page.get_by_test_id("stAlert")).to_have_count(0)
    for step in range(len(typed)):
        assert written(visit) == typed[:step]
        fits(visit)
        with visit.rerun():
            visit.page.keyboard.press("ArrowRight")
        says(visit, step=str(step + 1))
    with visit.rerun():
        visit.page.keyboard.press("ArrowLeft")
    assert written(visit) == typed[: len(typed) - 1]
    for view in ("mask", "cache", "induction"):
        with visit.rerun():
            visit.box("view").get_by_text(words[f"gpt.view.{view}"], exact=True).click()
        visit.figure()
        fits(visit)
        expect(visit.box("steps").locator(".bad")).to_have_count(0)
        if view != "induction":
            before = len(written(visit))
            with visit.rerun():
                visit.page.keyboard.press("ArrowRight")
            assert len(written(visit)) == before + 1
            with visit.rerun():
                visit.page.keyboard.press("ArrowLeft")
        visit.screenshot(f"gpt-{view}-{lang}")


def test_a_click_on_a_word_writes_it_and_the_link_brings_it_back(open_page: OpenPage) -> None:
    visit = open_page(f"/gpt?{urlencode({'step': 1})}")
    visit.figure()
    plot = visit.box("choosing").locator(".js-plotly-plot")
    token = plot.evaluate("plot => plot._fullData.find(t => t.name === 'cells').customdata[1][0]")
    with visit.rerun():
        plot.click(position=mark_at(plot, token))
    given = visit.page.locator(".chips .given bdi").all_inner_texts()
    shown = write("gpt-mini", "The old", WAY, steps=1)
    says(visit, text=spelled(load("gpt-mini"), (*shown.ids, int(token))))
    assert "step" not in address(visit)  # the first one, as by default
    assert len(given) == len(shown.ids) + 1
    assert int(token) == int(shown.next.stages.order[1])  # type: ignore[union-attr]
    link = visit.page.url
    other = open_page(link[link.index("/gpt") :])
    other.figure()
    assert other.page.locator(".chips .given bdi").all_inner_texts() == given
