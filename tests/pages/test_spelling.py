"""Words that a small model never met are named beside the figure, with a way to one that has."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs

import pytest

from pages.ui import text
from tests.pages.visiting import healthy, html, visit
from viz.board.notation import isolated

GERMANY = "I grew up in Germany so I speak fluent"
CLOUDS = "The clouds are in the"
HOMEWORK = "Bu NLP dersinin haftaya [MASK] var mıydı?"
PLACES = [
    ("lstm", {"text": GERMANY}, "lstm.no_word", "Germany"),
    ("lstm", {"text": CLOUDS}, "lstm.no_word", "clouds"),
    ("gpt", {"view": "write", "model": "gpt-mini", "text": GERMANY}, "gpt.spelt", "Germany"),
    ("gpt", {"view": "write", "model": "gpt-mini", "text": CLOUDS}, "gpt.spelt", "clouds"),
    ("bert", {"view": "mask", "text": HOMEWORK, "pair": ""}, "bert.mask_spelt", "NLP"),
]
KNOWN = [
    ("lstm", {"text": "The cats that the man near the dog saw are tired."}),
    ("gpt", {"view": "write", "model": "gpt-mini", "text": "The old"}),
    ("gpt", {"view": "write", "model": "smollm2", "text": CLOUDS}),
    ("bert", {"view": "mask", "text": "The big lion ran quickly.", "pair": ""}),
]


@pytest.mark.parametrize("language", text.LANGUAGES)
@pytest.mark.parametrize(("page", "state", "key", "word"), PLACES)
def test_a_word_that_was_never_met_is_named_beside_the_figure(
    page: str, state: dict[str, str], key: str, word: str, language: str
) -> None:
    at = visit(page, v="2", lang=language, **state)
    healthy(at)
    (line,) = re.findall("<p class='hint unknown'><bdi>(.*?)</bdi></p>", html(at))
    start, end = text.catalogue(language)[key].split("{words}")
    line = unescape(line)
    assert line.startswith(start)
    assert line.endswith(end)
    assert isolated(word) in line
    led = [parse_qs(one.proto.query_string) for one in at.get("page_link")]
    asked = [one for one in led if one.get("model") == ["smollm2"]]
    assert [one["text"] for one in asked] == ([[state["text"]]] if page != "bert" else [])


@pytest.mark.parametrize(("page", "state"), KNOWN)
def test_where_every_word_is_known_nothing_is_said(page: str, state: dict[str, str]) -> None:
    at = visit(page, v="2", lang="en", **state)
    healthy(at)
    assert "<p class='hint unknown'>" not in html(at)


def test_a_turkish_text_is_not_sent_to_an_english_model() -> None:
    at = visit("gpt", v="2", lang="en", view="write", model="gpt-mini", text="Bilgisayarım çöktü")
    assert "<p class='hint unknown'>" in html(at)
    led = [parse_qs(one.proto.query_string) for one in at.get("page_link")]
    assert not any(one.get("model") == ["smollm2"] for one in led)
