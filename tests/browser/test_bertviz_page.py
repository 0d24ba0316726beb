"""BertViz's documents in a real Chromium, with everything but this machine out of reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route

from models.trace import AttentionTrace, Kind
from tests.viz.bertviz_traces import HOSTILE, LABELS, encoder, translator
from viz import bertviz
from viz.bertviz.layout import View
from viz.bertviz.payload import STEPS
from viz.board.notation import shortened, visible
from viz.board.theme import DARK, LIGHT, Theme, contrast

Open = Callable[..., Page]
DRAW: dict[View, Callable[..., str]] = {"head": bertviz.head_view, "model": bertviz.model_view}
BOTH_VIEWS = pytest.mark.parametrize("view", ["head", "model"])
BOTH_THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
EXACT = 0.5 / STEPS + 1e-7

_HEX = """(colour) => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.fillStyle = colour;
  return canvas.fillStyle.toUpperCase();
}"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and writes no log."""

    def log_message(self, format: str, *arguments: object) -> None: ...


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder and the address under which this machine serves it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_view(folder: tuple[Path, str], browser: Browser) -> Iterator[Open]:
    """Opens a view of a trace; afterwards nothing may have gone wrong or gone out."""
    place, address = folder
    problems: list[str] = []
    pages: list[Page] = []

    def refuse(route: Route) -> None:
        problems.append(f"asked for {route.request.url}")
        route.abort()

    def open_one(trace: AttentionTrace, view: View, theme: Theme = LIGHT, **options: Any) -> Page:
        document = DRAW[view](trace, bertviz.Look(LABELS, theme), **options)
        (place / "view.html").write_text(document, encoding="utf-8")
        page = browser.new_page(viewport={"width": 1700, "height": bertviz.height(trace, view)})
        pages.append(page)
        page.route(lambda url: not url.startswith(address), refuse)
        page.on("pageerror", lambda error: problems.append(f"page error: {error}"))
        page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
        page.goto(f"{address}/view.html")
        page.locator("#vis line").first.wait_for(state="attached")
        return page

    yield open_one
    for page in pages:
        page.close()
    assert not problems, problems


def decoded(page: Page) -> np.ndarray[Any, np.dtype[np.float64]]:
    """(layer, head, query, key): the weights as BertViz gets them."""
    return np.array(page.evaluate("PYTHON_PARAMS.attention[0].attn"))


def own(trace: AttentionTrace, kind: Kind) -> np.ndarray[Any, np.dtype[np.float32]]:
    """(layer, head, query, key): the trace's weights."""
    return np.stack([block.weights for block in trace.layers(kind)])


def choose(page: Page, trace: AttentionTrace, kind: Kind) -> None:
    """Pick a kind in the page's own chooser."""
    page.locator("#kind").select_option(str(trace.kinds.index(kind)))


@BOTH_VIEWS
def test_every_kind_s_weights_arrive_to_half_a_step(open_view: Open, view: View) -> None:
    trace = translator()
    page = open_view(trace, view)
    for kind in ("cross", "encoder", "decoder"):
        choose(page, trace, kind)
        weights = own(trace, kind)
        assert decoded(page).shape == weights.shape
        assert np.abs(decoded(page) - weights).max() <= EXACT


