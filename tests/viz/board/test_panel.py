"""The one way to draw a matrix: what is hatched, written, framed, to come, and answers clicks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.viz.figures import cells, words
from viz.board.axes import Edge, every_cell
from viz.board.board import Board, Box, Shading
from viz.board.panel import Clicks, Marks, Panel, Texts, draw, mark, spaced_cells
from viz.board.theme import LIGHT

BOX = Box(100, 60, 300, 200)
WEIGHTS = Shading(LIGHT.weights, 0, 1)


def drawn(panel: Panel) -> Board:
    board = Board(500, 300, LIGHT)
    draw(board, BOX, panel)
    return board


@given(arrays.arrays(bool, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_what_is_masked_shows_no_number_and_is_hatched_as_recorded(masked: np.ndarray) -> None:
    figure = drawn(Panel(np.full(masked.shape, 0.5), WEIGHTS, masked)).figure()
    (heat,) = [t for t in figure.data if t.type == "heatmap"]
    np.testing.assert_array_equal(np.isnan(heat.z), masked)
    hatched = [t for t in figure.data if t.type == "scatter" and t.fillpattern.shape == "/"]
    assert bool(hatched) == masked.any()
    for trace in hatched:
        corners = np.array([[x, y] for x, y in zip(trace.x, trace.y, strict=True) if x is not None])
        area = sum(np.ptp(corners[i : i + 5], axis=0).prod() for i in range(0, len(corners), 5))
        cell = BOX.width * BOX.height / masked.size
        assert area == pytest.approx(masked.sum() * cell)


def test_without_a_mask_minus_infinity_is_masked() -> None:
    values = np.array([[0.2, -np.inf], [0.3, 0.7]])
    np.testing.assert_array_equal(Panel(values, WEIGHTS).hatched, np.isneginf(values))


@pytest.mark.parametrize("done", [1, 2, 4])
def test_rows_to_come_are_outlines_without_words(done: int) -> None:
    names = Edge(("a", "b", "c", "d"), 0, until=done)
    board = drawn(Panel(np.zeros((4, 3)), WEIGHTS, until=done, rows=names))
    (heat,) = [t for t in board.traces if t["type"] == "heatmap"]
    assert heat["z"].shape == (done, 3)
    assert len(words(board.figure())) == done
    outlines = [s for s in board.shapes if s["line"]["width"]]
    # Neighbours share their line, which is no pattern that two of them would blur.
    assert [s["y0"] for s in outlines] == [pytest.approx(BOX.row(i, 4).y) for i in range(done, 4)]
    assert {s["line"]["dash"] for s in outlines} <= {"solid"}


def test_a_row_without_numbers_has_no_ground() -> None:
    board = drawn(Panel(np.full((1, 3), np.nan), WEIGHTS, across=0))
    assert [s["x1"] - s["x0"] for s in board.shapes if s.get("fillcolor") == LIGHT.grid] == [0]


def test_texts_stand_on_the_points_that_answer_else_among_the_words() -> None:
    values = np.zeros((2, 2))
    texts = Texts(("p", "q", "", "s"), ("#000000",) * 4, 14)
    still = drawn(Panel(values, WEIGHTS, texts=texts)).figure()
    assert [w.text for w in words(still)] == ["p", "q", "s"]
    clicks = Clicks(every_cell((2, 2)), hover=["h"] * 4)
    (points,) = cells(drawn(Panel(values, WEIGHTS, texts=texts, clicks=clicks)).figure())
    assert list(points.text) == ["p", "q", "", "s"]
    assert [tuple(pair) for pair in points.customdata] == every_cell((2, 2))


def test_frames_of_tiny_cells_stand_around_what_they_mark() -> None:
    for count, air in ((5, 0.0), (40, 4.0)):
        board = Board(500, 300, LIGHT)
        mark(board, BOX, (count, count), Marks(2, 3))
        row, column, cell = board.shapes
        assert row["y0"] == pytest.approx(BOX.row(2, count).y - air)
        assert column["x0"] == pytest.approx(BOX.column(3, count).x - air)
        assert cell["x1"] == pytest.approx(BOX.cell(2, 3, (count, count)).right + air)


def test_a_row_or_column_that_is_not_chosen_has_no_frame() -> None:
    for marks, frames in ((Marks(), 0), (Marks(row=1), 1), (Marks(column=1), 1), (Marks(1, 1), 3)):
        board = Board(500, 300, LIGHT)
        mark(board, BOX, (3, 3), marks)
        assert len(board.shapes) == frames


@given(st.integers(1, 300), st.integers(1, 300))
def test_spaced_cells_are_few_and_lie_in_the_matrix(rows: int, columns: int) -> None:
    found, side = spaced_cells(BOX, (rows, columns), (36, 36))
    assert 1 <= len(found) <= 36 * 36
    assert all(0 <= i < rows and 0 <= j < columns for i, j in found)
    assert side > 0
