"""Signs and words of the field explain themselves: in the pages' HTML, and listed under sums."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from pages.ui.export import drawn
from pages.ui.text import labels, t
from viz.board import symbols
from viz.board.markup import Safe

_FORMULAS = "_formulas"  # the LaTeX that this run has shown
_LABELS = "_labels"  # and the texts of its figures


def show(html: Safe, **more: Any) -> None:
    """A piece of HTML, its signs explained. more: as Streamlit takes it."""
    st.html(symbols.explained(html, labels("symbol"), _terms()), **more)


def _terms() -> dict[str, str]:
    """A word as sentences have it → what the glossary says of it."""
    said = labels("glossary.said")
    return {words: said[name] for name, words in labels("word").items()}


def begin() -> None:
    """A run begins: no formula and no figure is on screen."""
    st.session_state[_FORMULAS], st.session_state[_LABELS] = [], []


def formula(tex: str) -> None:
    """A formula, whose signs `table` lists."""
    st.latex(tex)
    st.session_state.setdefault(_FORMULAS, []).append(tex)
    drawn.sum_shown(tex)


def figure(texts: Iterable[str]) -> None:
    """What a figure writes, whose special tokens `table` lists: there nothing can be pointed at."""
    st.session_state.setdefault(_LABELS, []).extend(texts)


def table() -> None:
    """The signs of this run's formulas and figures with their meanings, folded; none: nothing."""
    found = symbols.used(*(st.session_state.get(name, []) for name in (_FORMULAS, _LABELS)))
    listed = symbols.listed(found, labels("symbol"), t("frame.symbols"))
    if listed:
        st.html(listed)
