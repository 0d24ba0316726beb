"""What axe-core finds on a page: WCAG 2.2 AA, as far as a program sees it."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical: rule, element, why."""
    only = {"runOnly": RULES, "resultTypes": ["violations"]}
    return [
        f"{rule['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for rule in Axe().run(page, options=only).response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def bars_nobody(page: Page, besides: str = "") -> None:
    """Nothing serious is found. besides: a rule that is broken there for a reason."""
    found = [one for one in serious(page) if not besides or not one.startswith(f"{besides}: ")]
    assert not found, "\n".join(found)
