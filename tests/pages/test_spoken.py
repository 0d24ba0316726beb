"""An example in the visitor's language on a first visit; links show what they showed."""

from __future__ import annotations

import pytest

from models.lstm.units import measured
from pages.registry import TOPICS
from pages.ui import links, state
from tests.pages.address_bar import Visitor, changed
from tests.pages.visiting import address, healthy, html, said, visit
from tests.present import present

SPEAKING = [topic.slug for topic in TOPICS if topic.spoken]
TURKISH = {topic.slug: topic.spoken["tr"] for topic in TOPICS if topic.spoken}


def visitor(page: str, language: str, **link: str) -> Visitor:
    """Somebody whose browser speaks that language opens a link."""
    one = Visitor(**link)
    one.session["lang"] = language  # as the router puts it there
    one.run(page)
    return one


def test_the_pages_whose_models_read_turkish_have_an_example_in_it() -> None:
    assert {"lstm", "bert", "gpt"} <= set(SPEAKING)


@pytest.mark.parametrize("page", SPEAKING)
def test_a_first_visit_in_turkish_finds_a_turkish_sentence(page: str) -> None:
    seen = visitor(page, "tr").sees()
    assert TURKISH[page].items() <= seen.items()
    assert seen["text"] != state.parameters(page)["text"].default
    english = visitor(page, "en").sees()
    assert english["text"] == state.parameters(page)["text"].default


@pytest.mark.parametrize("page", SPEAKING)
def test_it_leaves_no_trace_in_the_address_until_something_is_chosen(page: str) -> None:
    one = visitor(page, "tr")
    assert one.bar == {"lang": "tr"}
    one.run(page, exact=True)
    assert one.bar["text"] == TURKISH[page]["text"]


@pytest.mark.parametrize("page", SPEAKING)
@pytest.mark.parametrize("reader", ["en", "tr"])
@pytest.mark.parametrize("writer", ["en", "tr"])
@pytest.mark.parametrize("typed", [None, "Yet another one.", "usual"])
def test_a_shared_link_shows_the_same_in_every_language(
    page: str, writer: str, reader: str, typed: str | None
) -> None:
    usual = state.parameters(page)["text"].default
    sender = visitor(page, writer)
    chosen = {} if typed is None else {"text": usual if typed == "usual" else typed}
    sender.run(page, exact=True, **chosen)
    link = {name: value for name, value in sender.bar.items() if name != "lang"}
    receiver = visitor(page, reader, **link)
    assert receiver.sees() | {"lang": None} == sender.sees() | {"lang": None}
    assert not receiver.notices()


@pytest.mark.parametrize("page", SPEAKING)
@pytest.mark.parametrize("version", [{}, {"v": "2"}], ids=["none", "2"])
def test_an_old_link_keeps_its_defaults_for_a_turkish_reader(
    page: str, version: dict[str, str]
) -> None:
    seen = visitor(page, "tr", exact="1", **version).sees()
    usual, reading = state.parameters(page), links.READINGS[int(version.get("v", links.FIRST))]
    then = {n: usual[n].parse(raw) for n, raw in reading.silent(page).items() if n in usual}
    wanted = {n: then.get(n, usual[n].default) for n in TURKISH[page]}
    assert {n: seen[n] for n in TURKISH[page]} == wanted


@pytest.mark.parametrize("page", SPEAKING)
def test_a_turkish_visitor_who_types_the_english_example_keeps_it(page: str) -> None:
    one = visitor(page, "tr")
    one.run(page, text=state.parameters(page)["text"].default)
    assert changed(one.bar).keys() >= {"lang"}
    assert one.bar["v"] == "2"
    again = Visitor(**one.bar)
    again.run(page)
    assert again.sees()["text"] == state.parameters(page)["text"].default


@pytest.mark.parametrize("page", SPEAKING)
def test_the_page_opens_with_it(page: str) -> None:
    at = visit(page, lang="tr")
    healthy(at)
    assert not said(at)
    assert f"<bdi>{TURKISH[page]['text']}</bdi>" in html(at)
    assert address(at) == {"lang": "tr"}


def test_the_unit_that_a_turkish_visitor_finds_follows_the_property_most_closely() -> None:
    own = TURKISH["lstm"]
    best = present(measured("lstm"))[own["property"]].closest(1)[0]
    assert (best.layer, best.unit) == (0, own["unit"])
