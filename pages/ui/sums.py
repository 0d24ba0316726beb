"""Sums on a page: in general, with the chosen numbers, and the switches for digits and terms."""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import controls, state, symbols, window
from pages.ui.text import t
from viz.board.style import Style
from viz.formula.layout import Formula
from viz.formula.writer import Writer


def finer() -> bool:
    """More digits are asked for."""
    return bool(state.get("exact"))


def every() -> bool:
    """All terms of a sum are asked for, not only the largest."""
    return bool(state.get("all"))


def writer(style: Style, few: int | None = None, *, digits: int = 2, **room: Any) -> Writer:
    """How sums are written: so many terms, or all; so many digits, or two more; in what room."""
    return Writer(style, digits + 2 * finer(), None if every() else few, **room)


def lines(*formulas: str) -> None:
    """Formulas below each other."""
    for formula in formulas:
        symbols.formula(formula)


def whole(formula: Formula) -> None:
    """A formula in general, then with its numbers."""
    lines(formula.general, formula.chosen)


def box(room: int, *, gap: Literal["small", "xsmall"] = "xsmall") -> DeltaGenerator:
    """Where sums stand; with all their terms they scroll in so many pixels."""
    return (
        st.container(height=window.pixels(room), border=False) if every() else st.container(gap=gap)
    )


def opened(formula: Formula, room: int, *, scrolls: bool | None = None) -> None:
    """A formula with its numbers. All its terms scroll, what it comes to stays in view below.

    scrolls: where that does not depend on whether all terms are asked for.
    """
    if every() if scrolls is None else scrolls:
        with st.container(height=window.pixels(room), border=False):
            symbols.formula(formula.rows)
        symbols.formula(formula.result)
    else:
        symbols.formula(formula.chosen)


def more_digits() -> None:
    """The switch for `finer`."""
    controls.toggle("exact", t("scores.more_digits"))


def all_terms(key: str = "scores.all_terms") -> None:
    """The switch for `every`. key: what it is called."""
    controls.toggle("all", t(key))


def switch_row() -> DeltaGenerator:
    """Where switches stand side by side."""
    return st.container(horizontal=True, vertical_alignment="center", gap="medium")


def switches(*, terms: bool = True, key: str = "scores.all_terms") -> None:
    """More digits; all terms of the sums, where there are more."""
    with switch_row():
        more_digits()
        if terms:
            all_terms(key)
