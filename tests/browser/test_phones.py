"""The table page × view on a phone: picture, stepping, sums below each other, nothing sideways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator

from pages.ui.text import LANGUAGES
from tests.browser.conftest import OpenPage
from tests.browser.marks import mark_at
from tests.browser.server import Server
from tests.browser.states import states
from tests.browser.test_windows import size
from tests.browser.visit import Visit, until

PHONE = (390, 844)
# Each state in one language by turns; in the other with `make test-all`.
STATES = [
    pytest.param(state, lang, marks=[pytest.mark.slow] if (at + n) % 2 else [])
    for at, state in enumerate(states())
    for n, lang in enumerate(LANGUAGES)
]

_SEEN = """(plot) => {
  const { left } = plot.closest('[class*="st-key-wide-"]').getBoundingClientRect();
  return plot.getBoundingClientRect().left - left;
}"""


@pytest.mark.parametrize(("state", "lang"), STATES)
def test_phone(state: str, lang: str, open_page: OpenPage) -> None:
    visit = open_page(state + f"&lang={lang}", lang=lang, size=PHONE)
    seen = size(visit, *PHONE)
    boxes = seen["boxes"]
    boxes["main-figure"] = boxes["main-figure"] or boxes["bertviz"]
    assert not seen["over"]
    assert not [one for one in seen["scrolls"] if not one.startswith("st-key-wide-")]
    assert not seen["small"]
    assert boxes["main-figure"][1] < PHONE[1] / 2
    tops = [boxes[key][1] for key in ("main-figure", "next", "steps") if boxes[key]]
    if boxes["steps"] and boxes["next"] and boxes["next"][1] > boxes["steps"][1]:
        # The buttons stand at the head of the sums.
        tops = [boxes["main-figure"][1], boxes["steps"][1], boxes["next"][1]]
        assert boxes["next"][1] - boxes["steps"][1] < 60
    assert tops == sorted(tops)


@pytest.fixture
def phone(server: Server, browser: Browser) -> Iterator[Visit]:
    """A window that is touched."""
    context = browser.new_context(
        viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True, is_mobile=True
    )
    yield Visit(context, server.url)
    context.close()


def swipe(visit: Visit, start: tuple[float, float], by: tuple[float, float]) -> None:
    """A finger from a place of the window, so far."""
    session = visit.page.context.new_cdp_session(visit.page)

    def touch(kind: str, *at: float) -> None:
        points: list[dict[str, Any]] = [dict(zip("xy", at, strict=True))] if at else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", *start)
    for n in range(1, 11):
        touch("touchMove", *(place + way * n / 10 for place, way in zip(start, by, strict=True)))
    touch("touchEnd")
    visit.page.wait_for_timeout(400)  # the movement runs out


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_finger_on_a_figure_moves_it_and_the_page_and_chooses(phone: Visit) -> None:
    phone.goto("/positions?v=2&view=ways&lang=en")
    box, plot = phone.box("wide-ways"), phone.figure("ways").locator(".js-plotly-plot")
    before = box.evaluate("e => e.scrollLeft")
    swipe(phone, middle(box), (-120, 0))
    assert box.evaluate("e => e.scrollLeft") > before
    main = phone.page.locator('[data-testid="stMain"]')
    swipe(phone, middle(box), (0, -120))
    assert main.evaluate("e => e.scrollTop") > 0
    box.evaluate("e => { e.scrollLeft = 0; }")
    place, corner = mark_at(plot, 2, 0), plot.bounding_box()
    assert corner
    with phone.rerun():
        phone.page.touchscreen.tap(corner["x"] + place["x"], corner["y"] + place["y"])
    assert "query=2" in phone.page.url
    assert "key=0" in phone.page.url


def test_what_is_chosen_is_in_sight(open_page: OpenPage) -> None:
    visit = open_page("/bert?v=2&view=input&step=1&lang=en", size=PHONE)
    plot = visit.figure("strips").locator(".js-plotly-plot")
    assert plot.evaluate(_SEEN) == 0
    visit.goto("/bert?v=2&view=input&step=14&lang=en")
    visit.figure("strips")
    until(visit.page, f"() => ({_SEEN})(document.querySelector('.js-plotly-plot')) < 0")
    place = plot.evaluate(_SEEN) + mark_at(plot, 14)["x"]
    assert 0 < place < PHONE[0] - 32
