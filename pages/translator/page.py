"""How does it write the next word? A Transformer translates, word by word, every block opened."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.translation import controls
from pages.translator import (
    beam,
    next_words,
    playback,
)
from pages.translator import (
    controls as writing,
)
from pages.translator import (
    stages as blocks,
)
from pages.translator.controls import Seen
from pages.translator.diagram import stages
from pages.ui import (
    about,
    caches,
    charts,
    frame,
)
from pages.ui.text import labels, t
from viz.translator.attentions import HEIGHT, translation
from viz.translator.diagram import payload

_WIDTHS = (980, 520, 292)
_LOWEST = 420  # pixels of the picture, however many notices stand above it


def body() -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        seen = writing.chosen()
    _controls(seen)
    notices = frame.notices()
    stages(payload(seen.stepping, labels("translator.diagram")), writing.choose_stage)
    picture, sums, likely = st.columns(_WIDTHS, gap="medium")
    with picture, st.container(key="main-figure"):
        height = HEIGHT - notices * frame.NOTICE
        figure = translation(seen.stepping, blocks.style(), height=max(height, _LOWEST))
        charts.clickable(figure, "translation", writing.choose)
    with sums, st.container(key="steps", gap="xsmall"):
        blocks.panel(seen)
    with likely, st.container(key="next-words", gap="xsmall"):
        next_words.panel(seen)
    _provenance(seen)
    beam.search(seen)
    about.model(seen.trace.model_id)
    frame.learn("translator")
    playback.clock()
    if seen.pending:
        # Building the parser takes seconds: only now that the picture is on screen.
        writing.look_up(seen.trace.text)
        st.rerun()


def _controls(seen: Seen) -> None:
    columns = st.columns(
        [370, 165, 250, 165, 275, 300, 225], vertical_alignment="bottom", gap="small"
    )
    with columns[0]:
        controls.sentence_control()
    with columns[1]:
        controls.example_control()
    with columns[2]:
        writing.head_control(seen)
    with columns[3]:
        writing.beams_control()
    with columns[4]:
        controls.step_slider(seen.trace.written.typed)
    with columns[5]:
        playback.controls(len(seen.trace.ids))
    with columns[6]:
        writing.gold_control()


def _provenance(seen: Seen) -> None:
    trace = seen.trace
    searched = "translator.greedy" if seen.search is None else "translator.beam"
    width = {} if seen.search is None else {"n": seen.search.width}
    parts = [
        escape(caches.title(trace.model_id)),
        escape(t("heads.where", layer=seen.stepping.layer, head=seen.stepping.head)),
        escape(t(searched, **width)),
        f"“{frame.quote(trace.text)}”",
    ]
    headline = about.headline(trace.model_id)
    difference = caches.difference(trace)
    frame.provenance(
        "live",
        *parts,
        *([headline] if headline else []),
        difference=difference,
        against="translator",
    )


frame.page("translator", body)
