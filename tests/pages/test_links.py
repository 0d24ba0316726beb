"""Old links go on working: what they showed when they were written is what they show now.

`links_without_version.json` holds links that pages wrote, and that people were given, before links
had a version, each with what the app showed then. One differs on purpose: the scores page used to
write its chart into the address, and to complain of that when it was opened; it is silent now.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from models.catalog import CATALOG
from pages.registry import TOPICS
from pages.ui import links, state
from pages.ui.parameters import Parameter, written
from pages.ui.text import LANGUAGES, catalogue
from pages.ui.unread import LONGEST_NAME
from tests.pages.address_bar import Visitor
from tests.pages.visiting import address, healthy, html, kept, said, visit

OLD = json.loads(Path(__file__).with_name("links_without_version.json").read_text("utf-8"))
FIRST = links.READINGS[links.FIRST]
BOTH = pytest.mark.parametrize("language", LANGUAGES)


def shown(at: Any, page: str, name: str) -> Any:
    """A parameter's value on a page that has been drawn."""
    chosen = at.session_state[name] if name in at.session_state else None  # noqa: SIM401
    return state.parameters(page)[name].default if chosen is None else chosen


def provenance(at: Any) -> list[str]:
    """The parts of the line below the figure: origin, model, place, text …, as one reads them."""
    found = re.search(
        r"<p class='provenance'>.*?<b>(.*?)</b><span>(.*?)</span>(<span class=|</p>)", html(at)
    )
    assert found
    return [unescape(re.sub("<[^>]*>", "", part)) for part in (found[1], *found[2].split(" · "))]


@pytest.mark.parametrize("old", OLD, ids=lambda old: f"{old['page']} {old['link']}"[:80])
def test_a_link_without_a_version_shows_what_it_showed(old: dict[str, Any]) -> None:
    page = old["page"]
    at = visit(page, **old["link"])
    healthy(at)
    assert {name: shown(at, page, name) for name in old["shows"]} == old["shows"]
    assert set(old["says"]) <= set(provenance(at))
    assert said(at) == old["notices"]
    here = state.parameters(page)
    if all(shown(at, page, name) == here[name].default for name in here.keys() - {"lang"}):
        assert address(at).keys() <= {"lang"}  # what it asked for holds today without asking
        return
    assert address(at)["model"] == old["link"].get("model", here["model"].default)
    assert address(at)["v"] == "2"


def test_there_are_links_of_every_page_that_has_a_state() -> None:
    """Of those, that is, that there were before links had versions."""
    assert {old["page"] for old in OLD} == FIRST.pages.keys() - {"home"}
    assert len(OLD) >= 25


