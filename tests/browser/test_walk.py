"""A visitor's walk in a real Chromium: cold links, clicks, languages, back, narrow windows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from pages.ui import text
from tests.browser.conftest import Language, OpenPage, ThemeName
from tests.browser.marks import mark_at
from tests.browser.visit import PATIENCE, Visit

BOTH = pytest.mark.parametrize("lang", text.LANGUAGES)
expect.set_options(timeout=PATIENCE)  # a busy machine is slow, not wrong
PAGES = ("", "lstm", "memory", "seq2seq", "heads", "scores")
TEXT = "Dogs chase cats"
HEADS, LAYERS = 12, 6
HOSTILE = "<img src=x onerror=window.hacked=1></script><script>window.hacked=1</script> ${1} \\x"


def words(lang: str) -> Mapping[str, str]:
    return text.catalogue(lang)


def address(visit: Visit) -> dict[str, str]:
    """The parameters in the address bar."""
    query = parse_qs(urlsplit(visit.page.url).query, keep_blank_values=True)
    return {name: values[0] for name, values in query.items()}


def says(visit: Visit, **expected: str) -> None:
    """Wait until the address says so: Streamlit writes it a moment after the page is drawn."""
    pattern = "".join(f"(?=.*[?&]{re.escape(urlencode({n: v}))}(&|$))" for n, v in expected.items())
    expect(visit.page).to_have_url(re.compile(pattern))


def bounds(box: Locator) -> dict[str, float]:
    found = box.bounding_box()
    assert found is not None
    return cast(dict[str, float], found)


def canvas(visit: Visit) -> Locator:
    return visit.box("overview-picture").locator("canvas.grid")


def click_head(visit: Visit, layer: int, head: int) -> None:
    """Click a thumbnail: they end 4 px before the canvas's right edge and begin 50 px below."""
    box = bounds(canvas(visit))
    pitch = (box["height"] - 52) / LAYERS
    x = box["width"] - 4 - (HEADS - head - 0.5) * pitch
    with visit.rerun():
        canvas(visit).click(position={"x": x, "y": 50 + (layer + 0.5) * pitch})


def click_cell(visit: Visit, query: int, key: int) -> None:
    """Click the cell of the heat map that carries that query and key."""
    plot = visit.box("weights").locator(".js-plotly-plot")
    with visit.rerun():
        plot.click(position=mark_at(plot, query, key))


def picture(visit: Visit) -> str:
    """All that the figure and the formula say, with the page's provenance."""
    visit.figure()
    drawn = visit.page.locator(".js-plotly-plot").evaluate_all(
        """plots => JSON.stringify(plots.map(p => [
          p._fullData.map(t => [t.name, t.text, t.customdata, t.x, t.y, t.z]),
          p.layout.annotations, p.layout.shapes]))"""
    )
    said = [visit.box(key).inner_text() for key in ("steps", "provenance")]
    return "\n".join([str(drawn), *said])


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("tr", "dark")])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page or "home")
def test_every_page_opens_cold_by_its_link_and_fits_the_window(
    open_page: OpenPage, page: str, lang: Language, theme: ThemeName
) -> None:
    visit = open_page(f"/{page}", lang=lang, theme=theme)  # the browser's own language
    name = page or "home"
    visit.figure()
    expect(visit.page.locator("h1")).to_have_text(words(lang)[f"{name}.title"])
    expect(visit.page).to_have_title(f"{words(lang)[f'nav.{name}']} · Dikkat")
    for trouble in ("stException", "stAlert"):
        expect(visit.page.get_by_test_id(trouble)).to_have_count(0)
    visit.screenshot(f"{name}-{lang}-{theme}")
    on_one_screen(visit)
    visit.page.set_viewport_size({"width": 900, "height": 1000})
    visit.fitted()
    stacked(visit, beside=page in ("heads", "lstm"))
    visit.screenshot(f"{name}-{lang}-{theme}-narrow")


