"""A step, and another cell chosen by an arrow key, send no more than so many kilobytes."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.states import states
from tests.browser.visit import Visit

MOST = 60  # KB
# What is larger yet: the translator's three attentions grow with every word, and another unit
# changes all maps of the gates.
STILL_LARGER = {"/translator?v=2&": 64, "/translator?v=2&beams=3": 75, "/lstm?v=2&": 95}
WITHOUT = ("/?", "/glossary", "view=head_view", "view=model_view")  # nothing to step through
STATES = [one for one in states() if not any(without in one for without in WITHOUT)]
STEPS = 8  # from the first one on: enough for every step of `scores`
WALK = ("ArrowRight", "ArrowDown")


def sent(visit: Visit, key: str) -> int:
    """Bytes that a key makes the server send; 0: it led nowhere."""
    before, runs = visit.bytes_received, visit.runs
    visit.page.keyboard.press(key)
    for _ in range(60):
        if visit.runs > runs:
            break
        visit.page.wait_for_timeout(20)
    visit.idle()
    visit.page.wait_for_timeout(100)
    return (visit.bytes_received - before) // max(visit.runs - runs, 1)


@pytest.mark.parametrize("state", STATES)
def test_a_step_is_small(state: str, open_page: OpenPage) -> None:
    visit = open_page(state, size=(1366, 768))
    for step in range(STEPS):
        if not visit.box("next").get_by_role("button", disabled=False).count():
            break
        size = sent(visit, "ArrowRight")
        assert 0 < size <= STILL_LARGER.get(state, MOST) * 1024, (
            f"step {step}: {size / 1024:.1f} KB"
        )


@pytest.mark.parametrize("state", STATES)
def test_another_cell_is_small(state: str, open_page: OpenPage) -> None:
    visit = open_page(state, size=(1366, 768))
    figures = visit.page.locator("[data-cells]")
    for at in range(figures.count()):
        figures.nth(at).focus()
        for key in WALK:
            size = sent(visit, key)
            assert size <= STILL_LARGER.get(state, MOST) * 1024, (
                f"figure {at}, {key}: {size / 1024:.1f} KB"
            )
