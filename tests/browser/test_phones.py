"""The table page × view on a phone: picture, stepping, sums below each other, nothing sideways."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.states import states
from tests.browser.test_windows import size

PHONE = (390, 844)


@pytest.mark.parametrize("lang", ["en", "tr"])
@pytest.mark.parametrize("state", states())
def test_phone(state: str, lang: str, open_page: OpenPage) -> None:
    visit = open_page(state + f"&lang={lang}", lang=lang, size=PHONE)  # type: ignore[arg-type]
    seen = size(visit, *PHONE)
    boxes = seen["boxes"]
    boxes["main-figure"] = boxes["main-figure"] or boxes["bertviz"]
    assert not seen["over"]
    assert not seen["scrolls"]
    assert not seen["small"]
    assert boxes["main-figure"][1] < PHONE[1] / 2
    tops = [boxes[key][1] for key in ("main-figure", "next", "steps") if boxes[key]]
    if boxes["steps"] and boxes["next"] and boxes["next"][1] > boxes["steps"][1]:
        # The buttons stand at the head of the sums.
        tops = [boxes["main-figure"][1], boxes["steps"][1], boxes["next"][1]]
        assert boxes["next"][1] - boxes["steps"][1] < 60
    assert tops == sorted(tops)
