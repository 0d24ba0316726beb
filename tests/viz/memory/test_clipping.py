"""The picture and the sums of clipping: every number is the step's own."""

from __future__ import annotations

import re

import numpy as np
import pytest

from models.memory.clipping import clipped_step
from models.memory.steps import ClippedStep
from tests.viz.figures import NOTATION, checked, plain, words
from tests.viz.sentences import BOTH, read, style, told
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.formula.writer import Writer
from viz.memory import clipping_formulas as written
from viz.memory import now
from viz.memory.clipping import clipping

NAMES = (
    *("along", "by_step", "distance_along", "loss_axis", "steps_axis", "both_lines"),
    *("rnn", "lstm", "attention"),
)
LABELS = {name: name for name in NAMES} | {
    **{"before": "before:|{loss}", "end_plain": "plain {loss}", "end_clipped": "clipped {loss}"},
    "rest": "{n} more",
}
WRITER = Writer(Style(LIGHT, Notation(), LABELS))


@pytest.fixture(scope="module", params=[1.75, 0.75], ids=["exploding", "vanishing"])
def step(request: pytest.FixtureRequest) -> ClippedStep:
    return clipped_step("relu", request.param, 1.0, 0)


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_both_ends_lie_on_the_curve_and_the_lines_differ_by_the_factor(
    theme: Theme, step: ClippedStep, narrow: bool
) -> None:
    figure = clipping(step, Style(theme, NOTATION, LABELS, narrow=narrow))
    checked(figure)
    said = [plain(w.text) for w in words(figure)]
    assert f"plain {now.size(step.after_plain, Style(theme, NOTATION, LABELS))}" in said
    lines = [t for t in figure.data if t.type == "scatter" and t.mode != "text"]
    curve = next(t for t in lines if t.line.color == theme.ink and t.line.width == 2.5)
    points = [t for t in lines if t.mode == "markers" and len(t.x) == 1]
    ends = {t.line.color: (float(t.x[0]), float(t.y[0])) for t in points if t.marker.size != 13}
    at = np.interp([ends[theme.minus][0], ends[theme.plus][0]], curve.x, curve.y)
    np.testing.assert_allclose(at, [ends[theme.minus][1], ends[theme.plus][1]], atol=4)
    before, after = (
        next(np.array(t.y, np.float64) for t in lines if len(t.x) == 22 and t.line.color == colour)
        for colour in (theme.plus, theme.minus)
    )
    gaps = after - before
    np.testing.assert_allclose(gaps, gaps[0], atol=1e-3)
    assert (gaps[0] > 1) == (step.factor < 1)


def numbers(tex: str) -> list[float]:
    """All numbers in bold."""
    found = re.findall(r"mathbf\{([^{}]*(?:\{[^{}]*\})?)\}", tex)
    return [float(re.sub(r"\\cdot 10\^\{(.*)\}", r"e\1", one)) for one in found]


def test_the_sums_are_the_steps_numbers(step: ClippedStep) -> None:
    tex = written.norm(step, WRITER)
    assert numbers(tex) == [pytest.approx(step.norm, rel=5e-3)]
    squares = [float(n) ** 2 for n in re.findall(r"underbrace\{([\d.]+)\^2\}", tex)]
    assert len(squares) == 3
    largest = sorted((size * size for size in step.norms.values()), reverse=True)[:3]
    assert squares == pytest.approx(largest, rel=1e-2)
    assert "4 more" in tex
    values = [step.factor, step.clipped, step.number * step.factor]
    assert numbers(written.factor(step, WRITER)) == pytest.approx(values, rel=6e-3)


@BOTH
def test_it_tells_what_a_step_does_without_and_with_clipping(
    language: str, step: ClippedStep
) -> None:
    look = style(language, "memory.now")
    said, then = now.clipping(step, False, look)
    name = "clipping" if step.factor < 1 else "clipping_idle"
    values = {
        "norm": now.size(step.norm, look),
        "most": "1",
        "loss": now.size(step.loss, look),
        "plain": now.size(step.after_plain, look),
        "clipped": now.size(step.after_clipped, look),
        "far": now.size(step.far, look),
    }
    assert read(said) == told(language, f"memory.now.{name}", **values)
    assert read(then) == told(language, "memory.now.clipping_then")
    assert read(now.clipping(step, True, look).then) == told(language, "memory.now.clipping_last")
