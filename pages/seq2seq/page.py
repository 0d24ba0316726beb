"""From one context vector to attention: a translation step by step, with every sum."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.core.arrays import largest
from pages.seq2seq import context_vector
from pages.seq2seq.step import matrix, said, sums, words
from pages.translation import controls
from pages.translation.controls import Seen
from pages.ui import about, caches, frame
from pages.ui.stepping import step_buttons
from pages.ui.text import t

_WIDTHS = (930, 850)


def body() -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        seen = controls.chosen()
    _controls(seen)
    notices = frame.notices()
    left, right = st.columns(_WIDTHS, gap="medium")
    with left:
        matrix(seen, less=notices * frame.NOTICE)
    with right, st.container(key="steps", gap="xsmall"):
        said(seen)
        formulas, likely = st.columns([520, 310], gap="small")
        with formulas, st.container(key="decoder-sums", gap="xsmall"):
            sums(seen)
        with likely, st.container(key="next-words", gap="xsmall"):
            words(seen)
    _provenance(seen)
    context_vector.beside(seen)
    about.model(seen.trace.model_id)
    about.model(context_vector.MODEL, key="about-fixed")
    frame.learn("seq2seq")


def _controls(seen: Seen) -> None:
    columns = st.columns(
        [350, 150, 250, 365, 220, 215, 240], vertical_alignment="bottom", gap="small"
    )
    with columns[0]:
        controls.sentence_control()
    with columns[1]:
        controls.example_control()
    with columns[2]:
        controls.target_control()
    with columns[3]:
        controls.feed_control()
    with columns[4]:
        controls.step_slider(seen.decoding.written)
    with columns[5]:
        step_buttons(range(seen.decoding.steps), t("seq2seq.back"), t("seq2seq.on"))
    with columns[6]:
        controls.gold_control(seen)


def _provenance(seen: Seen) -> None:
    trace = seen.trace
    parts = [
        f"{escape(caches.title(trace.model_id))}, {escape(caches.title(context_vector.MODEL))}",
        escape(t("seq2seq.forced" if trace.forced else "seq2seq.free")),
        f"“{frame.quote(trace.text)}”",
    ]
    if seen.decoding.strange:
        parts.append(escape(t("seq2seq.strange", count=len(seen.decoding.strange))))
    headline = about.headline(trace.model_id)
    both = (trace, context_vector.recorded(seen))
    frame.provenance(
        "live",
        *parts,
        *([headline] if headline else []),
        difference=largest(caches.difference(each) for each in both),
        against="seq2seq",
    )


frame.page("seq2seq", body)
