"""Plotly draws every figure once: Streamlit's second look at it changes nothing that is drawn."""

from __future__ import annotations

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.states import states

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
WITHOUT = ("/?", "/glossary", "view=head_view", "view=model_view")  # no figure of Plotly's


@pytest.mark.parametrize("state", [one for one in states() if not any(n in one for n in WITHOUT)])
def test_a_figure_is_drawn_once(state: str, open_page: OpenPage) -> None:
    visit = open_page(state, size=(1366, 768))
    visit.page.add_init_script(WATCH)
    visit.goto(state)
    if visit.box("next").get_by_role("button", disabled=False).count():
        with visit.rerun():
            visit.page.keyboard.press("ArrowRight")
    visit.page.wait_for_timeout(300)  # Streamlit's second look comes after the first drawing
    times = visit.page.evaluate(TIMES)
    assert times
    assert set(times) == {1}
