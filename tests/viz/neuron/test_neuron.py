"""The neuron page's figures and sums: every number drawn is worked out anew."""

from __future__ import annotations

import re

import numpy as np
import pytest

from models.neuron.descent import STEPS, learning
from models.neuron.layers import two_layers
from models.neuron.loss import ChainRule
from models.neuron.unit import ACTIVATIONS, Activation, Function, Unit, unit
from tests.viz.figures import checked
from tests.viz.sentences import style
from viz.board.board import CELLS, Figure
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.formula.writer import Writer
from viz.neuron import layers_formulas, loss_formulas, unit_formulas
from viz.neuron.loss import Downhill
from viz.neuron.loss import loss as draw_loss
from viz.neuron.unit import VALUE, written
from viz.neuron.unit import unit as draw_unit

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
EVERY = pytest.mark.parametrize("name", ACTIVATIONS)
WORDS = style("en", "neuron.figure").labels
WRITER = Writer(Style(LIGHT, Notation(), WORDS))
LEARNED = learning((1.0, -2.0), 1, (1.5, 0.5, 0.5), 1.0)


def speak(theme: Theme = LIGHT) -> Style:
    return Style(theme, Notation(), WORDS)


def one(name: Activation, x: float = 1.0) -> Unit:
    return unit((x, -2.0), (1.5, 0.5), 0.5, Function(name))


def words(figure: Figure) -> list[str]:
    return [re.sub("<.*?>", "", w) for t in figure.data if t.mode == "text" for w in t.text]


def points(figure: Figure, colour: str, size: float) -> list[tuple[float, float]]:
    """Where marks of a colour and size stand."""
    found = [
        t
        for t in figure.data
        if t.type == "scatter" and t.marker.color == colour and t.marker.size == size
    ]
    return [(float(x), float(y)) for t in found for x, y in zip(t.x, t.y, strict=True)]


@BOTH
@EVERY
@pytest.mark.parametrize("x", [1.0, -3.0, 0.5, 5.0])
def test_a_unit_is_drawn_with_its_numbers(name: Activation, x: float, theme: Theme) -> None:
    found = one(name, x)
    figure = draw_unit(found, speak(theme))
    checked(figure)
    shown = words(figure)
    z = 1.5 * x - 1.0 + 0.5
    assert f"z = {Notation().fixed(z)}" in shown
    assert (
        f"a = {written(speak(), found.a, found.rest if found.function.bounded else None)}" in shown
    )
    given = Notation().fixed(x) if x >= 0 else f"({Notation().fixed(x)})"
    assert f"w₁ · x₁ = 1.50 · {given} = {Notation().fixed(1.5 * x)}" in shown
    assert "w₂ · x₂ = 0.50 · (−2.00) = −1.00" in shown


@EVERY
def test_the_mark_lies_on_the_curve_at_z(name: Activation) -> None:
    figure = draw_unit(one(name), speak())
    colour = getattr(LIGHT, VALUE)
    (mark,) = points(figure, colour, 15)
    curve = next(t for t in figure.data if t.mode == "lines" and t.line.color == colour
                 and t.line.width == 4)  # fmt: skip
    xs, ys = (np.asarray(v, np.float64) for v in (curve.x, curve.y))
    assert mark[1] == pytest.approx(float(np.interp(mark[0], xs, ys)), abs=1.0)
    # z = 1 of −6 … 6
    assert (mark[0] - xs[0]) / (xs[-1] - xs[0]) == pytest.approx(7 / 12, abs=1e-3)


def test_every_activation_answers_a_click_and_says_its_numbers() -> None:
    (cells,) = [t for t in draw_unit(one("tanh"), speak()).data if t.name == CELLS]
    assert [list(one) for one in cells.customdata] == [[n] for n in range(len(ACTIVATIONS))]
    assert cells.hovertext[2] == "ReLU: a = 1.000, a′ = 1.000"
    assert cells.hovertext[0] == "sigmoid: a = 0.731, a′ = 0.197"


@pytest.mark.parametrize(
    ("value", "rest", "shown"),
    [
        (0.5, 0.5, "0.500"),
        (1.0, 1.9e-22, "1 − 1.9·10⁻²²"),
        (-1.0, 1.9e-22, "−1 + 1.9·10⁻²²"),
        (1.9e-22, 1.0, "1.9·10⁻²²"),
        (1.0, None, "1.000"),
        (0.0, None, "0.000"),
    ],
)
def test_a_number_reads_neither_as_0_nor_as_1_where_it_is_not(
    value: float, rest: float | None, shown: str
) -> None:
    assert written(speak(), value, rest) == shown


def numbers(tex: str) -> list[float]:
    """The numbers in bold, as they read."""
    found = re.findall(r"\\mathbf\{((?:[^{}]|\{[^{}]*\})*)\}", tex)
    read = [re.sub(r"\s*\\cdot 10\^\{(.*?)\}", r"e\1", one) for one in found]
    return [float(one.replace(" ", "")) for one in read if not re.match(r"-?1 [-+]", one)]


