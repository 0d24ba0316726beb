"""The seq2seq page in a real Chromium: a whole sentence by keyboard, clicks, the gold switch."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from models.seq2seq.record import translate
from pages.ui import text
from tests.browser.conftest import OpenPage
from tests.browser.marks import mark_at
from tests.browser.test_walk import bounds, on_one_screen, says
from tests.browser.visit import Visit
from tests.viz.sentences import quoted

TEXT = "Pencereleri anne kırdı."  # an example: the grammar has not to be built for it
# The matrix is the heatmap whose first cell has a mark that carries step 0 and source piece 0.
_ROWS = """plot => {
  const marks = plot._fullData.filter(t => t.name === "cells").flatMap(t =>
    t.customdata.map(([step, source], i) => ({ step, source, x: t.x[i], y: t.y[i] })));
  const first = marks.filter(m => m.step === 0 && m.source === 0);
  const at = plot._fullData.findIndex(t => t.type === "heatmap"
    && first.some(m => Math.abs(t.x0 - m.x) <= 1 && Math.abs(t.y0 - m.y) <= 1));
  return plot.calcdata[at][0].z.length; }"""


def drawn_rows(visit: Visit) -> int:
    """How many rows of weights the matrix holds."""
    found: int = visit.box("alignment").locator(".js-plotly-plot").evaluate(_ROWS)
    return found


def click_cell(visit: Visit, step: int, source: int) -> None:
    """Click the place that carries that step and source piece in the matrix."""
    plot = visit.box("alignment").locator(".js-plotly-plot")
    with visit.rerun():
        plot.click(position=mark_at(plot, step, source))


def test_a_whole_sentence_by_keyboard(open_page: OpenPage) -> None:
    visit = open_page(f"/seq2seq?{urlencode({'text': TEXT, 'step': 0})}")
    trace = translate("seq2seq", TEXT)
    visit.figure()
    expect(visit.page.get_by_test_id("stAlert")).to_have_count(0)
    for step, word in enumerate(trace.predicted.typed):
        assert drawn_rows(visit) == step + 1
        expect(visit.box("now").locator(".tok").last).to_have_text(quoted(word))
        on_one_screen(visit)
        if step < len(trace.predicted.typed) - 1:
            with visit.rerun():
                visit.page.keyboard.press("ArrowRight")
            says(visit, step=str(step + 1))
    expect(
        visit.page.get_by_role("button", name=text.catalogue("en")["seq2seq.on"])
    ).to_be_disabled()
    with visit.rerun():
        visit.page.keyboard.press("ArrowLeft")
    assert drawn_rows(visit) == len(trace.predicted.typed) - 1
    visit.screenshot("seq2seq-walked")


def test_a_click_on_a_cell_chooses_it_and_the_link_brings_it_back(open_page: OpenPage) -> None:
    visit = open_page(f"/seq2seq?{urlencode({'text': TEXT, 'step': 4})}")
    visit.figure()
    click_cell(visit, 2, 3)
    says(visit, step="2", key="3")
    assert drawn_rows(visit) == 3
    annotation = visit.box("steps").locator(".katex annotation").first
    expect(annotation).to_contain_text(translate("seq2seq", TEXT).typed[3])
    link = visit.page.url
    other = open_page(link[link.index("/seq2seq") :])
    other.figure()
    assert drawn_rows(other) == 3
    expect(other.box("steps").locator(".katex annotation").first).to_contain_text(
        translate("seq2seq", TEXT).typed[3]
    )


def test_both_modes_and_the_gold_alignment_are_switched_by_hand(open_page: OpenPage) -> None:
    words = text.catalogue("en")
    visit = open_page(f"/seq2seq?{urlencode({'text': TEXT, 'step': 4})}")
    visit.figure()
    field = visit.box("target").locator("input")
    field.fill("The father broke the windows.")
    with visit.rerun():
        field.press("Enter")
    expect(visit.box("provenance")).to_contain_text(words["seq2seq.forced"])
    with visit.rerun():
        visit.box("feed-control").get_by_text(words["seq2seq.feed.free"]).click()
    expect(visit.box("provenance")).to_contain_text(words["seq2seq.free"])
    expect(field).to_have_value("The father broke the windows.")
    with visit.rerun():
        visit.box("gold").locator("label").click()
    says(visit, gold="1", feed="free")
    rings = (
        visit.box("alignment")
        .locator(".js-plotly-plot")
        .evaluate("plot => plot.layout.shapes.filter(s => s.type === 'circle').length")
    )
    assert rings > 0


@pytest.mark.parametrize("which", ["score", "weight", "context", "word"])
def test_each_opened_sum_stays_on_the_screen_with_the_picture(
    open_page: OpenPage, which: str
) -> None:
    visit = open_page(f"/seq2seq?sum={which}")
    visit.figure()
    on_one_screen(visit)
    steps = bounds(visit.box("steps"))
    over = (
        visit.box("steps")
        .locator(".katex-display")
        .evaluate_all(
            "(all, right) => all.filter(e => e.querySelector('.katex-html')"
            ".getBoundingClientRect().right > right + 1).length",
            steps["x"] + steps["width"],
        )
    )
    assert over == 0
