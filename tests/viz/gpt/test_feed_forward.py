"""The picture of a hidden unit: every bar is its number, the token it fires at stands out."""

from __future__ import annotations

import numpy as np
import pytest

from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.formula.writer import Writer
from viz.gpt.feed_forward import HiddenUnit, unit
from viz.gpt.feed_forward_formulas import gain, weights

LABELS = {"key": "key", "value": "value", "unit": "unit {n}", "now": "a = {a}", "rest": "{n}"}
SHOWN = HiddenUnit(
    [(("<s>", "The", "old"), 4.0), (("A",), 2.0), (("x",), -1.0)],
    [("dog", 2.0), ("cat", 0.5), ("sun", -0.1)],
    7,
    1.5,
)


@pytest.mark.parametrize("narrow", [False, True])
def test_bars_are_as_long_as_their_numbers(narrow: bool) -> None:
    figure = unit(SHOWN, Style(LIGHT, Notation("."), LABELS, narrow=narrow))
    for colour, lengths in ((LIGHT.k, [1, 0.5]), (LIGHT.plus, [1, 0.25]), (LIGHT.minus, [0.05])):
        bars = [one for one in figure.layout.shapes if one.fillcolor == colour]
        tracks = [one for one in figure.layout.shapes if one.fillcolor == LIGHT.soft]
        whole = {one.x0: one.x1 - one.x0 for one in tracks}
        found = [(one.x1 - one.x0) / whole[one.x0] for one in bars]
        assert found[: len(lengths)] == pytest.approx(lengths)


def test_the_token_it_fires_at_stands_out_behind_what_was_before() -> None:
    figure = unit(SHOWN, Style(LIGHT, Notation("."), LABELS))
    said = [word for trace in figure.data for word in trace.text or ()]
    assert any("The" in word and "<b>\u2068old\u2069</b>" in word for word in said)
    for word in ("<b>unit 7</b>", "a = 1.50", "4.00", "+2.00", "−0.10"):
        assert word in said


def test_the_sums_come_to_their_values() -> None:
    w = Writer(Style(LIGHT, Notation("."), LABELS))
    row, words = np.array([0.5, -2.0, 0.0]), np.array([2.0, -1.0, 3.0])
    formula = gain(row, row * words, "dog", 7, w)
    assert r"\mathbf{3.00}" in formula
    assert "0.50" in formula
    assert "2.00" in formula
    assert r"= \mathbf{0.667}" in weights((2, 3), w)
