"""The drawing board: places in pixels, colours of numbers, hatching, ribbons."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.trace import Floats
from tests.viz.figures import cells, inside, ribbons, words
from viz.board.board import Board, Box, Shading, number_inks, symmetric
from viz.board.theme import DARK, LIGHT, contrast

BOX = Box(10, 20, 300, 240)
SHAPES = st.tuples(st.integers(1, 9), st.integers(1, 9))
MASKS = SHAPES.flatmap(lambda shape: arrays(np.bool_, shape))


def board() -> Board:
    return Board(400, 300, LIGHT)


@given(SHAPES)
def test_cells_tile_their_box_and_centres_lie_in_the_middle(shape: tuple[int, int]) -> None:
    x, y = BOX.centres(shape)
    area = 0.0
    for place, (row, column) in enumerate(np.ndindex(*shape)):
        cell = BOX.cell(row, column, shape)
        area += cell.width * cell.height
        assert (x[place], y[place]) == pytest.approx(
            ((cell.x + cell.right) / 2, (cell.y + cell.bottom) / 2)
        )
        assert BOX.row(row, shape[0]).y == pytest.approx(cell.y)
        assert BOX.column(column, shape[1]).x == pytest.approx(cell.x)
    assert area == pytest.approx(BOX.width * BOX.height)
    last = BOX.cell(shape[0] - 1, shape[1] - 1, shape)
    assert (last.right, last.bottom) == pytest.approx((BOX.right, BOX.bottom))


@given(MASKS)
def test_stripes_lie_on_every_masked_cell_and_on_no_other(masked: np.ndarray) -> None:
    drawn = board()
    drawn.hatch(masked, BOX)
    stripes = drawn.figure().data
    assert len(stripes) == int(masked.any())
    for place, (x, y) in enumerate(zip(*BOX.centres(masked.shape), strict=True)):
        striped = bool(stripes) and inside(stripes[0], x, y)
        assert striped == masked.ravel()[place]


def test_a_masked_cell_is_grey_with_stripes_in_both_themes() -> None:
    for theme in (LIGHT, DARK):
        drawn = Board(400, 300, theme)
        drawn.hatch(np.array([[True, False]]), BOX)
        pattern = drawn.figure().data[0].fillpattern
        assert pattern.shape == "/"
        assert (pattern.bgcolor, pattern.fgcolor) == (theme.mask, theme.hatch)


def test_a_matrix_keeps_its_numbers_and_leaves_infinities_open() -> None:
    values = np.array([[0.25, -np.inf, 3.0], [np.nan, -1.5, 0.0]])
    drawn = board()
    drawn.matrix(values, BOX, Shading(LIGHT.scores, -3, 3))
    trace = drawn.figure().data[0]
    assert np.array_equal(trace.z, np.where(np.isfinite(values), values, np.nan), equal_nan=True)
    assert trace.z.dtype == np.float32, "sent as binary"
    assert (trace.zmin, trace.zmax) == (-3, 3)
    assert (trace.x0, trace.dx, trace.y0, trace.dy) == pytest.approx((60, 100, 80, 120))


@given(arrays(np.float64, (3, 4), elements=st.floats(-1e6, 1e6) | st.just(-np.inf)))
def test_a_diverging_shading_is_centred_and_just_holds_all_numbers(values: Floats) -> None:
    shading = symmetric(values, LIGHT.scores)
    finite = np.abs(values[np.isfinite(values)])
    largest = finite.max() if finite.size else 0
    assert shading.low == -shading.high < 0
    assert largest == 0 or shading.high == largest
    assert shading.colour(0) == LIGHT.page


@given(arrays(np.float64, (3, 4), elements=st.floats(0, 1)), st.sampled_from([LIGHT, DARK]))
def test_a_cells_number_reads_on_the_cells_colour(values: Floats, theme: object) -> None:
    colours = LIGHT if theme is LIGHT else DARK
    shading = Shading(colours.weights, 0, 1)
    for value, ink in zip(values.ravel(), number_inks(values, shading, colours.muted), strict=True):
        assert contrast(ink, shading.colour(float(value))) >= 4.5


def test_points_carry_what_they_were_given_and_else_their_place() -> None:
    drawn = board()
    drawn.cells(BOX, (2, 3))
    drawn.cells(BOX, (2, 3), at_cells=[(1, 2), (0, 0)], ids=[[7, 9], [0, 0]])
    everywhere, some = cells(drawn.figure())
    assert [list(c) for c in everywhere.customdata] == [list(p) for p in np.ndindex(2, 3)]
    assert [list(c) for c in some.customdata] == [[7, 9], [0, 0]]
    assert list(some.x) == [260, 60]
    assert list(some.y) == [200, 80]


def test_clickable_points_stay_invisible_when_they_are_chosen() -> None:
    drawn = board()
    drawn.cells(BOX, (2, 3))
    (points,) = cells(drawn.figure())
    assert points.marker.opacity == 0
    assert points.selected.marker.opacity == 0
    assert points.unselected.marker.opacity == 0


def test_a_ribbon_runs_from_place_to_place_and_ribbons_do_not_join() -> None:
    drawn = board()
    drawn.curves([((0, 5), (100, 50)), ((0, 60), (100, 70))], LIGHT.q, 3)
    drawn.curves([], LIGHT.q, 3)
    (shape,) = drawn.figure().layout.shapes
    assert ribbons(shape.path) == [((0, 5), (100, 50)), ((0, 60), (100, 70))]
    assert (shape.line.color, shape.line.width) == (LIGHT.q, 3)


def test_the_scale_bars_ticks_stand_at_their_values() -> None:
    drawn = board()
    drawn.scale_bar(Box(100, 10, 200, 12), Shading(LIGHT.weights, 0, 1), [(0, "0"), (0.5, "½")])
    assert [(w.x, w.text) for w in words(drawn.figure())] == [(100, "0"), (200, "½")]
    ramp = drawn.figure().data[0].z
    assert (ramp[0, 0], ramp[0, -1]) == (0, 1)


def test_a_figure_is_json_and_its_axes_are_the_boards_pixels() -> None:
    drawn = board()
    drawn.text(1, 2, "ş", size=20)
    drawn.frame(BOX, LIGHT.q)
    figure = drawn.figure()
    json.loads(figure.to_json())
    assert tuple(figure.layout.xaxis.range) == (0, 400)
    assert tuple(figure.layout.yaxis.range) == (300, 0)
    assert figure.layout.height == 300
    assert figure.layout.width is None, "as wide as its place on the page"


def test_a_line_down_leaves_out_the_words_it_would_cross() -> None:
    board = Board(400, 300, LIGHT)
    board.upright(100, (50, 250), LIGHT.ink, 2)
    board.text(90, 100, "<b>far</b> off", size=20, anchor="middle right")  # lies on the line
    board.text(90, 150, "aside", size=20, anchor="middle left")
    board.text(100, 280, "below", size=20)
    board.text(100, 240, "end", size=20, anchor="bottom center")
    (line, _) = board.figure().data
    assert set(line.x) == {100}
    np.testing.assert_allclose(line.y, [50, 87.5, np.nan, 112.5, 240, np.nan, 250, 250])
