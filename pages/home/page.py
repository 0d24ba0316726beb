"""The landing page: a sentence and its attention at once; ways on, the journey, a small example."""

from __future__ import annotations

import streamlit as st

from models.core.by_hand import steps, worked_example
from pages.home import cards, questions, sentence, timeline, ways
from pages.ui import frame, lines, parts
from pages.ui.text import notation, t
from pages.ui.topic import topic
from viz.board.markup import indexed, template
from viz.home.example import cell_sum, weights_table

CELL = (1, 2)  # yemek → yedik: no word looks only at itself

_PROMISE = template("<p class='promise'><b>{{ name }}</b> {{ words }}</p>")


def below() -> None:
    """What no control changes. Neither torch nor a chart: this page must draw at once."""
    ways.view()
    questions.view()
    cards.view()
    timeline.view()
    left, right = st.columns([900, 880], gap="large")
    with left:
        frame.section(t("home.about"))
        lines.line("lead", t("home.lead"))
        for promise in ("sums", "origin", "own"):
            words = indexed(t(f"home.{promise}_2"), "W_O")
            st.html(_PROMISE(name=t(f"home.{promise}"), words=words))
    with right, st.container(border=True, key="by-hand"):
        _example()


def _example() -> None:
    example = worked_example()
    made = steps(example)
    frame.section(t("home.example"), t("home.example_note"))
    matrix, sums = st.columns([460, 400], gap="medium", vertical_alignment="center")
    with matrix:
        colours = frame.current_theme()
        st.html(weights_table(made.weights, example.words, theme=colours, notation=notation()))
    sums.html(cell_sum(made, example.words, *CELL, notation=notation()))
    scores = topic("scores")
    frame.way_to(scores, t("home.example_link"), icon=":material/edit:", mode="hand")
    frame.source("example", t("home.example_source"))


parts.page("home", sentence.view, below)
