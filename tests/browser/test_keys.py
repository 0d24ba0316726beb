"""One rule for keys in a real Chromium: every press counts, and each belongs to one thing."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, expect

from models.translator.record import translate
from pages.ui import text
from tests.browser.conftest import OpenPage
from tests.browser.test_walk import address, bounds, says
from tests.browser.visit import Visit

WORDS = text.catalogue("en")
TEXT = "Pencereleri anne kırdı."
LONG = "/lstm?" + urlencode({"text": "The cats that the man near the dog saw are tired. " * 3})
# A segmented control, a toggle, a list and a radio: what to click, by its container's key.
CONTROLS = [
    ("/bert?view=mask&step=2&hidden=none", "view", "bert.view.mask"),
    ("/gpt?view=cache&step=4&seed=3", "view", "gpt.view.cache"),
    ("/vision?view=deletion&step=1", "view", "vision.view.deletion"),
    ("/memory?view=exploding&step=2", "view", "memory.view.exploding"),
    ("/lstm?step=2&gate=i", "gate", "i"),
    ("/scores?step=2", "mode", "scores.mode.live"),
    ("/scores?step=2&mode=hand", "mode", "scores.mode.hand"),
    ("/translator?" + urlencode({"text": TEXT, "step": 1}), "gold", "seq2seq.gold"),
]


def press(visit: Visit, key: str, times: int, *, apart: int = 50) -> None:
    for _ in range(times):
        visit.page.keyboard.press(key)
        visit.page.wait_for_timeout(apart)


def stands(visit: Visit, **expected: str) -> None:
    """The address says so, and goes on saying so when all is quiet."""
    says(visit, **expected)
    visit.idle()
    visit.page.wait_for_timeout(300)
    visit.idle()
    says(visit, **expected)


def button(visit: Visit, key: str) -> Locator:
    return visit.box(key).get_by_role("button")


def test_no_press_is_lost_and_none_counts_twice(open_page: OpenPage) -> None:
    visit = open_page("/lstm?step=0")
    visit.figure()
    press(visit, "ArrowRight", 5)
    stands(visit, step="5")
    press(visit, "ArrowLeft", 3, apart=10)
    stands(visit, step="2")
    press(visit, "PageDown", 4, apart=0)
    stands(visit, step="6")
    press(visit, "PageUp", 5, apart=120)
    stands(visit, step="1")


def test_a_translation_is_walked_as_fast_as_one_can_press(open_page: OpenPage) -> None:
    last = len(translate("translator", TEXT).ids) - 1
    visit = open_page(f"/translator?{urlencode({'text': TEXT, 'step': 0})}")
    visit.figure()
    press(visit, "ArrowRight", last + 3)
    stands(visit, step=str(last))
    # What went beyond the end does not have to be walked back.
    press(visit, "ArrowRight", 3, apart=0)
    press(visit, "ArrowLeft", 1, apart=0)
    stands(visit, step=str(last - 1))


def test_tokens_are_written_press_by_press(open_page: OpenPage) -> None:
    visit = open_page("/gpt?step=0&text=You")
    visit.figure()
    press(visit, "ArrowRight", 5, apart=20)
    stands(visit, step="5")


def test_quick_clicks_count_each(open_page: OpenPage) -> None:
    visit = open_page(f"{LONG}&step=3")
    visit.figure()
    for key, count, step in (("next", 7, 10), ("previous", 4, 6)):
        box = bounds(button(visit, key))
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        for _ in range(count):
            visit.page.mouse.click(*middle)
            visit.page.wait_for_timeout(30)
        stands(visit, step=str(step))
    button(visit, "next").press("Enter")
    stands(visit, step="7")


def test_presses_during_a_run_count_after_it(open_page: OpenPage) -> None:
    """A click on something else brings all widgets as they stood before: no step goes back."""
    visit = open_page(f"{LONG}&step=3&gate=f")
    visit.figure()
    gate = visit.box("gate")
    gate.get_by_role("radio", name="i").click()
    press(visit, "ArrowRight", 3, apart=0)
    stands(visit, step="6", gate="i")
    press(visit, "ArrowRight", 2, apart=0)
    gate.get_by_role("radio", name="o").click()
    press(visit, "ArrowRight", 2, apart=0)
    stands(visit, step="10", gate="o")


def test_other_keys_of_a_page_keep_their_order(open_page: OpenPage) -> None:
    """A word is masked where the steps before have led, not where they began."""
    visit = open_page("/bert?view=mask&step=2&hidden=none")
    visit.figure()
    press(visit, "ArrowRight", 1, apart=0)
    press(visit, "m", 1, apart=0)
    press(visit, "ArrowRight", 1, apart=0)
    stands(visit, hidden="3", step="4")


def test_a_held_key_steps_until_it_is_let_go(open_page: OpenPage) -> None:
    visit = open_page(f"{LONG}&step=1")
    visit.figure()
    for _ in range(25):
        visit.page.keyboard.down("ArrowRight")
        visit.page.wait_for_timeout(40)
    visit.page.keyboard.up("ArrowRight")
    visit.idle()
    visit.page.wait_for_timeout(300)
    visit.idle()
    step = int(address(visit)["step"])
    assert 3 <= step <= 26
    visit.page.wait_for_timeout(500)
    says(visit, step=str(step))


@pytest.mark.parametrize(("path", "key", "name"), CONTROLS, ids=lambda value: str(value)[:24])
def test_after_a_click_on_a_control_arrows_step(
    open_page: OpenPage, path: str, key: str, name: str
) -> None:
    visit = open_page(path)
    visit.figure()
    before = address(visit)
    visit.box(key).get_by_text(WORDS.get(name, name), exact=True).first.click()
    visit.idle()
    for by in (1, 2):
        press(visit, "ArrowRight", 1)
        stands(visit, step=str(int(before["step"]) + by))
    after = address(visit)
    assert after.get("view") == before.get("view")
    assert after.get("mode") == before.get("mode")
    assert after.get("gate") == before.get("gate")


def test_a_control_reached_by_keyboard_keeps_its_arrows(open_page: OpenPage) -> None:
    visit = open_page("/memory?view=recall&length=2")
    visit.figure()
    options = visit.box("view").get_by_role("radio")
    for _ in range(40):
        visit.page.keyboard.press("Tab")
        if visit.box("view").evaluate("box => box.contains(document.activeElement)"):
            break
    expect(options.nth(0)).to_be_focused()
    visit.page.keyboard.press("ArrowRight")
    expect(options.nth(1)).to_be_focused()
    stands(visit, length="2", view="recall")
    # A click gives the keys back to the page.
    options.nth(1).click()
    visit.page.keyboard.press("ArrowRight")
    stands(visit, length="5", view="recall")


def test_whoever_types_keeps_the_keys(open_page: OpenPage) -> None:
    visit = open_page("/lstm?step=2&unit=14")
    visit.figure()
    sentence = visit.box("text").locator("input")
    sentence.click()
    for key in ("ArrowLeft", "ArrowRight", "PageDown"):
        visit.page.keyboard.press(key)
    number = visit.box("unit").locator("input")
    number.click()
    visit.page.keyboard.press("ArrowLeft")
    visit.page.keyboard.press("ArrowRight")
    visit.box("order").get_by_role("combobox").click()
    visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("Escape")
    stands(visit, step="2", unit="14")
    # A list that has closed after a click leaves the arrows to the page.
    visit.page.keyboard.press("ArrowRight")
    stands(visit, step="3")


def test_with_ctrl_alt_or_meta_keys_are_the_browsers(open_page: OpenPage) -> None:
    visit = open_page("/lstm?step=2&unit=14")
    visit.figure()
    taken = visit.page.evaluate(
        """() => ["ctrlKey", "altKey", "metaKey"].filter((held) => {
             const init = {key: "ArrowRight", bubbles: true, cancelable: true, [held]: true};
             return !document.body.dispatchEvent(new KeyboardEvent("keydown", init)); })"""
    )
    assert taken == []
    stands(visit, step="2")


def test_the_listener_outlives_reruns_and_pages_and_is_there_once(open_page: OpenPage) -> None:
    visit = open_page("/lstm?step=0&lang=en")
    visit.figure()
    for page, section, step in (
        ("seq2seq", "section.recurrent", 1),
        ("lstm", "section.recurrent", 2),
        ("scores", "section.attention", 2),
    ):
        press(visit, "ArrowRight", 1)
        visit.idle()
        visit.page.get_by_role("navigation").get_by_text(WORDS[section]).click()
        with visit.rerun():
            visit.page.get_by_role("menuitem", name=WORDS[f"nav.{page}"]).click()
        visit.figure()
        expect(visit.page.locator("h1")).to_have_text(WORDS[f"{page}.title"])
        press(visit, "ArrowRight", 1)
        stands(visit, step=str(step))


def test_buttons_show_their_keys_quietly(open_page: OpenPage) -> None:
    visit = open_page("/scores?step=2")
    visit.figure()
    for key, shown, name in (("previous", "←", "ArrowLeft"), ("next", "→", "ArrowRight")):
        expect(button(visit, key)).to_have_attribute("data-key", shown)
        expect(button(visit, key)).to_have_attribute("aria-keyshortcuts", name)
        said = button(visit, key).evaluate("b => getComputedStyle(b, '::after').content")
        assert shown in said
