"""Chapters in their order: every page ends with the next one, visited ones are marked."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from pages.registry import ORDER, TOPICS
from pages.ui import journey, text
from tests.pages.visiting import healthy, html, visit

STOPS = [topic.slug for topic in TOPICS if topic.chapter]


def foot(at: AppTest) -> tuple[str, str, dict[str, list[str]]]:
    """(where it leads, what it says, its address) of the last link on a page."""
    link = at.get("page_link")[-1].proto
    return link.page or "home", link.label.replace("\\", ""), parse_qs(link.query_string)


def test_the_chapters_stand_in_the_menus_order() -> None:
    assert [slug for slug in ORDER if slug in STOPS] == STOPS
    assert "home" not in STOPS
    assert [one.slug for one in journey.chapters()] == STOPS


def test_a_page_beside_the_journey_leads_home() -> None:
    assert journey.following("home").slug == STOPS[0]
    assert journey.following("elsewhere").slug == "home"


@pytest.mark.parametrize("slug", ORDER)
@pytest.mark.parametrize("language", text.LANGUAGES)
def test_a_page_ends_with_the_next_ones_question(slug: str, language: str) -> None:
    stops = ["home", *STOPS, "home"]
    following = stops[stops.index(slug) + 1] if slug in stops else "home"
    at = visit(slug, lang=language)
    healthy(at)
    words = text.catalogue(language)
    wanted = str(words["frame.home"])
    if following != "home":
        wanted = words["frame.next"].format(question=words[f"{following}.title"])
    assert foot(at) == (following, wanted, {"lang": [language], "v": ["2"]})


def test_the_card_of_a_page_that_was_open_is_marked() -> None:
    seen = text.catalogue("en")["home.seen"]
    at = visit("home", lang="en")
    assert f"✓ {seen}" not in html(at)
    at.session_state[journey._SEEN] = {"home", "scores"}
    at.run()
    marked = [body for body in html(at).split("class='stop'") if f"✓ {seen}" in body]
    assert len(marked) == 1
    assert text.catalogue("en")["nav.scores"] in marked[0]
    assert journey._SEEN in visit("heads").session_state
    assert visit("heads").session_state[journey._SEEN] == {"heads"}
