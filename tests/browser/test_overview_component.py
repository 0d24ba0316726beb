"""The overview of all heads in a real Chromium, on a small app of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect
from streamlit.testing.v1 import AppTest

from pages.ui.components import _clicked
from pages.ui.window import REM
from tests.browser.server import ROOT, Server, running
from tests.browser.visit import Visit
from viz.heads import overview

HOSTILE = "<img src=x onerror=alert(1)> &amp; ığşİ"
LAYERS, HEADS, TOKENS = 3, 4, 64
SENT = LAYERS * HEADS * TOKENS**2 * 4 // 3  # bytes of the cells in base64

APP = f"""
import numpy as np
import streamlit as st
from pages.ui.components import heads_overview
from viz.heads import overview
from viz.board.theme import theme

def choose(layer, head):
    st.session_state.layer, st.session_state.head = layer, head
    st.session_state.calls = st.session_state.get("calls", 0) + 1

def weights():
    rng = np.random.default_rng(0)
    for _ in range({LAYERS}):
        raw = np.where(mask, 0, rng.random(({HEADS}, {TOKENS}, {TOKENS})) ** 8 + 1e-9)
        raw[0] = np.eye({TOKENS})
        yield raw / raw.sum(axis=-1, keepdims=True)

# The size of type that pixels are composed for: in a page, its window sets that.
st.html("<style>:root{{font-size:{REM}px!important}}</style>")
mask = np.triu(np.ones(({TOKENS}, {TOKENS}), dtype=bool), 1)
captions = [[{HOSTILE!r} if head == 2 else "" for head in range({HEADS})]] * {LAYERS}
st.session_state.setdefault("layer", 1)
st.session_state.setdefault("head", 1)
layer = st.number_input("Layer", 0, {LAYERS - 1}, key="layer")
head = st.number_input("Head", 0, {HEADS - 1}, key="head")
payload = overview.payload(
    weights(), [mask] * {LAYERS}, captions=captions, theme=theme(st.context.theme.type),
    labels={{name: name for name in overview.LABELS}},
    numbers=[2 * n for n in range({LAYERS})],  # the model's own: between them others without heads
)
chosen = heads_overview(payload, layer, head, on_choose=choose)
st.text(f"returned {{chosen}}, called {{st.session_state.get('calls', 0)}}")
st.button("Again")
"""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    script = tmp_path_factory.mktemp("overview") / "app.py"
    script.write_text(APP, encoding="utf-8")
    return script


def banded() -> str:
    """The same app with many layers, which stand in bands side by side."""
    return re.sub(r"(range\(|\* )3\b", r"\g<1>30", APP).replace('"Layer", 0, 2', '"Layer", 0, 29')


@pytest.fixture(scope="module")
def overview_server(app: Path) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        with running(app, app.with_name("log.txt"), "--browser.gatherUsageStats=false") as server:
            yield server


@pytest.fixture
def visit(overview_server: Server, browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, color_scheme="light")
    visit = Visit(context, overview_server.url)
    visit.goto("/")
    expect(grid(visit)).to_have_attribute("data-layer", "1")
    yield visit
    context.close()
    assert not visit.problems
    assert not overview_server.tracebacks()


def grid(visit: Visit) -> Locator:
    return visit.box("overview-picture").locator("canvas.grid")


def card(visit: Visit) -> Locator:
    return visit.box("overview-picture").locator(".card")


def framed(visit: Visit, layer: int, head: int) -> None:
    expect(grid(visit)).to_have_attribute("data-layer", str(layer))
    expect(grid(visit)).to_have_attribute("data-head", str(head))


def side(visit: Visit) -> float:
    """px from one thumbnail to the next; the left and upper margins are narrower than one."""
    box = grid(visit).bounding_box()
    assert box is not None
    return (box["height"] - 52) / LAYERS


def place(visit: Visit, layer: int, head: int) -> dict[str, float]:
    """The middle of a thumbnail, from the canvas's corner: columns end at its right edge."""
    box = grid(visit).bounding_box()
    assert box is not None
    pitch = side(visit)
    x = box["width"] - 4 - (HEADS - head - 0.5) * pitch
    return {"x": x, "y": 50 + (layer + 0.5) * pitch}


