"""The cost page's first view: what four layers cost by their sizes, and what five took."""

from __future__ import annotations

import logging
from datetime import date
from functools import partial

import streamlit as st

from models.catalog import accepts_local
from models.cost import flops, measure, timings
from models.cost.layers import Layer, LayerSizes, followed, path, projections
from models.cost.timings import RUNS, Run, Timings
from pages.cost import SLIDERS
from pages.cost.shared import GAPS, WIDTHS, look, row, slider, speak, writer
from pages.ui import caches, charts, controls, frame, lines, state, sums
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.cost import layers_formulas as written
from viz.cost import now
from viz.cost.layers import RUN_ROLES, Costs, costs
from viz.cost.units import duration, size

log = logging.getLogger("dikkat")

_LENGTHS = SLIDERS["tokens"].choices
_ANEW = "_cost_timings"  # what this visitor had measured here
_flops = caches.of_values(flops.counted, entries=256)
_followed = caches.of_values(followed, entries=256)


def view() -> None:
    """The table and the curves at the left, the chosen cell's sum and the times at the right."""
    row(*((342, partial(slider, name)) for name in SLIDERS))
    frame.notices()
    sizes = LayerSizes(*(int(state.get(name)) for name in SLIDERS))
    place = int(state.get("layer_type")), int(state.get("quantity"))
    drawn = Costs(sizes, _LENGTHS, _timings(), *place)
    frame.now(*now.layers(drawn, speak()))
    figure, right = frame.picture_and_sums(WIDTHS, gaps=GAPS)
    with figure:
        frame.section(t("cost.layers"), t("cost.layers_note"))
        choose, name = charts.chooses("layer_type", "quantity"), t("cost.layers")
        said = f"{t(f'cost.figure.layer.{drawn.layer}')}, {t(f'cost.figure.{drawn.measure}')}"
        charts.clickable(costs(drawn, look()), "costs", choose, name, said=said)
    with right:
        step_buttons(_LENGTHS, "cost.shorter", "cost.longer", name="tokens")
        _sums(drawn)
        _measured(drawn.timings, sizes.n)
    one = drawn.timings
    where = {name: getattr(one, name) for name in ("machine", "torch", "d", "r")}
    day = notation().day(date.fromisoformat(one.day))
    frame.provenance("measured", t("cost.where", day=day, **where), t("cost.where_counted"))


def _timings() -> Timings:
    """What was measured here for this visitor, else what came with the app."""
    return st.session_state.get(_ANEW) or timings.stored()


def _sums(drawn: Costs) -> None:
    layer, sizes = drawn.layer, drawn.sizes
    frame.section(t(f"cost.figure.layer.{layer}"), t(f"cost.figure.{drawn.measure}"))
    sums.lines(written.cell(layer, drawn.measure, sizes, writer()))
    if drawn.measure == "operations":
        _operations(layer, sizes)
    elif drawn.measure == "path":
        passed = _followed(layer, sizes)
        same = lines.sign(passed == path(layer, sizes))
        lines.equal(t("cost.followed"), notation().grouped(passed), same)


def _operations(layer: Layer, sizes: LayerSizes) -> None:
    """torch's own count, and what the table leaves out."""
    part, own = flops.counted_sizes(layer, sizes), _flops(layer, sizes)
    same = lines.sign(own == flops.of_formula(layer, sizes))
    words = t("cost.flops") if part == sizes else t("cost.flops_part", count=part.n)
    lines.equal(words, notation().grouped(own), same)
    if layer in ("attention", "restricted"):
        lines.beside(t("cost.besides"), notation().grouped(projections(sizes)))


def _measured(one: Timings, n: int) -> None:
    """What each of the five took at this length, and from where on the RNN is the quicker."""
    if n not in one.lengths:  # a quick measurement on a slow machine ends earlier
        lines.remark(t("cost.not_so_long", n=n, last=one.lengths[-1]))
    else:
        frame.section(t("cost.took", n=n), t("cost.took_note", d=one.d))
        for name in RUNS:
            took = duration(one.seconds(name, n), notation())
            held = size(one.bytes(name, n), notation())
            words = frame.tinted(t(f"cost.figure.run.{name}"), RUN_ROLES[name])
            lines.beside(words, f"{took} · {held}")
    lines.hint(_crossings(one))
    if accepts_local():
        controls.button(t("cost.measure"), "measure", _measure, help=t("cost.measure_help"))


def _crossings(one: Timings) -> str:
    runs: tuple[Run, ...] = ("full", "fused")
    lengths = {name: one.crossing(name, "rnn") for name in runs}
    known = {name: round(length) for name, length in lengths.items() if length is not None}
    which = "_".join(known) or "none"
    return t(f"cost.crossing.{which}", d=one.d, **known)


def _measure() -> None:
    """Measure anew on this machine; it takes some seconds, and others wait for their turn."""
    try:
        st.session_state[_ANEW] = measure.anew()
    except OSError:
        log.exception("measuring the layers")
        state.notice("cost.measure_failed")