@EVERY
@pytest.mark.parametrize("x", [1.0, -3.0, 0.5])
def test_sums_end_with_the_units_own_numbers(name: Activation, x: float) -> None:
    found = one(name, x)
    z = 1.5 * x - 0.5
    assert numbers(unit_formulas.weighed(found, WRITER)) == [pytest.approx(z, abs=5e-3)]
    assert numbers(unit_formulas.output(found, WRITER)) == [
        pytest.approx(found.a, rel=2e-2, abs=5e-5)
    ]
    digits = 5e-5 if found.function.bounded else 5e-3
    written_slope = numbers(unit_formulas.slope(found, WRITER))
    assert written_slope == [pytest.approx(found.slope, rel=5e-2, abs=digits)]


@EVERY
@pytest.mark.parametrize("x", [-40.0, 40.0])
def test_sums_far_from_0_hold_what_is_left_to_1(name: Activation, x: float) -> None:
    found = one(name, x)
    tex = unit_formulas.output(found, WRITER) + unit_formulas.slope(found, WRITER)
    assert "inf" not in tex
    assert "nan" not in tex
    if found.function.bounded:
        assert r"10^{-" in tex


def test_the_chain_rule_is_written_with_its_numbers() -> None:
    rule = ChainRule(np.array([1.0, -2.0]), 1, 1.0)
    a = 1 / (1 + np.exp(-1.0))
    assert numbers(loss_formulas.loss(rule, WRITER)) == [pytest.approx(-np.log(a), abs=5e-5)]
    tex = loss_formulas.chain(rule, WRITER)
    assert "(-1.368)" in tex
    assert "0.1966" in tex
    assert numbers(tex) == [pytest.approx(a - 1, abs=5e-5)]
    gradient = numbers(loss_formulas.gradient(rule, WRITER))
    assert gradient == pytest.approx([a - 1, -2 * (a - 1), a - 1], abs=5e-5)


@pytest.mark.parametrize("y", [0, 1])
@pytest.mark.parametrize("z", [-55.0, 0.0, 55.0])
def test_the_chain_rule_is_written_at_both_ends(z: float, y: int) -> None:
    rule = ChainRule(np.array([1.0, -2.0]), y, z)
    tex = "".join(write(rule, WRITER) for write in
                  (loss_formulas.loss, loss_formulas.chain, loss_formulas.gradient))  # fmt: skip
    assert not re.search("inf|nan", tex)
    assert r"\ln(0.0000)" not in tex


def test_two_layers_are_written_by_steps_and_at_once() -> None:
    found = two_layers((1.0, -2.0), (1.5, 0.5), Function("relu"))
    # W₁x = (0.5, −2.5), W₂ = (1, −2): 5.5; with ReLU between them 0.5.
    assert numbers("".join(layers_formulas.stepwise(found, WRITER))) == [5.5]
    assert numbers("".join(layers_formulas.at_once(found, WRITER))) == [5.5]
    assert numbers(layers_formulas.bent(found, WRITER)) == [0.5]


@BOTH
@pytest.mark.parametrize("step", [0, 1, 7, STEPS])
def test_each_panel_tells_the_loss_before_its_step_and_after(step: int, theme: Theme) -> None:
    figure = draw_loss(Downhill(LEARNED, step), speak(theme))
    checked(figure)
    shown, fixed = words(figure), Notation().fixed
    for found, rate in zip(LEARNED.descents, ("0.125", "1", "8"), strict=True):
        assert f"η = {rate}" in shown
        parameters = found.path[step] - found.rate * found.examples.gradient(found.path[step])
        after = found.examples.loss(parameters)
        assert f"{fixed(found.losses[step], 3)} → {fixed(after, 3)}" in shown
        assert WORDS[f"pace.{found.pace(step)}"] in shown
    assert f"lowest possible: {fixed(LEARNED.lowest, 3)}" in shown


def test_every_step_answers_a_click() -> None:
    (clicks,) = [t for t in draw_loss(Downhill(LEARNED, 0), speak()).data if t.name == CELLS]
    assert {one[0] for one in clicks.customdata} == set(range(STEPS + 1))


def test_what_lies_above_the_picture_has_an_arrow() -> None:
    figure = draw_loss(Downhill(LEARNED, 0), speak())
    arrows = [
        t for t in figure.data if t.type == "scatter" and t.marker.symbol == "triangle-up-open"
    ]
    losses = LEARNED.descents[2].losses
    start = float(losses[0])
    top = LEARNED.lowest + 4 * (start - LEARNED.lowest)
    top += 0.07 * (top - LEARNED.lowest)
    assert sum(len(t.x) for t in arrows) == int((losses > top).sum()) > 0
