"""Below the translator: training and writing beside each other, as a visitor meets them."""

from __future__ import annotations

from html import unescape

import pytest

from models.catalog import load
from models.translation.reference import examples
from models.translator.forcing import continued, forced
from pages.ui import text
from tests.pages.visiting import address, charts, healthy, html, said, visit
from viz.board.notation import Notation

BOTH = pytest.mark.parametrize("language", text.LANGUAGES)
CROSSING = next(iter(examples().values()))
SHOWN = {"model": "translator", "text": CROSSING.source}


def start(language: str, key: str) -> str:
    """A sentence of the catalogue up to its first gap."""
    return str(text.catalogue(language)[key]).split("{")[0]


@BOTH
def test_training_is_checked_against_torch_and_against_one_token_at_a_time(language: str) -> None:
    at = visit("translator", lang=language, **SHOWN)
    healthy(at)
    assert not said(at)
    assert "positions" in charts(at)
    page = unescape(html(at))
    assert start(language, "translator.forcing") in page
    assert f"✓ {start(language, 'translator.forcing.rows')}" in page
    found = forced(load("translator"), CROSSING.source, CROSSING.target)
    own = Notation("." if language == "en" else ",").significant(found.oracle, 3)
    assert own in page
    assert "class='bad'" not in page
    assert start(language, "translator.forcing.reference") in page


@BOTH
def test_without_the_mask_it_says_which_way_the_loss_goes_and_that_it_is_a_what_if(
    language: str,
) -> None:
    at = visit("translator", lang=language, phase="unmasked", **SHOWN)
    healthy(at)
    page = unescape(html(at))
    assert start(language, "translator.forcing.rises") in page
    assert start(language, "translator.forcing.copy") in page
    assert text.catalogue(language)["origin.whatif"] in page


@BOTH
def test_a_word_put_in_changes_what_is_written_after_it(language: str) -> None:
    at = visit("translator", lang=language, phase="writing", **SHOWN)
    healthy(at)
    before = charts(at)["positions"]
    assert start(language, "translator.forcing.no_slip") in unescape(html(at))
    at.selectbox(key="slip").select(4).run()
    healthy(at)
    assert address(at)["slip"] == "4"
    assert charts(at)["positions"] != before
    page = unescape(html(at))
    assert "You went to that your son loved." in page
    assert "You went to the big village that your son loved." in page
    at.selectbox(key="instead").select(2).run()
    healthy(at)
    found = continued(load("translator"), CROSSING.source, 4, 2)
    assert f"<b class='q'>{found.choices[2].word}" in html(at) or found.choices[2].word in html(at)


def test_a_sentence_that_nobody_looked_up_is_trained_on_its_own_translation() -> None:
    at = visit("translator", lang="en", model="translator", text="Kedi uyudu.")
    healthy(at)
    page = unescape(html(at))
    assert start("en", "translator.forcing.own") in page
    at.button(key="forcing-ask").click().run()
    healthy(at)
    assert start("en", "translator.forcing.reference") in unescape(html(at))


def test_a_position_behind_the_end_is_said() -> None:
    at = visit("translator", lang="en", phase="writing", slip="50", **SHOWN)
    healthy(at)
    assert any("50" in one for one in said(at))
    assert address(at).get("slip", "0") == "0"
