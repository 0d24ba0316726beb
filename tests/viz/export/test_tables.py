"""Tables hold the numbers that a figure shows, under headings that can be read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from viz.board.board import Board, Box, Shading
from viz.board.notation import Notation, for_html
from viz.board.plane import Plane
from viz.board.theme import LIGHT
from viz.export import tables
from viz.export.layers import GROUND
from viz.export.readout import Saying
from viz.export.readout import tables as read_out

WORDS = ("it", "<b>", "it")
SAYING = Saying(Notation(","), LIGHT, {"main": "Map"}, "Figure", "Place", "Curve", "written")
SHADING = Shading(LIGHT.weights, 0.0, 1.0)
BOX = Box(100, 50, 300, 200)


def read(board: Board) -> tuple[tables.HeadedTable, ...]:
    return read_out({"main": board.figure()}, SAYING)


def test_marks_that_say_row_column_and_number_are_a_matrix() -> None:
    values = np.arange(6).reshape(2, 3) / 7
    said = [
        f"{for_html('ab'[i])} → {for_html(WORDS[j])}: {SAYING.notation.fixed(values[i, j], 4)}"
        for i in range(2)
        for j in range(3)
    ]
    board = Board(500, 300, LIGHT)
    board.matrix(values, BOX, SHADING)
    board.cells(BOX, (2, 3), hover=said)
    (found,) = map(tables.cut, read(board))
    assert found.name == "Map"
    assert found.columns == ("it", "<b>", "it (2)")
    assert [head for head, _ in found.rows] == ["a", "b"]
    assert found.rows[0][1] == ("0,0000", "0,1429", "0,2857")
    assert found.rows[1][1] == ("0,4286", "0,5714", "0,7143")


def test_marks_with_several_numbers_are_a_list() -> None:
    board = Board(500, 300, LIGHT)
    said = [f"unit {n} · f = {n / 8:.3f} · {10 * n} %" for n in (1, 2, 3)]
    board.clicks(np.array([10.0, 40, 70]), np.array([5.0, 90, 30]), [[1], [2], [3]], 9, said)
    (found,) = read(board)
    assert (found.corner, found.columns) == ("unit", ("f", "Place"))
    assert found.rows[2] == ("3", ("0.375", "30 %"))


def test_points_that_only_answer_clicks_are_no_table() -> None:
    board = Board(500, 300, LIGHT)
    said = [f"step {n // 2}" for n in range(8)]
    board.clicks(np.arange(8.0), np.zeros(8), [[n] for n in range(8)], 9, said)
    board.note(0, 0, "so it is")
    (found,) = read(board)
    assert found.rows == (("so it is", ()),)


def test_marks_that_only_name_rows_leave_the_numbers_to_what_is_written() -> None:
    """As `gpt`'s candidates: the mark says the token, its logit stands beside it."""
    board = Board(500, 300, LIGHT)
    said = ["king", "queen"]
    board.clicks(np.array([50.0, 50]), np.array([20.0, 60]), [[1], [2]], 9, said)
    for y, word, logit in ((20, "king", "9,46"), (60, "queen", "8,12")):
        board.note(10, y, word)
        board.note(200, y, logit)
    (found,) = read(board)
    assert found.name == "Map · written"
    assert "9,46" in str(found.rows)
    assert "8,12" in str(found.rows)


def test_words_one_below_another_are_columns_below_what_heads_them() -> None:
    """Heads begin before their numbers; two rows are marked, one has a word in a number's place."""
    board = Board(500, 300, LIGHT)
    for x, head in ((90, "score"), (250, "share"), (430, "drawn")):
        board.text(x, 10, head, anchor="middle right")
    rows = (("king", 150, "9,46", "0,7"), ("queen", 150, "8,12", "0,2"), ("cat", 95, "−∞", "0"))
    for y, (word, x, score, share) in zip((40, 90, 140), rows, strict=True):
        board.text(80, y, word, anchor="middle left")
        board.text(x, y, score, anchor="middle right")
        board.text(340, y, share, anchor="middle right")
    board.text(95, 190, "−∞", anchor="middle right")
    board.text(340, 190, "0", anchor="middle right")
    for y in (90, 140):
        board.text(4, y, "▶", anchor="middle right")
    board.note(95, 115, "2 stay")
    board.note(440, 40, "u")
    (found,) = read(board)
    assert found.columns == ("score", "share", "drawn")
    assert found.rows == (
        ("king", ("9,46", "0,7", "u")),
        ("▶ queen", ("8,12", "0,2", "")),
        ("2 stay", ("", "", "")),
        ("▶ cat", ("−∞", "0", "")),
        ("−∞", ("", "0", "")),  # led by its first word, which is no other row's
    )


