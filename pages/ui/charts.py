"""Figures on a page: their colours, numbers and words, and how one answers a visitor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from pages.ui import frame, state, window
from pages.ui.text import labels, notation
from viz.board.board import Figure
from viz.board.packed import packed
from viz.board.style import Style


def style(*topics: str, digits: int | None = None) -> Style:
    """How figures and formulas speak on this run. topics: prefixes of the words they take."""
    words = {name: word for topic in topics for name, word in labels(topic).items()}
    return Style(frame.current_theme(), notation(), words, digits)


def told(figure: Figure, key: str, *, still: bool = False, **selection: Any) -> None:
    """A figure that tells its numbers under the pointer. still: it answers nothing."""
    options = {"displayModeBar": False, **({"staticPlot": True} if still else {})}
    here = window.current()
    drawn = packed(figure, here.scale, here.room)
    # The figures bring their own colours: Streamlit's theme would repaint them.
    st.plotly_chart(drawn, key=key, theme=None, width="stretch", config=options, **selection)


still = partial(told, still=True)


def clickable(figure: Figure, key: str, choose: Callable[..., None]) -> None:
    """A figure in which a click on a mark calls `choose` with what the mark carries."""
    answer = partial(clicked, key, choose)
    told(figure, key, on_select=answer, selection_mode="points")


def chooses(*names: str) -> Callable[..., None]:
    """What a click does on a mark that carries these parameters' values, in order; "": of none."""

    def choose(*values: Any) -> None:
        for name, value in zip(names, values, strict=False):
            if name:
                state.put(name, int(value))

    return choose


def clicked(key: str, choose: Callable[..., None]) -> None:
    """Hand over what the mark carries that a click has chosen; nothing where none is chosen."""
    points = st.session_state[key].selection.points
    if points and points[0].get("customdata"):
        carried = points[0]["customdata"]
        # A row of an array comes back as {"0": …, "1": …}.
        choose(*(carried.values() if isinstance(carried, dict) else carried))
