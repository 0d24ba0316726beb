"""A unit's sums as formulas: their numbers are those of the step, worked out anew in float64."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.trace import RecurrentLayer
from tests.viz.lstm.test_cell import STEP, UNIT, UNITS, worked_out
from tests.viz.recurrent_layers import layer, reading, style
from viz.formula.layout import Formula
from viz.formula.writer import Writer
from viz.lstm.cell_formulas import MOST_SHOWN, one_sum, sums

FINE = 0.00005 + 1e-5  # four decimals


def plain(tex: str) -> str:
    tex = re.sub(r"\\textcolor\{#\w{6}\}", "", tex)
    return tex.replace("{,}", ".").replace(r"\mathbf", "").replace("{", "").replace("}", "")


def lines(formula: Formula) -> list[str]:
    body = plain(formula.chosen).removeprefix(r"\beginaligned ").removesuffix(r" \endaligned")
    return body.split(r" \\ ")


def signed(text: str) -> list[float]:
    """a + b - c → its summands; a product counts as one."""
    tokens = re.findall(r"([+-]?)\s*\(?(-?\d+\.\d+)\)?((?: \\cdot \(?-?\d+\.\d+\)?)*)", text)
    found = []
    for sign, first, others in tokens:
        value = float(first)
        for factor in re.findall(r"-?\d+\.\d+", others):
            value *= float(factor)
        found.append(-value if sign == "-" else value)
    return found


def parts_of(made: RecurrentLayer, part: str, step: int, unit: int) -> tuple[float, float, float]:
    """w·x, u·h before, b."""
    back = unit >= UNITS
    cell, own = made.weights[back], unit - UNITS * back
    row = ("ifgo".index(part) if made.c is not None else 0) * UNITS + own
    before = step + 1 if back else step - 1
    side = slice(UNITS * back, UNITS * back + UNITS)
    h = made.h[before, side] if 0 <= before < len(made.h) else np.zeros(UNITS)
    assert made.x is not None
    return float(cell.w[row] @ made.x[step]), float(cell.u[row] @ h), float(cell.b[row])


@given(st.integers(0, 8), st.integers(0, 2 * UNITS - 1))
def test_every_gate_is_word_and_before_and_bias(step: int, unit: int) -> None:
    made = layer(both=True)
    true = worked_out(made, step, unit)
    found = lines(sums(reading(made, step, unit), Writer(style(), 4)))
    for part, line in zip("figo", found, strict=False):
        inside, value = re.search(r"\((.*)\) = (\S+)$", line).groups()  # type: ignore[union-attr]
        np.testing.assert_allclose(signed(inside), parts_of(made, part, step, unit), atol=FINE)
        assert float(value) == pytest.approx(true[part], abs=FINE)
        assert line.startswith(f"{part}_t &= " + (r"\tanh" if part == "g" else r"\sigma"))


@given(st.integers(0, 8), st.integers(0, 2 * UNITS - 1))
def test_state_and_output_are_what_the_gates_make_of_them(step: int, unit: int) -> None:
    made = layer(both=True)
    true = worked_out(made, step, unit)
    *_, numbers, shown = lines(sums(reading(made, step, unit), Writer(style(), 4)))
    kept_and_added, c = numbers.removeprefix("&= ").split(" = ")
    got = signed(kept_and_added)
    np.testing.assert_allclose(got, [true["f·c"], true["i·g"]], atol=4 * FINE)
    assert float(c) == pytest.approx(true["c"], abs=FINE)
    *_, product, h = shown.split(" = ")
    np.testing.assert_allclose(signed(product), [true["h"]], atol=4 * FINE)
    assert float(h) == pytest.approx(true["h"], abs=FINE)


@pytest.mark.parametrize("part", "figo")
@pytest.mark.parametrize("every", [False, True], ids=["largest", "all"])
def test_an_opened_sum_adds_up_to_its_gate(part: str, every: bool) -> None:
    made = layer()
    formula = one_sum(part, reading(made), Writer(style(), 4, None if every else MOST_SHOWN))
    word, before, bias = parts_of(made, part, STEP, UNIT)
    rows = plain(formula.rows).replace(r" \\ &\quad", "")
    rows = re.sub(r"_\\textother \d+", "", rows)
    first, second = (line.split("&= ")[1] for line in rows.split(r" \\ "))
    for line, true in ((first, word), (second, before)):
        terms, value = line.split(" = ")
        assert sum(signed(terms)) == pytest.approx(true, abs=1e-3)
        assert float(value.split(" ")[0]) == pytest.approx(true, abs=FINE)
    last = plain(formula.result)
    total, z = re.search(rf"z_{part} &= (.*?) = (\S+)", last).groups()  # type: ignore[union-attr]
    np.testing.assert_allclose(signed(total), [word, before, bias], atol=FINE)
    assert float(z) == pytest.approx(word + before + bias, abs=FINE)
    true_value = worked_out(made, STEP, UNIT)[part]
    assert float(re.findall(r"= (-?\d+\.\d+)", last)[-1]) == pytest.approx(true_value, abs=FINE)
    assert formula.terms == 5 + UNITS
    assert (formula.left_out == 0) == every


def test_the_largest_terms_are_written_and_the_others_counted() -> None:
    made = layer()
    formula = one_sum("f", reading(made), Writer(style(), 2, MOST_SHOWN))
    row = made.terms(STEP, UNIT).rows["f"]
    products = np.abs(row.u * made.h[STEP - 1])
    largest = np.sort(np.argsort(-products)[:MOST_SHOWN])
    second = plain(formula.rows).split("h_t-1")[1]
    shown = [abs(float(x)) for x in re.findall(r"\(?(-?\d+\.\d+)\)? \\cdot", second)]
    np.testing.assert_allclose(shown, np.abs(row.u[largest]), atol=0.00501)
    assert f"other {UNITS - MOST_SHOWN}" in second


def test_an_rnn_has_one_sum() -> None:
    made = layer(rnn=True)
    true = worked_out(made, STEP, UNIT)
    (line,) = lines(sums(reading(made), Writer(style(), 4)))
    assert line.startswith(r"h_t &= \tanh(")
    assert float(line.split(" = ")[-1]) == pytest.approx(true["h"], abs=FINE)
    opened = one_sum("h", reading(made), Writer(style(), 4, MOST_SHOWN))
    assert float(plain(opened.result).split("= ")[-1].split(" ")[0]) == pytest.approx(
        true["h"], abs=FINE
    )


def test_a_silenced_units_state_is_written_as_what_it_would_be_and_0() -> None:
    off = frozenset({UNIT})
    made = layer(off=off)
    shown = reading(made, silenced=off)
    *_, state, output = lines(sums(shown, Writer(style(), 4)))
    i, g = (float(getattr(made, part)[STEP, UNIT]) for part in "ig")
    would, is_now = state.split(" = ")[-1].split(r" \to ")
    assert float(would) == pytest.approx(i * g, abs=FINE)
    assert float(is_now) == 0
    assert float(output.split(" = ")[-1]) == 0


def test_a_decimal_comma_stands_without_a_space() -> None:
    formula = sums(reading(layer()), Writer(style(",")))
    assert "{,}" in formula.chosen
    assert not re.search(r"\d\.\d", formula.chosen)


def test_a_part_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        one_sum("f", reading(layer(rnn=True)), Writer(style()))
