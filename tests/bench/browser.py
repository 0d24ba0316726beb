"""Time in a real Chromium, read off the page's own clock by `probe.js`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from playwright.sync_api import Browser, Locator, Page, Route, sync_playwright

from tests.browser.chromium import launch
from tests.browser.visit import Visit

PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
FIGURE = ".st-key-main-figure .js-plotly-plot"
WINDOW = {"width": 1920, "height": 1080}
# A document that stands alone gets this address; nothing is ever asked of it.
NOWHERE = "http://picture.invalid/"
QUIET = 250.0  # milliseconds without drawing, after which a picture counts as finished

_FINISHED = "quiet => bench.painted > 0 && performance.now() - bench.painted > quiet"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium for a benchmark."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


def probed(browser: Browser) -> Page:
    """A fresh page, nothing cached, with the probe in it."""
    page = browser.new_context(viewport=WINDOW).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(120_000)
    page.add_init_script(PROBE)
    return page


def drawn(
    browser: Browser, files: dict[str, str], at: str = NOWHERE, patience: float = 120_000
) -> float:
    """Milliseconds from opening a document to its last stroke on screen.

    files: address → text, the document itself under NOWHERE; nothing else can be reached but
    what a server of this machine has below `at`. patience: milliseconds until a TimeoutError.
    RuntimeError where the document's script fails.
    """
    page = probed(browser)
    page.set_default_timeout(patience)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def answer(route: Route) -> None:
        text = files.get(route.request.url)
        if text is None and route.request.url.startswith(at) and at != NOWHERE:
            route.continue_()
        elif text is None:
            route.abort()
        else:
            kind = "text/javascript" if route.request.url.endswith(".js") else "text/html"
            route.fulfill(body=text, content_type=f"{kind}; charset=utf-8")

    page.route("**/*", answer)
    try:
        page.goto(at)
        page.wait_for_function(_FINISHED, arg=QUIET)
        if errors:
            raise RuntimeError("; ".join(errors))
        return cast(float, page.evaluate("bench.painted"))
    finally:
        page.context.close()


def visited(browser: Browser, url: str, path: str, what: str) -> float:
    """Milliseconds from opening an app's page as a new visitor to an event.

    what: "first" the first thing of the script on screen, "contentful" Chromium's own
    first-contentful-paint.
    """
    context = browser.new_context(viewport=WINDOW)  # type: ignore[arg-type]
    visit = Visit(context, url)
    visit.page.add_init_script(PROBE)
    visit.goto(path)
    visit.page.wait_for_timeout(QUIET)
    code = {
        "first": "bench.first",
        "contentful": "performance.getEntriesByName('first-contentful-paint')[0].startTime",
    }[what]
    measured = cast(float, visit.page.evaluate(code))
    context.close()
    return measured


def clicked(visit: Visit, click: Callable[[], None], within: str | None = FIGURE) -> float:
    """Milliseconds from a click or a key to the main figure's last stroke on screen.

    within: what is watched, a CSS selector; None: the whole page.
    RuntimeError where nothing there changed.
    """
    visit.page.evaluate("within => { bench.within = within; bench.painted = 0; }", within)
    with visit.rerun():
        click()
    visit.page.wait_for_timeout(QUIET)
    start, painted = visit.page.evaluate("[bench.start, bench.painted]")
    if painted <= start:
        raise RuntimeError("the click drew nothing")
    return cast(float, painted - start)


def at(place: Locator, across: float, down: float) -> tuple[float, float]:
    """Window pixels of a point in an element, as fractions of its width and height."""
    box = place.bounding_box()
    if box is None:
        raise RuntimeError("the element is not on screen")
    return box["x"] + across * box["width"], box["y"] + down * box["height"]
