"""Figures as large as a window: every size in browser pixels grows alike, places stay."""

from __future__ import annotations

import numpy as np
import pytest

from viz.board.board import Board, Box, Figure
from viz.board.scale import LEGIBLE, SMALLEST, scaled
from viz.board.shading import symmetric
from viz.board.theme import LIGHT


@pytest.fixture
def figure() -> Figure:
    board = Board(400, 300, LIGHT)
    values = np.array([[1.0, -np.inf], [0.5, -1.0]], dtype=np.float32)
    box = Box(10, 10, 100, 80)
    board.matrix(values, box, symmetric(values, LIGHT.scores), gap=4)
    board.hatch(np.isneginf(values), box)
    board.cells(box, (2, 2), texts=["a"] * 4, inks=["#000000"] * 4, size=18)
    board.frame(box, "#000000", 3)
    board.line([0, 10], [0, 10], "#000000", 2, symbol="circle", size=9)
    board.clicks(np.array([5.0, 6.0]), np.array([5.0, 6.0]), [[0], [1]], [10, 20])
    board.slanted(5, 5, "word", size=22, colour="#000000")
    board.text(5, 5, "one", size=16)
    board.text(5, 5, "tiny", size=8)
    return board.figure()


def sizes(figure: Figure) -> dict[str, object]:
    parts = figure.to_dict()
    hatch, cells, line, clicks, words = parts["data"][1:]
    return {
        "height": parts["layout"]["height"],
        "gap": parts["data"][0]["xgap"],
        "hatch": hatch["fillpattern"]["size"],
        "numbers": cells["textfont"]["size"],
        "line": line["line"]["width"],
        "mark": line["marker"]["size"],
        "clicks": list(clicks["marker"]["size"]),
        "frame": parts["layout"]["shapes"][0]["line"]["width"],
        "slanted": parts["layout"]["annotations"][0]["font"]["size"],
        "words": list(words["textfont"]["size"]),
    }


def test_everything_that_a_browser_measures_grows_alike(figure: Figure) -> None:
    half = sizes(scaled(figure, 0.5))
    assert half == {
        "height": 150,
        "gap": 2,
        "hatch": 4.5,
        "numbers": 9,
        "line": 1,
        "mark": 4.5,
        "clicks": [5, 10],
        "frame": 1.5,
        "slanted": 11,
        "words": [8, SMALLEST],  # type stops where it could not be read
    }
    assert sizes(scaled(figure, 2))["words"] == [32, 16]


def test_type_that_was_smaller_from_the_start_is_not_enlarged() -> None:
    board = Board(10, 10, LIGHT)
    board.text(5, 5, "x", size=5)
    assert scaled(board.figure(), 0.5).data[0].textfont.size == (5,)


def test_places_numbers_and_colours_stay(figure: Figure) -> None:
    before, after = figure.to_dict(), scaled(figure, 0.5).to_dict()
    for old, new in zip(before["data"], after["data"], strict=True):
        for name in ("x", "y", "z", "x0", "dx", "text", "customdata", "colorscale"):
            assert new.get(name) == old.get(name)
    for axis in ("xaxis", "yaxis"):
        assert after["layout"][axis] == before["layout"][axis]


def test_at_its_own_size_it_is_the_same_figure(figure: Figure) -> None:
    assert scaled(figure, 1) is figure


def test_a_figure_wider_than_its_room_shrinks_to_it(figure: Figure) -> None:
    assert sizes(scaled(figure, 0.8, room=200))["height"] == 150
    assert sizes(scaled(figure, 0.25, room=200))["height"] == 75


def test_in_a_box_of_its_own_a_figure_shrinks_no_further_and_its_type_can_be_read(
    figure: Figure,
) -> None:
    small = sizes(scaled(figure, 0.8, room=100, least=0.4))
    assert (small["height"], small["numbers"], small["slanted"]) == (120, LEGIBLE, LEGIBLE)
    assert sizes(scaled(figure, 0.8, room=300, least=0.4))["height"] == 225


def test_a_token_at_the_edge_is_as_wide_as_it_is_read() -> None:
    board = Board(400, 300, LIGHT)
    board.text(376, 10, "\u2068&lt;/s&gt;\u2069", size=10, anchor="middle right")
    (words,) = scaled(board.figure(), 1, room=400.5).to_dict()["data"]
    assert words["textfont"]["size"] == [10]  # four signs, not ten


def test_words_end_at_the_figures_edge_where_it_is_narrow() -> None:
    board = Board(400, 300, LIGHT)
    board.text(60, 10, "ends <b>here</b>", size=20, anchor="middle left")
    board.text(340, 30, "begins_here", size=20, anchor="middle right")
    board.text(200, 50, "a_few_words_in_the_middle", size=20)
    board.text(200, 70, "room", size=20)
    board.text(20, 90, "far_too_long_for_the_place_that_it_has", size=20, anchor="middle left")
    (words,) = scaled(board.figure(), 1, room=200).to_dict()["data"]
    sizes = words["textfont"]["size"]
    free = [60 / 2, 60 / 2, 200, 200, 20 / 2]
    for size, text, room in zip(sizes[:4], words["text"], free, strict=False):
        plain = text.replace("<b>", "").replace("</b>", "")
        assert len(plain) * size * 0.53 <= room + 0.1
    assert sizes[:2] == pytest.approx([30 / (9 * 0.53), 30 / (11 * 0.53)], abs=0.01)
    assert sizes[2:4] == [10, 10]  # what fits is as large as without
    assert 4 < sizes[4] < SMALLEST  # never so small that fingers could not enlarge it
    wide = scaled(board.figure(), 0.5).to_dict()["data"][0]["textfont"]["size"]
    assert wide == [10] * 5  # a wide window shrinks nothing more
