"""Heads and scores of a text that the model wrote on: by control and by link, told as such."""

from __future__ import annotations

import pytest

from models.catalog import load
from models.heads.continuation import record_continued
from pages.ui import text
from tests.pages.visiting import address, charts, healthy, html, said, visit

LINK = {"v": "2", "model": "gpt-mini", "text": "The old", "step": "4"}
PAGES = pytest.mark.parametrize("page", ["heads", "scores"])


def told(language: str, key: str, **values: object) -> str:
    return text.catalogue(language)[key].format(**values)


def shown(at: object) -> list[str]:
    return [
        word
        for figure in charts(at).values()  # type: ignore[arg-type]
        for one in figure["data"]
        for word in one.get("text") or ()
    ]


@PAGES
@pytest.mark.parametrize("language", text.LANGUAGES)
def test_prompt_and_what_the_model_wrote_stand_apart_and_the_provenance_counts_it(
    page: str, language: str
) -> None:
    at = visit(page, **LINK, written="12", lang=language)
    healthy(at)
    assert not said(at)
    continued = record_continued(load("gpt-mini"), LINK["text"], 12).continued
    assert continued is not None
    key = "heads.written_end" if continued.ended else "heads.written"
    assert told(language, key, count=continued.count) in html(at)
    agree = told(language, "heads.written_agree", agree=continued.count, count=continued.count)
    assert f"✓ {agree}" in html(at)
    prompt, own = (told(language, f"figure.{name}") for name in ("prompt", "written"))
    assert any(prompt in word and own in word for word in shown(at))
    assert not any(own in word for word in shown(visit(page, **LINK, lang=language)))


@PAGES
def test_the_control_writes_and_the_link_brings_the_same_back(page: str) -> None:
    at = visit(page, **LINK)
    before = charts(at)
    at.number_input(key="written").set_value(5).run()
    healthy(at)
    assert address(at)["written"] == "5"
    assert charts(at) != before
    again = visit(page, **address(at))
    assert html(again) == html(at)
    assert charts(again) == charts(at)


def test_both_pages_share_what_was_written() -> None:
    at = visit("heads", **LINK, written="5")
    at.switch_page("scores/page.py").run()
    healthy(at)
    assert address(at)["written"] == "5"


def test_a_model_that_writes_nothing_says_so_and_shows_the_text() -> None:
    at = visit("heads", v="2", model="minilm", text="Dogs bark", written="12")
    healthy(at)
    title = load("minilm").card.title
    assert said(at) == [told("en", "error.no_writing", model=title)]
    assert "written" not in address(at)
    assert at.text_input(key="pair")


def test_a_text_that_leaves_no_room_says_so() -> None:
    at = visit("heads", **{**LINK, "text": "The old man " * 120, "cut": "1"}, written="12")
    healthy(at)
    limit = load("gpt-mini").limit
    assert told("en", "frame.written_room", count=0, limit=limit) in said(at)
    assert told("en", "heads.written_agree", agree=0, count=0) not in html(at)


def test_too_many_tokens_in_a_link_are_told() -> None:
    at = visit("heads", **LINK, written="9999")
    healthy(at)
    assert said(at) == [told("en", "error.address", name="written")]


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_one_token_at_both_ends_has_two_figures_of_two_names(language: str) -> None:
    at = visit("heads", **LINK, written="12", lang=language)
    record = record_continued(load("gpt-mini"), LINK["text"], 12)
    assert record.tokens[0] == record.tokens[-1]  # what it asks for
    for end in ("first_same", "separator_same"):
        words = text.catalogue(language)[f"heads.figure.{end}"].partition("{")[0].strip()
        assert words in html(at)
