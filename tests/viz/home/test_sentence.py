"""A sentence as a row of words: percents, colours, and the plain sentence of one word's row."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viz.figures import HOSTILE
from viz.board.notation import visible
from viz.board.theme import DARK, LIGHT, Theme, contrast
from viz.home.sentence import LABELS, LEAST_NAMED, payload, percents, told

WORDS = ("[CLS]", "cats", "##s", "sleep")
SPECIAL, GOES_ON = (True, False, False, False), (False, False, True, False)
WEIGHTS = np.array(
    [[0.4, 0.3, 0.2, 0.1], [0.24, 0.01, 0.16, 0.59], [0, 0, 1, 0], [0.02, 0.9, 0.04, 0.04]]
)
ENGLISH = {
    "gives": "{query} gives {shares}.",
    "first": "{share} of its attention to {key}",
    "more": "{share} to {key}",
    "percent": "{n} %",
    "itself": "itself",
}
LOOK: dict[str, Any] = {"labels": {name: name for name in LABELS}, "theme": LIGHT}


def plain(page: str) -> str:
    return re.sub("<[^>]*>|[\u2068\u2069]", "", page)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (1, "cats gives 59 % of its attention to sleep, 24 % to [CLS], 16 % to ##s."),
        (2, "##s gives 100 % of its attention to itself."),
        (3, "sleep gives 90 % of its attention to cats."),
    ],
)
def test_the_sentence_names_the_largest_shares(query: int, sentence: str) -> None:
    assert plain(told(WEIGHTS, WORDS, query, ENGLISH)) == sentence


def test_the_largest_share_is_named_however_small_it_is() -> None:
    weights = np.full((50, 50), 1 / 50)
    assert LEAST_NAMED > 100 / 50
    sentence = plain(told(weights, ["w"] * 50, 1, ENGLISH))
    assert sentence == "w gives 2 % of its attention to w."


@pytest.mark.parametrize("token", HOSTILE)
def test_a_hostile_word_is_text(token: str) -> None:
    sentence = told(WEIGHTS, (token, *WORDS[1:]), 0, ENGLISH)
    assert set(re.findall(r"<(\w+)", sentence)) == {"b"}
    assert payload(WEIGHTS, (token, *WORDS[1:]), SPECIAL, GOES_ON, 0, **LOOK)["words"][0] == (
        visible(token) if len(visible(token)) <= 18 else visible(token)[:17] + "…"
    )


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_a_percent_is_the_weights_nearest(row: list[float]) -> None:
    found = percents(np.array(row))
    assert all(abs(n - 100 * weight) <= 0.5 + 1e-9 for n, weight in zip(found, row, strict=True))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_share_has_a_colour_on_which_its_word_can_be_read(theme: Theme) -> None:
    found = payload(WEIGHTS, WORDS, SPECIAL, GOES_ON, 1, labels=LOOK["labels"], theme=theme)
    assert len(found["grounds"]) == len(found["inks"]) == 101
    assert found["grounds"][0] == theme.weights[0][1]
    assert found["grounds"][100] == theme.weights[-1][1]
    pairs = zip(found["grounds"], found["inks"], strict=True)
    assert all(contrast(ground, ink) >= 4.5 for ground, ink in pairs)


def test_the_component_gets_json_and_pieces_of_a_word_stand_together() -> None:
    found = payload(WEIGHTS, WORDS, SPECIAL, GOES_ON, 3, **LOOK)
    assert json.loads(json.dumps(found)) == found
    assert found["joined"] == [False, False, True, False]
    assert found["special"] == [True, False, False, False]
    assert found["chosen"] == 3
    assert found["percents"][1] == [24, 1, 16, 59]


def test_words_that_do_not_fit_the_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="3 tokens"):
        payload(WEIGHTS, WORDS[1:], SPECIAL, GOES_ON, 0, **LOOK)
    with pytest.raises(ValueError, match="3 and 4 marks"):
        payload(WEIGHTS, WORDS, SPECIAL[1:], GOES_ON, 0, **LOOK)
