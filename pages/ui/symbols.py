"""Signs explain themselves: in every line of HTML that the pages write, and listed under sums."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.text import labels, t
from viz.board import symbols
from viz.board.markup import Safe

_FORMULAS = "_formulas"  # the LaTeX that this run has shown


def show(html: Safe, **more: Any) -> None:
    """A piece of HTML, its signs explained. more: as Streamlit takes it."""
    st.html(symbols.explained(html, labels("symbol")), **more)


def begin() -> None:
    """A run begins: no formula is on screen."""
    st.session_state[_FORMULAS] = []


def formula(tex: str) -> None:
    """A formula, whose signs `table` lists."""
    st.latex(tex)
    st.session_state.setdefault(_FORMULAS, []).append(tex)


def table() -> None:
    """The signs of all formulas of this run with their meanings, folded; nothing without any."""
    found = symbols.used(st.session_state.get(_FORMULAS, []))
    listed = symbols.listed(found, labels("symbol"), t("frame.symbols"))
    if listed:
        st.html(listed)
