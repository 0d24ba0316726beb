"""500 tokens: a window of them on every page that draws a head's matrix, restored by its link."""

from __future__ import annotations

from itertools import islice, product
from string import ascii_lowercase
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import text
from tests.pages.visiting import address, charts, healthy, visit
from viz.board.zoom import ALL, TURN

LETTERS = " ".join(islice((a for a, _ in product(ascii_lowercase, range(20))), 498))  # 500 tokens
CELL = {"query": "250", "key": "100"}
BOTH = pytest.mark.parametrize("language", text.LANGUAGES)


def carried(at: AppTest, key: str, *ends: str) -> list[list[Any]]:
    """[query, key] of the figure's marks that carry nothing behind them but `ends`."""
    found = [list(row) for trace in charts(at)[key]["data"] for row in trace.get("customdata", ())]
    return [row[:2] for row in found if row[2:] == list(ends)]


def words(at: AppTest, key: str) -> str:
    drawn = charts(at)[key]
    texts = [t for trace in drawn["data"] for t in trace.get("text") or ()]
    return " ".join([*texts, *(one["text"] for one in drawn["layout"]["annotations"])])


def label(language: str, name: str) -> str:
    return str(text.catalogue(language)[f"figure.{name}"])


@BOTH
@pytest.mark.parametrize(
    ("page", "figure", "more"),
    [
        ("heads", "weights", {}),
        ("scores", "scene", {"step": "2"}),
        ("scores", "scene", {"step": "5"}),
    ],
)
def test_a_link_restores_the_window(
    page: str, figure: str, more: dict[str, str], language: str
) -> None:
    at = visit(page, text=LETTERS, lang=language, v="2", **CELL, **more)
    healthy(at)
    inside = carried(at, figure)
    assert len(inside) == 24 * 16
    assert [250, 100] in inside
    squares = carried(at, figure, "", ALL)
    assert len(squares) == 39 * 39
    assert max(row for row, _ in squares) > 480
    said = words(at, figure)
    assert label(language, "near") in said
    assert "500\u00a0×\u00a0500" in said
    assert "13\u00a0×\u00a013" in said
    assert ("%" in said) == (more != {"step": "2"}), "what else the row holds"
    assert address(at)["text"] == LETTERS


@BOTH
def test_nearer_has_numbers_and_stands_in_the_link(language: str) -> None:
    at = visit("heads", text=LETTERS, lang=language, v="2", zoom="1", **CELL)
    healthy(at)
    assert len(carried(at, "weights")) == 12 * 8
    assert label(language, "far") in words(at, "weights")
    numbers = [one for one in words(at, "weights").split() if one[:1].isdigit()]
    assert len(numbers) >= 12 * 8
    assert address(at)["zoom"] == "1"
    assert len(carried(at, "weights", "", TURN)) > 3


def test_hidden_tokens_keep_their_places_in_the_text() -> None:
    at = visit("heads", text=LETTERS, v="2", hide="1", query="1", key="498")
    healthy(at)
    assert [1, 498] in carried(at, "weights")
    assert [0, 498] not in carried(at, "weights")
    assert not {0, 499} & {place for pair in carried(at, "weights", "", ALL) for place in pair}


def test_pages_that_draw_the_same_matrices_have_the_same_window() -> None:
    once = "Kedi ağacın altında uyuyor ve kuş uzakta ötüyor. "
    at = visit("bert", view="between", among="all", text=once, pair=once, v="2")
    healthy(at)
    assert len(carried(at, "weights")) == 24 * 16
    at = visit("gpt", view="mask", text=once * 3, v="2")
    healthy(at)
    assert len(carried(at, "masked")) == 24 * 16


def test_short_texts_have_no_window() -> None:
    at = visit("heads", text="a " * 38, v="2", zoom="1")
    healthy(at)
    assert len(carried(at, "weights")) == 40 * 40
    assert not carried(at, "weights", "", ALL)
