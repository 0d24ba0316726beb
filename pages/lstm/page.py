"""What does each gate do with this word? A recurrent layer, step by step, with every sum."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.lstm.record import Unit
from models.lstm.units import by_similarity, measured
from models.trace import RecurrentTrace
from pages.lstm import TOPIC, panels, units
from pages.lstm.panels import Seen
from pages.ui import about, caches, controls, frame, inputs, parts, spelling, state
from pages.ui.stepping import step_buttons
from pages.ui.text import t
from viz.lstm.step import GATES, of_trace

_WIDTHS = (940, 860)
ORDERS = ("index", "similarity", "property")
_READ = "_lstm_read"  # the text that was read last, and how many words it has
# What models that read no sentences are shown with: a symbol, others, and the question.
SYMBOLS = "CABFEHGADBHEFC?"
_EXAMPLES = {TOPIC.defaults["text"], *(own["text"] for own in TOPIC.spoken.values())}
_OF_SYMBOLS = ("memory-lstm", "memory-rnn")
_MEASURED = "agreement_en_3"  # of the sentence models, the figure in the line of provenance


def body() -> None:
    """Everything below the title."""
    trace, shown = inputs.recorded(lambda w: panels.reading(w.model, w.text, cut=w.cut))
    layer = controls.in_range("layer", len(trace.layers))
    unit = controls.in_range("unit", trace.layers[layer].h.shape[1])
    step = _step(trace)
    if state.get("order") == "property" and not measured(trace.model_id):
        state.notice("lstm.not_measured", model=caches.title(trace.model_id))
        state.put("order", state.default("order"))
    seen = _seen(trace, shown, layer, unit, step)
    _controls(seen)
    less = frame.notices()
    panels.now(seen)
    figure, right = frame.picture_and_sums(_WIDTHS)
    with figure:
        words = [seen.reading.words[place] for place in sorted(seen.reading.unknown)]
        panels.maps(seen, less=less + spelling.room(words, trace.text))
        spelling.beyond("lstm.no_word", words, trace.text)
    with right:
        panels.architecture_line(seen)
        panels.cell(seen)
        below, beside = frame.side_by_side([540, 320], ["gate-sums", "next-words"])
        with below:
            panels.arithmetic(seen)
        with beside:
            panels.words_after(seen, units.best(trace.model_id))
    _provenance(seen)
    units.beside(seen)
    follows = "h" if seen.reading.layer.c is None else "c"
    parts.below(units.panel, trace.model_id, str(state.get("property")), follows, (layer, unit))
    parts.below(about.model, trace.model_id)
    parts.below(about.model, units.PARTNERS.get(trace.model_id, ""), key="about-partner")


def _seen(trace: RecurrentTrace, shown: inputs.Input, layer: int, unit: int, step: int) -> Seen:
    """The chosen step of the chosen unit; with units silenced, if that is asked for."""
    altered, off = None, _silenced(trace, (layer, unit))
    if off:
        altered = panels.reading(shown.model, shown.text, cut=shown.cut, silenced=off)
    order = _order(trace, layer)
    reading = of_trace(altered or trace, layer, step=step, unit=unit, order=order)
    return Seen(trace, altered, layer, reading)


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


def _step(trace: RecurrentTrace) -> int:
    """The step in the address; in a text that was just typed, and is shorter, its last."""
    count, read = len(trace.tokens), st.session_state.get(_READ)
    if read not in (None, trace.text) and state.get("step") >= count:
        state.put("step", count - 1)
    st.session_state[_READ] = trace.text
    return controls.in_range("step", count)


def _controls(seen: Seen) -> None:
    reading, known = seen.reading, tuple(measured(seen.trace.model_id) or ())
    count = reading.shape[0]
    step = t("lstm.step", n=reading.step, last=count - 1)
    controls.row(
        (230, partial(inputs.model, "recurrent", _model_changed)),
        (400, inputs.sentence),
        (100, partial(controls.counted, "layer", len(seen.trace.layers))),
        (115, partial(controls.counted, "unit", reading.shape[1])),
        (195, partial(_choice, "order", ORDERS if known else ORDERS[:2])),
        (285, partial(_choice, "property", known or (state.get("property"),), not known)),
        (245, partial(controls.place, "step", step, reading.words, numbered=True)),
        (230, partial(step_buttons, range(count), "lstm.back", "lstm.on")),
    )


def _choice(name: str, options: tuple[str, ...], disabled: bool = False) -> None:
    if state.get(name) not in options:
        state.put(name, options[0])
    controls.select(name, f"lstm.{name}", options, disabled=disabled)


def _model_changed() -> None:
    """A model that reads symbols gets some to read, and one that reads words gets words again."""
    of_symbols = state.get("model") in _OF_SYMBOLS
    if of_symbols and state.get("text") in _EXAMPLES:
        state.put("text", SYMBOLS)
    elif not of_symbols and state.get("text") == SYMBOLS:
        state.put("text", state.default("text"))


def _provenance(seen: Seen) -> None:
    reading, trace = seen.reading, seen.trace
    off = "" if seen.altered is None else t("lstm.silenced", units=panels.units_named(seen.altered))
    frame.provenance(
        "whatif" if off else "live",
        off,
        caches.title(trace.model_id),
        t("lstm.where", layer=seen.layer, unit=reading.unit),
        frame.quote(trace.text),
        t("lstm.unknown", count=len(reading.unknown)) if reading.unknown else "",
        about.headline(trace.model_id, _MEASURED),
        difference=caches.difference(seen.shown),
        against="lstm.gates" if set(GATES) <= set(reading.parts) else "lstm.states",
    )


parts.page("lstm", body)
