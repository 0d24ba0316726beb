"""What does each gate do with this word? A recurrent layer, step by step, with every sum."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.lstm.record import Unit
from models.lstm.units import by_similarity, measured
from models.trace import RecurrentTrace
from pages.lstm import panels, units
from pages.lstm.panels import (
    Seen,
    architecture_line,
    cell,
    maps,
    said,
    sums,
    units_named,
    words_after,
)
from pages.ui import (
    about,
    caches,
    controls,
    frame,
    state,
)
from pages.ui.stepping import step_buttons
from pages.ui.text import t
from viz.lstm.step import GATES, Reading, of_trace

_WIDTHS = (940, 860)
ORDERS = ("index", "similarity", "property")
_READ = "_lstm_read"  # the text that was read last, and how many words it has
# What models that read no sentences are shown with: a symbol, others, and the question.
SYMBOLS = "CABFEHGADBHEFC?"
_OF_SYMBOLS = ("memory-lstm", "memory-rnn")
_MEASURED = "agreement_en_3"  # of the sentence models, the figure in the line of provenance


def body() -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        trace, shown = controls.best(lambda w: panels.reading(w.model, w.text, cut=w.cut))
    controls.settle(shown, cut=len(trace.tokens) if trace.cut else None)
    layer = controls.in_range("layer", len(trace.layers))
    unit = controls.in_range("unit", trace.layers[layer].h.shape[1])
    step = _step(trace)
    _property(trace)
    seen = _seen(trace, shown, layer, unit, step)
    _controls(seen)
    notices = frame.notices()
    left, right = st.columns(_WIDTHS, gap="medium")
    with left:
        maps(seen, less=notices * frame.NOTICE)
    with right, st.container(key="steps", gap="xsmall"):
        said(seen)
        architecture_line(seen)
        cell(seen)
        below, beside = st.columns([540, 320], gap="small")
        with below, st.container(key="gate-sums", gap="xsmall"):
            sums(seen)
        with beside, st.container(key="next-words", gap="xsmall"):
            words_after(seen, units.best(trace.model_id))
    _provenance(seen)
    units.panel(seen)
    units.beside(seen)
    about.model(trace.model_id)
    about.model(units.PARTNERS.get(trace.model_id, ""), key="about-partner")
    frame.learn("lstm")


def _seen(trace: RecurrentTrace, shown: controls.Input, layer: int, unit: int, step: int) -> Seen:
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
        return [one.unit for one in sorted(tracked.layers[layer], key=lambda one: -one.r)]
    return by_similarity(found) if chosen == "similarity" else list(range(found.h.shape[1]))


def _property(trace: RecurrentTrace) -> None:
    """A model whose units were not measured has no order by a property."""
    if state.get("order") == "property" and not measured(trace.model_id):
        state.notice("lstm.not_measured", model=caches.title(trace.model_id))
        state.put("order", state.default("order"))


def _step(trace: RecurrentTrace) -> int:
    """The step in the address; in a text that was just typed, and is shorter, its last."""
    count, read = len(trace.tokens), st.session_state.get(_READ)
    if read not in (None, trace.text) and state.get("step") >= count:
        state.put("step", count - 1)
    st.session_state[_READ] = trace.text
    return controls.in_range("step", count)


def _controls(seen: Seen) -> None:
    columns = st.columns(
        [230, 400, 100, 115, 195, 285, 245, 230], vertical_alignment="bottom", gap="small"
    )
    with columns[0]:
        controls.model_control("recurrent", _model_changed)
    with columns[1]:
        controls.sentence_control()
    with columns[2]:
        controls.number("layer", len(seen.trace.layers))
    with columns[3]:
        controls.number("unit", seen.reading.shape[1])
    known = tuple(measured(seen.trace.model_id) or ())
    with columns[4]:
        _choice("order", ORDERS if known else ORDERS[:2])
    with columns[5]:
        _choice("property", known or (state.get("property"),), disabled=not known)
    with columns[6]:
        _slider(seen.reading)
    with columns[7]:
        step_buttons(range(seen.reading.shape[0]), t("lstm.back"), t("lstm.on"))


def _choice(name: str, options: tuple[str, ...], *, disabled: bool = False) -> None:
    if state.get(name) not in options:
        state.put(name, options[0])
    state.put(name, state.get(name))
    words = {option: t(f"lstm.{name}.{option}") for option in options}
    st.selectbox(
        t(f"lstm.{name}"),
        options,
        key=name,
        format_func=words.__getitem__,
        disabled=disabled,
        persist_state="session",
    )


def _slider(reading: Reading) -> None:
    count = reading.shape[0]
    st.select_slider(
        t("lstm.step", n=reading.step, last=count - 1),
        range(count) if count > 1 else (0, 0),
        key="step",
        # With its number: Streamlit tells options apart by what they say, and words repeat.
        format_func=lambda at: f"{at} {reading.words[at]}",
        disabled=count == 1,
        persist_state="session",
    )


def _model_changed() -> None:
    """A model that reads symbols gets some to read, and one that reads words gets words again."""
    of_symbols = state.get("model") in _OF_SYMBOLS
    if of_symbols and state.get("text") == state.default("text"):
        state.put("text", SYMBOLS)
    elif not of_symbols and state.get("text") == SYMBOLS:
        state.put("text", state.default("text"))


def _provenance(seen: Seen) -> None:
    reading, trace = seen.reading, seen.trace
    parts = [
        escape(caches.title(trace.model_id)),
        escape(t("lstm.where", layer=seen.layer, unit=reading.unit)),
        f"“{frame.quote(trace.text)}”",
    ]
    if reading.unknown:
        parts.append(escape(t("lstm.unknown", count=len(reading.unknown))))
    if seen.altered is not None:
        parts.insert(0, escape(t("lstm.silenced", units=units_named(seen.altered))))
    headline = about.headline(trace.model_id, _MEASURED)
    if headline:
        parts.append(headline)
    frame.provenance(
        "live" if seen.altered is None else "whatif",
        *parts,
        difference=caches.difference(seen.shown),
        against="lstm.gates" if set(GATES) <= set(reading.parts) else "lstm.states",
    )


frame.page("lstm", body)