def painted(page: Page, heads: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """(head, line): how strong each line of the head view is."""
    strengths = page.locator("#attention line").evaluate_all(
        "(lines) => lines.map((line) => +line.getAttribute('stroke-opacity'))"
    )
    return np.array(strengths).reshape(heads, -1)


@pytest.mark.parametrize("heads", [[1], [0, 2], None])
def test_a_line_is_as_strong_as_its_weight_over_the_heads_switched_on(
    open_view: Open, heads: list[int] | None
) -> None:
    trace = encoder(5)
    page = open_view(trace, "head", layer=1, heads=heads)
    on = range(3) if heads is None else heads
    expected = np.zeros((3, 25))
    expected[list(on)] = own(trace, "encoder")[1].reshape(3, 25)[list(on)] / len(on)
    assert np.abs(painted(page, 3) - expected).max() <= EXACT


def test_every_layer_of_every_kind_opens_in_the_head_view(open_view: Open) -> None:
    trace = translator()
    page = open_view(trace, "head", kind="encoder", layer=2)
    for kind in trace.kinds:
        choose(page, trace, kind)
        options = page.locator("#layer option").all_inner_texts()
        assert options == [str(layer) for layer in range(len(trace.layers(kind)))]
        for layer in options:
            page.locator("#layer").select_option(layer)
            weights = own(trace, kind)[int(layer)]
            shown = painted(page, len(weights)) * len(weights)
            assert np.abs(shown - weights.reshape(shown.shape)).max() <= EXACT


def test_a_deep_layer_becomes_the_last_one_of_a_shallower_kind(open_view: Open) -> None:
    trace = translator()
    page = open_view(trace, "head", kind="encoder", layer=2)
    choose(page, trace, "decoder")
    assert page.locator("#layer").input_value() == "1"


def test_the_model_view_shows_every_head_and_enlarges_the_one_clicked(open_view: Open) -> None:
    trace = translator()
    page = open_view(trace, "model")
    for kind in ("decoder", "cross", "encoder"):
        choose(page, trace, kind)
        layers, heads = own(trace, kind).shape[:2]
        assert page.locator(".attn_background").count() == layers * heads
        last = page.locator(f"g:has(> #attn_background_{layers - 1}_{heads - 1}) > rect").last
        last.click()
        heading = page.locator("svg > text.detail")
        assert heading.text_content() == f"layer no. {layers - 1}, head no. {heads - 1}"


def test_headings_are_in_the_page_s_words_and_tokens_are_left_alone(open_view: Open) -> None:
    page = open_view(encoder(HOSTILE), "model")
    headings = page.locator("svg > text[font-weight=bold]").all_text_contents()
    assert headings == ["the heads", "the layers"]
    page.locator("svg > g > rect").last.click()
    tokens = page.locator("text.token").all_text_contents()
    assert {"Heads", shortened("Layer 0, Head 0", 12)} <= set(tokens)


def test_squares_carry_their_head_s_number(open_view: Open) -> None:
    page = open_view(encoder(4), "head")
    named = page.locator("svg > g > rect > title").all_text_contents()
    assert named == ["head no. 0", "head no. 1", "head no. 2"]


@BOTH_VIEWS
def test_hostile_tokens_are_seen_and_do_nothing(open_view: Open, view: View) -> None:
    page = open_view(encoder(HOSTILE), view)
    if view == "model":
        page.locator("svg > g > rect").last.click()
    longest = 18 if view == "head" else 12
    expected = [shortened(visible(token), longest).replace("\ud800", "\ufffd") for token in HOSTILE]
    shown = page.locator("#left text" if view == "head" else "text.token").evaluate_all(
        "(texts) => texts.map((text) => text.textContent.toWellFormed())"
    )
    assert shown[: len(HOSTILE)] == expected
    assert page.evaluate("window.hacked ?? null") is None
    assert page.locator("img, #vis script, #vis b").count() == 0


def test_even_markup_that_slipped_in_would_not_run(
    folder: tuple[Path, str], browser: Browser
) -> None:
    place, address = folder
    document = bertviz.head_view(encoder(3), bertviz.Look(LABELS, LIGHT))
    attack = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>"
    (place / "view.html").write_text(document.replace("</body>", attack), encoding="utf-8")
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if m.type == "error" else None)
    page.goto(f"{address}/view.html")
    assert page.locator("#vis line").count() == 3 * 9
    assert page.evaluate("window.hacked ?? null") is None
    assert any("Content Security Policy" in text for text in refused)
    page.close()


@BOTH_THEMES
@BOTH_VIEWS
def test_words_are_readable_in_both_themes(open_view: Open, view: View, theme: Theme) -> None:
    page = open_view(translator(), view, theme=theme)
    if view == "model":
        page.locator("svg > g > rect").last.click()
    inks = page.locator("svg text").evaluate_all(
        "(texts) => [...new Set(texts.map((text) => getComputedStyle(text).fill))]"
    )
    behind = page.evaluate("getComputedStyle(document.body).backgroundColor")
    behind = page.evaluate(_HEX, behind)
    assert behind == theme.page
    assert all(contrast(page.evaluate(_HEX, ink), behind) >= 7 for ink in inks)


@pytest.mark.parametrize("width", [1700, 900, 500])
@BOTH_VIEWS
def test_the_stated_height_is_enough_and_nothing_is_cut_off(
    open_view: Open, view: View, width: int
) -> None:
    trace = translator()
    page = open_view(trace, view)
    page.set_viewport_size({"width": width, "height": bertviz.height(trace, view)})
    for kind in trace.kinds:
        choose(page, trace, kind)
        wide, high = page.evaluate(
            "[document.documentElement.scrollWidth, document.body.getBoundingClientRect().height]"
        )
        assert wide <= width
        assert high <= bertviz.height(trace, view)


@BOTH_VIEWS
def test_type_is_large_enough_to_read_from_the_back(open_view: Open, view: View) -> None:
    page = open_view(encoder(12, layers=6, heads=12), view)
    if view == "model":
        page.locator("svg > g > rect").last.click()
    words = page.locator("#left text" if view == "head" else "text.token").first
    size = words.evaluate("(text) => parseFloat(getComputedStyle(text).fontSize)")
    zoom = page.locator("#vis").evaluate("(canvas) => +canvas.style.zoom")
    assert size * zoom >= 20
