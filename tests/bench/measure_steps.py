"""A step on every page, from the key to the last change on screen, beside an empty app's step.

The empty app has one small figure, which changes with the step. All pages have been visited before,
so that the process holds what it holds in a lecture. A page without steps is stepped through the
cells of its picture.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial
from itertools import cycle

from tests.bench.browser import PROBE, WINDOW, chromium, clicked
from tests.bench.harness import ROUNDS, Row, compared
from tests.bench.measure_pages import both
from tests.browser.states import states
from tests.browser.visit import Visit

KILOBYTES = 1024
PICTURE = "[data-cells]"  # one whose cells keys choose


def pages() -> dict[str, str]:
    """Page → its address, without views: the one that it opens with."""
    found: dict[str, str] = {}
    for state in states():
        found.setdefault(state.split("?")[0].strip("/"), state)
    return {page: state for page, state in found.items() if page not in ("", "glossary")}


def step(visit: Visit, keys: Callable[[], str], sent: list[float]) -> float:
    """Milliseconds from a key to the last change; what was sent for it goes into `sent`."""
    before = visit.bytes_received
    passed = clicked(visit, lambda: visit.page.keyboard.press(keys()), within=None)
    sent.append((visit.bytes_received - before) / KILOBYTES)
    return passed


def to_and_fro() -> Callable[[], str]:
    """→ and ← by turns, so that a page never comes to its end."""
    return partial(next, cycle(("ArrowRight", "ArrowLeft")))


def measure() -> list[Row]:
    """Two rows a page: time against the reference, and kilobytes."""
    rows = []
    with both() as (ours, theirs), chromium() as browser:
        app, reference = (
            Visit(browser.new_context(viewport=WINDOW), url)  # type: ignore[arg-type]
            for url in (ours, theirs)
        )
        for visit in (app, reference):
            visit.page.add_init_script(PROBE)
        reference.goto("/?step=1")
        for state in pages().values():
            app.goto(state)
        for page, state in pages().items():
            app.goto(state)
            app.page.wait_for_timeout(1000)
            if not app.box("next").count():
                app.page.locator(PICTURE).first.focus()
            sent: list[float] = []
            rows.append(
                compared(
                    f"{page}: a step, key to painted ÷ an empty app's",
                    partial(step, app, to_and_fro(), sent),
                    partial(step, reference, to_and_fro(), []),
                    limit=1.5,
                )
            )
            size = statistics.median(sent[-ROUNDS:])
            rows.append(Row(f"{page}: sent for a step", size, "KB", 60, ROUNDS))
    return rows
