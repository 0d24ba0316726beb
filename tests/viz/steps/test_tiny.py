"""Tiny numbers of a head: with more digits none of them reads as zero, in the sums or in a cell."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from models.core.by_hand import ByHand, worked_example
from models.core.by_hand import steps as steps_by_hand
from models.scores.by_hand import surroundings
from tests.viz.figures import plain as said
from tests.viz.figures import words
from tests.viz.scores_heads import style
from tests.viz.steps.test_formulas import plain
from viz.board.axes import Axes, Choice
from viz.steps.figure import STEPS, Scene, figure
from viz.steps.formulas import formula
from viz.steps.head import of_steps

ZERO = re.compile(r"(?<![\d.,])0[.,]0+(?!\d)")


def tiny(typed: bool = True) -> Scene:
    """By hand: weights far below a thousandth, or a millionth that was typed into X."""
    hand, x = worked_example(), worked_example().x.copy()
    if typed:
        x[0, 0] = 1e-6
    small = ByHand(hand.words, x, hand.w_q, hand.w_k, hand.w_v)
    one = of_steps(steps_by_hand(small, divide=False), surroundings(small))
    return Scene(one, Axes(hand.words, hand.words, Choice(1, 0)))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("typed", [False, True])
def test_in_the_sums(step: int, typed: bool) -> None:
    exact = replace(style(), digits=3, finer=True)
    assert not ZERO.search(plain(formula(step, tiny(typed), exact, finer=True).chosen))


def test_in_the_cells_once_more_digits_are_asked_for() -> None:
    scene = tiny(typed=False)
    assert 0 < float(scene.one.steps.weights[1, 0]) < 1e-4
    for finer in (False, True):
        look = replace(style(), digits=3, finer=finer)
        shown = [said(word.text) for word in words(figure(5, scene, look))]
        assert ("< 0.001" in shown) != finer
        assert any("·10⁻" in word for word in shown) == finer


def test_a_millionth_that_was_typed_is_read_in_its_cell() -> None:
    look = replace(style(), digits=3, finer=True)
    shown = [said(word.text) for word in words(figure(1, tiny(), look))]
    assert "1.0·10⁻⁶" in shown
    assert not any(ZERO.fullmatch(word) for word in shown)
