"""What stands in one row stands on one line."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import OpenPage
from tests.browser.visit import Visit

LAPTOP, PHONE = (1366, 768), (390, 844)


def middle(place: Locator) -> float:
    """From the top of the window to a thing's middle."""
    box = place.bounding_box()
    assert box
    return box["y"] + box["height"] / 2


def within(visit: Visit, key: str, inner: str) -> Locator:
    return visit.box(key).locator(inner).first


def test_toggles_and_buttons_stand_in_the_middle_of_their_row(open_page: OpenPage) -> None:
    visit = open_page("/translator?v=2&lang=en", size=LAPTOP)
    field = middle(within(visit, "text", "input"))
    for key, inner in (("play", "button"), ("next", "button"), ("gold", "p"), ("gold", "button")):
        assert middle(within(visit, key, inner)) == pytest.approx(field, abs=1), (key, inner)
    heights = [within(visit, key, "button").bounding_box() for key in ("play", "next")]
    assert heights[0]["height"] == heights[1]["height"]  # type: ignore[index]
    number = middle(within(visit, "dim", "input"))
    assert middle(within(visit, "exact", "p")) == pytest.approx(number, abs=1)


def test_the_fields_of_the_glossary_stand_in_one_row(open_page: OpenPage) -> None:
    visit = open_page("/glossary?v=2&lang=en", size=LAPTOP)
    field = middle(within(visit, "search", "input"))
    assert middle(within(visit, "listing", "button")) == pytest.approx(field, abs=1)
    assert middle(visit.page.locator(".hint").first) == pytest.approx(field, abs=1)
    labels = [middle(within(visit, key, "label")) for key in ("search", "listing")]
    assert labels[0] == pytest.approx(labels[1], abs=1)


@pytest.mark.parametrize("size", [LAPTOP, (1920, 1080)], ids=["laptop", "large"])
def test_symbols_stand_on_the_line_of_the_provenance(
    open_page: OpenPage, size: tuple[int, int]
) -> None:
    visit = open_page("/scores?v=2&lang=en", size=size)
    places = [visit.box("provenance").locator(one) for one in (".provenance b", "summary i")]
    assert middle(places[0]) == pytest.approx(middle(places[1]), abs=1.5)


def test_on_a_phone_a_checks_label_has_the_width_it_needs(open_page: OpenPage) -> None:
    visit = open_page("/bert?v=2&view=next&lang=en", size=PHONE)
    sentences = visit.page.locator(".st-key-three .next td.word")
    assert sentences.count() == 3
    for one in sentences.all():
        assert one.evaluate("e => e.getBoundingClientRect().height") < 60
    visit.goto("/heads?v=2&view=heads&lang=en")
    label = visit.page.locator(".equal > span").first
    assert label.evaluate("e => e.getBoundingClientRect().width") > 250
