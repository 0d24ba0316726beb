"""Below RoPE's scores: both conventions' pairs, four scores, and what is said of them."""

from __future__ import annotations

from html import unescape

import pytest

from models.positions import schemes
from models.positions.pairs import CONVENTIONS, Convention, of_head
from pages.ui.text import LANGUAGES, catalogue
from tests.pages.positions.test_page import NUMBERS
from tests.pages.visiting import charts, healthy, html, visit

ROBOT = {"view": "ways", "way": "rope", "layer": "0", "head": "2", "query": "4", "key": "1"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stored", CONVENTIONS)
@pytest.mark.parametrize("turns", CONVENTIONS)
def test_the_score_of_both_choices_is_said(
    language: str, stored: Convention, turns: Convention
) -> None:
    at = visit("positions", **ROBOT, stored=stored, turns=turns, lang=language)
    healthy(at)
    found = of_head(schemes.recorded("minilm", "I am a Robot"), 0, 2, 10_000)
    assert found is not None
    page = unescape(html(at))
    fixed = NUMBERS[language].fixed
    score = fixed(float(found.scores(stored, turns)[4, 1]), 3)
    assert score in page
    wrong = catalogue(language)["positions.pairs.read.wrong"].split("{b}")[1].split("{")[0]
    assert (wrong in page) == (stored != turns)
    assert page.count("class='good'") >= 3  # the page's own, and both here


def test_it_stands_below_rope_alone() -> None:
    for way in ("all", "sinusoid", "rope", "alibi", "t5"):
        at = visit("positions", view="ways", way=way)
        assert ("pairs" in charts(at)) == (way == "rope")


def test_a_token_with_itself_keeps_its_score_in_any_order() -> None:
    at = visit("positions", **{**ROBOT, "key": "4"}, stored="neighbours", lang="en")
    healthy(at)
    start = catalogue("en")["positions.pairs.read.itself"].split("{score}")[0]
    assert start + "1.958" in unescape(html(at))


def test_the_models_own_rotation_is_live() -> None:
    at = visit("positions", **{**ROBOT, "query": "3"}, model="smollm2", lang="en")
    healthy(at)
    page = unescape(html(at))
    assert catalogue("en")["positions.pairs.live"] in page
    assert catalogue("en")["positions.pairs.own"] in page
    assert "dot live" in page
