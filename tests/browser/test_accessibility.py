"""WCAG 2.2 AA, as far as axe-core sees it: nothing serious on any page, in light and in dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from pages.registry import TOPICS
from tests.browser.conftest import Language, OpenPage, ThemeName
from tests.browser.visit import Visit

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOKS: list[tuple[Language, ThemeName]] = [("en", "light"), ("tr", "dark")]
LECTURES = ("scores?v=2&mode=hand&step=4&talk=by-hand&stop=3", "heads?v=2&lecture=1")
# Each page in one language and theme by turns; in the other with `make test-all`.
PAGES = [
    pytest.param(page, *look, marks=[pytest.mark.slow] if (at + n) % 2 else [])
    for at, page in enumerate((*(f"{topic.slug}?" for topic in TOPICS), *LECTURES))
    for n, look in enumerate(LOOKS)
]


def serious(visit: Visit) -> list[str]:
    """What axe calls serious or critical: rule, element, why."""
    only = {"runOnly": RULES, "resultTypes": ["violations"]}
    return [
        f"{rule['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for rule in Axe().run(visit.page, options=only).response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(("page", "lang", "theme"), PAGES)
def test_nothing_bars_anyone(
    page: str, lang: Language, theme: ThemeName, open_page: OpenPage
) -> None:
    path = f"/{page}".replace("/home", "/")
    visit = open_page(f"{path}&lang={lang}", lang=lang, theme=theme, size=(1366, 768))
    assert visit.page.locator("html").get_attribute("lang") == lang
    found = serious(visit)
    assert not found, "\n".join(found)


def test_the_check_sees_what_is_too_pale(open_page: OpenPage) -> None:
    visit = open_page("/glossary?lang=en", size=(1366, 768))
    visit.page.add_style_tag(content="h1 {color: #ccc !important}")
    assert any(one.startswith("color-contrast") for one in serious(visit))