@pytest.mark.parametrize("page", FIRST.pages)
def test_the_last_reading_says_what_holds_on_the_pages(page: str) -> None:
    """Who meets this: see pages/ui/links.py, what to do when a default changes."""
    here = state.parameters(page).values()
    usual = {one.name: written(one.default) for one in here if one.default is not None}
    silent = links.READINGS[links.VERSION].silent(page)
    assert {name: silent[name] for name in usual} == usual


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time in which other defaults hold on the lstm page, and links have a third version."""

    def parameters(
        page: str, language: str = "", today: Any = state.parameters
    ) -> dict[str, Parameter]:
        new = {"model": "rnn", "layer": 1, "order": "index", "exact": True, "text": "New."}
        found: dict[str, Parameter] = today(page, language)
        return {n: replace(p, default=new.get(n, p.default)) for n, p in found.items()}

    monkeypatch.setattr(state, "parameters", parameters)
    monkeypatch.setattr(links, "VERSION", 3)
    lstm = {**FIRST.pages["lstm"], "model": "rnn", "layer": "1", "order": "index", "text": "New."}
    pages = {**FIRST.pages, "lstm": lstm}
    third = links.Reading(dict(FIRST.usual) | {"exact": "1"}, pages)
    monkeypatch.setattr(links, "READINGS", {**links.READINGS, 3: third})


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("version", [{}, {"v": "2"}], ids=["none", "2"])
def test_later_defaults_do_not_change_what_an_old_link_shows(version: dict[str, str]) -> None:
    visitor = Visitor(step="3", **version)
    visitor.run("lstm")
    seen = visitor.sees()
    assert (seen["model"], seen["layer"], seen["order"]) == ("lstm", 0, "similarity")
    assert (seen["exact"], seen["text"]) == (False, FIRST.pages["lstm"]["text"])
    assert not visitor.notices()
    assert visitor.bar["v"] == "3"
    again = Visitor(**visitor.bar)
    again.run("lstm")
    assert again.sees() == seen
    assert again.bar == visitor.bar


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("link", [{}, {"lang": "tr"}, {"nothing": "known"}], ids=str)
def test_a_visit_without_any_state_is_a_fresh_one(link: dict[str, str]) -> None:
    visitor = Visitor(**link)
    visitor.run("lstm")
    seen = visitor.sees()
    assert (seen["model"], seen["layer"], seen["order"]) == ("rnn", 1, "index")
    assert visitor.bar.keys() <= {"lang"}


@pytest.mark.usefixtures("later")
def test_going_back_to_an_old_link_shows_it_again() -> None:
    visitor = Visitor(step="3")
    visitor.run("lstm")
    visitor.run("lstm", layer=2, step=4)
    visitor.bar.from_dict({"step": "3"})
    visitor.run("lstm")
    assert (visitor.sees()["layer"], visitor.sees()["step"]) == (0, 3)


def test_names_and_values_that_have_changed_are_read_as_todays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = replace(
        FIRST,
        names={("lstm", "neuron"): "unit"},
        values={("lstm", "gate", "forget"): "f", ("lstm", "gate", "all"): "i"},
    )
    monkeypatch.setattr(links, "READINGS", {**links.READINGS, links.FIRST: first})
    visitor = Visitor(neuron="5", gate="forget")
    visitor.run("lstm")
    assert (visitor.sees()["unit"], visitor.sees()["gate"]) == (5, "f")
    assert not visitor.notices()
    assert "neuron" not in visitor.bar
    silent = Visitor(neuron="5")
    silent.run("lstm")
    assert silent.sees()["gate"] == "i"  # what "all" of that time is called today
    now = Visitor(v="2", gate="forget")
    now.run("lstm")
    assert now.told() == ["gate"]


@pytest.mark.parametrize("version", ["7", "0", "", "two", "٢", "2" * 5000])
def test_a_version_that_is_not_known_is_told_once(version: str) -> None:
    visitor = Visitor(v=version, step="3")
    visitor.run("lstm")
    visitor.run("lstm")
    ((key, values),) = visitor.notices()
    assert (key, values) == ("error.version", {"version": version[:LONGEST_NAME]})
    assert visitor.sees()["step"] == 3
    assert visitor.bar["v"] == "2"


@BOTH
def test_a_version_that_is_not_known_is_told_on_the_page(language: str) -> None:
    at = visit("lstm", v="7", step="3", lang=language)
    healthy(at)
    assert said(at) == [catalogue(language)["error.version"].format(version="7")]
    assert said(at.run()) == []


@BOTH
@pytest.mark.parametrize("page", [topic.slug for topic in TOPICS if topic.model])
def test_a_model_that_is_not_here_is_told(page: str, language: str) -> None:
    # The first ones of these show no model.
    views = {"positions": {"view": "ways"}, "cost": {"view": "tiles"}}
    view = views.get(page, {})
    for version in ({}, {"v": "2"}):
        at = visit(page, model="nowhere", lang=language, **version, **view)
        healthy(at)
        (words,) = said(at)
        start, end = catalogue(language)["error.unknown_model"].split("{kept}")
        assert words.startswith(start.format(model="nowhere"))
        own = str(state.parameters(page)["model"].default)
        title = catalogue(language).get(f"model.{own}", CATALOG[own].title)
        assert words.endswith(kept(language, "model", model=title) + end)


def test_the_front_pages_own_links_are_of_todays_version() -> None:
    queries = [parse_qs(link.proto.query_string) for link in visit().get("page_link")]
    assert {query["v"][0] for query in queries} == {str(links.VERSION)}
    assert ["hand"] in [query.get("mode") for query in queries]
