"""`python -m tests.browser.screens [folder]`: every page and view as pictures, to look through.

In a laptop's window, a large one and a phone's (this one whole, however long), in both themes and
languages. build/screens unless another folder is named.
"""

from __future__ import annotations

import re
import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from pages.ui.text import LANGUAGES
from tests.browser.chromium import launch
from tests.browser.conftest import LOCALES, Language, ThemeName
from tests.browser.server import ROOT, running
from tests.browser.states import states
from tests.browser.visit import Visit

SIZES = ((1366, 768), (1920, 1080), (390, 844))
THEMES: tuple[ThemeName, ...] = ("light", "dark")
LONGEST = 6000  # pixels of a phone's whole page


def name(state: str) -> str:
    """What a page and view is called as a file."""
    return re.sub(r"\W+", "-", state.replace("v=2", "")).strip("-") or "home"


def shoot(browser: Browser, url: str, folder: Path, language: Language, theme: ThemeName) -> None:
    """One visitor's walk: every state in every size."""
    for width, height in SIZES:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale=LOCALES[language],
        )
        visit = Visit(context, url)
        into = folder / f"{width}x{height}-{language}-{theme}"
        into.mkdir(parents=True, exist_ok=True)
        visit.goto("/")  # tells the app the size of this window, once
        for state in states():
            visit.goto(f"{state}&lang={language}")
            if width < 600:
                main = visit.page.locator('[data-testid="stMainBlockContainer"]')
                whole = int(main.evaluate("e => e.scrollHeight")) + 60
                visit.page.set_viewport_size({"width": width, "height": min(whole, LONGEST)})
                visit.painted()
            visit.page.screenshot(path=into / f"{name(state)}.png")
            visit.page.set_viewport_size({"width": width, "height": height})
        context.close()


def main(folder: Path) -> None:
    """All of them."""
    folder.mkdir(parents=True, exist_ok=True)
    with running(ROOT / "app.py", folder / "log.txt") as app, sync_playwright() as playwright:
        browser = launch(playwright)
        for language, theme in product(LANGUAGES, THEMES):
            shoot(browser, app.url, folder, language, theme)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "screens")
