"""The landing page: what this is, an example worked by hand, and one card a page."""

from __future__ import annotations

import streamlit as st

from models.byhand import steps, worked_example
from models.catalog import DEFAULT_MODEL, is_loaded
from pages.registry import PAGES, Row, row
from pages.ui import frame
from pages.ui.text import notation, t
from viz.example import weights_table

CARDS_A_ROW = 3


def body() -> None:
    """Everything below the title. Neither torch nor a chart: this page must draw at once."""
    left, right = st.columns([1000, 760], gap="large")
    with left:
        st.html(f"<p class='lead'>{t('home.lead')}</p>")
        _cards([page for page in PAGES if page.slug != "home"])
        st.caption(t("home.ready" if is_loaded(DEFAULT_MODEL) else "home.warming"))
    with right, st.container(border=True, key="example"):
        _example()


def _cards(rows: list[Row]) -> None:
    st.subheader(t("home.journey"), anchor=False)
    for start in range(0, len(rows), CARDS_A_ROW):
        columns = st.columns(CARDS_A_ROW if len(rows) > 2 else 2, gap="medium")
        for column, card in zip(columns, rows[start:], strict=False):
            with column, st.container(border=True, key=f"card-{card.slug}", height="stretch"):
                st.html(f"<h4 class='card'>{t(f'{card.slug}.title')}</h4>")
                st.html(f"<p class='card'>{t(f'{card.slug}.card')}</p>")
                st.page_link(card.file, label=t("home.open"), icon=card.icon)


def _example() -> None:
    example = worked_example()
    frame.section(t("home.example"), t("home.example_note"))
    st.html(
        weights_table(
            steps(example).weights,
            example.words,
            theme=frame.current_theme(),
            notation=notation(),
        )
    )
    st.page_link(
        row("scores").file,
        label=t("home.example_link"),
        icon=":material/edit:",
        query_params={"mode": "hand"},
    )
    frame.provenance("example", t("home.example_source"))


frame.title("home")
body()
