"""What a visitor gives, in a real Chromium: literal, whole, in its own direction."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Response, expect

from models.catalog import CATALOG
from pages.registry import TOPICS
from pages.ui import text
from pages.ui.model.chooser import FIELD
from tests.browser.conftest import Language, OpenPage
from tests.browser.marks import mark_at
from tests.browser.server import Server
from tests.browser.test_walk import address, says, words
from tests.browser.test_windows import CUT
from tests.browser.visit import Visit

VIEWS = [(topic.slug, view) for topic in TOPICS[1:] for view in topic.views or ("",)]
NO_MODEL = {("positions", view) for view in ("table", "waves", "distances", "shift")}
MENUS = [one for one in VIEWS if one[0] not in ("memory", "vision") and one not in NO_MODEL]
# One view of each page; the others with `make test-all`.
ONE_EACH = dict(reversed(VIEWS)).items()
ANY_VIEW = [
    pytest.param(*one, marks=[] if one in ONE_EACH else [pytest.mark.slow]) for one in VIEWS
]
COLD = ["/", *(f"/{topic.slug}" for topic in TOPICS[1:]), "/nopage", "/a/b"]
TYPED = 'He said "no" & it\'s <b>x</b> <s> 😀'
ESCAPES = re.compile(r"&(?:quot|amp|lt|gt|#\d+|#x\w+);")

# Words in the pictures, as they stand on screen.
_DRAWN = """() => [...document.querySelectorAll('.main-svg text')].map(e => e.textContent)"""
# Below a letter: [query's right end, arrow's ends, key's left end] where one stands to the other.
_ARROWS = """() => [...document.querySelectorAll('.katex-html .msupsub')]
  .map(e => [[...e.querySelectorAll('.mord.text')], [...e.querySelectorAll('.mrel')]])
  .filter(([said, arrows]) => said.length === 2 && arrows.length === 1)
  .map(([[query, key], [arrow]]) => {
    const [q, a, k] = [query, arrow, key].map(e => e.getBoundingClientRect());
    return [q.right, a.left, a.right, k.left];
  })"""


def opened(open_page: OpenPage, page: str, view: str = "", **link: str) -> Visit:
    """A page by its link, once its first picture is on screen."""
    visit = open_page(f"/{page}?{urlencode({**({'view': view} if view else {}), **link})}")
    if view not in ("head_view", "model_view"):  # these two lie in a frame of their own
        visit.figure()
    return visit


@pytest.mark.parametrize(("page", "view"), dict(reversed(MENUS)).items())  # a view of each page
def test_the_address_holds_a_models_id_whatever_the_language_calls_it(
    open_page: OpenPage, page: str, view: str
) -> None:
    visit = opened(open_page, page, view, lang="en")
    for lang in ("tr", "en"):
        with visit.rerun():
            visit.box("lang").get_by_text(text.endonym(lang)).click()
        on = visit.box("next").get_by_role("button")
        click = on.first if on.count() and on.first.is_enabled() else None
        if click is not None:
            with visit.rerun():
                click.click()
        assert address(visit).get("model", "minilm") in CATALOG
        expect(visit.page.get_by_test_id("stAlert")).to_have_count(0)


@pytest.mark.parametrize(("page", "view"), ANY_VIEW)
def test_what_was_typed_stands_in_the_pictures_without_entities(
    open_page: OpenPage, page: str, view: str
) -> None:
    visit = opened(open_page, page, view, text=TYPED, sequence=TYPED)
    shown = visit.page.evaluate(_DRAWN)
    assert not [word for word in shown if ESCAPES.search(word)]


def test_quotes_stand_in_the_hover_as_they_were_typed(open_page: OpenPage) -> None:
    visit = opened(open_page, "heads", text='say "no" now')
    plot = visit.box("main-figure").locator(".js-plotly-plot")
    mark = mark_at(plot, 2, 2)
    box = plot.bounding_box()
    assert box is not None
    visit.page.mouse.move(box["x"] + mark["x"], box["y"] + mark["y"])
    expect(plot.locator(".hoverlayer text").first).to_contain_text('"')


@pytest.mark.parametrize("typed", ["שלום 123 abc", "مرحبا 123 abc"], ids=["Hebrew", "Arabic"])
@pytest.mark.parametrize("step", ["2", "5"])
def test_below_a_letter_the_query_stands_left_of_its_arrow_and_the_key_right_of_it(
    open_page: OpenPage, typed: str, step: str
) -> None:
    visit = opened(open_page, "scores", text=typed, query="3", key="6", step=step)
    visit.box("steps").locator(".katex").first.wait_for()
    found = visit.page.evaluate(_ARROWS)
    assert found
    for query, left, right, key in found:
        assert query <= left + 1
        assert right <= key + 1


@pytest.mark.parametrize("step", [str(n) for n in range(1, 9)])
@pytest.mark.parametrize("mode", ["live", "hand"])
def test_no_formula_of_any_step_is_cut(open_page: OpenPage, step: str, mode: str) -> None:
    visit = opened(open_page, "scores", step=step, mode=mode, all="1")
    assert visit.page.evaluate(CUT) == []


@pytest.mark.parametrize(
    "name", [":material/home:", ":red[x]", ":smile:", "$x^2$", "[a](http://b)", "**a**", "`b`"]
)
def test_a_notice_shows_what_a_link_said_letter_by_letter(open_page: OpenPage, name: str) -> None:
    visit = opened(open_page, "heads", model=name)
    notice = visit.box("notices").get_by_test_id("stAlert")
    expect(notice).to_contain_text(name)
    drawn = "[data-testid=stIconMaterial], a, strong, .katex"
    expect(notice.locator(drawn)).to_have_count(0)
    expect(visit.box(FIELD).locator(".katex, strong")).to_have_count(0)


@pytest.mark.parametrize("path", COLD)
def test_a_cold_link_asks_for_nothing_that_is_not_there(
    open_page: OpenPage, browser: Browser, server: Server, path: str
) -> None:
    page = browser.new_page()
    missing: list[str] = []

    def note(response: Response) -> None:
        if response.status >= 400:
            missing.append(f"{response.status} {response.url}")

    page.on("response", note)
    page.goto(f"{server.url}{path}?lang=tr")
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.close()
    assert not missing


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_an_address_of_no_page_leads_to_the_front_page_which_says_so(
    open_page: OpenPage, lang: Language
) -> None:
    visit = open_page(f"/nopage?lang={lang}")
    expect(visit.box("notices")).to_contain_text("nopage")
    expect(visit.page.locator("h1")).to_have_text(words(lang)["home.title"])
    expect(visit.page.get_by_role("dialog")).to_have_count(0)
    says(visit, lang=lang)
    assert "nopage" not in visit.page.url


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_a_number_with_decimals_is_read_with_a_comma_and_with_a_point(
    open_page: OpenPage, lang: Language
) -> None:
    visit = opened(open_page, "gpt", lang=lang)
    sign = "," if lang == "tr" else "."
    field = visit.box("temperature-field").locator("input")
    expect(field).to_have_value(f"0{sign}8")
    for typed, value in (("0,5", "0.5"), ("1.25", "1.25"), (" .3 ", "0.3")):
        field.fill(typed)
        with visit.rerun():
            field.press("Enter")
        expect(field).to_have_value(value.replace(".", sign))
        says(visit, temperature=value)
    field.fill("1e99")
    with visit.rerun():
        field.press("Enter")
    expect(visit.box("notices")).to_contain_text("1e99")
    expect(field).to_have_value(f"0{sign}3")


def test_a_link_says_a_name_twice(open_page: OpenPage) -> None:
    visit = open_page("/heads?lang=en&text=a&text=Dogs+bark&foo=1")
    expect(visit.box("notices")).to_contain_text(words("en")["error.twice"].format(names="“text”"))
    says(visit, text="Dogs bark")
    assert "foo" not in visit.page.url
    assert visit.page.url.count("text=") == 1
