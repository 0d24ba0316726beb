"""A window of a large matrix and the picture of all of it: by brute force, for any size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viz.figures import LABELS, NOTATION, WHOLE, cells
from viz.board.axes import Axes, Choice
from viz.board.board import Board, Shading
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.board.zoom import (
    ALL,
    NARROW,
    NEAR,
    TURN,
    WIDE,
    Sizes,
    Whole,
    Window,
    draw_whole,
    lines,
    outside,
    pooled,
    stretch,
    window,
)

COUNTS = st.integers(1, 600)
SIZES = st.sampled_from([WIDE, NARROW, Sizes(WIDE.at_once, NEAR), Sizes(NARROW.at_once, NEAR)])
STYLE = Style(LIGHT, NOTATION, LABELS | WHOLE)


@given(COUNTS, COUNTS, st.data(), SIZES)
def test_the_chosen_cell_and_its_neighbours_are_in_the_window(
    rows: int, columns: int, data: st.DataObject, size: Sizes
) -> None:
    row, column = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    found = window((rows, columns), (row, column), size)
    if found is None:
        assert max(rows, columns) <= size.at_once
        return
    places = (found.rows, rows, row), (found.columns, columns, column)
    for (part, count, chosen), shown in zip(places, size.shown, strict=True):
        assert part.stop - part.start == (count if count <= size.at_once else shown)
        assert 0 <= part.start <= chosen < part.stop <= count
        # Whoever walks by arrows has the next cell before the eyes, and a mark to walk to.
        assert max(chosen - 1, 0) >= part.start
        assert min(chosen + 1, count - 1) < part.stop


@given(COUNTS, st.sampled_from([8, 12, 16, 24]))
def test_every_place_is_reached_and_the_window_stands_while_it_may(count: int, shown: int) -> None:
    if count < shown:
        return
    starts = [stretch(count, chosen, shown).start for chosen in range(count)]
    assert starts == sorted(starts)
    assert len(set(starts)) <= 2 * count / shown + 1


def test_the_words_of_a_window_keep_their_places_in_the_whole_text() -> None:
    words = [f"w{n}" for n in range(60)]
    ids = list(range(1, 61))  # the first is hidden
    whole = Axes(words, words, Choice(50, 7), ids, ids)
    part = Window(slice(36, 60), slice(0, 16)).axes(whole)
    assert part.queries[part.chosen.query] == "w50"
    assert part.keys[part.chosen.key] == "w7"
    assert part.identity(*part.cell) == [51, 8]
    assert Window(slice(36, 60), slice(0, 16)).axes(Axes(words, words, Choice(50, 7))).identity(
        0, 1
    ) == [36, 1]


@given(COUNTS, st.integers(1, 90), st.booleans(), st.integers(0, 2**32 - 1))
def test_a_square_is_the_largest_of_its_block(
    rows: int, columns: int, by_size: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(rows, columns)).astype(np.float32)
    if not by_size:
        values[rng.random(values.shape) < 0.7] = -np.inf
    found = pooled(values, by_size=by_size)
    down, across = found.block
    assert max(found.values.shape) <= 40
    assert found.reach[0] - down < rows <= found.reach[0]
    assert found.reach[1] - across < columns <= found.reach[1]
    for square in np.ndindex(*found.values.shape):
        row, column = square[0] * down, square[1] * across
        block = values[row : row + down, column : column + across]
        worth = np.abs(block) if by_size else block
        shown = found.values[square]
        assert (abs(shown) if by_size else shown) == worth.max()
        place = tuple(found.cells[square])
        assert values[place] == shown
        assert row <= place[0] < row + down
        assert column <= place[1] < column + across
        # Hatched is only what is masked altogether.
        assert np.isneginf(shown) == np.isneginf(block).all()


def test_the_frame_lies_around_the_window_s_squares() -> None:
    values = np.zeros((482, 90), np.float32)
    part = Window(slice(240, 264), slice(8, 24))
    board = Board(900, 700, LIGHT)
    draw_whole(board, (100, 50), Whole(values, Shading(LIGHT.weights, 0, 1), part), STYLE)
    frame = board.shapes[-2]
    assert frame["line"]["color"] == LIGHT.ink
    high, wide = 150 / (38 * 13), 150 / (30 * 3)
    assert frame["y0"] == pytest.approx(50 + 240 * high - 1)
    assert frame["y1"] == pytest.approx(50 + 264 * high + 1)
    assert frame["x0"] == pytest.approx(100 + 8 * wide - 1)
    assert frame["x1"] == pytest.approx(100 + 24 * wide + 1)
    squares, turn = cells(board.figure())
    assert {one[-1] for one in squares.customdata} == {ALL}
    assert {one[-1] for one in turn.customdata} == {TURN}


def test_what_lies_elsewhere_in_a_row_is_never_less_than_nothing() -> None:
    row = np.full(300, 1 / 300, np.float32)
    assert outside(row, slice(0, 300), STYLE) == "another 0\u00a0% outside"
    assert outside(row, slice(0, 150), STYLE) == "another 50\u00a0% outside"
    row = np.zeros(300, np.float32)
    row[5], row[200] = 0.999, 0.001
    assert outside(row, slice(0, 16), STYLE) == "another &lt;\u00a01\u00a0% outside"


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=30), min_size=1, max_size=20))
def test_words_are_broken_between_words_only(words: list[str]) -> None:
    found = lines(" ".join(words), 100)
    assert " ".join(found) == " ".join(words)
    assert all(len(line) * 15 * 0.53 <= 100 or " " not in line for line in found)
