"""The switches of a page: between its parts, and between its sums; one is open at a time."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import state
from pages.ui.text import t


def opened(views: Sequence[str]) -> str:
    """The part that is open: the page's default where the address names another page's."""
    if state.get("view") not in views:
        state.put("view", state.default("view"))
    return str(state.get("view"))


def switch(page: str, views: Sequence[str], *, wrap: bool = True) -> None:
    """The row of names. Sentences: page.view above it, page.view.<name> for each."""
    state.put("view", state.get("view"))
    st.segmented_control(
        t(f"{page}.view"),
        views,
        key="view",
        required=True,
        format_func=lambda name: t(f"{page}.view.{name}"),
        wrap=wrap,
        persist_state="session",
    )


def chosen_sum(page: str, sums: Sequence[str]) -> str:
    """The row of sums, and which is open: the default where a link names another page's.

    Sentences: page.sum, page.sum.<name>.
    """
    state.put("sum", state.get("sum") if state.get("sum") in sums else state.default("sum"))
    st.segmented_control(
        t(f"{page}.sum"),
        sums,
        key="sum",
        required=True,
        label_visibility="collapsed",
        format_func=lambda name: t(f"{page}.sum.{name}"),
        persist_state="session",
    )
    return str(state.get("sum"))
