"""The link to what is on screen: copied, scanned, and opened by somebody else."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Language, OpenPage, ThemeName

BUTTON, LIST = ".st-key-share button.open", ".st-key-share .list"


@pytest.mark.parametrize(
    ("path", "lang", "theme", "size"),
    [
        ("/heads?v=2&text=K%C3%B6pek%20%C4%9F%C4%B1%20a%26b%3Dc%23", "tr", "dark", (1366, 768)),
        ("/translator", "en", "light", (390, 844)),
        ("/", "en", "dark", (1920, 1080)),
    ],
)
def test_the_code_is_of_the_address_by_keyboard_alone(
    path: str, lang: Language, theme: ThemeName, size: tuple[int, int], open_page: OpenPage
) -> None:
    visit = open_page(path, lang=lang, theme=theme, size=size)
    page = visit.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    if path == "/translator":  # a link made by choosing, not by typing an address
        with visit.rerun():
            page.keyboard.press("ArrowRight")
    page.locator(BUTTON).focus()
    page.keyboard.press("Enter")
    opened = page.locator(LIST)
    expect(opened).to_be_visible()
    box = opened.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size[0]
    picture = opened.locator("img")
    expect(picture).to_have_js_property("complete", True)
    seen = zxingcpp.read_barcodes(Image.open(BytesIO(picture.screenshot())))
    assert [one.text for one in seen] == [page.url]
    page.keyboard.press("Enter")  # the focus is on Copy
    expect(opened.locator(".copy")).to_have_text({"en": "Copied", "tr": "Kopyalandı"}[lang])
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.keyboard.press("Escape")
    expect(opened).to_be_hidden()


def test_without_a_clipboard_the_link_is_selected(open_page: OpenPage) -> None:
    refuse = "navigator.clipboard.writeText = () => Promise.reject(new Error('none'))"
    visit = open_page("/heads", script=refuse)
    visit.page.locator(BUTTON).click()
    visit.page.locator(f"{LIST} .copy").click()
    expect(visit.page.locator(f"{LIST} .told")).to_contain_text("selected")
    field = visit.page.locator(f"{LIST} input")
    selected = field.evaluate(
        "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    )
    assert selected == visit.page.url


def test_a_short_link_brings_back_a_text_that_no_address_holds(open_page: OpenPage) -> None:
    words = f"ğı {'x' * 1000} <b>&=# {'y' * 900}"
    visit = open_page("/heads?v=2&lang=en")
    field = visit.box("text").locator("input, textarea").first
    field.fill(words)
    with visit.rerun():
        field.press("Enter")
    visit.page.wait_for_url(re.compile(r"[?&]left=text"))
    page, opened = visit.page, visit.page.locator(LIST)
    page.locator(BUTTON).click()
    expect(opened.locator(".told")).to_contain_text("too long")
    opened.locator(".short").click()
    expect(opened.locator(".told")).to_contain_text("180 days")
    link = opened.locator("input").input_value()
    assert re.fullmatch(rf"{re.escape(page.url.split('/heads')[0])}/s/[A-Z0-9]{{12}}", link)
    seen = zxingcpp.read_barcodes(Image.open(BytesIO(opened.locator("img").screenshot())))
    assert [one.text for one in seen] == [link]
    other = open_page(link.removeprefix(visit._base))
    expect(other.box("text").locator("input, textarea").first).to_have_value(words)
    assert "/heads?" in other.page.url
    page.keyboard.press("Escape")
    page.locator(BUTTON).click()
    expect(opened.locator("input")).to_have_value(page.url)
