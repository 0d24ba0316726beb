"""The real app in a real Chromium. A test fails when its page met an error it did not expect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

import pytest
from babel.core import get_global
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from pages.ui.text import LANGUAGES
from tests.browser.chromium import launch
from tests.browser.server import ROOT, Server, running
from tests.browser.visit import Visit

Language: TypeAlias = str  # its code
ThemeName = Literal["light", "dark"]
Profile = Callable[[Language, ThemeName], BrowserContext]
HERE = Path(__file__).parent
_LIKELY = get_global("likely_subtags")  # tr → tr_Latn_TR
LOCALES = {code: re.sub("_.*_", "-", _LIKELY[code]) for code in LANGUAGES}


class OpenPage(Protocol):
    """What the fixture `open_page` is: opens an address as a new visitor would."""

    def __call__(
        self,
        path: str,
        *,
        lang: Language = "en",
        theme: ThemeName = "light",
        size: tuple[int, int] = (1920, 1080),
        script: str = "",
    ) -> Visit:
        """script: what the page runs before anything of its own."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app, started once for all browser tests."""
    with running(ROOT / "app.py", tmp_path_factory.mktemp("server") / "log.txt") as app:
        yield app


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Profile:
    """A browser's profile a language and theme, for one visitor after another.

    It compiles the front end's script once, which takes longer than all else when a page opens.
    """

    @cache
    def found(lang: Language, theme: ThemeName) -> BrowserContext:
        return browser.new_context(color_scheme=theme, locale=LOCALES[lang])

    return found


@pytest.fixture
def open_page(server: Server, browser: Browser, profiles: Profile) -> Iterator[OpenPage]:
    """Opens pages; afterwards no page may have met an error, nor the server's log hold one."""
    visits: list[Visit] = []
    start = server.log_length()

    def open_one(
        path: str,
        *,
        lang: Language = "en",
        theme: ThemeName = "light",
        size: tuple[int, int] = (1920, 1080),
        script: str = "",
    ) -> Visit:
        context = profiles(lang, theme)
        if context.pages:  # a second visitor at the same time has a profile of their own
            context = browser.new_context(color_scheme=theme, locale=LOCALES[lang])
        visit = Visit(context, server.url)
        visits.append(visit)
        visit.page.set_viewport_size({"width": size[0], "height": size[1]})
        if script:
            visit.page.add_init_script(script)
        visit.goto(path)
        return visit

    yield open_one
    for visit in visits:
        visit.leave()
    problems = [problem for visit in visits for problem in visit.problems]
    assert not problems, "\n".join(problems)
    assert not server.tracebacks(start), server.tracebacks(start)
