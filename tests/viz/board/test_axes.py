"""Tokens along a matrix's edges, the marks of the chosen cell, and what answers a click."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.viz.figures import HOSTILE, LABELS, NOTATION, cells, plain, words
from viz.board.axes import (
    MOST_CLICKABLE,
    Axes,
    Choice,
    axis_names,
    column_edge,
    keys,
    label_size,
    matrix_box,
    queries,
    row_edge,
    shown_labels,
    side_width,
)
from viz.board.board import Board, Shading
from viz.board.panel import Marks, Panel, draw, mark, token_clicks, token_texts, written
from viz.board.theme import LIGHT


def square(*tokens: str, chosen: tuple[int, int] = (0, 0)) -> Axes:
    return Axes(tokens, tokens, Choice(*chosen))


def labelled(axes: Axes) -> tuple[Board, object]:
    board = Board(700, 600, LIGHT)
    places = {"query_axis": -40, "query_axis_2": -18}
    box = matrix_box(board, axes, top=104, bottom=50, names=[LABELS[name] for name in places])
    row_edge(board, box, queries(axes))
    column_edge(board, box, keys(axes))
    axis_names(board, box, LABELS, places)
    return board, box


def test_equal_tokens_stay_apart() -> None:
    board, _ = labelled(square("the", "the", "the", "cat"))
    same = [w for w in words(board.figure()) if plain(w.text) == "the"]
    rows = {w.y for w in same if w.x == min(w.x for w in same)}
    columns = {a.x for a in board.figure().layout.annotations if plain(a.text) == "the"}
    assert len(rows) == len(columns) == 3


@pytest.mark.parametrize("token", HOSTILE)
def test_a_hostile_token_is_text_on_both_axes(token: str) -> None:
    board, _ = labelled(square(token, "cat", chosen=(0, 0)))
    for word in words(board.figure()):
        assert "<" not in re.sub(r"</?b>", "", word.text).replace("\u2068", "")
        assert plain(word.text).strip()
    bold = [w.text for w in words(board.figure()) if w.text.startswith("<b>")]
    assert len(bold) == 2, "the chosen query and the chosen key, nothing that was typed"


def test_the_chosen_tokens_are_bold_in_their_own_colours() -> None:
    board, _ = labelled(square("a", "b", "c", chosen=(1, 2)))
    bold = {plain(w.text): w.colour for w in words(board.figure()) if w.text.startswith("<b>")}
    assert bold == {"b": LIGHT.q, "c": LIGHT.k}


def test_both_axes_say_which_is_query_and_which_is_key() -> None:
    board, _ = labelled(square("a", "b"))
    shown = {w.text for w in words(board.figure())}
    assert {LABELS["query_axis"], LABELS["query_axis_2"]} <= shown


@pytest.mark.parametrize("count", [2, 8, 13, 40, 64, 200, 512])
def test_the_matrix_and_its_labels_stay_on_the_board(count: int) -> None:
    axes = square(*(f"word{i}" for i in range(count)))
    board = Board(700, 600, LIGHT)
    box = matrix_box(board, axes, top=104, bottom=50)
    assert box.right <= board.width
    assert box.bottom <= board.height - 50
    assert box.x >= side_width(axes.queries, label_size(box.height / count))
    assert box.width > 0


@given(st.integers(1, 600), st.data())
def test_the_chosen_token_always_has_its_label_and_labels_do_not_touch(
    count: int, data: st.DataObject
) -> None:
    chosen = data.draw(st.integers(0, count - 1))
    pitch = 460 / count
    shown, size = shown_labels(count, chosen, pitch)
    assert chosen in shown
    assert set(shown) <= set(range(count))
    if len(shown) > 1:
        assert min(np.diff(shown)) * pitch >= size * 0.99


@given(st.integers(2, 120), st.data())
def test_a_click_carries_the_place_in_the_whole_text(count: int, data: st.DataObject) -> None:
    kept = sorted(data.draw(st.sets(st.integers(0, 400), min_size=count, max_size=count)))
    chosen = data.draw(st.tuples(*[st.integers(0, count - 1)] * 2))
    tokens = [f"w{i}" for i in kept]
    axes = Axes(tokens, tokens, Choice(*chosen), kept, kept)
    board = Board(700, 600, LIGHT)
    box = matrix_box(board, axes, top=100, bottom=50)
    shading = Shading(LIGHT.weights, 0, 1)
    values = np.zeros((count, count))
    draw(board, box, Panel(values, shading, clicks=token_clicks(axes, values, NOTATION)))
    (points,) = cells(board.figure())
    ids = [tuple(pair) for pair in points.customdata]
    for (query, key), x, y, hover in zip(ids, points.x, points.y, points.hovertext, strict=True):
        assert kept[int((y - box.y) / box.height * count)] == query
        assert kept[int((x - box.x) / box.width * count)] == key
        assert plain(hover).startswith(f"w{query} → w{key}: ")
    assert len(set(ids)) == len(ids)
    whole = {(q, k) for q in kept for k in kept}
    cross = {(q, k) for q, k in whole if q == kept[chosen[0]] or k == kept[chosen[1]]}
    assert set(ids) == (whole if count <= MOST_CLICKABLE else cross)


def test_the_marks_lie_around_the_chosen_row_column_and_cell() -> None:
    axes = square("a", "b", "c", chosen=(1, 2))
    board = Board(700, 600, LIGHT)
    box = matrix_box(board, axes, top=100, bottom=50)
    mark(board, box, axes.shape, Marks(*axes.cell))
    drawn = {s["line"]["color"]: (s["x0"], s["y0"], s["x1"], s["y1"]) for s in board.shapes}
    row, column, cell = box.row(1, 3), box.column(2, 3), box.cell(1, 2, (3, 3))
    for colour, part in ((LIGHT.q, row), (LIGHT.k, column), (LIGHT.ink, cell)):
        assert drawn[colour] == pytest.approx((part.x, part.y, part.right, part.bottom))


def test_numbers_disappear_where_there_is_no_room_for_them() -> None:
    for count, shown in ((8, True), (12, True), (30, False)):
        axes = square(*(f"w{i}" for i in range(count)))
        board = Board(700, 628, LIGHT)
        box = matrix_box(board, axes, top=104, bottom=50)
        values = np.full((count, count), 1 / count)
        shading = Shading(LIGHT.weights, 0, 1)
        texts = token_texts(values, box, shading, NOTATION, board)
        clicks = token_clicks(axes, values, NOTATION)
        draw(board, box, Panel(values, shading, texts=texts, clicks=clicks))
        (points,) = cells(board.figure())
        assert (points.text is not None) == shown


def test_a_masked_cell_says_minus_infinity_in_weights_and_in_scores() -> None:
    values = np.array([[-np.inf, 0.0]])
    for write in (NOTATION.share, NOTATION.fixed):
        texts = written(values, Shading(LIGHT.weights, 0, 1), 12, write).texts
        assert texts[0] == "−∞" != texts[1]
