"""What a change costs: every figure is drawn once, and a step, or another cell chosen by an arrow
key, sends no more than so many kilobytes.

A page is opened once for all three.
"""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.states import states
from tests.browser.visit import Visit

MOST = 60  # KB
# What is larger yet: the translator's three attentions grow with every word; another unit changes
# all maps of the gates, another query the scores' picture and both that a question compares;
# where position vectors are added, every cell has three numbers; another rank changes two matrices.
STILL_LARGER = {"translator": 75, "lstm": 95, "scores": 100, "positions": 80, "gpt": 70, "cost": 85}
WITHOUT = ("/?", "/glossary", "view=head_view", "view=model_view")  # nothing to step through
STEPPED = [one for one in states() if not any(without in one for without in WITHOUT)]
STATES = [  # every other with `make test-all` alone
    pytest.param(state, marks=[pytest.mark.slow] if at % 2 else [])
    for at, state in enumerate(STEPPED)
]
STEPS = 4  # from where a state stands: `scores` has states enough for each of its own
WALK = ("ArrowRight", "ArrowDown")

# What Plotly has worked out each time that it is done: it keeps it where it does not draw anew.
WATCH = """Object.defineProperty(HTMLElement.prototype, "emit", {
  configurable: true,
  set(emit) {
    const plot = this;
    const value = (name, ...more) => {
      const { calcdata, _fullLayout: { width, height } } = plot;
      if (name === "plotly_afterplot") (plot.done ??= []).push([calcdata, width, height]);
      return emit(name, ...more);
    };
    Object.defineProperty(plot, "emit", { configurable: true, writable: true, value });
  },
});"""
TIMES = """() => [...document.querySelectorAll(".js-plotly-plot")].map(({ done }) =>
  1 + done.filter((one, i) => i && one.some((part, j) => part !== done[i - 1][j])).length)"""


def sent(visit: Visit, key: str) -> int:
    """Bytes that a key makes the server send; 0: it led nowhere."""
    before, runs = visit.bytes_received, visit.runs
    visit.page.keyboard.press(key)
    for _ in range(100):
        if visit.runs > runs:
            break
        visit.page.wait_for_timeout(20)
    # A part of a page may ask for a run of the whole: both are waited for, and both count.
    seen = -1
    while seen < visit.bytes_received:
        seen = visit.bytes_received
        visit.idle()
        visit.page.wait_for_timeout(200)
    return (visit.bytes_received - before) // max(visit.runs - runs, 1)


def drawn_once(visit: Visit) -> None:
    """Streamlit's second look at a figure, a moment after the first, changes nothing in it."""
    visit.page.wait_for_timeout(300)
    times = visit.page.evaluate(TIMES)
    assert times
    assert set(times) == {1}


def small(size: int, state: str, what: str) -> None:
    most = STILL_LARGER.get(state.strip("/").partition("?")[0], MOST)
    assert size <= most * 1024, f"{what}: {size / 1024:.1f} KB"


@pytest.mark.parametrize("state", STATES)
def test_a_change_draws_once_and_sends_little(state: str, open_page: OpenPage) -> None:
    visit = open_page(state, size=(1366, 768), script=WATCH)
    drawn_once(visit)
    figures = visit.page.locator("[data-cells]")
    for at in range(figures.count()):
        figures.nth(at).focus()
        for key in WALK:
            small(sent(visit, key), state, f"figure {at}, {key}")
    visit.page.keyboard.press("Escape")  # arrows step again
    for step in range(STEPS):
        if not visit.box("next").get_by_role("button", disabled=False).count():
            break
        size = sent(visit, "ArrowRight")
        assert size, f"step {step} led nowhere"
        small(size, state, f"step {step}")
    drawn_once(visit)
