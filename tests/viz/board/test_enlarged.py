"""Figures of a lecture hall: nothing too small, nothing on top of another, numbers all or none."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from viz.board.board import Board, Box, Shading
from viz.board.box import text_width
from viz.board.enlarged import HIGHER, STRETCH, Enlarged, Hall, enlarged, lit, scales
from viz.board.panel import Marks, mark
from viz.board.theme import LIGHT, contrast, theme
from viz.board.words import Words, shortened, words

HALL = Hall(1100, 740, type=24, cell=22)
SHADES = Shading(LIGHT.weights, 0, 1)


def matrix(tokens: int) -> Board:
    """(token, token) weights with their numbers, a word a row, slanted ones above."""
    board, box = Board(700, 600, LIGHT), Box(100, 90, 590, 480)
    values = np.full((tokens, tokens), 0.25)
    board.matrix(values, box, SHADES)
    xs, ys = box.centres((tokens, tokens))
    for x, y in zip(xs, ys, strict=True):
        board.text(x, y, "0.25", size=14)
    for n in range(tokens):
        place = box.cell(n, n, (tokens, tokens))
        board.text(box.x - 8, place.y + place.height / 2, "token", anchor="middle left", size=15)
        board.slanted(place.x, box.y - 6, "token", size=15, colour=LIGHT.ink)
    mark(board, box, (tokens, tokens), Marks(row=2, column=1))
    return board


def said(found: Enlarged) -> list[tuple[str, float]]:
    """Every word with its size in pixels."""
    drawn = found.figure
    return [(one.text, one.composed) for one in words(drawn._data, drawn._layout)]


@pytest.mark.parametrize("tokens", [4, 10, 30])
def test_no_word_is_smaller_than_asked_for(tokens: int) -> None:
    shown = said(enlarged(matrix(tokens).figure(), HALL))
    assert shown
    assert all(size >= (22 if text == "0.25" else 24) for text, size in shown)


def test_numbers_stand_in_all_cells_or_in_none() -> None:
    for tokens, there in ((4, 16), (10, 100), (30, 0)):
        found = enlarged(matrix(tokens).figure(), HALL)
        assert sum(text == "0.25" for text, _ in said(found)) == there
        assert (found.left_out > 0) == (tokens == 30)


@pytest.mark.parametrize("tokens", [10, 30])
def test_words_beside_a_matrix_do_not_run_into_each_other(tokens: int) -> None:
    found = enlarged(matrix(tokens).figure(), HALL)
    layout = found.figure._layout
    x, y = layout["xaxis"]["range"], layout["yaxis"]["range"]
    across, down = found.width / (x[1] - x[0]), layout["height"] / (y[0] - y[1])
    shown = words(found.figure._data, layout)
    beside = [one for one in shown if one.text == "token" and not one.angle]
    boxes = [one.boxes(across, down, one.composed)[0] for one in beside]
    assert boxes
    assert all(abs(a.y - b.y) > 0.8 * 24 for a, b in combinations(boxes, 2))


def test_a_figure_stays_in_the_room_and_grows_alike_within_limits() -> None:
    for size in ((700, 600), (1190, 680), (1780, 300), (300, 900)):
        across, down = scales(size, HALL)
        assert size[0] * across <= HALL.width + 0.01
        assert size[1] * down <= HALL.height + 0.01
        assert 1 / HIGHER - 0.01 <= across / down <= STRETCH + 0.01
    found = enlarged(matrix(10).figure(), HALL)
    assert found.width <= HALL.width + 1
    assert found.figure._layout["height"] <= HALL.height + 1


def test_what_lies_on_another_figure_keeps_its_edges() -> None:
    fixed = Hall(1100, 740, type=24, cell=22, fixed=True)
    layouts = [enlarged(matrix(tokens).figure(), fixed).figure._layout for tokens in (4, 30)]
    below, above = layouts[0]["yaxis"]["range"]
    assert above == 0
    assert below > 600, "half a line of words"
    for layout in layouts:
        assert layout["xaxis"]["range"] == [0, 700]
        assert layout["yaxis"]["range"] == [below, above]


def beside(words: str) -> Enlarged:
    """A narrow word of a figure that reaches beyond its left edge."""
    board = Board(700, 600, LIGHT)
    board.text(60, 300, words, anchor="middle left", size=14)
    board.text(400, 300, "middle", size=15)
    return enlarged(board.figure(), HALL)


def test_a_word_beyond_an_edge_does_not_make_the_figure_small() -> None:
    plain, long = beside("a"), beside("0123456789" * 4)  # is neither cut nor parted
    assert long.figure._layout["height"] == plain.figure._layout["height"]
    assert long.left_out == 1


def test_a_word_that_has_no_room_as_large_as_the_figure_is_smaller() -> None:
    fixed = Hall(1100, 740, type=24, cell=22, fixed=True)
    across, down = scales((850, 300), fixed)
    assert 18 * down > fixed.type
    words = "a word or two"
    board = Board(850, 300, LIGHT)
    board.text((text_width(words, fixed.type) / 2 + 1) / across, 150, words, size=18)
    assert said(enlarged(board.figure(), fixed)) == [(words, fixed.type)]


def test_a_bold_name_loses_words_and_a_number_nothing() -> None:
    def shorter(text: str) -> list[str]:
        return [one.text for one in shortened(Words((0, 0), 0, 0, text, "middle right", 15))][1:]

    assert shorter("<b>Restricted self-attention</b>") == ["<b>Restricted…</b>"]
    assert shorter("because") == ["becau…", "beca…", "bec…"]
    for whole in ("two plain words", "<b>+ position</b>", "<b>row 12 of</b>", "0.25"):
        assert shorter(whole) == []


def test_the_light_leaves_the_chosen_row_as_it_is() -> None:
    box = Box(100, 90, 590, 480)
    drawn = lit(matrix(10).figure(), LIGHT.page)._layout["shapes"]
    veils = [one for one in drawn if one.get("fillcolor", "").startswith("rgba")]
    row = box.row(2, 10)
    assert [(one["y0"], one["y1"]) for one in veils] == [(90, row.y), (row.bottom, 570)]


def test_the_figure_itself_stays_as_it_was() -> None:
    figure = matrix(10).figure()
    before = figure.to_dict()
    enlarged(lit(figure, LIGHT.page), HALL)
    assert str(figure.to_dict()) == str(before)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_words_of_a_hall_stand_out(name: str) -> None:
    clear = theme(name, clear=True)
    for role in ("ink", "muted"):
        assert contrast(getattr(clear, role), clear.page) >= 7
        assert contrast(getattr(clear, role), clear.soft) >= 7
