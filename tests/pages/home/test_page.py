"""The landing page: a sentence answered, stored or live; ways on, the journey, a right example."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from threading import Lock
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from models import catalog
from models.core.by_hand import worked_example
from models.home import sentence
from pages.home import sentence as view
from pages.home.ways import WAYS
from pages.registry import TOPICS
from pages.ui import text
from tests.pages.visiting import address, healthy, html, said, spied, told_of, visit

BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
TEXT = "Dogs chase cats in the garden"


def plain(at: AppTest) -> str:
    """What a reader sees of the page's own HTML."""
    return unescape(re.sub("(?s)<style>.*?</style>|<[^>]*>|[\u2068\u2069]", "", html(at)))


def links(at: AppTest) -> dict[str, dict[str, list[str]]]:
    """Label → address of the links on a page; of several with one label the first."""
    found = (link.proto for link in reversed(at.get("page_link")))
    return {
        link.label.replace("\\", ""): {"page": [link.page], **parse_qs(link.query_string)}
        for link in found
    }


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The default model is on its way; what is called makes it arrive."""
    loading, loaded = Lock(), dict(catalog._loaded)
    loading.acquire()
    monkeypatch.setattr(catalog, "_loaded", {})
    monkeypatch.setattr(catalog, "_locks", defaultdict(Lock, {catalog.DEFAULT_MODEL: loading}))

    def arrive() -> None:
        catalog._loaded.update(loaded)
        loading.release()

    yield arrive
    if loading.locked():  # who waits for it after all must not wait for ever
        loading.release()


@BOTH
def test_the_first_picture_is_stored_and_says_so(language: str, cold: Any) -> None:
    at = visit(lang=language)
    healthy(at)
    words, kept = text.catalogue(language), sentence.stored(language)
    assert at.title[0].value == words["home.title"]
    assert at.text_input(key="text").placeholder == kept.text
    assert at.text_input(key="text").value == ""
    page = plain(at)
    assert words["origin.stored"] in page
    year, month, day = kept.recorded.split("-")
    day = words["home.day"].format(year=year, month=month, day=day)
    assert words["home.recorded"].format(day=day) in page
    where = words["heads.where"].format(layer=kept.layer, head=kept.head)
    assert where in page
    assert f"“{kept.text}”" in page
    assert told_of(kept.difference, language) in page
    assert words["home.warming"] in page
    assert address(at) == {"lang": language}


@BOTH
def test_the_sentence_tells_the_numbers_of_the_picture(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = spied(monkeypatch, view, "payload")
    kept = sentence.stored(language)
    at = visit(lang=language, query="2")
    weights, tokens, _, _, query = drawn[-1]
    assert np.array_equal(weights, kept.weights)
    assert tokens == kept.tokens
    assert query == 2
    most = kept.strongest(2)
    percent = text.catalogue(language)["home.row.percent"]
    share = percent.format(n=round(100 * float(kept.weights[2, most])))
    said_of = next(line for line in plain(at).splitlines() if line.startswith(tokens[2]))
    assert share in said_of
    assert said_of.count(percent.format(n="").strip()) >= 1


@BOTH
def test_a_typed_sentence_is_answered_live(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = spied(monkeypatch, view, "payload")
    model = sentence.stored(language).model_id
    live = sentence.of_text(catalog.load(model), TEXT)
    at = visit(lang=language)
    at.text_input(key="text").set_value(TEXT).run()
    healthy(at)
    words, page = text.catalogue(language), plain(at)
    assert np.array_equal(drawn[-1][0], live.weights)
    assert drawn[-1][4] == live.clearest
    assert words["origin.stored"] not in page
    assert f"✓ {words['frame.matches'].split('{')[0]}" in page
    assert words["heads.where"].format(layer=live.layer, head=live.head) in page
    assert words["home.waiting"] not in page
    assert address(at) == {"lang": language, "v": "2", "model": model, "text": TEXT}
    again = visit(**address(at))
    assert plain(again) == page


@BOTH
def test_a_cold_model_is_waited_for_and_then_answers(language: str, cold: Any) -> None:
    words = text.catalogue(language)
    at = visit(lang=language)
    at.text_input(key="text").set_value(TEXT).run()
    healthy(at)
    assert words["home.waiting"] in plain(at)
    assert words["origin.stored"] in plain(at)
    assert at.text_input(key="text").value == TEXT
    cold()
    at.run()
    healthy(at)
    assert words["home.waiting"] not in plain(at)
    assert words["origin.stored"] not in plain(at)
    assert f"“{TEXT}”" in plain(at)


def test_nobody_waits_for_a_model_that_nobody_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "_loaded", {})
    monkeypatch.setattr(catalog, "_locks", defaultdict(Lock))
    at = visit(lang="en", v="2", model="minilm", text=TEXT)
    healthy(at)
    assert text.catalogue("en")["home.waiting"] not in plain(at)
    assert f"“{TEXT}”" in plain(at)


@BOTH
def test_what_cannot_be_shown_is_said_and_the_last_picture_stays(language: str) -> None:
    words = text.catalogue(language)
    at = visit(lang=language)
    for typed, error in ((" ", "error.empty_text"), ("dog " * 100, "error.row_too_long")):
        at.text_input(key="text").set_value(typed).run()
        healthy(at)
        (notice,) = said(at)
        assert notice.startswith(words[error].split("{")[0])
        assert words["origin.stored"] in plain(at)


@BOTH
def test_a_model_that_a_link_names_is_asked_or_told_to_be_missing(language: str) -> None:
    words, kept = text.catalogue(language), sentence.stored(language)
    at = visit(lang=language, v="2", model="gpt-mini")
    healthy(at)
    assert words["model.gpt-mini"] in plain(at)
    assert f"“{kept.text}”" in plain(at)
    assert words["origin.stored"] not in plain(at)
    at = visit(lang=language, v="2", model="nowhere")
    healthy(at)
    shown = words["kept.example"]
    assert said(at) == [words["error.unknown_model"].format(model="nowhere", kept=shown)]
    assert words["origin.stored"] in plain(at)


def test_a_word_of_the_example_is_linked_without_a_model() -> None:
    assert address(visit(lang="tr", v="2", query="2")) == {"lang": "tr", "v": "2", "query": "2"}


def test_the_links_open_this_very_head_at_this_word() -> None:
    words = text.catalogue("en")
    at = visit(lang="en", v="2", model="minilm", text=TEXT, query="3")
    live = sentence.of_text(catalog.load("minilm"), TEXT)
    for slug, step in (("heads", {}), ("scores", {"step": ["5"]})):  # the softmax
        assert links(at)[words[f"home.open_in.{slug}"]] == {
            "page": [slug],
            "lang": ["en"],
            "v": ["2"],
            "model": ["minilm"],
            "text": [TEXT],
            "layer": [str(live.layer)],
            "head": [str(live.head)],
            "query": ["3"],
            "key": [str(live.strongest(3))],
            **step,
        }


@BOTH
def test_every_chapter_has_its_numbered_card_and_each_way_its_pages(language: str) -> None:
    at = visit(lang=language)
    healthy(at)
    words, shown = text.catalogue(language), links(at)
    chapters = [one for one in TOPICS if one.chapter]
    for place, page in enumerate(chapters, 1):
        assert words[f"{page.slug}.card"] in html(at)
        assert f"<b>{place}</b><span>{words[f'nav.{page.slug}']}</span>" in html(at)
        label = words[f"{page.slug}.title"]
        assert shown[label] == {"page": [page.slug], "lang": [language], "v": ["2"]}
    assert html(at).count("<img class='thumb'") == len(chapters)
    for way, stops in WAYS.items():
        assert words[f"home.way.{way}"] in html(at)
        for place, (slug, minutes) in enumerate(stops, 1):
            question = words[f"{slug}.title"]
            stop = words["home.stop"].format(n=place, question=question, minutes=minutes)
            assert shown[stop]["page"] == [slug]


@BOTH
@pytest.mark.parametrize("slug", ["heads", "scores"])
def test_the_way_of_one_sentence_and_the_links_say_the_number_that_stood_here(
    slug: str, language: str
) -> None:
    """One sentence, head and number all along."""
    at, words = visit(lang=language), text.catalogue(language)
    found, shown = sentence.stored(language), links(at)
    place, minutes = next((n, m) for n, (s, m) in enumerate(WAYS["quarter"], 1) if s == slug)
    stop = words["home.stop"].format(n=place, question=words[f"{slug}.title"], minutes=minutes)
    link = shown[words[f"home.open_in.{slug}"]]
    query, key = found.clearest, found.strongest(found.clearest)
    share = words["home.row.percent"].format(n=round(100 * float(found.weights[query, key])))
    for one in (link, shown[stop]):
        there = visit(slug, **{name: value[0] for name, value in one.items() if name != "page"})
        now = re.search("<p class='now'>.*?</p>", html(there))
        assert now
        said = re.sub("<[^>]*>", "", now[0])
        assert all(one in said for one in (found.tokens[query], found.tokens[key], share))


@pytest.mark.parametrize(("mode", "key"), [("local", "own_folder"), ("public", "own_hosted")])
def test_ones_own_model_is_offered_where_it_can_be_opened(
    mode: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIKKAT_MODE", mode)
    words = text.catalogue("en")
    page, both = plain(visit(lang="en")), ("own_folder", "own_hosted")
    assert [name for name in both if words[f"home.{name}"] in page] == [key]


@BOTH
def test_the_example_on_the_page_is_the_lessons_own_softmax(language: str) -> None:
    x = worked_example().x
    e = np.exp(x @ x.T / np.sqrt(x.shape[1]))
    weights = e / e.sum(axis=1, keepdims=True)
    cells = re.findall(r"<td style='background[^>]*>([^<]*)</td>", html(visit(lang=language)))
    numbers = [float(cell.removeprefix("&lt; ").replace(",", ".")) for cell in cells]
    for cell, shown, weight in zip(cells, numbers, weights.ravel(), strict=True):
        assert 0 < weight < shown if "&lt;" in cell else abs(shown - weight) <= 5.1e-4
        assert ("," in cell) == (language == "tr")


@BOTH
def test_where_the_example_comes_from_stands_under_it(language: str) -> None:
    page = html(visit(lang=language))
    assert text.catalogue(language)["origin.example"] in page
    assert text.catalogue(language)["home.example_source"] in page
