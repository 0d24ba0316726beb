"""What bert-mini never met, and what nobody labelled: one truth beside the numbers."""

from __future__ import annotations

import re

import pytest

from models.bert.examples import PairExample, pairs
from pages.ui import text
from tests.pages.bert.test_page import opened, words_in
from tests.pages.visiting import healthy, html
from viz.board.notation import isolated

SLIDES = [
    ("Ayşenaz went shopping.", "She bought a new shirt.", ["Ayşenaz", "shopping"]),
    ("Ayşenaz went shopping.", "Penguins are flightless birds.", ["Penguins", "flightless"]),
]


@pytest.mark.parametrize(("first", "second", "spelt"), SLIDES)
@pytest.mark.parametrize("language", text.LANGUAGES)
def test_words_that_were_spelt_out_are_named_beside_the_probability(
    first: str, second: str, spelt: list[str], language: str
) -> None:
    at = opened(view="next", text=first, pair=second, lang=language)
    healthy(at)
    (line,) = re.findall("<p class='hint unknown'><bdi>(.*?)</bdi></p>", html(at))
    assert all(f"“{isolated(word)}”" in line for word in spelt)
    start, end = text.catalogue(language)["bert.spelt"].split("{words}")
    assert line.startswith(start)
    assert line.endswith(end)


@pytest.mark.parametrize("pair", pairs(), ids=lambda pair: f"{pair.language} {pair.relation}")
def test_where_every_word_is_known_there_is_no_such_line(pair: PairExample) -> None:
    at = opened(view="next", text=pair.first, pair=pair.second)
    assert "hint unknown" not in html(at).replace(".hint.unknown", "")


def test_a_known_sentence_alone_is_labelled_and_nobody_says_that_it_is_not() -> None:
    sentence = "Yüz kişi yüz maskesi ile denizdeki adama yüz diye bağırdı."
    at = opened(view="senses", sentences=sentence)
    healthy(at)
    words = text.catalogue("en")
    assert words["bert.sense.face"] in words_in(at, "cosines")
    assert words["bert.one_sentence"] in html(at)
    assert words["bert.no_senses"] not in html(at)
    assert words["bert.here"].split("{")[0] not in html(at)