def click(visit: Visit, layer: int, head: int) -> None:
    at = place(visit, layer, head)
    grid(visit).click(position={"x": at["x"], "y": at["y"]})


def colour(visit: Visit, x: float, y: float) -> tuple[int, ...]:
    """Red, green, blue of a canvas pixel, x and y in CSS pixels."""
    read = """(canvas, [x, y]) => {
      const ratio = canvas.width / canvas.clientWidth;
      const context = canvas.getContext("2d");
      return [...context.getImageData(Math.round(x * ratio), Math.round(y * ratio), 1, 1).data];
    }"""
    return tuple(grid(visit).evaluate(read, [x, y]))[:3]


def test_a_click_reaches_python_exactly_once(visit: Visit) -> None:
    with visit.rerun():
        click(visit, 2, 3)
    expect(visit.page.get_by_text("returned (2, 3), called 1")).to_be_visible()
    expect(visit.page.get_by_label("Layer")).to_have_value("2")
    expect(visit.page.get_by_label("Head")).to_have_value("3")
    with visit.rerun():
        visit.page.get_by_role("button", name="Again").click()
    expect(visit.page.get_by_text("returned None, called 1")).to_be_visible()
    framed(visit, 2, 3)


def test_the_frame_moves_before_python_answers(visit: Visit) -> None:
    at = place(visit, 0, 2)
    above = (at["x"], at["y"] - side(visit) / 2 - 1)  # in the gap, where the frame's line runs
    before = colour(visit, *above)
    moved = grid(visit).evaluate(
        """(canvas, at) => {
          const box = canvas.getBoundingClientRect();
          const [clientX, clientY] = [box.left + at.x, box.top + at.y];
          canvas.dispatchEvent(new MouseEvent("click", { clientX, clientY, bubbles: true }));
          return [canvas.dataset.layer, canvas.dataset.head]; // in the same task: nobody answered
        }""",
        at,
    )
    assert moved == ["0", "2"]
    assert sum(colour(visit, *above)) < sum(before) - 200
    expect(visit.page.get_by_text("returned (0, 2), called 1")).to_be_visible()


def test_only_the_answer_to_the_last_click_moves_the_frame(visit: Visit) -> None:
    answers = """(canvas, [first, second]) => {
      const click = (at) => {
        const box = canvas.getBoundingClientRect();
        const [clientX, clientY] = [box.left + at.x, box.top + at.y];
        canvas.dispatchEvent(new MouseEvent("click", { clientX, clientY }));
      };
      const answer = (answers) => {
        const detail = { id: "overview", layer: 2, head: 2, answers };
        window.dispatchEvent(new CustomEvent("dikkat-choice", { detail }));
        return `${canvas.dataset.layer} ${canvas.dataset.head}`;
      };
      click(first);
      click(second);
      return [answer(1), answer(2)];
    }"""
    places = [place(visit, 0, 1), place(visit, 1, 3)]
    assert grid(visit).evaluate(answers, places) == ["1 3", "2 2"]


def test_fast_clicks_never_pull_the_frame_back(visit: Visit) -> None:
    heads = [(step % LAYERS, (step * 3) % HEADS) for step in range(20)]
    places = [place(visit, layer, head) for layer, head in heads]
    seen = grid(visit).evaluate(
        """async (canvas, places) => {
          const seen = [];
          const frame = () => `${canvas.dataset.layer} ${canvas.dataset.head}`;
          const note = () => { if (seen.at(-1) !== frame()) seen.push(frame()); };
          new MutationObserver(note).observe(canvas, { attributes: true });
          for (const at of places) { // faster than Python answers
            const box = canvas.getBoundingClientRect();
            const [clientX, clientY] = [box.left + at.x, box.top + at.y];
            canvas.dispatchEvent(new MouseEvent("click", { clientX, clientY }));
            await new Promise((done) => setTimeout(done, 30));
          }
          await new Promise((done) => setTimeout(done, 1500));
          return seen;
        }""",
        places,
    )
    assert seen == [f"{layer} {head}" for layer, head in heads]
    expect(visit.page.get_by_label("Head")).to_have_value(str(heads[-1][1]))


