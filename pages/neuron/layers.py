"""Below the unit: two layers with nothing between them are one matrix."""

from __future__ import annotations

from models.neuron.layers import two_layers
from models.neuron.unit import Function
from pages.neuron.shared import look, writer
from pages.ui import frame, lines, sums
from pages.ui.text import t
from viz.neuron import layers_formulas as written
from viz.neuron.unit import named


def view(x: tuple[float, ...], w: tuple[float, ...], function: Function) -> None:
    """The visitor's unit in a first layer, a second layer behind it: by steps, and at once."""
    found, write = two_layers(x, w, function), writer()
    frame.section(t("neuron.layers"), t("neuron.layers_note"))
    left, right = frame.side_by_side((890, 890), ("two-layers", "one-matrix"))
    with left:
        lines.titled(t("neuron.stepwise"))
        sums.lines(*written.stepwise(found, write))
        if found.singly:
            lines.titled(t("neuron.bent", name=named(function, look())))
            sums.lines(written.bent(found, write))
    with right:
        lines.titled(t("neuron.at_once"))
        sums.lines(*written.at_once(found, write))
        frame.equal_to(t("neuron.both_ways"), "", found.difference())
        lines.hint(t("neuron.no_matrix"))
