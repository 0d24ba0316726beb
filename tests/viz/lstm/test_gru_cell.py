"""A GRU's diagram and sums: every number is the step worked out anew from torch's weights."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest
import torch
from torch import nn

from models.lstm.record import unrolled
from models.trace import RecurrentLayer
from tests.viz.figures import checked, number, plain, together, words
from tests.viz.recurrent_layers import reading, style
from viz.formula.writer import Writer
from viz.lstm.cell import cell_diagram
from viz.lstm.cell_formulas import one_sum, sums
from viz.lstm.step import GRU

STEP, UNIT, UNITS = 4, 2, 6


@cache
def made() -> tuple[nn.GRU, RecurrentLayer]:
    torch.manual_seed(0)
    module = nn.GRU(5, UNITS)
    return module, unrolled(module, torch.randn(9, 5))[0][0]


def worked_out() -> dict[str, float]:
    """The unit's step, from torch's weights by torch's equations."""
    module, layer = made()
    w, u, b_x, b_h = (p.detach().double().numpy() for p in module.parameters())
    assert layer.x is not None
    x, h = layer.x[STEP].astype(float), layer.h[STEP - 1].astype(float)
    of_x, of_h = np.split(w @ x + b_x, 3), np.split(u @ h + b_h, 3)
    a_r, a_z = (of_x[at][UNIT] + of_h[at][UNIT] for at in (0, 1))
    r, z = (1 / (1 + np.exp(-a)) for a in (a_r, a_z))
    a_n = of_x[2][UNIT] + r * of_h[2][UNIT]
    n, before = np.tanh(a_n), h[UNIT]
    new = (1 - z) * n
    return {
        "a_r": a_r, "a_z": a_z, "a_n": a_n, "r": r, "z": z, "n": n, "r·heard": r * of_h[2][UNIT],
        "1 − z": 1 - z, "new": new, "kept": z * before, "before": before, "h": new + z * before,
    }  # fmt: skip


def test_every_number_of_the_diagram_is_the_steps_own() -> None:
    figure = together(*cell_diagram(reading(made()[1], STEP, UNIT), style()))
    checked(figure)
    said = (re.sub(r"<[^>]*>", " ", plain(w.text)) for w in words(figure))
    found = [number(text) for one in said for text in re.findall(r"(?:−)?\d+\.\d\d", one)]
    np.testing.assert_allclose(sorted(found), sorted(worked_out().values()), atol=0.005 + 1e-5)


def test_the_sums_come_to_what_torchs_equations_do() -> None:
    shown = reading(made()[1], STEP, UNIT)
    assert shown.parts == GRU
    tex = sums(shown, Writer(style(), 4)).chosen
    results = re.findall(r"= \\textcolor\{#\w{6}\}\{\\mathbf\{(-?\d+\.\d+)\}\}", tex)
    true = worked_out()
    wanted = [true[part] for part in ("r", "z", "n", "h")]
    np.testing.assert_allclose([float(one) for one in results], wanted, atol=0.0001)


@pytest.mark.parametrize("part", ["r", "z", "n"])
def test_a_sum_opens_to_what_its_gate_is_taken_of(part: str) -> None:
    formula = one_sum(part, reading(made()[1], STEP, UNIT), Writer(style(), 4))
    total = re.search(rf"a_{part} &= .* = \\mathbf\{{(-?\d+\.\d+)\}}", formula.chosen)
    assert total is not None
    assert float(total[1]) == pytest.approx(worked_out()[f"a_{part}"], abs=0.0001)
