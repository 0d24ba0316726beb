"""What the views of the neuron page share: the row of controls, the look of figures and sums."""

from __future__ import annotations

from functools import partial

from pages.neuron import GIVEN, SLIDERS, TOPIC
from pages.ui import charts, controls, frame, state, views
from pages.ui.text import t
from viz.neuron.writer import ExactWriter

WIDTHS = (1190, 590)
GAPS = frame.TIGHT
_SWITCH, _ROOM = 470, 1330  # pixels of the row of controls: the switch, all sliders together
look = partial(charts.style, "neuron.figure")
speak = partial(charts.style, "now", "neuron.figure", "neuron.now")


def writer() -> ExactWriter:
    """How sums are written."""
    return ExactWriter(charts.style("neuron.figure"), 2)


def row(*cells: controls.Cell) -> None:
    """The row of controls: the switch between views, a slider for each given number, then these."""
    left = _ROOM - sum(width for width, _ in cells)
    sliders = [(left // len(GIVEN), partial(slider, name)) for name in GIVEN]
    switch = _SWITCH, partial(views.switch, "neuron", TOPIC.views)
    controls.row(switch, *sliders, *cells)


def slider(name: str) -> None:
    """A number of those that its parameter reads, to be moved."""
    controls.slider(name, t(f"neuron.{name}"), SLIDERS[name].choices, controls.digits)


def given(*names: str) -> tuple[float, ...]:
    """The numbers that a visitor has set."""
    return tuple(float(state.get(name)) for name in names)