def on_one_screen(visit: Visit) -> None:
    """Picture and arithmetic are visible together, without scrolling, at 1920 × 1080."""
    for key in ("main-figure", "steps", "provenance"):
        box = bounds(visit.box(key))
        assert box["x"] >= 0, key
        assert box["y"] >= 0, key
        assert box["x"] + box["width"] <= 1920, key
        assert box["y"] + box["height"] <= 1080, f"{key} ends at {box['y'] + box['height']}"


def stacked(visit: Visit, *, beside: bool) -> None:
    """In a narrow window nothing hangs over, and the sums stand below the picture."""
    over = visit.page.evaluate(
        """() => {
          const main = document.querySelector('[data-testid="stMainBlockContainer"]');
          const scrolls = e => e !== main && (e.matches('.katex, .main-svg')
            || getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement));
          return [...main.querySelectorAll("*")].filter(e => e.getBoundingClientRect().width > 0
            && e.getBoundingClientRect().right > window.innerWidth + 1
            && !scrolls(e))
          .map(e => `${e.tagName} ${e.className}`).slice(0, 8); }"""
    )
    assert not over
    assert visit.page.evaluate("document.scrollingElement.scrollWidth") <= 900
    if beside:
        main, steps = bounds(visit.box("main-figure")), bounds(visit.box("steps"))
        assert steps["y"] >= main["y"] + main["height"] - 1


def test_a_head_then_a_cell_then_the_link_then_back(open_page: OpenPage) -> None:
    visit = open_page(f"/heads?{urlencode({'text': TEXT})}")
    first = picture(visit)
    click_head(visit, 2, 7)  # not the one that is shown first
    expect(canvas(visit)).to_have_attribute("data-layer", "2")
    expect(canvas(visit)).to_have_attribute("data-head", "7")
    expect(visit.box("layer").locator("input")).to_have_value("2")
    expect(visit.box("head").locator("input")).to_have_value("7")
    says(visit, layer="2", head="7", text=TEXT)
    second = picture(visit)
    assert second != first

    click_cell(visit, 1, 3)
    says(visit, query="1", key="3", layer="2", head="7")
    expect(visit.box("steps").locator(".section .tok").first).to_have_text("Dogs")
    formula = visit.box("steps").locator(".katex annotation").first
    expect(formula).to_contain_text("Dogs")
    expect(formula).to_contain_text("cats")
    third = picture(visit)
    assert third != second

    link = visit.page.url
    other = open_page(link[link.index("/heads") :])
    assert picture(other) == third

    with visit.rerun():
        visit.page.go_back()
    expect(visit.box("steps").locator(".section .tok").first).not_to_have_text("Dogs")
    assert picture(visit) == second
    assert "query" not in address(visit)


def test_the_other_language_is_one_click_away_and_stays_on_the_next_page(
    open_page: OpenPage,
) -> None:
    visit = open_page(f"/heads?{urlencode({'text': TEXT, 'layer': 2})}")
    visit.figure()
    with visit.rerun():
        visit.box("lang").get_by_text("Türkçe").click()
    expect(visit.page.locator("h1")).to_have_text(words("tr")["heads.title"])
    expect(visit.page).to_have_title(f"{words('tr')['nav.heads']} · Dikkat")
    says(visit, lang="tr", layer="2")
    visit.page.get_by_role("navigation").get_by_text(words("tr")["section.attention"]).click()
    with visit.rerun():
        visit.page.get_by_role("menuitem", name=words("tr")["nav.scores"]).click()
    expect(visit.page.locator("h1")).to_have_text(words("tr")["scores.title"])
    says(visit, lang="tr", layer="2", text=TEXT)
    expect(visit.box("text").locator("input")).to_have_value(TEXT)


def test_a_link_s_sentence_goes_along_through_the_menu_and_back(open_page: OpenPage) -> None:
    visit = open_page(f"/heads?{urlencode({'text': TEXT, 'layer': 2, 'lang': 'en'})}")
    visit.figure()
    visit.page.get_by_role("navigation").get_by_text(words("en")["section.attention"]).click()
    with visit.rerun():
        visit.page.get_by_role("menuitem", name=words("en")["nav.scores"]).click()
    expect(visit.box("text").locator("input")).to_have_value(TEXT)
    says(visit, layer="2", text=TEXT)
    with visit.rerun():
        visit.page.get_by_role("button", name=words("en")["scores.next"]).click()
    says(visit, layer="2", text=TEXT)
    for _ in range(2):
        with visit.rerun():
            visit.page.go_back()
        expect(visit.box("text").locator("input")).to_have_value(TEXT)


