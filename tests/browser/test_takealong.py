"""What a visitor carries away: pictures made in the browser, files, a sheet of paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Language, OpenPage, ThemeName
from tests.browser.visit import Visit

ROOT = ".st-key-takealong"
LAYERED = "/lstm?v=2&step=2"  # the cell's picture lies on what stays the same


def taken(visit: Visit, kind: str, folder: Path) -> Path:
    """The file behind a button of the list, which is open."""
    with visit.page.expect_download() as coming:
        visit.page.locator(f"{ROOT} button.{kind}").click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


@pytest.mark.parametrize(
    ("address", "lang", "theme"),
    [("/heads?v=2&text=Ilk%20%C4%B1%C5%9F%C4%B1k&layer=2", "tr", "dark"), (LAYERED, "en", "light")],
)
def test_a_picture_is_what_is_on_screen(
    address: str, lang: Language, theme: ThemeName, open_page: OpenPage, tmp_path: Path
) -> None:
    """In one picture also where figures lie on top of each other; the closed list takes no room."""
    visit = open_page(address, lang=lang, theme=theme, size=(1366, 768))
    button = visit.page.locator(f"{ROOT} button.open")
    box, link = (
        button.bounding_box(),
        visit.page.locator(".st-key-share button.open").bounding_box(),
    )
    assert box
    assert link
    assert abs(box["y"] - link["y"]) < 1
    with visit.rerun():
        button.focus()
        visit.page.keyboard.press("Enter")
    svg = taken(visit, "svg", tmp_path)
    assert re.fullmatch(r"dikkat_[\w.-]+\.svg", svg.name)
    assert "layer-" in svg.name
    written = svg.read_text(encoding="utf-8")
    plots = visit.page.locator(".st-key-main-figure .js-plotly-plot")
    assert written.count('class="main-svg"') == plots.locator(".main-svg").count()
    assert "hoverlayer" not in written
    assert "font/woff2;base64" in written, "its type travels with it"
    if lang == "tr":
        assert "sorgu" in written
        assert "dikkatini şöyle" in written
    with Image.open(taken(visit, "png", tmp_path)) as picture:
        assert picture.width >= 1920
        page = picture.convert("RGB").getpixel((0, 0))
        assert page == ((22, 22, 20) if theme == "dark" else (255, 255, 255))
        assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 100
    told = visit.page.locator(f"{ROOT} .told").first
    expect(told).to_contain_text(".png")
    numbers = taken(visit, "csv", tmp_path).read_text(encoding="utf-8-sig")
    assert (";" if lang == "tr" else ",") in numbers.splitlines()[0]
    page_file = taken(visit, "html", tmp_path)
    offline = visit.page.context.browser.new_context(offline=True).new_page()  # type: ignore[union-attr]
    troubles: list[str] = []
    offline.on("pageerror", lambda error: troubles.append(str(error)))
    offline.goto(page_file.as_uri())
    expect(offline.locator(".main-svg").first).to_be_visible()
    assert not troubles
    offline.context.close()


@pytest.mark.parametrize(
    ("address", "lang", "theme"),
    [("/heads?v=2", "tr", "light"), ("/scores?v=2&step=5", "en", "dark"), (LAYERED, "tr", "light")],
)
def test_picture_and_sums_are_on_one_sheet(
    address: str, lang: Language, theme: ThemeName, open_page: OpenPage
) -> None:
    visit = open_page(address, lang=lang, theme=theme, size=(1366, 768))
    pdf = visit.page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1
    (box,) = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf))
    assert [round(float(side)) for side in box.split()] == [0, 0, 595, 842]  # A4 in points
    visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    sheet = visit.page.locator("#dikkat-sheet")
    assert sheet.locator("svg .main-svg").count()
    assert sheet.locator(".katex").count()
    assert sheet.locator("button, input, label").count() == 0
    visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(sheet).to_have_count(0)
