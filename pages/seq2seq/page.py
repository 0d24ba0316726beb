"""From one context vector to attention: a translation step by step, with every sum."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.core.arrays import largest
from pages.seq2seq import context_vector
from pages.seq2seq.step import arithmetic, matrix, words
from pages.translation import controls
from pages.translation.controls import Seen
from pages.ui import about, caches, charts, frame, inputs, lines, parts, state
from pages.ui.controls import row
from pages.ui.stepping import step_buttons
from pages.ui.text import t
from pages.ui.topic import topic
from viz.seq2seq import now

_WIDTHS = (930, 850)


def body() -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        seen = controls.chosen()
    _controls(seen)
    less = frame.notices()
    frame.now(*now.step(seen.decoding, charts.style("now", "seq2seq.now")))
    figure, right = frame.picture_and_sums(_WIDTHS)
    with figure:
        matrix(seen, less=less)
    with right:
        formulas, likely = frame.side_by_side([520, 310], ["decoder-sums", "next-words"])
        with formulas:
            arithmetic(seen)
        with likely:
            words(seen)
    _provenance(seen)
    parts.below(context_vector.beside, seen, of=(seen.trace.key, seen.target))
    parts.below(_cells)
    parts.below(about.model, seen.trace.model_id)
    parts.below(about.model, context_vector.MODEL, key="about-fixed")


def _cells() -> None:
    """What encoder and decoder are made of, and where such a cell is opened."""
    lines.hint(t("seq2seq.cells"))
    frame.way_to(topic("lstm"), t("seq2seq.to_gru"), model="gru")


def _controls(seen: Seen) -> None:
    target = partial(inputs.text, "target", "seq2seq.target", "seq2seq.target_hint")
    typed = partial(state.put_all, feed=None, cut=False)  # a target switches to teacher forcing
    row(
        (350, partial(inputs.sentence, "seq2seq.sentence")),
        (150, controls.example_control),
        (250, partial(target, on_change=typed)),
        (365, controls.feed_control),
        (220, partial(controls.step_slider, seen.decoding.written)),
        (215, partial(step_buttons, range(seen.decoding.steps), "seq2seq.back", "seq2seq.on")),
        (240, partial(controls.gold_control, known=seen.known is not None)),
    )


def _provenance(seen: Seen) -> None:
    trace, strange = seen.trace, len(seen.decoding.strange)
    both = (trace, context_vector.recorded(seen))
    frame.provenance(
        "live",
        f"{caches.title(trace.model_id)}, {caches.title(context_vector.MODEL)}",
        t("seq2seq.forced" if trace.forced else "seq2seq.free"),
        frame.quote(trace.text),
        t("seq2seq.strange", count=strange) if strange else "",
        about.headline(trace.model_id),
        difference=largest(caches.difference(each) for each in both),
        against="seq2seq",
    )


parts.page("seq2seq", body)
