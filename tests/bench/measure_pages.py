"""The app beside a Streamlit app that has next to nothing in it: a click, and the first page."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

from playwright.sync_api import Browser

from tests.bench.browser import PROBE, WINDOW, at, chromium, clicked, visited
from tests.bench.harness import Row, compared
from tests.browser.server import ROOT, running
from tests.browser.visit import Visit

REFERENCE = Path(__file__).parent / "reference_app.py"
HEADS, LAYERS = 12, 6
Click = Callable[[], None]


def opened(browser: Browser, url: str, path: str) -> Visit:
    """A visit with the probe in it, its first picture on screen."""
    visit = Visit(browser.new_context(viewport=WINDOW), url)  # type: ignore[arg-type]
    visit.page.add_init_script(PROBE)
    visit.goto(path)
    visit.figure()
    return visit


def next_head(visit: Visit) -> Click:
    """A click on another head in the overview, always one that is not chosen."""
    picture = visit.box("overview-picture").locator("canvas").first
    turn = count()

    def click() -> None:
        # Steps of five never meet the same of 12 heads twice in a row; the first column of the
        # picture holds the layers' numbers, the first rows the heads'.
        head = (next(turn) * 5 + 2) % HEADS
        visit.page.mouse.click(*at(picture, (head + 1.0) / (HEADS + 0.8), 0.6))

    return click


def next_option(visit: Visit) -> Click:
    """A click on another option of the reference app's selectbox."""
    turn = count(1)

    def click() -> None:
        chosen = str((next(turn) * 5) % HEADS)
        visit.page.get_by_role("combobox").click()
        visit.page.get_by_role("option", name=chosen, exact=True).click()

    return click


@contextmanager
def both() -> Iterator[tuple[str, str]]:
    """Addresses of the app and of the reference, both running."""
    with tempfile.TemporaryDirectory() as folder:
        app = running(ROOT / "app.py", Path(folder) / "app.log")
        reference = running(REFERENCE, Path(folder) / "reference.log")
        with app as ours, reference as theirs:
            yield ours.url, theirs.url


def measure() -> list[Row]:
    """Rows for choosing a head and for the landing page."""
    with both() as (ours, theirs), chromium() as browser:
        app, reference = opened(browser, ours, "/heads"), opened(browser, theirs, "/")
        rows = [
            compared(
                "another head, click to painted ÷ one selectbox and one small figure",
                partial(clicked, app, next_head(app)),
                partial(clicked, reference, next_option(reference)),
                limit=2.0,
            )
        ]
        for visit in (app, reference):
            visit.page.context.close()
        for what, event in (("first content", "first"), ("first contentful paint", "contentful")):
            rows.append(
                compared(
                    f"landing page ÷ an app with one title: {what}",
                    partial(visited, browser, ours, "/", event),
                    partial(visited, browser, theirs, "/?bare=1", event),
                    limit=1.5,
                    warm_up=1,
                )
            )
    return rows
