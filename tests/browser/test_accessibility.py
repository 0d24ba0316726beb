"""WCAG 2.2 AA, as far as axe-core sees it: nothing serious on any page, in light and in dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from pages.registry import TOPICS
from tests.browser.axe import bars_nobody, serious
from tests.browser.conftest import Language, OpenPage, ThemeName
from tests.browser.visit import PATIENCE, Visit

expect.set_options(timeout=PATIENCE)
LOOKS: list[tuple[Language, ThemeName]] = [("en", "light"), ("tr", "dark")]
LECTURES = ("scores?v=2&mode=hand&step=4&talk=by-hand&stop=3", "heads?v=2&lecture=1")
# Each page in one language and theme by turns; in the other with `make test-all`.
PAGES = [
    pytest.param(page, *look, marks=[pytest.mark.slow] if (at + n) % 2 else [])
    for at, page in enumerate((*(f"{topic.slug}?" for topic in TOPICS), *LECTURES))
    for n, look in enumerate(LOOKS)
]


# Figures that a screen reader would meet without a name; what is part of another one is hidden.
NAMELESS = """() => [...document.querySelectorAll(".js-plotly-plot")]
  .filter((plot) => !plot.closest("[aria-hidden=true]"))
  .filter((plot) => !plot.closest("[role=application][aria-label], [role=img][aria-label]")
    ?.ariaLabel.trim())
  .map((plot) => plot.closest("[class*=st-key-]")?.className)"""


def named(visit: Visit) -> None:
    """Every figure says what it is."""
    assert visit.page.evaluate(NAMELESS) == []


@pytest.mark.parametrize(("page", "lang", "theme"), PAGES)
def test_nothing_bars_anyone(
    page: str, lang: Language, theme: ThemeName, open_page: OpenPage
) -> None:
    path = f"/{page}".replace("/home", "/")
    visit = open_page(f"{path}&lang={lang}", lang=lang, theme=theme, size=(1366, 768))
    assert visit.page.locator("html").get_attribute("lang") == lang
    bars_nobody(visit.page)
    named(visit)


def test_the_check_sees_what_is_too_pale(open_page: OpenPage) -> None:
    visit = open_page("/glossary?lang=en", size=(1366, 768))
    visit.page.add_style_tag(content="h1 {color: #ccc !important}")
    assert any(one.startswith("color-contrast") for one in serious(visit.page))


@pytest.mark.parametrize(("lang", "theme"), LOOKS)
def test_numbers_are_heard_as_a_table(
    lang: Language, theme: ThemeName, open_page: OpenPage
) -> None:
    """By one key, with headings; a page's keys rest meanwhile, and the focus finds its way back."""
    visit = open_page(f"/heads?v=2&lang={lang}", lang=lang, theme=theme, size=(1366, 768))
    visit.page.locator(".st-key-takealong button.open").click()
    expect(visit.page.locator("button.table")).to_be_enabled()
    bars_nobody(visit.page)
    visit.page.keyboard.press("Escape")
    figure = visit.page.locator(".st-key-weights[data-cells]")
    figure.focus()
    visit.page.keyboard.press("r")
    table = visit.page.get_by_role("dialog").get_by_role("table")
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(10)
    assert rows.first.locator("th[scope=row]").inner_text() == "[CLS]"
    assert table.locator("thead th[scope=col]").count() == 10
    assert ("," if lang == "tr" else ".") in rows.first.locator("td").first.inner_text()
    assert table.locator("caption").inner_text().count("\n") == 2
    bars_nobody(visit.page)
    address = visit.page.url
    visit.page.get_by_role("dialog").locator("select").select_option(label="q (10 × 32)")
    expect(table.locator("caption b")).to_have_text("q (10 × 32)")
    visit.screenshot(f"table-{lang}")
    visit.page.locator("dialog .room").focus()
    visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("k")
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("dialog[open]")).to_have_count(0)
    assert visit.page.url == address
    assert figure.evaluate("e => e === document.activeElement")
