"""The glossary in a real Chromium: formulas set, on one screen, links that lead there, a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from pages.glossary.terms import TERMS
from pages.ui import text
from tests.browser.conftest import Language, OpenPage, ThemeName
from tests.browser.test_positions import bottom

FORMULAS = sum(bool(term.formula) for term in TERMS)


@pytest.mark.parametrize(
    ("lang", "theme", "size"),
    [("en", "light", (1366, 768)), ("tr", "dark", (1920, 1080))],
)
def test_every_formula_is_set_and_the_terms_scroll_within_the_screen(
    open_page: OpenPage, lang: Language, theme: ThemeName, size: tuple[int, int]
) -> None:
    visit = open_page("/glossary", lang=lang, theme=theme, size=size)
    terms = visit.box("main-figure")
    expect(terms.locator("td .katex")).to_have_count(FORMULAS)
    expect(terms.locator(".katex-error")).to_have_count(0)
    for part in ("main-figure", "provenance"):
        assert bottom(visit.box(part)) <= size[1], part
    visit.screenshot(f"glossary-{lang}-{theme}")


def test_a_term_is_found_and_its_link_opens_its_page(open_page: OpenPage) -> None:
    visit = open_page("/glossary", lang="tr")
    with visit.rerun():
        field = visit.box("search").locator("input")
        field.fill("NEDENSEL")
        field.press("Enter")
    link = visit.box("main-figure").locator("td a")
    expect(link).to_have_count(1)
    with visit.page.context.expect_page() as opened:
        link.click()
    page = opened.value
    expect(page.locator("h1")).to_have_text(text.catalogue("tr")["gpt.title"])
    assert "view=mask" in page.url
    assert page.url.startswith(visit.page.url.split("/glossary")[0] + "/gpt?")


@pytest.mark.parametrize("lang", ["en", "tr"])
def test_on_a_phone_nothing_scrolls_sideways(open_page: OpenPage, lang: Language) -> None:
    visit = open_page("/glossary", lang=lang, size=(390, 844))
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = "all => Math.max(...all.map(one => one.getBoundingClientRect().right))"
    assert visit.box("main-figure").locator("td").evaluate_all(wide) <= 390
