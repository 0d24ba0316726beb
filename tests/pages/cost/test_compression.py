"""Quantisation and LoRA on the cost page: both languages, checks, links, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from models.cost import block_source
from pages.ui.text import LANGUAGES
from tests.pages.visiting import address, charts, healthy, html, said, visit

STATES = {
    "packed": {"view": "quantisation", "stored": "gpt-mini"},
    "bits-maps": {"view": "quantisation", "quantised": "bits"},
    "low-rank": {"view": "lora"},
}


def opened(chart: str, **more: str) -> Any:
    at = visit("cost", v="2", **{**STATES[chart], **more})
    healthy(at)
    return at


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chart", STATES)
def test_every_side_shows_its_picture_its_sums_and_two_checks(language: str, chart: str) -> None:
    at = opened(chart, lang=language)
    assert not said(at)
    assert chart in charts(at)
    body = html(at)
    assert body.count("class='good'") == 2
    assert "class='bad'" not in body
    assert at.latex


@pytest.mark.parametrize(
    ("chart", "name", "value"), [("packed", "weight", 1), ("bits-maps", "bits", 3)]
)
def test_arrows_step(chart: str, name: str, value: int) -> None:
    at = opened(chart)
    at.button(key="next").click().run()
    healthy(at)
    assert at.session_state[name] == value
    assert address(at)[name] == str(value)


def test_a_lower_rank_is_a_what_if_and_rank_0_adds_nothing() -> None:
    at = opened("low-rank", rank="8")
    assert at.button(key="next").disabled
    assert "gave the book" in html(at)
    none = opened("low-rank", rank="0")
    assert none.button(key="previous").disabled
    assert r"= 0" in none.latex[0].value


def test_the_file_is_shown_where_it_is_installed_and_said_where_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at = visit("cost", v="2", view="quantisation")
    healthy(at)
    assert "blk.3.attn_q.weight" in html(at)
    monkeypatch.setattr(block_source, "installed", lambda: False)
    other = visit("cost", v="2", view="quantisation")
    healthy(other)
    assert "h.3.attn.c_attn" in html(other)
    assert other.session_state["stored"] == "gpt-mini"


@pytest.mark.parametrize(
    ("view", "name"), [("quantisation", "stored"), ("cache", "shape"), ("tiles", "model")]
)
def test_a_link_that_names_smollm2_is_told_where_it_is_missing(
    monkeypatch: pytest.MonkeyPatch, view: str, name: str
) -> None:
    monkeypatch.setenv("DIKKAT_WITHOUT", "smollm2")
    at = visit("cost", v="2", view=view, **{name: "smollm2"})
    healthy(at)
    (told,) = said(at)
    assert "SmolLM2" in told
    silent = visit("cost", v="2", view=view)
    healthy(silent)
    assert not said(silent)


def test_places_that_are_not_there_are_said() -> None:
    assert said(opened("packed", output="500"))
    assert said(opened("low-rank", output="40"))


def test_a_text_that_cannot_be_shown_gives_way_to_the_pages_own() -> None:
    at = opened("bits-maps", prompt=" ")
    assert said(at)
    assert "bits-maps" in charts(at)
