"""The neuron page's second view: one example's gradient, and steps at three learning rates."""

from __future__ import annotations

from functools import partial

from models.neuron import descent as maths
from models.neuron.descent import STEPS, Learning
from models.neuron.loss import ChainRule
from models.neuron.unit import Function, unit
from pages.neuron.shared import GAPS, WIDTHS, given, look, row, slider, speak, writer
from pages.ui import charts, controls, frame, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.neuron import loss_formulas as written
from viz.neuron import now
from viz.neuron.loss import ROLES, Downhill, rate_words
from viz.neuron.loss import loss as draw


def view() -> None:
    """Three steps downhill at the left, the chain rule of the visitor's example at the right."""
    step = controls.in_range("step", STEPS + 1)
    label = partial(controls.choice, "y", "neuron.label", (0, 1), str)
    row((150, label), (240, partial(slider, "rate")))
    frame.notices()
    x, y, start = given("x1", "x2"), int(state.get("y")), given("w1", "w2", "b")
    learning = maths.learning(x, y, start, float(state.get("rate")))
    drawn = Downhill(learning, step)
    frame.now(*now.loss(drawn, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        frame.section(t("neuron.downhill"), t("neuron.downhill_note"))
        name, said = t("neuron.downhill"), t("neuron.after", count=step)
        charts.clickable(draw(drawn, look()), "downhill", charts.chooses("step"), name, said=said)
    with right:
        step_buttons(range(STEPS + 1), "neuron.fewer", "neuron.more")
        found = unit(x, start[:2], start[2], Function("sigmoid"))
        _chain(ChainRule(found.x, y, found.z))
        _steps(learning, step)
    frame.provenance("example", t("neuron.computed"), t("neuron.six"))


def _chain(rule: ChainRule) -> None:
    w = writer()
    frame.section(t("neuron.chain"), t("neuron.chain_note"))
    sums.lines(written.loss(rule, w), written.chain(rule, w), written.gradient(rule, w))
    frame.equal_to(t("neuron.autograd"), "", rule.difference())


def _steps(learning: Learning, step: int) -> None:
    """The mean losses of the three learning rates before the next step, and after it."""
    frame.section(t("neuron.all_six"), t("neuron.after", count=step))
    for role, one in zip(ROLES, learning.descents, strict=True):
        rate = f"η = {rate_words(one, look())}"
        lines.beside(frame.tinted(rate, role), notation().fixed(one.loss_after(step), 4))
    frame.equal_to(t("neuron.mean_gradient"), "", learning.difference(step))
