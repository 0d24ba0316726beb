"""The sum of one step back: its written terms, its rest and its result are the step's own."""

from __future__ import annotations

import re

import numpy as np
import pytest

from models.memory import products
from models.memory.gradients import drawn, gradients
from models.memory.products import NONLINEARITIES
from models.memory.steps import Nonlinearity
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.formula.writer import Writer
from viz.memory.step_formulas import step_back

FOUND = gradients(drawn(20))
WRITER = Writer(Style(LIGHT, Notation(), {"rest": "{n} more"}))


def uncoloured(tex: str) -> str:
    return re.sub(r"\\textcolor\{#\w{6}\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"\1", tex)


@pytest.mark.parametrize("kind", NONLINEARITIES)
@pytest.mark.parametrize(("sigma", "distance"), [(None, 1), (None, 21), (3.0, 5), (0.5, 21)])
def test_what_is_written_adds_up(kind: Nonlinearity, sigma: float | None, distance: int) -> None:
    step = products.step_back(FOUND, "own", sigma, kind, distance)
    k = 22 - distance + 1
    tex = uncoloured(step_back(step, kind, k, WRITER))
    assert rf"g_{{{k - 1},\,{step.opened}}}" in tex
    number = r"\(?(-?[\d.]+(?:\\cdot 10\^\{-?\d+\})?)\)?"
    terms = re.findall(rf"{number} \\cdot {number} \\cdot {number}(?= \+|\\| )", tex)
    assert len(terms) == 2
    plain = [[float(re.sub(r"\\cdot 10\^\{(.*)\}", r"e\1", n)) for n in t] for t in terms]
    rest = float(re.findall(rf"underbrace\{{{number}\}}", tex)[0])
    value, power = re.findall(r"mathbf\{(-?[\d.]+)(?: \\cdot 10\^\{(-?\d+)\})?\}", tex)[0]
    scale = 10.0 ** int(power or 0)
    total = float(step.leaving[step.opened])
    assert float(value) * scale == pytest.approx(total, abs=6e-4 * scale)
    largest = np.argsort(-np.abs(step.terms))[:2]
    for (u, slope, g), unit in zip(plain, largest, strict=True):
        assert u == pytest.approx(step.u[unit, step.opened], abs=5.1e-3)
        assert slope == pytest.approx(step.slopes[unit], abs=5.1e-3)
        assert g * scale == pytest.approx(step.arriving[unit], abs=5.1e-3 * scale)
        assert kind == "tanh" or slope == 1
    left = (total - step.terms[largest].sum()) / scale
    assert rest == pytest.approx(left, abs=6e-4)
    assert "104 more" in tex
