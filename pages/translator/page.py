"""How does it write the next word? A Transformer translates, word by word, every block opened."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.translation import controls
from pages.translator import beam, forcing, next_words, playback
from pages.translator import controls as writing
from pages.translator import stages as blocks
from pages.translator.controls import Seen
from pages.translator.diagram import stages
from pages.ui import about, caches, charts, depth_link, frame, inputs, parts, window
from pages.ui.controls import digits, row
from pages.ui.text import labels, t
from viz.board.sentence import Now
from viz.translator import now
from viz.translator.attentions import HEIGHT, translation
from viz.translator.diagram import payload

_WIDTHS = (980, 520, 292)


def body() -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        seen = writing.chosen()
        positions = forcing.chosen(seen)
    _controls(seen)
    less = frame.notices()
    frame.now(*_now(seen), why=writing.reason(seen))
    diagram = partial(
        stages, payload(seen.stepping, labels("translator.diagram")), writing.choose_stage
    )
    if not window.current().below:  # there the picture comes first
        diagram()
    picture, sums, likely = st.columns(_WIDTHS, gap="medium")
    with picture, st.container(key="main-figure"):
        figure = translation(seen.stepping, blocks.style(), height=HEIGHT - less)
        places = writing.places(seen.stepping)
        charts.clickable(figure, "translation", writing.choose, t("translator.cells"), *places)
        if window.current().stacked:
            diagram()
    with frame.sums_place(sums, "xsmall"):
        blocks.panel(seen)
    with likely, st.container(key="next-words", gap="xsmall"):
        next_words.panel(seen)
    if window.current().hall:  # as large as its words are there, it needs the whole width
        diagram()
    _provenance(seen)
    beam.search(seen)
    forcing.offer(seen, positions)
    if "norm" in seen.stepping.stage:
        parts.below(depth_link.to_depth)
    parts.below(about.model, seen.trace.model_id)
    playback.clock()
    if seen.pending:
        # Building the parser takes seconds: only now that the picture is on screen.
        writing.look_up(seen.trace.text)
        st.rerun()


def _now(seen: Seen) -> Now:
    following = t(f"translator.stage.{blocks.beyond(seen.stepping.stage, 1)}")
    return now.stage(seen.stepping, following, charts.style("now", "translator.now"))


def _controls(seen: Seen) -> None:
    row(
        (350, partial(inputs.sentence, "seq2seq.sentence")),
        (165, controls.example_control),
        (250, partial(writing.head_control, seen)),
        (165, writing.beams_control),
        (275, partial(controls.step_slider, seen.trace.written.typed)),
        (300, partial(playback.controls, len(seen.trace.ids))),
        (245, controls.gold_control),
    )


def _provenance(seen: Seen) -> None:
    trace, search = seen.trace, seen.search
    frame.provenance(
        "live",
        caches.title(trace.model_id),
        t("heads.where", layer=seen.stepping.layer, head=seen.stepping.head),
        t("translator.greedy") if search is None else t("translator.beam", n=search.width),
        "" if seen.usual is None or search is None else f"λ = {digits(search.penalty)}",
        frame.quote(trace.text),
        about.headline(trace.model_id),
        difference=caches.difference(trace),
        against="translator",
    )


parts.page("translator", body)
