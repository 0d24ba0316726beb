"""The neuron page's sentences, put together anew."""

from __future__ import annotations

import math

import pytest

from models.neuron.descent import STEPS, learning
from models.neuron.unit import ACTIVATIONS, Activation, Function, unit
from tests.viz.sentences import BOTH, read, style, told
from viz.board.notation import Notation
from viz.neuron import now
from viz.neuron.loss import Downhill

FAMILIES = ("neuron.figure", "neuron.now")
SIGN = {"en": Notation("."), "tr": Notation(",")}


@BOTH
@pytest.mark.parametrize(
    ("name", "z", "ending", "a", "slope"),
    [
        ("sigmoid", 4.0, "flat", 1 / (1 + math.exp(-4)), math.exp(-4) / (1 + math.exp(-4)) ** 2),
        ("tanh", 1.0, "some", math.tanh(1), 1 - math.tanh(1) ** 2),
        ("relu", -3.0, "nothing", 0.0, 0.0),
        ("leaky", 3.0, "whole", 3.0, 1.0),
        ("sigmoid", 0.25, "steep", 1 / (1 + math.exp(-0.25)), 0.24613),
        ("tanh", 0.25, "steep", math.tanh(0.25), 1 - math.tanh(0.25) ** 2),
        ("softmax", 0.5, "steep", math.exp(0.5) / (math.exp(0.5) + 2), 0.2476),
    ],
)
def test_it_tells_the_sum_the_output_and_what_the_slope_does(
    name: Activation, z: float, ending: str, a: float, slope: float, language: str
) -> None:
    speak, write = style(language, *FAMILIES), SIGN[language].fixed
    said, then = now.unit(unit((z,), (1.0,), 0.0, Function(name)), speak)
    ends = told(language, f"neuron.now.ending.{ending}", slope=write(slope, 3))
    values = {"z": write(z), "a": write(a, 3), "ending": ends}
    called = told(language, f"neuron.figure.name.{name}")
    assert read(said) == told(language, "neuron.now.unit", name=called, **values)
    last = "unit_last" if name == ACTIVATIONS[-1] else "unit_then"
    assert read(then) == told(language, f"neuron.now.{last}")


@BOTH
def test_a_learned_slope_is_named_with_its_number(language: str) -> None:
    said, _ = now.unit(
        unit((-1.0,), (1.0,), 0.0, Function("prelu", 0.4)), style(language, *FAMILIES)
    )
    assert f"PReLU, α = {SIGN[language].fixed(0.4)}" in read(said)


@BOTH
def test_a_learned_slope_near_1_is_not_the_steepest_and_z_is_exact(language: str) -> None:
    speak, write = style(language, *FAMILIES), SIGN[language].fixed
    said, _ = now.unit(unit((-0.125,), (1.0,), 0.0, Function("prelu", 0.9)), speak)
    assert read(said).startswith(f"z = {write(-0.125, 3)}: ")
    assert told(language, "neuron.now.ending.some", slope=write(0.9, 3)) in read(said)


@BOTH
@pytest.mark.parametrize("step", [0, 1, STEPS])
def test_it_tells_the_three_losses_beside_the_lowest(step: int, language: str) -> None:
    found = learning((1.0, -2.0), 1, (1.5, 0.5, 0.5), 1.0)
    said, then = now.loss(Downhill(found, step), style(language, *FAMILIES))
    write, names = SIGN[language].fixed, ("small", "middle", "large")
    values = {n: write(d.losses[step], 3) for n, d in zip(names, found.descents, strict=True)}
    rates = {
        f"{n}_rate": write(r, d) for n, r, d in zip(names, (0.125, 1, 8), (3, 0, 0), strict=True)
    }
    lowest = write(found.lowest, 3)
    if step:
        wanted = told(language, "neuron.now.loss", count=step, lowest=lowest, **values, **rates)
    else:
        wanted = told(language, "neuron.now.loss_first", start=values["small"], lowest=lowest)
    assert read(said) == wanted
    last = "loss_last" if step == STEPS else "loss_then"
    assert read(then) == told(language, f"neuron.now.{last}")
