"""The Model field in a real Chromium: by pointer, by keyboard, on a phone, with a file dropped."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pages.ui import text
from pages.ui.model.chooser import FIELD, LIST
from tests.browser.conftest import Language, OpenPage
from tests.browser.test_walk import bounds, says
from tests.browser.test_windows import TARGET
from tests.browser.visit import PATIENCE, Visit
from tests.models import tiny
from tests.models.loading.test_unpacked import zipped

expect.set_options(timeout=PATIENCE)
WORDS = {language: text.catalogue(language) for language in text.LANGUAGES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save("bert", tmp_path_factory.mktemp("secret-place") / "tiny-own")


def opened(visit: Visit) -> Visit:
    """The list open, once it has the focus."""
    visit.figure()
    visit.box(FIELD).get_by_role("button").click()
    expect(visit.box(LIST).locator(":focus")).to_have_count(1)
    return visit


def shows(visit: Visit, name: str) -> None:
    """The list is closed, and the page shows that model."""
    expect(visit.box(LIST)).to_have_count(0)
    expect(visit.box(FIELD)).to_contain_text(name)
    expect(visit.box("provenance")).to_contain_text(f"{name} ·")


def test_a_shipped_model_is_chosen_by_a_click(open_page: OpenPage) -> None:
    visit = opened(open_page("/heads", size=(1366, 768)))
    expect(visit.box(LIST)).to_contain_text(WORDS["en"]["purpose.gpt-mini"])
    visit.screenshot("chooser")
    visit.box("choose-gpt-mini").get_by_role("button").click()
    shows(visit, WORDS["en"]["model.gpt-mini"])
    says(visit, model="gpt-mini")


def test_by_keyboard_it_opens_goes_round_and_closes_and_the_page_keeps_its_step(
    open_page: OpenPage,
) -> None:
    visit = open_page("/scores?v=2&step=3&model=minilm", size=(1366, 768))
    visit.figure()
    field = visit.page.get_by_role("button", name="Model: all-MiniLM-L6-v2")
    field.focus()
    visit.page.keyboard.press("Enter")
    inside = visit.box(LIST).locator(":focus")
    expect(inside).to_contain_text("all-MiniLM-L6-v2")
    expect(visit.page.get_by_role("dialog", name="Model", exact=True)).to_be_visible()
    # The last that Tab reaches is there: before, another would be the last.
    upload = visit.box(LIST).get_by_role("button", name=WORDS["en"]["streamlit.upload"], exact=True)
    expect(upload).to_be_visible()
    for key in ("ArrowRight", "PageDown", "Shift+Tab", "ArrowLeft"):
        visit.page.keyboard.press(key)
        expect(inside).to_have_count(1)
    visit.page.keyboard.press("Tab")
    expect(inside).to_contain_text("all-MiniLM-L6-v2")
    visit.page.keyboard.press("Escape")
    expect(visit.box(LIST)).to_have_count(0)
    expect(field).to_be_focused()
    says(visit, step="3")


def test_a_typed_folder_is_called_by_its_name_and_stays_in_the_list(
    open_page: OpenPage, folder: Path
) -> None:
    visit = opened(open_page("/heads", lang="tr", theme="dark", size=(1366, 768)))
    visit.box("own-typed").locator("input").fill(str(folder))
    visit.page.keyboard.press("Enter")
    shows(visit, "tiny-own")
    says(visit, model=str(folder))
    opened(visit).box("choose-minilm").get_by_role("button").click()
    shows(visit, "all-MiniLM-L6-v2")
    opened(visit)
    visit.screenshot("chooser-own")
    expect(visit.page.locator("body")).not_to_contain_text("secret-place")
    visit.box("recent-0").get_by_role("button").click()
    shows(visit, "tiny-own")


@pytest.mark.parametrize("lang", text.LANGUAGES)
def test_a_zip_is_refused_in_a_sentence_or_opened(
    open_page: OpenPage, folder: Path, tmp_path: Path, lang: Language
) -> None:
    bad, good = tmp_path / "bad.zip", tmp_path / "good.zip"
    with zipfile.ZipFile(bad, "w") as made:
        made.writestr("../../config.json", "{}")
    good.write_bytes(zipped(folder, "dropped").getvalue())
    visit = opened(open_page("/heads", lang=lang, size=(1366, 768)))
    upload = visit.box("own-zip").locator("input[type=file]")
    upload.set_input_files(bad)
    told = WORDS[lang]["error.leads_outside"].format(name="../../config.json")
    expect(visit.box("refused")).to_contain_text(told)
    expect(visit.box("refused")).to_be_in_viewport(ratio=1)
    visit.screenshot(f"chooser-refused-{lang}")
    upload.set_input_files(good)
    shows(visit, "dropped.zip")
    expect(visit.page.get_by_test_id("stAlert")).to_contain_text(WORDS[lang]["chooser.unlinked"])
    if lang == "tr":
        opened(visit)
        expect(visit.box("own-zip").locator("button")).to_contain_text("Yükle")


def test_on_a_phone_the_list_is_as_wide_as_the_screen_and_every_row_can_be_pressed(
    open_page: OpenPage,
) -> None:
    visit = open_page("/heads", lang="tr", size=(390, 844))
    visit.page.get_by_test_id("stExpander").first.locator("summary").click()
    opened(visit)
    visit.screenshot("chooser-phone")
    for button in visit.box(LIST).locator("button").all():
        box = bounds(button)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert min(box["height"], box["width"]) >= TARGET
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
