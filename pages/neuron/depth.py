"""The neuron page's fourth view: what does depth do to signal and gradient?"""

from __future__ import annotations

from functools import partial

from models.neuron import depth as stacks
from models.neuron import depth_autograd
from models.neuron.depth import BENDS, DEPTHS, SEEDS, STARTS, WAYS
from pages.neuron import TOPIC
from pages.neuron.shared import GAPS, WIDTHS
from pages.ui import caches, charts, controls, frame, lines, state, sums, views
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.neuron import depth_formulas as written
from viz.neuron import depth_now
from viz.neuron.depth import Deep, depth, size

_comparison = caches.of_values(stacks.comparison, entries=32)
_check = caches.of_record(depth_autograd.check)
_gradient_check = caches.of_record(depth_autograd.gradient_check)


def view() -> None:
    """Signal and gradient at the left, one block of the chosen stack at the right."""
    blocks = int(state.get("blocks"))
    _settle(blocks)
    _controls()
    frame.notices()
    found = _comparison(blocks, state.get("bend"), state.get("start"))
    drawn = Deep(found, state.get("stack"), int(state.get("at")))
    speak = charts.style("now", "neuron.depth.figure", "neuron.depth.now")
    clearest = state.usual("blocks", "bend", "start")
    frame.now(*depth_now.depth(drawn, speak), why=t("neuron.depth.why") if clearest else "")
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        shown = depth(drawn, charts.style("neuron.depth.figure"))
        chosen = (WAYS.index(drawn.way), drawn.at)
        said = t("neuron.depth.block", at=drawn.at, way=t(f"neuron.depth.figure.{drawn.way}"))
        charts.clickable(shown, "depth", _choose, t("neuron.depth.picture"), chosen, said=said)
        lines.hint(t("neuron.depth.median", seeds=SEEDS))
    with right:
        step_buttons(range(1, blocks + 1), "neuron.depth.back", "neuron.depth.on", name="at")
        _sums(drawn)
    how = t("neuron.depth.random", width=stacks.WIDTH, inner=stacks.INNER), t("neuron.depth.loss")
    frame.provenance("whatif", *how, difference=_check(found), against="neuron_depth")


def _choose(place: int, at: int) -> None:
    state.put("stack", WAYS[int(place)])
    state.put("at", int(at))


def _settle(blocks: int) -> None:
    """Keep the chosen block where there is one; what a link asked for beyond is said."""
    at = int(state.get("at"))
    if at > blocks:
        state.notice("neuron.depth.no_block", at=at, blocks=blocks)
        state.put("at", blocks)


def _controls() -> None:
    controls.row(
        (560, partial(views.switch, "neuron", TOPIC.views)),
        (230, partial(controls.slider, "blocks", t("neuron.depth.blocks"), DEPTHS, str)),
        (460, partial(controls.choice, "stack", "neuron.depth.way", WAYS)),
        (170, partial(controls.choice, "bend", "neuron.depth.bend", BENDS)),
        (360, partial(controls.choice, "start", "neuron.depth.start", STARTS)),
    )


def _sums(drawn: Deep) -> None:
    found, at = drawn.stack, drawn.at
    w = sums.writer(charts.style("neuron.depth.figure"))
    frame.section(t("neuron.depth.there", at=at))
    sums.lines(written.forwards(found, at, w))
    frame.section(t("neuron.depth.back_through", at=at))
    sums.lines(written.backwards(found, at, w))
    value = size(float(found.sizes[at - 1]), charts.style("neuron.depth.figure"), 3)
    frame.equal_to(t("neuron.depth.torch"), value, _gradient_check(found))
    name = "whole" if found.path else "through"
    factor = notation().significant(written.factor(found, at), 2)
    lines.hint(t(f"neuron.depth.{name}", factor=factor))
    lines.remark(t("neuron.depth.purpose", depth=found.depth))
