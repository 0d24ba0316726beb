"""The neuron page's first view: one unit's sum, its activation and what the slope does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from models.neuron import unit as maths
from models.neuron.unit import ACTIVATIONS, Function, Unit
from pages.neuron import layers
from pages.neuron.shared import GAPS, WIDTHS, given, look, row, slider, speak, writer
from pages.ui import charts, controls, frame, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import t
from viz.neuron import now
from viz.neuron import unit_formulas as written
from viz.neuron.unit import named
from viz.neuron.unit import unit as draw


def function() -> Function:
    """The chosen activation, as a visitor has set it."""
    kept, rivals = float(state.get("alpha")), int(state.get("rivals"))
    return Function(state.get("activation"), kept, rivals)


def view() -> None:
    """The unit and its curves at the left, its sums at the right."""
    row((230, _extra()))
    frame.notices()
    (b,) = given("b")
    found = maths.unit(given("x1", "x2"), given("w1", "w2"), b, function())
    frame.now(*now.unit(found, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        frame.section(t("neuron.unit"), t("neuron.unit_note"))
        place = ACTIVATIONS.index(found.function.name)
        charts.clickable(draw(found, look()), "one-unit", _choose, t("neuron.unit"), (place,))
    with right:
        step_buttons(ACTIVATIONS, "neuron.previous", "neuron.next", name="activation")
        _sums(found)
    frame.provenance("example", t("neuron.computed"), t("neuron.set"))
    # Not by `parts.below`: it changes with the activation, and all of the page would be drawn anew.
    layers.view(given("x1", "x2"), given("w1", "w2"), found.function)


def _choose(place: int) -> None:
    state.put("activation", ACTIVATIONS[int(place)])


def _extra() -> Callable[[], object]:
    """What only some activations have: the slope that is kept, or how many others there are."""
    activation = state.get("activation")
    if activation == "prelu":
        return partial(slider, "alpha")
    if activation == "softmax":
        return partial(controls.slider, "rivals", t("neuron.rivals"), range(1, 10), str)
    return controls.nothing


def _sums(found: Unit) -> None:
    w = writer()
    frame.section(t("neuron.sum"), "z = w·x + b")
    sums.lines(written.weighed(found, w))
    frame.section(named(found.function, look()), t("neuron.slope_note"))
    sums.lines(written.output(found, w), written.slope(found, w))
    frame.equal_to(t("neuron.torch"), "", maths.check(found))
    if found.function.name == "sigmoid":
        lines.titled(t("neuron.of_two"))
        sums.lines(written.of_two(found, w))
        frame.equal_to(t("neuron.of_two_torch"), "", maths.check_of_two(found))
    if found.function.name == "softmax":
        lines.hint(t("neuron.shifted", count=found.function.rivals))
