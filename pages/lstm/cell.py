"""The first view: one unit's cell at one step with its sums, and all units beside it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.lstm.record import Unit
from models.lstm.units import by_similarity, measured
from models.trace import RecurrentTrace
from pages.lstm import panels, units
from pages.lstm.panels import Seen
from pages.ui import about, caches, controls, frame, inputs, parts, spelling, state
from pages.ui.text import t
from viz.lstm.step import of_trace

_WIDTHS = (860, 940)
_ORDERS = ("index", "similarity", "property")
_MEASURED = "agreement_en_3"  # of the sentence models, the figure in the line of provenance


def settle(trace: RecurrentTrace) -> None:
    """Units that were not measured have no order by a property: that is said."""
    if state.get("order") == "property" and not measured(trace.model_id):
        state.notice("lstm.not_measured", model=caches.title(trace.model_id))
        state.put("order", state.default("order"))


def seen(trace: RecurrentTrace, shown: inputs.Input) -> Seen:
    """The chosen step of the chosen unit; with units silenced, if that is asked for."""
    layer, unit = int(state.get("layer")), int(state.get("unit"))
    altered, off = None, _silenced(trace, (layer, unit))
    if off:
        altered = panels.reading(shown.model, shown.text, cut=shown.cut, silenced=off)
    order = _order(trace, layer)
    step = int(state.get("step"))
    reading = of_trace(altered or trace, layer, step=step, unit=unit, order=order)
    return Seen(trace, altered, layer, reading)


def view(shown: Seen, less: int) -> None:
    """The cell above its sums at the left, all units at the right. less: pixels of height."""
    trace = shown.trace
    panels.now(shown)
    left, right = st.columns(_WIDTHS, gap="medium")
    with left.container(key="main-figure", gap="small"):
        panels.architecture_line(shown)
        panels.cell(shown)
    with frame.sums_place(left, "xsmall"):
        below, beside = frame.side_by_side([540, 320], ["gate-sums", "next-words"])
        with below:
            panels.arithmetic(shown)
        with beside:
            panels.words_after(shown, units.best(trace.model_id))
    with right.container(key="all-units", gap="xsmall"):
        _of_units(trace)
        words = [shown.reading.words[place] for place in sorted(shown.reading.unknown)]
        panels.maps(shown, less=less + spelling.room(words, trace.text))
        spelling.beyond("lstm.no_word", words, trace.text)
    _provenance(shown)
    units.beside(shown)


def below(shown: Seen) -> None:
    """Under the view: which units follow a property, and what is known of the models."""
    model_id, chosen = shown.trace.model_id, (shown.layer, shown.reading.unit)
    follows = "h" if shown.reading.layer.c is None else "c"
    parts.below(units.panel, model_id, str(state.get("property")), follows, chosen)
    parts.below(about.model, model_id)
    parts.below(about.model, units.PARTNERS.get(model_id, ""), key="about-partner")


def _silenced(trace: RecurrentTrace, unit: Unit) -> tuple[Unit, ...]:
    """The (layer, unit) pairs that are to be held at 0."""
    chosen, best = state.get("silence"), units.best(trace.model_id)
    if chosen == "best" and not best:
        state.notice("lstm.not_measured", model=caches.title(trace.model_id))
        state.put("silence", "none")
        return ()
    return {"none": (), "unit": (unit,), "best": best}[chosen]


def _order(trace: RecurrentTrace, layer: int) -> list[int]:
    """The units from top to bottom."""
    chosen, found = state.get("order"), trace.layers[layer]
    tracked = (measured(trace.model_id) or {}).get(state.get("property"))
    if chosen == "property" and tracked is not None:
        return tracked.by_r(layer)
    return by_similarity(found) if chosen == "similarity" else list(range(found.h.shape[1]))


def _of_units(trace: RecurrentTrace) -> None:
    """In which order the units stand, and which property they are measured by."""
    known = tuple(measured(trace.model_id) or ())
    controls.row(
        (340, partial(_choice, "order", _ORDERS if known else _ORDERS[:2])),
        (600, partial(_choice, "property", known or (state.get("property"),), not known)),
    )


def _choice(name: str, options: tuple[str, ...], disabled: bool = False) -> None:
    if state.get(name) not in options:
        state.put(name, options[0])
    controls.select(name, f"lstm.{name}", options, disabled=disabled)


def _provenance(shown: Seen) -> None:
    reading, trace = shown.reading, shown.trace
    altered = shown.altered
    off = "" if altered is None else t("lstm.silenced", units=panels.units_named(altered))
    frame.provenance(
        "whatif" if off else "live",
        off,
        caches.title(trace.model_id),
        t("lstm.where", layer=shown.layer, unit=reading.unit),
        frame.quote(trace.text),
        t("lstm.unknown", count=len(reading.unknown)) if reading.unknown else "",
        about.headline(trace.model_id, _MEASURED),
        difference=caches.difference(shown.shown),
        against=panels.AGAINST[reading.layer.cell],
    )
