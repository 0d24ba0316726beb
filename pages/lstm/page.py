"""What does each gate do with this word? A recurrent layer, step by step, with every sum."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.trace import RecurrentTrace
from pages.lstm import TOPIC, cell, forget_bias, panels, returned, shapes
from pages.ui import about, controls, frame, inputs, parts, state, views
from pages.ui.stepping import step_buttons
from pages.ui.text import t

_READ = "_lstm_read"  # the text that was read last, and how many words it has
# What models that read no sentences are shown with: a symbol, others, and the question.
SYMBOLS = "CABFEHGADBHEFC?"
_EXAMPLES = {TOPIC.defaults["text"], *(own["text"] for own in TOPIC.spoken.values())}
_OF_SYMBOLS = ("memory-lstm", "memory-rnn")


def body() -> None:
    """Everything below the title. Only the open view is computed."""
    view = views.opened(TOPIC.views)
    if view == "bias":
        with st.columns([700, 1100])[0]:
            views.switch("lstm", TOPIC.views)
        forget_bias.view()
        return
    if view == "shapes":
        shapes.view()
        return
    trace, shown = inputs.recorded(lambda w: panels.reading(w.model, w.text, cut=w.cut))
    layer = controls.in_range("layer", len(trace.layers))
    controls.in_range("unit", trace.layers[layer].h.shape[1])
    _step(trace)
    if view == "returned":
        _controls(trace, layers=False)
        frame.notices()
        returned.view(trace)
        parts.below(about.model, trace.model_id)
        return
    cell.settle(trace)
    seen = cell.seen(trace, shown)
    _controls(trace)
    less = frame.notices()
    cell.view(seen, less)
    cell.below(seen)


def _step(trace: RecurrentTrace) -> None:
    """The step in the address; in a text that was just typed, and is shorter, its last."""
    count, read = len(trace.tokens), st.session_state.get(_READ)
    if read not in (None, trace.text) and state.get("step") >= count:
        state.put("step", count - 1)
    st.session_state[_READ] = trace.text
    controls.in_range("step", count)


def _controls(trace: RecurrentTrace, *, layers: bool = True) -> None:
    """layers: whether a layer can be chosen."""
    words, layer = trace.typed or trace.tokens, int(state.get("layer"))
    step = t("lstm.step", n=int(state.get("step")), last=len(words) - 1)
    units = trace.layers[layer].h.shape[1]
    controls.row(
        (565, partial(views.switch, "lstm", TOPIC.views)),
        (225, partial(inputs.model, "recurrent", _model_changed)),
        (315, inputs.sentence),
        *([(105, partial(controls.counted, "layer", len(trace.layers)))] if layers else []),
        (120, partial(controls.counted, "unit", units)),
        (245, partial(controls.place, "step", step, words, numbered=True)),
        (240, partial(step_buttons, range(len(words)), "lstm.back", "lstm.on")),
    )


def _model_changed() -> None:
    """A model that reads symbols gets some to read, and one that reads words gets words again."""
    of_symbols = state.get("model") in _OF_SYMBOLS
    if of_symbols and state.get("text") in _EXAMPLES:
        state.put("text", SYMBOLS)
    elif not of_symbols and state.get("text") == SYMBOLS:
        state.put("text", state.default("text"))


parts.page("lstm", body)
