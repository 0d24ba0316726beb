"""The neuron page's numbers: what stands on screen adds up, digit by digit."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import product

import pytest

from models.neuron.layers import two_layers
from models.neuron.unit import Function, Unit, unit
from pages.neuron import SLIDERS
from tests.viz.sentences import style
from viz.board.board import Figure
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.neuron import layers_formulas, unit_formulas
from viz.neuron.unit import unit as draw_unit
from viz.neuron.writer import ExactWriter, exact, places

STYLE = Style(LIGHT, Notation(), style("en", "neuron.figure").labels)
WRITER = ExactWriter(STYLE)
NUMBER = r"-?\d+\.\d+"
INPUTS, WEIGHTS = ((-4.5, -0.5, 0.5, 1.0, 3.5), (-4.75, -1.25, 0.25, 0.5))


def plain(tex: str) -> str:
    return re.sub(r"\\(textcolor|color)\{[^}]*\}|\\mathbf|[{}]", "", tex)


@pytest.mark.parametrize(
    ("value", "digits"),
    [(0.125, 3), (-22.875, 3), (0.25, 2), (0.0, 2), (1 / 3, 2), (0.0625, 2), (0.35 * 1.5, 3)],
)
def test_a_third_decimal_stands_only_where_it_makes_a_number_exact(
    value: float, digits: int
) -> None:
    assert places(value) == digits
    assert exact(STYLE, value) == Notation().fixed(value, digits)
    assert WRITER.number(value, 4) == Notation().tex(value, 4)  # as asked for


def one(x: tuple[float, ...], w: tuple[float, ...]) -> Unit:
    return unit(x, w, 0.25, Function("relu"))


def test_the_terms_that_are_written_add_up_to_the_sum_that_is_written() -> None:
    assert set(INPUTS) <= set(SLIDERS["x1"].choices)
    assert set(WEIGHTS) <= set(SLIDERS["w1"].choices)
    for x, w in product(product(INPUTS, repeat=2), product(WEIGHTS, repeat=2)):
        last = plain(unit_formulas.weighed(one(x, w), WRITER)).split("&=")[-1]
        *terms, total = map(Fraction, re.findall(NUMBER, last))
        assert len(terms) == 3
        assert sum(terms) == total


def words(figure: Figure) -> list[str]:
    return [re.sub("<.*?>", "", w) for t in figure.data if t.mode == "text" for w in t.text]


def test_the_products_that_are_drawn_are_exact() -> None:
    shown = words(draw_unit(one((0.5, -1.5), (0.25, 0.75)), STYLE))
    assert "w₁ · x₁ = 0.25 · 0.50 = 0.125" in shown
    assert "w₂ · x₂ = 0.75 · (−1.50) = −1.125" in shown
    assert shown.count("z = −0.75") == 3
    assert words(draw_unit(one((0.5, 0.0), (0.25, 0.75)), STYLE)).count("z = 0.375") == 3


def test_two_layers_are_written_exactly() -> None:
    found = two_layers((0.5, 1.0), (0.25, 0.5), Function("relu"))
    first, second = layers_formulas.stepwise(found, WRITER)
    assert "0.625" in first
    # W₁x = (0.625, 0.5); 1 · 0.625 − 2 · 0.5
    assert "-0.375" in plain(second)
    assert "-0.375" in plain(layers_formulas.at_once(found, WRITER)[1])
