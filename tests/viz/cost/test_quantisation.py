"""The figures and sums of quantisation: every number drawn is the block's or the model's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models.catalog import load
from models.cost.bits import quantised
from models.cost.block_source import block as block_of
from models.cost.quantisation import BITS, FULL
from models.recording.ranking import vocabulary
from pages.ui.text import labels
from tests.viz.figures import NOTATION, cells, words
from tests.viz.sentences import BOTH, read, style
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.cost import quantisation_formulas as written
from viz.cost import quantisation_now as now
from viz.cost.quantisation import ChosenWeight, block
from viz.cost.quantisation_bits import BitsCompared, bits_compared
from viz.formula.writer import Writer

BLOCK = block_of("gpt-mini", "q", 3, 0, 0)
FOUND = [quantised(load("gpt-mini"), "The cat that saw the dogs", one) for one in (FULL, *BITS)]
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def looks(theme: Theme = LIGHT) -> Style:
    both = labels("cost.quantisation.figure") | labels("cost.quantisation.formula")
    return Style(theme, NOTATION, both)


def compared(chosen: int = 2) -> BitsCompared:
    return BitsCompared(FOUND, chosen, 3, 1, 6, 0, vocabulary(load("gpt-mini")))


def inside(figure: Any) -> None:
    width, height = figure.layout.xaxis.range[1], figure.layout.height
    for one in figure.data:
        if one.type == "scatter" and one.x is not None:
            x, y = (np.array([v for v in part if v is not None], float) for part in (one.x, one.y))
            assert ((x >= -1) & (x <= width + 1)).all()
            assert ((y >= -1) & (y <= height + 1)).all()


@THEMES
def test_the_block_shows_all_bytes_halves_and_weights(theme: Theme) -> None:
    figure = block(ChosenWeight(BLOCK, 20), looks(theme))
    inside(figure)
    shown = " ".join(one.text for one in words(figure))
    for byte in BLOCK.data.tolist():
        assert f"{byte:02X}" in shown
    for weight in BLOCK.weights.tolist():
        assert NOTATION.fixed(weight, 3) in shown
    halves = [one.z for one in figure.data if one.type == "heatmap"][:2]
    assert np.array_equal(np.concatenate(halves, axis=None), BLOCK.halves)


def test_a_click_on_a_half_or_a_weight_chooses_it() -> None:
    (found,) = cells(block(ChosenWeight(BLOCK, 3), looks()))
    assert {tuple(one) for one in found.customdata} == {(n,) for n in range(32)}
    assert len(found.customdata) == 64


def test_the_sums_come_to_the_weight() -> None:
    w = Writer(looks())
    upper, lower = (ChosenWeight(BLOCK, n) for n in (20, 4))
    assert (upper.byte, lower.byte) == (25, 25)
    assert r"\lfloor 25 / 16 \rfloor" in written.whole_number(upper, w)
    assert r"25 \bmod 16" in written.whole_number(lower, w)
    assert f"{upper.value:.6f}" in written.weight(upper, w)
    assert "2A82" in written.header(upper, w)
    assert r"\mathbf{5}" in written.size(w)
    assert f"{abs(upper.value - float(BLOCK.before[20])):.5f}" in written.rounding(upper, w)  # type: ignore[index]


@THEMES
def test_five_maps_show_the_heads_own_weights(theme: Theme) -> None:
    drawn = compared()
    figure = bits_compared(drawn, looks(theme))
    inside(figure)
    maps = [one.z for one in figure.data if one.type == "heatmap"]
    assert len(maps) == len(FOUND)
    for place, shown in enumerate(maps):
        own, there = drawn.weights(place), np.isfinite(shown)
        assert np.array_equal(np.tril(np.ones(own.shape, bool)), there)
        assert np.allclose(shown[there], own[there])
    shown_words = " ".join(one.text for one in words(figure))
    for one in FOUND:
        assert NOTATION.fixed(one.held_out, 3) in shown_words


def test_a_click_on_a_map_chooses_its_bits_and_the_cell() -> None:
    ids = [
        tuple(one)
        for trace in cells(bits_compared(compared(), looks()))
        for one in trace.customdata
    ]
    assert len(ids) == 5 * 28
    assert {one[0] for one in ids} == set(range(5))


def test_the_loss_is_written_out_token_by_token() -> None:
    tex = written.loss(FOUND[2], Writer(looks()))
    for one in FOUND[2].losses.tolist():
        assert f"{one:.2f}" in tex
    assert f"{FOUND[2].loss:.4f}" in tex
    total = NOTATION.tex_grouped(FOUND[2].bytes)
    assert total in written.bytes_of(FOUND[2], Writer(looks()))


@BOTH
def test_the_sentences_say_what_is_drawn(language: str) -> None:
    speak = style(language, "cost.quantisation.now")
    for weight in (0, 31):
        said = read(now.block(ChosenWeight(BLOCK, weight), speak).said)
        assert str(int(BLOCK.halves[weight])) in said
    for chosen in range(5):
        assert read(now.fewer(compared(chosen), speak).said)
