"""The depth view's figure, sums and sentence: places and numbers are the stacks' own."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest

from models.neuron import depth as stacks
from models.neuron.depth import WAYS, Bend, StackComparison, Start, Way
from pages.ui.text import labels
from tests.viz.figures import NOTATION, cells, checked, plain, words
from tests.viz.sentences import BOTH, read, style
from viz.board.board import Box
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.formula.writer import Writer
from viz.neuron import depth_formulas, depth_now
from viz.neuron.depth import LOOKS, NARROW, WIDE, Deep, depth, size

EVERY_WAY = pytest.mark.parametrize("way", WAYS)


@cache
def found(blocks: int, bend: Bend = "tanh", start: Start = "linear") -> StackComparison:
    return stacks.comparison(blocks, bend, start)


def looks(theme: Theme = LIGHT, *, narrow: bool = False) -> Style:
    return Style(theme, NOTATION, labels("neuron.depth.figure"), narrow=narrow)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("blocks", [2, 16])
def test_every_figure_is_one_that_plotly_knows_and_stays_inside(
    theme: Theme, narrow: bool, blocks: int
) -> None:
    layout = NARROW if narrow else WIDE
    for way in WAYS:
        figure = depth(Deep(found(blocks), way, 2), looks(theme, narrow=narrow))
        checked(figure)
        for word in words(figure):
            assert 0 <= word.x <= layout.width
            assert 0 <= word.y <= layout.height


def heights(box: Box, figure: object, colour: str) -> np.ndarray:
    """y in pixels of a colour's longest line inside a box."""
    lines = [
        one
        for one in figure.data  # type: ignore[attr-defined]
        if one.type == "scatter" and "lines" in one.mode and one.line.color == colour
        and min(one.x) > box.x - 1 and max(one.x) < box.right + 1
    ]  # fmt: skip
    return np.array(max(lines, key=lambda one: len(one.x)).y, np.float64)


@EVERY_WAY
def test_lines_are_the_signal_and_the_gradient_by_layer(way: Way) -> None:
    shown = found(8)
    figure = depth(Deep(shown, way, 3), looks())
    for box, name in ((WIDE.signal, "signal"), (WIDE.gradient, "sizes")):
        drawn = {w: heights(box, figure, getattr(LIGHT, LOOKS[w][0])) for w in WAYS}
        every = np.concatenate([drawn[w] for w in WAYS])
        values = np.log10(np.concatenate([getattr(shown.stacks[w], name) for w in WAYS]))
        slope, offset = np.polyfit(values, every, 1)
        assert slope < 0
        assert every == pytest.approx(slope * values + offset, abs=0.01)


def test_the_gradient_is_read_from_the_last_layer_to_the_first() -> None:
    figure = depth(Deep(found(8), "plain", 3), looks())
    ticks = {plain(w.text): w.x for w in words(figure) if plain(w.text) in ("2", "8") and w.y > 552}
    assert ticks["2"] > ticks["8"] > WIDE.gradient.x - 1  # of two panels the last one stays
    y = heights(WIDE.gradient, figure, LIGHT.state_h)
    assert y[8] < y[0]


def test_labels_at_the_ends_say_each_ways_last_number() -> None:
    shown = found(8)
    said = [plain(w.text) for w in words(depth(Deep(shown, "norm", 1), looks()))]
    for way in WAYS:
        one = shown.stacks[way]
        assert size(float(one.signal[-1]), looks()) in said
        assert size(float(one.sizes[0]), looks()) in said
        assert said.count(labels("neuron.depth.figure")[way]) == 2


def test_a_click_on_a_line_opens_its_way_at_that_block() -> None:
    figure = depth(Deep(found(4), "both", 2), looks())
    carried = {tuple(id_) for trace in cells(figure) for id_ in trace.customdata}
    assert carried == {(way, block) for way in range(4) for block in range(1, 5)}


def numbers(tex: str) -> list[float]:
    tex = re.sub(r"\s*\\cdot 10\^\{(-?\d+)\}", r"e\1", tex)
    return [float(one) for one in re.findall(r"(?<![_{\w.])-?\d+\.\d+(?:e-?\d+)?", tex)]


@EVERY_WAY
@pytest.mark.parametrize("at", [1, 5, 8])
def test_sums_come_to_the_stacks_numbers(way: Way, at: int) -> None:
    one = found(8).stacks[way]
    w = Writer(Style(LIGHT, Notation(), {}), 4)
    bold = re.findall(r"\\mathbf\{((?:[^{}]|\{[^{}]*\})*)\}", depth_formulas.backwards(one, at, w))
    assert numbers(bold[-1])[0] == pytest.approx(float(one.sizes[at - 1]), rel=1e-3)
    bold = re.findall(r"\\mathbf\{((?:[^{}]|\{[^{}]*\})*)\}", depth_formulas.forwards(one, at, w))
    assert numbers(bold[-1])[0] == pytest.approx(float(one.signal[at]), rel=1e-3)


@pytest.mark.parametrize("way", ["residual", "both"])
def test_the_three_parts_of_the_square_add_up(way: Way) -> None:
    one = found(8).stacks[way]
    tex = depth_formulas.backwards(one, 3, Writer(Style(LIGHT, Notation(), {}), 4))
    row = next(part for part in tex.split(r"\\ ") if part.lstrip().startswith("&="))
    first, second, third, total = numbers(row.replace("(", "").replace(")", ""))
    assert first + second + third == pytest.approx(total, rel=1e-3)
    assert total == pytest.approx(float(one.sizes[2]) ** 2, rel=1e-3)
    assert first == pytest.approx(float(one.sizes[3]) ** 2, rel=1e-3)


@BOTH
@EVERY_WAY
def test_the_sentence_names_all_four_and_the_block(language: str, way: Way) -> None:
    shown = found(8)
    for at, then in ((3, "next"), (8, "last")):
        look = style(language, "neuron.depth.figure", "neuron.depth.now")
        said, after = depth_now.depth(Deep(shown, way, at), look)
        one = shown.stacks[way]
        for value in (
            *(s.sizes[0] for s in shown.stacks.values()),
            one.sizes[at],
            one.sizes[at - 1],
        ):
            assert size(float(value), look) in read(said)
        assert read(after) == look.labels[then]
