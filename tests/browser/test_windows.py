"""The table page × view × window: picture, sums, stepping and provenance on one screen.

Each page is opened once a language and then resized, as a visitor drags a window's corner.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import LOCALES, Language, OpenPage
from tests.browser.states import states
from tests.browser.visit import PATIENCE, Visit

expect.set_options(timeout=PATIENCE)
# Width, height: 150 % zoom on a 1920 × 1080 screen is the first of them.
SCREENS = ((1280, 720), (1366, 768), (1440, 900), (1600, 1000), (1920, 1080), (2560, 1440))
TARGET = 24  # pixels of the smallest thing to press

_BOXES = """(target) => {
  const box = (key) => {
    const found = document.querySelector(`.st-key-${key}`)?.getBoundingClientRect();
    return found && found.height ? [found.left, found.top, found.right, found.bottom] : null;
  };
  const main = document.querySelector('[data-testid="stMain"]');
  const seen = (e) => e.checkVisibility({ visibilityProperty: true });
  const inside = '[data-testid="stMainBlockContainer"]';
  const scrolls = [...document.querySelectorAll(`${inside} *`)].filter((e) =>
    seen(e) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
    && /auto|scroll/.test(getComputedStyle(e).overflowX));
  const press = [...document.querySelectorAll(`${inside} :is(button, a, summary, select)`)];
  const small = press.filter(seen).filter((e) => {
    const { width, height } = e.getBoundingClientRect();
    return width && (width < target - 0.6 || height < target - 0.6);
  });
  // Words that run over what stands beside them: no box grows with these, so nothing scrolls.
  const beyond = [...document.querySelectorAll(`${inside} :is(.section, .now, .source)`)]
    .filter(seen).filter((e) => {
      const words = document.createRange();
      words.selectNodeContents(e);
      return words.getBoundingClientRect().right > e.getBoundingClientRect().right + 1;
    });
  const name = (e) => (e.closest("[class*=st-key-]")?.className.match(/st-key-\\S+/) ?? ["?"])[0]
    + " " + e.tagName + " " + (e.getAttribute("aria-label") ?? e.textContent).slice(0, 24);
  return {
    boxes: Object.fromEntries(["main-figure", "bertviz", "steps", "next", "provenance"].map(
      (key) => [key, box(key)])),
    over: main.scrollWidth - main.clientWidth,
    scrolls: scrolls.map(name),
    small: small.map(name),
    beyond: beyond.map(name),
  };
}"""
# Formulas of which something is cut off, or reaches beyond what is shown of them.
CUT = """() => [...document.querySelectorAll('.katex-display')].map(shown => {
  const {top, bottom} = shown.getBoundingClientRect();
  const parts = [...shown.querySelectorAll('.katex-html .mord, .frac-line, .mop')]
    .map(e => e.getBoundingClientRect()).filter(e => e.width);
  const over = [shown.scrollHeight - shown.clientHeight,
    top - Math.min(...parts.map(e => e.top)), Math.max(...parts.map(e => e.bottom)) - bottom];
  return Math.max(...over) > 0.5 ? `${over} ${shown.textContent.slice(0, 60)}` : '';
}).filter(Boolean)"""


def size(visit: Visit, width: int, height: int) -> dict[str, Any]:
    """Make the window so large; what stands where, once the page has its size."""
    visit.page.set_viewport_size({"width": width, "height": height})
    visit.fitted()
    found: dict[str, Any] = visit.page.evaluate(_BOXES, TARGET)
    return found


# Each state in both languages, in every other window by turns; in the rest with `make test-all`.
STATES = [
    pytest.param(state, lang, SCREENS[turn::2], marks=[pytest.mark.slow] if late else [])
    for at, state in enumerate(states())
    for n, lang in enumerate(LOCALES)
    for turn in range(2)
    for late in [(at + n + turn) % 2]
]


@pytest.mark.parametrize(("state", "lang", "screens"), STATES)
def test_fits(
    state: str, lang: Language, screens: tuple[tuple[int, int], ...], open_page: OpenPage
) -> None:
    visit = open_page(
        f"{state}&lang={lang}",
        lang=lang,
        theme="light" if lang == "en" else "dark",
        size=screens[0],
    )
    troubles = []
    for width, height in screens:
        seen = size(visit, width, height)
        where = f"{width} × {height}"
        for key, box in seen["boxes"].items():
            if box and (box[3] > height or box[2] > width or box[1] < 0):
                troubles.append(f"{where}: {key} ends at {box[2]:.0f}, {box[3]:.0f}")
        troubles += [f"{where}: scrolls sideways: {name}" for name in seen["scrolls"]]
        if seen["over"]:
            troubles.append(f"{where}: scrolls sideways by {seen['over']}")
        troubles += [f"{where}: too small to press: {name}" for name in set(seen["small"])]
        troubles += [f"{where}: runs over its neighbour: {name}" for name in seen["beyond"]]
    troubles += [f"cut: {formula}" for formula in visit.page.evaluate(CUT)]
    visit.screenshot(re.sub(r"\W+", "-", f"{state} {lang} {width}").strip("-"))
    assert not troubles, "\n".join(troubles)
