"""Figures on top of each other are one; a page of them needs nothing but itself."""

from __future__ import annotations

import json
import re

import pytest

from viz.board.board import Board, Figure
from viz.board.box import Box
from viz.board.theme import DARK, LIGHT
from viz.export import picture
from viz.export.layers import flat, layered
from viz.export.page import standalone

HOSTILE = "</script><script>alert(1)</script> ş ğ ı İ"


def drawn(words: str) -> Figure:
    board = Board(400, 200, LIGHT)
    board.fill(Box(10, 10, 50, 50), LIGHT.grid)
    board.text(50, 50, words)
    return board.figure()


def test_what_lies_on_a_figure_or_below_it_is_one_picture_with_it() -> None:
    figures = {name: drawn(name) for name in ("a", "a-now", "b-ground", "b", "c")}
    found = layered(figures)
    assert [(one.key, len(one.layers)) for one in found] == [("a", 2), ("b", 2), ("c", 1)]
    assert {(one.width, one.height) for one in found} == {(400, 200)}
    words = [part["text"] for part in flat(found[1])["data"] if "text" in part]
    assert words == [["b-ground"], ["b"]], "from the lowest up"
    assert len(flat(found[0])["layout"]["shapes"]) == 2


def test_the_page_holds_the_figure_and_asks_nobody_for_anything() -> None:
    page = standalone(
        layered({"main": drawn("ığ")}), {"main": HOSTILE}, DARK, language="tr", title=HOSTILE,
        now=HOSTILE, lines=[HOSTILE], link="http://a.example/?text=%22",
    )  # fmt: skip
    assert "alert(1)</script>" not in page
    assert 'lang="tr"' in page
    assert "ş ğ ı İ" in page
    assert DARK.page in page
    for attribute in ("src=", "<link", "@import"):
        assert attribute not in re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    sent = re.search(r"const figures = (.*);\n", page)
    assert sent
    (layer,) = json.loads(sent[1])["main"]
    assert ["ığ"] in [part.get("text") for part in layer["data"]]


def test_without_a_browser_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(picture.BROWSER_VARIABLE, "/nowhere/chromium")
    picture.chromium.cache_clear()
    try:
        with pytest.raises(picture.NoBrowser, match="BROWSER_PATH"):
            picture.picture(layered({"a": drawn("a")})[0], page=LIGHT.page)
    finally:
        picture.chromium.cache_clear()
