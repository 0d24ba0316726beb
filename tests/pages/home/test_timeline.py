"""The timeline on the landing page: every name opens a model that is here, and says which."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs

import pytest

from models import catalog
from models.home.timeline import KINDS, MILESTONES, SmallModel
from pages.ui import text
from tests.pages.visiting import healthy, html, said, visit

BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
_LINK = (
    r"<a class='(here|kind)' href='([^']+)' target='_self' title='([^']+)'>"
    r"([^<]+?) ?(?:<small>|</a>)"
)
_OWN = {SmallModel(one.model, one.page) for one in MILESTONES if one.model in catalog.CATALOG}
OPENED = sorted({*KINDS.values(), *_OWN}, key=lambda one: one.model)


def table(language: str) -> str:
    """The timeline's HTML."""
    (found,) = re.findall("(?s)<table class='timeline'>.*?</table>", html(visit(lang=language)))
    return str(found)


@BOTH
def test_every_name_leads_to_a_model_that_is_here_and_says_which(language: str) -> None:
    found, words = table(language), text.catalogue(language)
    links = re.findall(_LINK, found)
    silent = [one for one in MILESTONES if one.reads == "sound"]
    assert {unescape(name) for *_, name in links} == {
        one.name for one in MILESTONES if one not in silent
    }
    by_name = {one.name: one for one in MILESTONES}
    for kind, href, told, name in links:
        page, query = unescape(href).split("?")
        given = parse_qs(query)
        model = given["model"][0]
        assert SmallModel(model, page) in OPENED
        card = catalog.CATALOG[model]
        assert given["lang"] == [language]
        assert (kind == "here") == (card.family == by_name[name].family)
        title = words[f"model.{model}"] if card.source == "shipped" else card.title
        assert unescape(told).endswith(title)
    assert words["home.timeline.gone"] in found
    assert found.count(words["home.timeline.no_sound"]) == len(silent)
    assert "class='hub'" not in found


def test_the_hubs_own_name_is_offered_where_the_app_may_fetch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DIKKAT_MODE", "hub")
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    found = table("en")
    hub = re.findall("<a class='hub' href='([^']+)'", found)
    named = {parse_qs(unescape(one).split("?")[1])["model"][0] for one in hub}
    assert named == {one.model for one in MILESTONES if one.model} - catalog.CATALOG.keys()
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert "class='hub'" not in table("en")


@pytest.mark.parametrize("one", OPENED, ids=str)
def test_what_a_name_opens_opens(one: SmallModel) -> None:
    at = visit(one.page, v="2", lang="en", model=one.model)
    healthy(at)
    assert not said(at)
    assert at.session_state["model"] == one.model
