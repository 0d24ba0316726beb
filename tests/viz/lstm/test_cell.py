"""The cell's diagram: every number in it is the step worked out anew from the weights."""

from __future__ import annotations

import re

import numpy as np
import pytest

from models.trace import RecurrentLayer
from tests.viz.figures import HOSTILE, checked, number, plain, together, words
from tests.viz.recurrent_layers import layer, reading, sigmoid, style
from viz.board.board import Figure
from viz.board.style import Style
from viz.board.theme import LIGHT, contrast, ink_on
from viz.lstm.cell import cell_diagram
from viz.lstm.step import Reading

UNITS, STEP, UNIT = 6, 4, 2


def drawn(step: Reading, style: Style) -> Figure:
    """The cell and its numbers, as they lie on top of each other."""
    return together(*cell_diagram(step, style))


def worked_out(made: RecurrentLayer, step: int, unit: int) -> dict[str, float]:
    """One unit's step from x, h before, c before and the weights, in float64."""
    back = unit >= UNITS
    cell, own = made.weights[back], unit - UNITS * back
    before = step + 1 if back else step - 1
    inside = 0 <= before < len(made.h)
    side = slice(UNITS * back, UNITS * back + UNITS)
    h = made.h[before, side].astype(float) if inside else np.zeros(UNITS)
    assert made.x is not None
    z = cell.w @ made.x[step].astype(float) + cell.u @ h + cell.b
    if made.c is None:
        return {"z_h": z[own], "h": np.tanh(z[own])}
    c = float(made.c[before, unit]) if inside else 0.0
    i, f, g, o = (z[part * UNITS + own] for part in range(4))
    found = {"z_i": i, "z_f": f, "z_g": g, "z_o": o, "c before": c}
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    state = f * c + i * g
    return found | {
        "i": i, "f": f, "g": g, "o": o, "f·c": f * c, "i·g": i * g,
        "c": state, "tanh c": np.tanh(state), "h": o * np.tanh(state),
    }  # fmt: skip


def numbers_in(made: RecurrentLayer, step: int, unit: int) -> list[float]:
    figure = drawn(reading(made, step, unit), style())
    checked(figure)
    said = (re.sub(r"<[^>]*>", " ", plain(w.text)) for w in words(figure))
    found = [re.findall(r"(?:−)?\d+\.\d\d", text) for text in said]
    return [number(text) for some in found for text in some]


@pytest.mark.parametrize("step", [0, STEP, 8])
@pytest.mark.parametrize("unit", [UNIT, UNITS + 3], ids=["forward", "backward"])
def test_every_number_is_the_steps_own(step: int, unit: int) -> None:
    made = layer(both=True)
    true = worked_out(made, step, unit)
    shown = sorted(numbers_in(made, step, unit))
    expected = sorted([*true.values(), true["c"]])  # c stands before and after the branch
    assert len(shown) == len(expected)
    np.testing.assert_allclose(shown, expected, atol=0.005 + 1e-5)


def test_an_rnns_cell_has_one_sum_and_one_state() -> None:
    made = layer(rnn=True)
    true = worked_out(made, STEP, UNIT)
    shown = sorted(numbers_in(made, STEP, UNIT))
    np.testing.assert_allclose(shown, sorted(true.values()), atol=0.00501)


def test_a_backward_unit_comes_from_the_word_after() -> None:
    made = layer(both=True)
    ahead, back = (drawn(reading(made, STEP, unit), style()) for unit in (1, UNITS + 1))
    assert any("t−1" in w.text for w in words(ahead))
    assert not any("t+1" in w.text for w in words(ahead))
    assert any("t+1" in w.text for w in words(back))
    assert not any("t−1" in w.text for w in words(back))


def test_a_silenced_unit_is_held_at_0_where_all_can_see() -> None:
    made = layer(off=frozenset({UNIT}))
    figure = drawn(reading(made, STEP, UNIT, silenced=frozenset({UNIT})), style())
    said = [plain(w.text) for w in words(figure)]
    assert "held at 0" in said
    assert any(text.endswith("0.00") and "h" in text for text in said)
    product = float(made.i[STEP, UNIT] * made.g[STEP, UNIT])  # type: ignore[index]
    assert any(f"{abs(product):.2f}" in text for text in said), "what it would have added"


def test_the_vectors_that_come_in_are_the_layers_own() -> None:
    made = layer()
    strips = [t.z for t in drawn(reading(made), style()).data if t.type == "heatmap"]
    assert made.x is not None
    np.testing.assert_allclose(strips[0], made.h[STEP - 1][None], atol=1e-6)
    np.testing.assert_allclose(strips[1], made.x[STEP][None], atol=1e-6)


def test_a_higher_layer_reads_the_one_below_and_says_so() -> None:
    said = [w.text for w in words(drawn(reading(layer(), depth=1), style()))]
    assert any("h of layer 0" in text for text in said)
    assert not any("w4" in text for text in said)


@pytest.mark.parametrize("word", HOSTILE)
def test_a_word_cannot_become_markup(word: str) -> None:
    figure = drawn(reading(layer(), words=[word] * 9), style())
    assert not [w for w in words(figure) if "<script" in w.text or "<img" in w.text]
    checked(figure)


@pytest.mark.parametrize("gate", ["gate_f", "gate_i", "gate_g", "gate_o", "state_h"])
def test_a_number_reads_in_its_gates_box(gate: str) -> None:
    colour = getattr(LIGHT, gate)
    assert contrast(ink_on(colour), colour) >= 4.5


def test_the_cell_below_stays_from_step_to_step() -> None:
    made = layer(both=True)
    grounds = [cell_diagram(reading(made, step, UNIT), style())[0].to_json() for step in (0, STEP)]
    assert grounds[0] == grounds[1]
