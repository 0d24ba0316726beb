"""What the cost page draws: cells and curves where their numbers are, tiles as they are read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.cost.layers import LAYERS, MEASURES, LayerSizes, count
from models.cost.tiles import tiled
from models.cost.timings import RUNS, stored
from tests.viz.sentences import style
from viz.board.board import CELLS, Figure
from viz.cost import layers_formulas, tiles_formulas
from viz.cost.layers import ORDERS, Costs, costs
from viz.cost.tiles import Walk, walk
from viz.cost.units import duration, size
from viz.formula.writer import Writer

STYLE, FORMULA = style("en", "cost.figure"), style("en", "cost.formula")
COSTS = Costs(LayerSizes(512, 64, 3, 64), stored().lengths, stored(), 2, 1)
ROW = tiled(np.array([1.0, 0.0, 3.0, -np.inf, 2.0]), np.arange(15.0).reshape(5, 3) - 7, 2)


def words(figure: Figure) -> str:
    return " ".join(word for trace in figure.data if trace.text is not None for word in trace.text)


def test_every_cell_says_its_order_and_its_number() -> None:
    shown = words(costs(COSTS, STYLE))
    for layer in LAYERS:
        for measure in MEASURES:
            assert f"O({ORDERS[layer, measure]})" in shown
            number = count(layer, measure, COSTS.sizes)
            assert f"<b>{STYLE.notation.grouped(number)}</b>" in shown


def test_every_cell_answers_a_click() -> None:
    (cells,) = (trace for trace in costs(COSTS, STYLE).data if trace.name == CELLS)
    carried = {tuple(one) for one in cells.customdata}
    assert carried == {(row, column) for row in range(4) for column in range(3)}


def test_each_plane_has_a_curve_a_layer() -> None:
    lengths = len(COSTS.lengths)
    curves = [
        trace
        for trace in costs(COSTS, STYLE).data
        if "lines" in (trace.mode or "") and trace.x is not None and len(trace.x) == lengths
    ]
    assert len(curves) == len(LAYERS) + 2 * len(RUNS)
    for curve in curves:
        assert (np.diff(np.asarray(curve.y)) <= 0).all()  # nothing gets cheaper with length


def test_a_width_beyond_all_lengths_has_no_crossing() -> None:
    wide = replace(COSTS, sizes=LayerSizes(512, 8192, 3, 64))
    assert "n = d" in words(costs(COSTS, STYLE))
    assert "n = d" not in words(costs(wide, STYLE))


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("measure", MEASURES)
def test_a_cell_s_formula_ends_with_its_number(layer: str, measure: str) -> None:
    found = layers_formulas.cell(layer, measure, COSTS.sizes, Writer(FORMULA))  # type: ignore[arg-type]
    number = count(layer, measure, COSTS.sizes)  # type: ignore[arg-type]
    assert FORMULA.notation.tex_grouped(number) in found


def test_only_the_tile_that_is_read_has_numbers() -> None:
    for step, shown, hidden in ((0, ("1.00", "0.00"), "3.00"), (1, ("3.00",), "2.00")):
        said = words(walk(Walk(ROW, step, "abcde", "q", 0), STYLE)).split()
        assert set(shown) <= set(said)
        assert hidden not in said
    done = walk(Walk(ROW, 3, "abcde", "q", 0), STYLE)
    assert "o / ℓ" in words(done)
    assert "0.00" not in words(done).split()


def test_each_dimension_of_what_is_carried_answers_a_click() -> None:
    figure = walk(Walk(ROW, 1, "abcde", "q", 2), STYLE)
    carried = {tuple(one) for t in figure.data if t.name == CELLS for one in t.customdata}
    assert carried == {(0,), (1,), (2,)}


def test_a_tile_s_formulas_end_with_what_is_carried() -> None:
    w, tile = Writer(FORMULA), ROW.tiles[1]
    assert rf"\mathbf{{{w.number(tile.after.m, 3)}}}" in tiles_formulas.maximum(tile, w)
    assert rf"\mathbf{{{w.number(tile.kept, 4)}}}" in tiles_formulas.maximum(tile, w)
    assert rf"\mathbf{{{w.number(tile.after.l, 3)}}}" in tiles_formulas.total(tile, w)
    assert rf"\mathbf{{{w.number(tile.after.o[2], 4)}}}" in tiles_formulas.outputs(tile, 2, w)
    assert w.number(ROW.end.output[2], 4) in tiles_formulas.division(ROW.end, 2, w)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(7.1e-4, "710 µs"), (0.0019, "1.9 ms"), (0.9996, "1.0 s"), (12, "12 s")]
)
def test_a_duration_has_the_unit_that_suits_it(seconds: float, shown: str) -> None:
    assert duration(seconds, STYLE.notation) == shown


@pytest.mark.parametrize(
    ("count", "shown"), [(512, "510 B"), (2_097_152, "2.1 MB"), (999_999, "1.0 MB")]
)
def test_bytes_have_the_unit_that_suits_them(count: int, shown: str) -> None:
    assert size(count, STYLE.notation) == shown
