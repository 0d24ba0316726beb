"""The picture of all positions: each sees what it may, and its numbers are those of its target."""

from __future__ import annotations

import numpy as np
import pytest

from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import LIGHT, rgb
from viz.formula.writer import Writer
from viz.translator.forcing import Positions, positions
from viz.translator.forcing_formulas import loss
from viz.translator.stage_names import PHASES

WORDS = ("reads", "target", "written", "visible", "masked", "leak")
STYLE = Style(
    LIGHT, Notation("."), {n: n for n in WORDS} | {"one": "1/{n}", "each": "{n}/{n}", "rest": "{n}"}
)
READS, TARGETS = ("<s>", "a", "b"), ("a", "b", "</s>")
LOSSES = np.array([0.0, np.log(4), 3.0])
SEEN = "rgba({},{},{},0.34)".format(*rgb(LIGHT.k))


def drawn(phase: str, slip: int = 0, *, narrow: bool = False):  # type: ignore[no-untyped-def]
    style = Style(LIGHT, Notation("."), STYLE.labels, narrow=narrow)
    sees = (3, 3, 3) if phase == "unmasked" else (1, 2, 3)
    return positions(Positions(READS, TARGETS, LOSSES, sees, phase, slip), style)  # type: ignore[arg-type]


def words(figure) -> list[str]:  # type: ignore[no-untyped-def]
    return [word for trace in figure.data for word in trace.text or ()]


@pytest.mark.parametrize(("phase", "cells"), [("training", 6), ("writing", 6), ("unmasked", 9)])
def test_every_position_sees_what_stands_before_it_and_without_the_mask_all(
    phase: str, cells: int
) -> None:
    figure = drawn(phase)
    strips = [one for one in figure.layout.shapes if one.fillcolor == SEEN][:3]
    across = (strips[0].x1 - strips[0].x0) / (3 if phase == "unmasked" else 1)
    assert sum(one.x1 - one.x0 for one in strips) / across == pytest.approx(cells)


def test_only_without_the_mask_the_targets_lie_among_what_is_seen() -> None:
    for phase in PHASES:
        red = [one for one in drawn(phase).layout.shapes if one.fillcolor == LIGHT.bad]
        own = [one for one in red if one.layer == "above"]
        assert len(own) == (2 if phase == "unmasked" else 0)  # the last one has nothing ahead


@pytest.mark.parametrize("narrow", [False, True])
def test_each_row_has_p_and_its_loss(narrow: bool) -> None:
    said = words(drawn("training", narrow=narrow))
    for number in ("1.000", "0.250", "1.4", "0.050", "3.0"):
        assert number in said
    assert "<b>1/3</b>" in said
    assert "<b>3/3</b>" in words(drawn("writing", narrow=narrow))


def test_a_word_that_was_put_in_stands_out() -> None:
    assert not any("<b>" in word and "b\u2069" in word for word in words(drawn("writing"))[:6])
    marked = [word for word in words(drawn("writing", 2)) if word == "<b>\u2068b\u2069</b>"]
    assert len(marked) == 2  # where it is read, and where it was written the step before


def test_the_loss_is_the_mean_with_its_terms() -> None:
    formula = loss(LOSSES, Writer(STYLE))
    assert r"\frac{1}{3}" in formula
    assert r"\mathbf{1.46}" in formula  # (0 + 1.386 + 3) / 3