def test_python_moves_the_frame(visit: Visit) -> None:
    with visit.rerun():
        visit.page.get_by_label("Layer").fill("2")
        visit.page.keyboard.press("Enter")
    framed(visit, 2, 1)
    with visit.rerun():
        click(visit, 0, 0)
    with visit.rerun():
        visit.page.get_by_label("Head").fill("3")
        visit.page.keyboard.press("Enter")
    framed(visit, 0, 3)


def test_choosing_does_not_send_the_pixels_again(visit: Visit) -> None:
    assert visit.bytes_received > SENT
    visit.bytes_received = 0
    for head in (3, 0, 2):
        with visit.rerun():
            click(visit, 2, head)
    assert 0 < visit.bytes_received < SENT / 4


def test_the_keyboard_walks_and_chooses(visit: Visit) -> None:
    visit.page.get_by_label("Head").focus()
    visit.page.keyboard.press("Tab")
    expect(grid(visit)).to_be_focused()
    expect(card(visit).locator("strong")).to_have_text("layer 2 · head 1")
    for key in ("ArrowRight", "ArrowUp"):
        with visit.rerun():
            visit.page.keyboard.press(key)
    visit.page.keyboard.press("ArrowUp")  # there is nowhere to go
    framed(visit, 0, 2)
    expect(grid(visit)).to_have_attribute("aria-activedescendant", "head-0-2")
    with visit.rerun():
        visit.page.keyboard.press("End")
    framed(visit, 0, 3)
    expect(visit.page.get_by_text("returned (0, 3), called 3")).to_be_visible()
    expect(grid(visit)).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(grid(visit)).not_to_be_focused()
    expect(card(visit)).to_be_hidden()


def test_pointing_enlarges_a_head_and_shows_its_caption_as_text(visit: Visit) -> None:
    expect(card(visit)).to_be_hidden()
    at = place(visit, 1, 2)
    grid(visit).hover(position={"x": at["x"], "y": at["y"]})
    expect(card(visit)).to_be_visible()
    expect(card(visit).locator("strong")).to_have_text("layer 2 · head 2")
    expect(card(visit).locator(".caption")).to_have_text(HOSTILE)
    expect(visit.box("overview-picture").locator("img")).to_have_count(0)
    box = card(visit).locator("canvas").bounding_box()
    assert box is not None
    assert box["width"] >= 250
    visit.page.mouse.move(5, 5)
    expect(card(visit)).to_be_hidden()


def test_a_screen_reader_hears_every_head(visit: Visit) -> None:
    cells = grid(visit).locator("[role=gridcell]")
    expect(cells).to_have_count(LAYERS * HEADS)
    expect(cells.nth(HEADS + 2)).to_have_text(f"layer 2 · head 2, {HOSTILE}")
    expect(grid(visit).locator("[aria-selected=true]")).to_have_text("layer 2 · head 1")
    expect(grid(visit)).to_have_attribute("aria-label", "grid")


def test_masked_cells_are_hatched_and_small_ones_are_not(visit: Visit) -> None:
    """Head 0 is a diagonal: below it all weights are 0, above it all cells are masked."""
    at = place(visit, 0, 0)
    reach = range(5, round(side(visit) / 2) - 4)
    masked = {colour(visit, at["x"] + i, at["y"] - 10) for i in reach}
    zero = {colour(visit, at["x"] - i, at["y"] + 10) for i in reach}
    assert len(masked) >= 2
    assert zero == {(255, 255, 255)}
    assert not masked & zero
    legend = visit.box("overview-picture").locator(".legend")
    expect(legend).to_contain_text("masked")


