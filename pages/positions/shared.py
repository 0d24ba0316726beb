"""What the views of the positions page share: the switch, sizes, words, clicks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.core.encodings import MOST
from pages.positions import TOPIC
from pages.ui import charts, state, views
from pages.ui.text import t
from viz.board.style import Style

VIEWS = TOPIC.views
WIDTHS = (1190, 590)
_SWITCH = 785  # pixels of the row of controls
# name → least, greatest, even
SIZES = {
    "d": (2, 64, True),
    "n": (2, 999_999, False),
    "length": (2, MOST, False),
    "width": (2, MOST, True),
    "base": (2, 999_999, False),
}


def row(widths: Sequence[int]) -> list[DeltaGenerator]:
    """The row of controls: the switch between views, then columns of these widths."""
    first, *others = st.columns([_SWITCH, *widths], vertical_alignment="bottom", gap="small")
    with first:
        views.switch("positions", VIEWS)
    return others


def style() -> Style:
    """Colours, numbers and words of the formulas."""
    return charts.style("positions.formula")


def look() -> Style:
    """Colours, numbers and words of the figures."""
    return charts.style("positions.figure")


def size(name: str) -> int:
    """A size as it can be drawn; one that cannot is said, and the nearest taken."""
    low, high, even = SIZES[name]
    value = int(state.get(name))
    kept = min(max(value, low), high)
    kept -= kept % 2 if even else 0
    if kept != value:
        state.notice(
            "positions.no_even" if even else "positions.no_size",
            name=t(f"controls.{name}"),
            value=value,
            low=low,
            high=high,
        )
    state.put(name, kept)
    return kept


def size_control(name: str) -> None:
    """The widget of a size that has been settled."""
    low, high, even = SIZES[name]
    st.number_input(
        t(f"controls.{name}"), low, high, step=2 if even else 1, key=name, persist_state="session"
    )


def hint(words: str) -> None:
    """A quiet sentence."""
    st.html(f"<p class='hint'>{escape(words)}</p>")


def beside(label: str, value: str) -> None:
    """A line: words at the left, a number at the right."""
    st.html(f"<p class='beside'><span>{escape(label)}</span><b>{escape(value)}</b></p>")


def titled(words: str, note: str = "") -> None:
    """A block's head, and what is said of it."""
    st.html(f"<p class='reach'><b>{escape(words)}</b><span>{escape(note)}</span></p>")
