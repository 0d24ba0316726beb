"""The translator page in a real Chromium: words and stages by keyboard, playing, clicks."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from models.translator.record import translate
from pages.ui import text
from tests.browser.conftest import Language, OpenPage
from tests.browser.test_walk import on_one_screen, says, stacked
from tests.browser.visit import Visit
from viz.translator.stage_names import STAGES

TEXT = "Pencereleri anne kırdı."  # an example: the grammar has not to be built for it


def lit(visit: Visit) -> str:
    """The stage whose button stands out."""
    return visit.box("diagram").locator("button[aria-pressed=true]").inner_text()


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_words_and_stages_are_walked_by_keyboard(open_page: OpenPage, lang: Language) -> None:
    words = text.catalogue(lang)
    visit = open_page(f"/translator?{urlencode({'text': TEXT, 'step': 0})}", lang=lang)
    written = translate("translator", TEXT).written.typed
    visit.figure()
    expect(visit.page.get_by_test_id("stAlert")).to_have_count(0)
    for step in range(1, 3):
        with visit.rerun():
            visit.page.keyboard.press("ArrowRight")
        says(visit, step=str(step))
        expect(visit.box("next-words").locator(".so-far b")).to_contain_text(written[step])
    with visit.rerun():
        visit.page.keyboard.press("ArrowLeft")
    says(visit, step="1")
    behind = STAGES[STAGES.index("cross") + 1 :]
    for stage in behind if lang == "en" else behind[:2]:
        with visit.rerun():
            visit.page.keyboard.press("Shift+ArrowRight")
        says(visit, stage=stage, step="1")
        assert lit(visit) == words[f"translator.diagram.{stage}"]
        on_one_screen(visit)
    visit.screenshot(f"translator-walked-{lang}")


def test_space_plays_to_the_end_and_the_clock_is_gone(open_page: OpenPage) -> None:
    visit = open_page(f"/translator?{urlencode({'text': TEXT, 'step': 3})}")
    last = len(translate("translator", TEXT).ids) - 1
    visit.figure()
    with visit.rerun():
        visit.page.keyboard.press("Space")
    says(visit, step=str(last))
    expect(visit.box("clock")).to_have_count(0)
    visit.idle()
    runs = visit.runs
    visit.page.wait_for_timeout(2000)
    assert visit.runs == runs


def test_a_click_on_a_stage_opens_it_and_the_link_brings_it_back(open_page: OpenPage) -> None:
    words = text.catalogue("en")
    visit = open_page(f"/translator?{urlencode({'text': TEXT, 'step': 2, 'beams': 2})}")
    visit.figure()
    with visit.rerun():
        visit.box("diagram").get_by_role("button", name=words["translator.diagram.linear"]).click()
    says(visit, stage="linear")
    expect(visit.box("steps").locator("h3").first).to_contain_text(words["translator.stage.linear"])
    expect(visit.box("beam-tree").locator(".main-svg").first).to_be_visible()
    on_one_screen(visit)
    other = open_page(visit.page.url[visit.page.url.index("/translator") :])
    other.figure()
    assert lit(other) == words["translator.diagram.linear"]


def test_nothing_hangs_over_in_a_narrow_window(open_page: OpenPage) -> None:
    visit = open_page(f"/translator?{urlencode({'text': TEXT, 'step': 2, 'stage': 'feed'})}")
    visit.figure()
    visit.page.set_viewport_size({"width": 900, "height": 1000})
    visit.fitted()
    stacked(visit, beside=False)
    visit.screenshot("translator-narrow")