@pytest.mark.parametrize("width", [380, 700, 1600])
def test_the_picture_stays_in_its_column(visit: Visit, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    visit.idle()
    box, column = grid(visit).bounding_box(), visit.box("overview-picture").bounding_box()
    assert box is not None
    assert column is not None
    assert box["width"] <= column["width"]
    assert side(visit) <= 114
    with visit.rerun():
        click(visit, 2, 3)
    framed(visit, 2, 3)


def test_what_the_colours_mean_stands_under_the_picture(visit: Visit) -> None:
    legend = visit.box("overview-picture").locator(".legend")
    expect(legend).to_contain_text("note")
    expect(legend).not_to_contain_text("pooled")
    visit.page.set_viewport_size({"width": 320, "height": 900})
    expect(legend).to_contain_text("pooled")


def test_a_page_with_the_picture_runs_without_a_browser(app: Path) -> None:
    page = AppTest.from_file(str(app)).run()
    assert not page.exception
    page.number_input(key="head").set_value(3).run()
    assert not page.exception
    assert [text.value for text in page.text] == ["returned None, called 0"]


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "0 0",
        {},
        {"layer": 0, "head": 0},
        {"layer": -1, "head": 0, "click": 1},
        {"layer": 2, "head": 0, "click": 1},
        {"layer": 1, "head": 3, "click": 1},
        {"layer": 0.0, "head": 0, "click": 1},
        {"layer": "0", "head": 0, "click": 1},
    ],
)
def test_what_is_no_head_of_this_picture_is_not_taken_from_the_browser(sent: object) -> None:
    assert _clicked({"layer": 1, "head": 2, "click": 5}, [4, 3]) == (1, 2, 5)
    assert _clicked(sent, [4, 3]) is None


def test_text_never_becomes_markup() -> None:
    """Neither script writes HTML; the browser test above shows it for one caption."""
    code = overview.script() + overview.choice_script()
    assert not [way for way in ("innerHTML", "outerHTML", "insertAdjacent") if way in code]


def test_many_layers_stand_in_bands_side_by_side_where_that_makes_heads_larger(
    visit: Visit,
) -> None:
    laid = """([code, layers, sizes]) =>
      new Function(`${code}; return bandsOf(${layers}, ${JSON.stringify(sizes)})`)()"""
    column = {"width": 326, "high": 240, "left": 28, "most": 9}
    code = (ROOT / "viz/heads/overview_draw.js").read_text("utf-8")
    found = visit.page.evaluate(laid, [code, 30, column])
    assert (found["bands"], found["rows"]) == (2, 15)
    assert found["room"] > 1.7 * column["high"] / 30
    for layers, most in ((6, 12), (12, 12), (4, 4)):
        assert visit.page.evaluate(laid, [code, layers, column | {"most": most}])["bands"] == 1


def test_every_head_of_every_band_answers_to_the_pointer(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "app.py"
    script.write_text(banded(), encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with running(script, tmp_path / "log.txt", "--browser.gatherUsageStats=false") as server:
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        visit = Visit(context, server.url)
        visit.goto("/")
        expect(grid(visit)).to_have_attribute("data-layer", "1")
        found = grid(visit).evaluate(
            """(canvas) => {
              const box = canvas.getBoundingClientRect();
              const at = (name, x, y) => canvas.dispatchEvent(new PointerEvent(name, {
                clientX: box.left + x, clientY: box.top + y, bubbles: true,
              }));
              const title = () => canvas.parentElement.querySelector(".card strong").textContent;
              const places = new Map();
              for (let y = 1; y < box.height; y += 4) {
                for (let x = 1; x < box.width; x += 4) {
                  at("pointerleave", x, y);
                  at("pointermove", x, y);
                  if (canvas.style.cursor !== "pointer") continue;
                  if (!places.has(title())) places.set(title(), [x, y]);
                }
              }
              return [...places];
            }"""
        )
        places = dict(found)
        expected = {f"layer {2 * i} · head {j}" for i in range(30) for j in range(HEADS)}
        assert places.keys() == expected
        # Layers go down, then on in the next band, heads to the right.
        for i, j in ((0, 0), (7, 3), (8, 0), (29, 1)):
            x, y = places[f"layer {2 * i} · head {j}"]
            with visit.rerun():
                grid(visit).click(position={"x": x + 4, "y": y + 4})
            framed(visit, i, j)
        context.close()
