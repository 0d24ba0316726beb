"""The landing page: what this is, an example worked by hand, and one card a page."""

from __future__ import annotations

import streamlit as st

from models.catalog import DEFAULT_MODEL, is_loaded
from models.core.by_hand import steps, worked_example
from pages.ui import frame, lines, links
from pages.ui.text import notation, t
from pages.ui.topic import Topic, topic, topics
from viz.board.markup import indexed, template
from viz.home.example import cell_sum, weights_table

CARDS_A_ROW = 3
CELL = (1, 2)  # yemek → yedik: no word looks only at itself

_PROMISE = template("<p class='promise'><b>{{ name }}</b> {{ words }}</p>")
_CARD = template("<h4 class='card'>{{ title }}</h4>")


def body() -> None:
    """Everything below the title. Neither torch nor a chart: this page must draw at once."""
    frame.notices()
    left, right = st.columns([900, 880], gap="large")
    with left:
        lines.line("lead", t("home.lead"))
        for promise in ("sums", "origin", "own"):
            words = indexed(t(f"home.{promise}_2"), "W_O")
            st.html(_PROMISE(name=t(f"home.{promise}"), words=words))
        lines.hint(t("home.ready" if is_loaded(DEFAULT_MODEL) else "home.warming"))
    with right, st.container(border=True, key="main-figure"):
        _example()
    _cards([one for one in topics() if one.slug != "home"])


def _cards(topics: list[Topic]) -> None:
    st.subheader(t("home.journey"), anchor=False)
    for start in range(0, len(topics), CARDS_A_ROW):
        columns = st.columns(min(CARDS_A_ROW, len(topics)), gap="medium")
        for column, card in zip(columns, topics[start:], strict=False):
            with column, st.container(border=True, key=f"card-{card.slug}", height="stretch"):
                st.html(_CARD(title=t(f"{card.slug}.title")))
                lines.line("card", t(f"{card.slug}.card"))
                st.page_link(card.file, label=t("home.open"), icon=card.icon)


def _example() -> None:
    example = worked_example()
    made = steps(example)
    frame.section(t("home.example"), t("home.example_note"))
    matrix, sums = st.columns([460, 400], gap="medium", vertical_alignment="center")
    with matrix:
        colours = frame.current_theme()
        st.html(weights_table(made.weights, example.words, theme=colours, notation=notation()))
    with sums, st.container(key="steps"):
        st.html(cell_sum(made, example.words, *CELL, notation=notation()))
    st.page_link(
        topic("scores").file,
        label=t("home.example_link"),
        icon=":material/edit:",
        query_params={"v": str(links.VERSION), "mode": "hand"},
    )
    frame.provenance("example", t("home.example_source"))


frame.title("home")
body()
