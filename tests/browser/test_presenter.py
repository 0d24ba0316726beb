"""Presenter mode in a real Chromium: what the back row reads, measured, and what the keys do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Language, OpenPage, ThemeName
from tests.browser.test_keys import stands
from tests.browser.test_walk import says
from tests.browser.visit import Visit, until

LABEL, CELL = 24, 22  # pixels that words and formulas have, and numbers in cells
CONTRAST = 7
STATES: tuple[tuple[str, ThemeName, Language], ...] = (
    ("/heads?", "light", "tr"),
    ("/scores?step=4", "dark", "en"),
    ("/lstm?view=cell", "light", "en"),
    ("/translator?", "dark", "tr"),
    ("/bert?view=mask", "light", "tr"),
    ("/gpt?", "dark", "en"),
    ("/positions?view=table", "light", "en"),
)
_SEEN = """() => {
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.textContent.trim();
  const size = (e) => parseFloat(getComputedStyle(e).fontSize);
  const low = (e) => [size(e), e.textContent.slice(0, 30)];
  const box = (key) => {
    const found = document.querySelector(`.st-key-${key}`)?.getBoundingClientRect();
    return found && found.height ? [found.left, found.top, found.right, found.bottom] : null;
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.match(/[\\d.]+/g).map((v) => v / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const page = light(getComputedStyle(document.querySelector(".stApp")).backgroundColor);
  const against = (e) => {
    const own = light(getComputedStyle(e).color);
    return (Math.max(own, page) + 0.05) / (Math.min(own, page) + 0.05);
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const main = document.querySelector('[data-testid="stMain"]');
  const plot = ".st-key-main-figure .js-plotly-plot";
  return {
    labels: all(`${plot} text`).map(low),
    formulas: all(".st-key-steps .katex").map(low),
    prose: all(".now, .hint, .section, .equal, .provenance").map(low),
    pale: all(".now, .hint, h1, .section, .remark, .equal").map((e) => [against(e), e.textContent]),
    figure: box("main-figure"), next: box("next"),
    picture: [...document.querySelectorAll(plot)].map((e) => e.getBoundingClientRect().bottom),
    folded: all("details, [data-testid=stExpander]").length,
    open: all("details[open]").length,
    over: main.scrollWidth - main.clientWidth,
    sidebar: all("[data-testid=stSidebar]").length,
  };
}"""


@pytest.mark.parametrize(("path", "theme", "lang"), STATES)
def test_the_back_row_can_read_it(
    path: str, theme: ThemeName, lang: Language, open_page: OpenPage
) -> None:
    visit = open_page(f"{path}&v=2&lecture=1&lang={lang}", lang=lang, theme=theme)
    visit.figure()
    seen: dict[str, Any] = visit.page.evaluate(_SEEN)
    number = set("0123456789.,−-+<∞ →")
    small = [one for one in seen["labels"] if one[0] < (CELL if set(one[1]) <= number else LABEL)]
    assert seen["labels"]
    assert not small
    assert not [one for one in seen["formulas"] + seen["prose"] if one[0] < LABEL]
    assert not [one for one in seen["pale"] if one[0] < CONTRAST]
    assert max(seen["picture"]) <= 1080
    assert seen["figure"][1] < 300
    if seen["next"]:
        assert seen["next"][3] <= 1080
    assert seen["folded"]
    assert not seen["open"]
    assert not seen["over"]
    assert not seen["sidebar"]
    visit.screenshot("lecture-" + path.strip("/?").replace("?", "-"))


def popover(visit: Visit, name: str) -> bool:
    """Whether what lies above the page is there."""
    script = f"() => window.dikkatPresenter.{name}.matches(':popover-open')"
    return bool(visit.page.evaluate(script))


def shown(visit: Visit, name: str, there: bool) -> None:
    script = f"(there) => window.dikkatPresenter.{name}.matches(':popover-open') === there"
    until(visit.page, script, there)


def test_keys_of_a_lecture(open_page: OpenPage) -> None:
    visit = open_page("/scores?v=2&lang=en&step=4&query=3&key=2")
    press = visit.page.keyboard.press
    visit.figure()
    press("b")
    press("ArrowDown")
    assert not popover(visit, "blank")
    assert visit.page.evaluate("window.dikkatPresenter.at ?? null") is None
    press("p")
    stands(visit, lecture="1", query="3")
    press("k")
    stands(visit, head="2")
    press("d")
    stands(visit, layer="2")
    press("ArrowDown")
    stands(visit, query="4", key="2")
    press("PageDown")
    says(visit, step="5")
    press("s")
    stands(visit, spot="1")
    press("b")
    shown(visit, "blank", there=True)
    press("ArrowRight")
    shown(visit, "blank", there=False)
    stands(visit, step="5")
    press("l")
    visit.page.mouse.move(500, 500)
    shown(visit, "dot", there=True)
    shown(visit, "dot", there=False)  # it rests
    press("f")
    until(visit.page, "() => document.fullscreenElement !== null")
    press("f")
    until(visit.page, "() => document.fullscreenElement === null")
    press("p")
    visit.page.wait_for_url(lambda url: "lecture" not in url)


def test_the_list_of_keys_and_how_they_are_switched_off(open_page: OpenPage) -> None:
    visit = open_page("/heads?v=2&lang=tr&lecture=1", lang="tr", theme="dark")
    press = visit.page.keyboard.press
    visit.figure()
    press("h")
    shown(visit, "list", there=True)
    told = visit.page.evaluate("window.dikkatPresenter.list.innerText")
    assert "sonraki başlık" in told
    assert "adım" not in told  # nothing to step on this page
    visit.screenshot("lecture-keys")
    press("h")
    shown(visit, "list", there=False)
    press("h")
    visit.page.get_by_role("button", name="Tuşları kapat").click()
    press("Escape")
    press("k")
    press("b")
    visit.page.wait_for_timeout(300)
    assert not popover(visit, "blank")
    assert "head=" not in visit.page.url
    visit.page.reload()
    visit.figure()
    press("b")
    assert not popover(visit, "blank")
    visit.page.get_by_role("button", name="Tuşlar", exact=True).click()
    visit.page.get_by_role("button", name="Tuşları aç").click()
    press("Escape")
    press("k")
    stands(visit, head="2")


def test_nothing_happens_while_somebody_types(open_page: OpenPage) -> None:
    visit = open_page("/?lang=en&lecture=1")
    field = visit.page.locator("input[type=text]").first
    field.fill("")
    field.press_sequentially("bhlpfks ")
    assert field.input_value() == "bhlpfks "
    assert not popover(visit, "blank")
    assert not popover(visit, "list")
    assert "lecture=1" in visit.page.url
