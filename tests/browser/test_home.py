"""The landing page in a real Chromium: a sentence typed and answered, words by click and by key."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from models.catalog import load
from models.home.sentence import ChosenHead, of_text, stored
from pages.registry import TOPICS
from pages.ui import text
from tests.browser.conftest import Language, OpenPage, ThemeName
from tests.browser.server import PATIENCE, ROOT, Server, free_port, offline, status
from tests.browser.test_walk import bounds, says, stacked
from tests.browser.visit import Visit, until

WORDS = text.catalogue("en")
TEXT = "The dog that chased the cats was tired"
# The app with a model that is not there until a file is; the router of the real one.
COLD = """
import sys, time
from pathlib import Path
from models import catalog

gate, port = Path(sys.argv[1]), int(sys.argv[2])
own = catalog._open
def waiting(*given):
    opened = own(*given)
    while not gate.exists():
        time.sleep(0.05)
    return opened
catalog._open = waiting

import uvicorn
from app import app
uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")
"""


def word(visit: Visit, place: int) -> Locator:
    """One word of the row."""
    return visit.box("main-figure").get_by_role("radio").nth(place)


def shows(visit: Visit, head: ChosenHead, query: int) -> None:
    """The row is this sentence's, lit for one word, with its percents and its sentence."""
    expect(visit.box("main-figure").get_by_role("radio")).to_have_count(len(head.tokens))
    expect(word(visit, query)).to_have_attribute("aria-checked", "true")
    for place, weight in enumerate(head.weights[query].tolist()):
        percent = round(100 * weight)
        expect(word(visit, place).locator("bdi")).to_have_text(head.tokens[place])
        expect(word(visit, place).locator(".share")).to_have_text(f"{percent} %" if percent else "")
    most = head.strongest(query)
    share = f"{round(100 * float(head.weights[query, most]))} % of its attention"
    expect(visit.box("steps")).to_contain_text(share)
    lines = visit.box("main-figure").locator("path").count()
    assert lines == sum(round(100 * w) >= 3 for w in head.weights[query].tolist())


def test_a_typed_sentence_is_answered_and_its_words_can_be_walked(open_page: OpenPage) -> None:
    visit = open_page("/")
    first = stored("en")
    shows(visit, first, first.clearest)
    expect(visit.box("provenance")).to_contain_text(WORDS["origin.stored"])
    with visit.rerun():
        visit.box("text").locator("input").fill(TEXT)
        visit.page.keyboard.press("Enter")
    live = of_text(load("minilm"), TEXT)
    shows(visit, live, live.clearest)
    expect(visit.box("provenance")).to_contain_text(WORDS["origin.live"])
    expect(visit.box("provenance").locator(".good")).to_contain_text("✓")
    says(visit, text=TEXT, model="minilm", v="2")
    with visit.rerun():
        word(visit, 2).click()
    shows(visit, live, 2)
    says(visit, query="2")
    with visit.rerun():
        visit.page.keyboard.press("ArrowRight")
    shows(visit, live, 3)
    expect(word(visit, 3)).to_be_focused()
    with visit.rerun():
        visit.page.keyboard.press("Home")
    shows(visit, live, 0)
    visit.page.keyboard.press("Escape")
    expect(word(visit, 0)).not_to_be_focused()
    other = open_page(visit.page.url[visit.page.url.index("/?") :])
    shows(other, live, 0)


def test_tab_reaches_the_row_once_and_leads_on_to_the_links(open_page: OpenPage) -> None:
    visit = open_page("/")
    head = stored("en")
    visit.box("text").locator("input").focus()
    visit.page.keyboard.press("Tab")
    expect(word(visit, head.clearest)).to_be_focused()
    with visit.rerun():
        visit.page.keyboard.press("End")
        visit.page.keyboard.press("Enter")
    shows(visit, head, len(head.tokens) - 1)
    # [SEP] looks most at [CLS]: both say what they are to whoever comes to them by keyboard.
    symbols = visit.box("steps").locator("abbr.symbol")
    expect(symbols).to_have_text(["[SEP]", "[CLS]"])
    for place in range(2):
        visit.page.keyboard.press("Tab")
        expect(symbols.nth(place)).to_be_focused()
    visit.page.keyboard.press("Tab")
    expect(visit.box("open-in").get_by_role("link").first).to_be_focused()


def test_the_links_and_cards_lead_on_and_back_with_a_mark(open_page: OpenPage) -> None:
    visit = open_page("/")
    head = stored("en")
    with visit.rerun():
        word(visit, 2).click()
    with visit.rerun():
        visit.box("open-in").get_by_role("link", name=WORDS["home.open_in.heads"]).click()
    expect(visit.page.locator("h1")).to_have_text(WORDS["heads.title"])
    says(visit, layer=str(head.layer), head=str(head.head), query="2", key=str(head.strongest(2)))
    foot = visit.box("onward").get_by_role("link")
    expect(foot).to_contain_text(WORDS["frame.next"].format(question=WORDS["scores.title"]))
    with visit.rerun():
        foot.click()
    expect(visit.page.locator("h1")).to_have_text(WORDS["scores.title"])
    visit.page.get_by_role("navigation").get_by_text(WORDS["section.start"]).click()
    with visit.rerun():
        visit.page.get_by_role("menuitem", name=WORDS["nav.home"]).click()
    expect(visit.page.locator("h1")).to_have_text(WORDS["home.title"])
    for slug in ("heads", "scores"):
        expect(visit.box(f"card-{slug}")).to_contain_text(WORDS["home.seen"])
    expect(visit.box("card-bert")).not_to_contain_text(WORDS["home.seen"])
    with visit.rerun():
        # The whole card is its link, which lies above the picture: a click there is one on it.
        visit.box("card-bert").locator("img").click(force=True)
    expect(visit.page.locator("h1")).to_have_text(WORDS["bert.title"])