def test_a_matrix_that_says_nothing_is_read_with_the_words_beside_it() -> None:
    board = Board(500, 300, LIGHT)
    board.matrix(np.array([[0.25, -np.inf], [1, 0.5]]), BOX, SHADING)
    board.scale_bar(Box(0, 280, 90, 10), SHADING, [])
    for y, word in ((100, "cats"), (200, "dogs")):
        board.note(40, y, word)
    board.slanted(250 + 75, 48, "bark", size=12, colour=LIGHT.ink)
    (found,) = read(board)
    assert found.columns == ("0", "bark")
    assert found.rows == (("cats", ("0,2500", "–")), ("dogs", ("1,0000", "0,5000")))


@pytest.mark.parametrize("log", [False, True])
def test_a_curve_is_read_by_its_axes(log: bool) -> None:
    board = Board(500, 300, LIGHT)
    plane = Plane(BOX, (0, 4), (-1, 2), y_log=log)
    y = np.array([0.5, 1.25, 7.0, 20.0, 2.0])
    plane.draw(board, [])
    plane.curve(board, np.arange(5), y, LIGHT.q, 2)
    plane.numbers(board, [0, 1, 2, 3, 4], 2)
    board.text(450, 60, "RNN", colour=LIGHT.q)
    (found,) = read(board)
    assert found.columns == ("RNN",)
    read_ = ["0,5000", "1,250", "7,000", "20,00", "2,000"] if log else ["0,5000", "1,250"]
    assert [cells[0] for _, cells in found.rows][: len(read_)] == read_
    assert [head for head, _ in found.rows] == ["0", "1", "2", "3", "4"]
    assert log or found.rows[2][1] == ("≥ 2",)  # what lies beyond is drawn on the edge


def test_large_numbers_of_a_curve_are_grouped() -> None:
    board = Board(500, 300, LIGHT)
    plane = Plane(BOX, (0, 3), (3, 8), y_log=True)
    plane.curve(board, np.arange(3), [12345.0, 2e4, 3.5e6], LIGHT.q, 2)
    (found,) = read_out({"main": board.figure()}, replace(SAYING, notation=Notation()))
    assert [cells for _, cells in found.rows] == [("12,345",), ("20,000",), ("3.500·10⁶",)]


def test_layers_are_one_figure_and_one_without_numbers_gives_its_words() -> None:
    ground, top = Board(500, 300, LIGHT), Board(500, 300, LIGHT)
    ground.note(0, 20, "second")
    top.note(90, 2, "first")
    top.note(200, 4, "line")
    figures = {"main" + GROUND: ground.figure(), "main": top.figure()}
    (found,) = read_out(figures, SAYING)
    assert found.name == "Map · written"
    assert found.rows == (("first", ("line",)), ("second", ()))


def test_an_array_is_cut_and_says_so() -> None:
    values = np.arange(2 * 300 * 50, dtype=np.float32).reshape(2, 300, 50)
    values[0, 1, :3] = -np.inf, np.nan, 1e-6
    found = tables.array("w", values, (("İ", "ı"), None, None), Notation(","))
    assert found.whole == (600, 50)
    assert (len(found.rows), len(found.columns)) == (tables.MOST_ROWS, tables.MOST_COLUMNS)
    assert found.rows[1][0] == "İ · 1"
    assert found.rows[1][1][:4] == ("−∞", "–", "1,0·10⁻⁶", "53,0000")
    one = tables.array("b", np.array([12_345, 2]), (("a", "a"),), Notation())
    assert one.rows == (("a", ("12,345",)), ("a (2)", ("2",)))