def test_switching_to_dark_repaints_the_page_and_its_figures(open_page: OpenPage) -> None:
    visit = open_page("/heads?lang=en")
    visit.figure()
    with visit.rerun():
        visit.page.get_by_test_id("stMainMenu").first.click()
        visit.page.get_by_text("Dark").last.click()
    visit.page.keyboard.press("Escape")
    ink = visit.page.evaluate("getComputedStyle(document.querySelector('.provenance b')).color")
    assert ink == "rgb(242, 240, 236)"
    colours = visit.page.evaluate(
        "JSON.stringify(document.querySelector('.st-key-main-figure .js-plotly-plot').layout)"
    )
    assert "#F386B4" in colours


@BOTH
def test_the_next_step_is_a_click_away(open_page: OpenPage, lang: Language) -> None:
    visit = open_page(f"/scores?{urlencode({'text': TEXT, 'step': 2, 'lang': lang})}")
    before = picture(visit)
    assert words(lang)["scores.head.2"] in visit.page.inner_text("body")
    with visit.rerun():
        visit.page.get_by_role("button", name=words(lang)["scores.next"]).click()
    says(visit, step="3")
    expect(visit.page.get_by_text(words(lang)["scores.head.3"])).to_be_visible()
    assert picture(visit) != before


@pytest.mark.parametrize("view", ["head_view", "model_view"])
def test_bertviz_draws_in_its_tab(open_page: OpenPage, view: str) -> None:
    visit = open_page(f"/heads?{urlencode({'text': TEXT})}")
    visit.figure()
    expect(visit.page.locator("iframe")).to_have_count(0)
    with visit.rerun():
        visit.page.get_by_role("tab", name=words("en")[f"heads.view.{view}"]).click()
    says(visit, view=view)
    inside = visit.page.frame_locator(".st-key-bertviz iframe")
    expect(inside.locator("svg").first).to_be_visible()
    if view == "head_view":
        expect(inside.get_by_text("chase").first).to_be_visible()
    assert inside.locator("svg line").count() > 10


def test_hostile_text_is_text_everywhere(open_page: OpenPage) -> None:
    visit = open_page("/heads")
    visit.figure()
    field = visit.box("text").locator("input")
    field.fill(HOSTILE)
    with visit.rerun():
        field.press("Enter")
    visit.figure()
    expect(visit.box("provenance")).to_contain_text("onerror=window.hacked")
    expect(visit.page.get_by_test_id("stAlert")).to_have_count(0)
    for view in ("head_view", "model_view"):
        with visit.rerun():
            visit.page.get_by_role("tab", name=words("en")[f"heads.view.{view}"]).click()
    for frame in visit.page.frames:
        assert frame.evaluate("window.hacked") is None


@BOTH
def test_what_cannot_be_shown_is_told_and_the_picture_stays(
    open_page: OpenPage, lang: Language
) -> None:
    visit = open_page(f"/heads?{urlencode({'text': TEXT, 'lang': lang})}")
    before = picture(visit)
    field = visit.box("text").locator("input")
    for typed, code in (("   ", "empty_text"), ("😀😀", "only_unknown")):
        field.fill(typed)
        with visit.rerun():
            field.press("Enter")
        told = words(lang)[f"error.{code}"].split("{kept}")[0].strip()
        expect(visit.page.get_by_text(told)).to_be_visible()
        assert picture(visit) == before


def test_half_a_surrogate_pair_breaks_nothing(open_page: OpenPage) -> None:
    visit = open_page("/heads?text=a%20%ED%A0%80%20b&layer=1")
    visit.figure()
    expect(visit.page.get_by_test_id("stException")).to_have_count(0)
    expect(visit.box("layer").locator("input")).to_have_value("1")