def test_the_browser_remembers_what_was_open_before(open_page: OpenPage, server: Server) -> None:
    first = open_page("/scores")
    first.page.close()
    later = Visit(first.page.context, server.url)
    later.goto("/?lang=en")
    expect(later.box("card-scores")).to_contain_text(WORDS["home.seen"])
    expect(later.box("card-heads")).not_to_contain_text(WORDS["home.seen"])
    assert not later.problems
    later.page.close()


SIZES = ((1366, 768), (1920, 1080), (1280, 720))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("tr", "dark")])
def test_field_picture_and_sentence_are_seen_without_scrolling(
    open_page: OpenPage, lang: Language, theme: ThemeName, size: tuple[int, int]
) -> None:
    visit = open_page("/", lang=lang, theme=theme, size=size)
    for key in ("text", "main-figure", "steps", "provenance"):
        box = bounds(visit.box(key))
        assert box["y"] >= 0, key
        assert box["y"] + box["height"] <= size[1], f"{key} ends at {box['y'] + box['height']}"
    chapters = sum(topic.chapter for topic in TOPICS)
    expect(visit.box("journey").locator("img.thumb")).to_have_count(chapters)
    drawn = visit.page.evaluate(
        "() => [...document.images].filter(i => i.complete && i.naturalWidth > 0).length"
    )
    assert drawn >= chapters
    visit.screenshot(f"home-{lang}-{theme}-{size[0]}")


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_nothing_hangs_over_on_a_phone(open_page: OpenPage, lang: Language) -> None:
    visit = open_page("/", lang=lang, size=(390, 844))
    head = stored(lang)
    expect(visit.box("main-figure").get_by_role("radio")).to_have_count(len(head.tokens))
    stacked(visit, beside=False)
    assert visit.page.evaluate("document.scrollingElement.scrollWidth") <= 390
    for place in range(len(head.tokens)):
        box = bounds(word(visit, place))
        assert min(box["width"], box["height"]) >= 24
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    visit.screenshot(f"home-{lang}-390")


@pytest.fixture
def cold(tmp_path: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """(address, what lets the model arrive) of an app whose model is still loading."""
    gate, port = tmp_path / "gate", free_port()
    command = [sys.executable, "-c", COLD, str(gate), str(port)]
    url = f"http://127.0.0.1:{port}"
    with (tmp_path / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=offline(), stdout=log, stderr=log)
    try:
        for _ in range(int(PATIENCE / 0.1)):
            if status(f"{url}/_stcore/health") == 200 or process.poll() is not None:
                break
            time.sleep(0.1)
        yield url, gate.touch
    finally:
        gate.touch()
        process.terminate()
        process.wait(timeout=30)


def test_a_cold_app_shows_its_example_and_answers_as_soon_as_it_can(
    cold: tuple[str, Callable[[], None]], browser: Browser
) -> None:
    url, arrive = cold
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-US")
    visit = Visit(context, url)
    visit.goto("/")
    kept = stored("en")
    shows(visit, kept, kept.clearest)
    with visit.rerun():
        visit.box("text").locator("input").fill(TEXT)
        visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_text(WORDS["home.waiting"])).to_be_visible()
    with visit.rerun():
        word(visit, 2).click()  # the page can be used while it waits
    shows(visit, kept, 2)
    expect(visit.box("provenance")).to_contain_text(WORDS["origin.stored"])
    live = of_text(load("minilm"), TEXT)
    arrive()
    answered = expect(visit.box("provenance"))
    answered.to_contain_text(WORDS["origin.live"], timeout=PATIENCE * 1000)
    shows(visit, live, live.clearest)
    expect(visit.page.get_by_text(WORDS["home.waiting"])).to_have_count(0)
    visit.idle()
    runs = visit.runs
    visit.page.wait_for_timeout(2500)
    assert visit.runs == runs  # nobody asks any more
    context.close()
    assert not visit.problems


@pytest.mark.parametrize(
    ("question", "heading"),
    [("feed_forward", "gpt.units"), ("forcing", "translator.forcing"), ("first", "heads.sinks")],
)
def test_a_question_leads_to_its_answer_on_screen(
    question: str, heading: str, open_page: OpenPage
) -> None:
    visit = open_page("/", size=(1366, 768))
    visit.page.get_by_role("link", name=WORDS[f"home.question.{question}"], exact=True).click()
    begins = WORDS[heading].split("{")[0]
    # Figures above it that are drawn late push it away, until it is brought back.
    visit.page.wait_for_timeout(3_000)
    seen = f"""() => [...document.querySelectorAll('h3.section')].some(one => {{
        const {{ top }} = one.getBoundingClientRect();
        return one.textContent.startsWith({json.dumps(begins)}) && 0 < top && top < 384;
    }})"""
    until(visit.page, seen)
