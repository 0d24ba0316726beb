"""The bert page in a real Chromium: every view by keyboard, in both languages; words hidden."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from models.bert.examples import pairs
from models.bert.mask import masked_text
from pages.bert.shared import VIEWS
from pages.ui import text
from tests.browser.conftest import Language, OpenPage
from tests.browser.marks import mark_at
from tests.browser.test_walk import on_one_screen, says
from tests.browser.visit import Visit
from viz.board.notation import isolated

EXAMPLE = next(one for one in pairs() if (one.language, one.relation) == ("en", "next"))
VIEW_STEPS = {"input": "6", "mask": "7", "senses": "1"}


def not_clipped(visit: Visit) -> None:
    """No formula is wider than its panel, no picture's key lies outside the window."""
    over = visit.box("steps").evaluate(
        "panel => [...panel.querySelectorAll('.katex-display .katex-html')].filter("
        "e => e.getBoundingClientRect().right > panel.getBoundingClientRect().right + 2).length"
    )
    assert over == 0


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_every_view_by_keyboard(open_page: OpenPage, lang: Language) -> None:
    words = text.catalogue(lang)
    visit = open_page("/bert", lang=lang)
    visit.figure()
    page, switch = visit.page, visit.box("view")
    for place, view in enumerate(VIEWS):
        if place:
            with visit.rerun():
                switch.get_by_role("radio", name=words[f"bert.view.{view}"]).press("Space")
            says(visit, view=view)
        visit.figure()
        expect(page.get_by_test_id("stAlert")).to_have_count(0)
        on_one_screen(visit)
        not_clipped(visit)
        if view in VIEW_STEPS:
            page.locator("h1").click()  # arrows belong to the page, not to the switch
            with visit.rerun():
                page.keyboard.press("ArrowRight")
            visit.figure()
            on_one_screen(visit)
        visit.screenshot(f"bert-{view}-{lang}")


def test_a_click_hides_a_word_and_another_shows_it(open_page: OpenPage) -> None:
    visit = open_page("/bert?view=mask&hidden=none&step=4")
    visit.figure()
    plot = visit.box("masking").locator(".js-plotly-plot")
    for hidden in ("8", "8.13", "13"):
        piece = 13 if hidden == "8.13" else 8
        with visit.rerun():
            plot.click(position=mark_at(plot, piece, 1))
        says(visit, hidden=hidden, step=str(piece))
        visit.figure()
    found = masked_text("bert-mini", EXAMPLE.first, EXAMPLE.second, masked=(13,))
    rank = found.hidden[8].rank(found.stood[8])
    told = text.catalogue("en")["bert.rank"].format(
        word=isolated("garden"), rank=rank, count=len(found.vocabulary)
    )
    expect(visit.box("candidates-hidden")).to_contain_text(told)
    with visit.rerun():
        visit.page.keyboard.press("m")
    says(visit, hidden="8.13")
