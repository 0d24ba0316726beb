"""A page's first line: its question, and beside it what concerns every page."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui import controls, presenter, share
from pages.ui.classroom import panel as classroom
from pages.ui.export import button as takealong
from pages.ui.lectures import bar
from pages.ui.text import SPOKEN, endonym, t


def title(page: str, instead: Callable[[], None] | None = None) -> None:
    """The page's one question, beside it its link and the language switch.

    instead: draws what a lecture shows in the question's place, which needs more of the line.
    """
    widths = [1230, 570] if instead is None else [1450, 350]
    left, right = st.columns(widths, vertical_alignment="center")
    with left:
        if instead is None:
            st.title(t(f"{page}.title"), anchor=False)
        else:
            instead()
    with right, st.container(key="beside-title", horizontal=True, horizontal_alignment="right"):
        presenter.buttons(bar.KEYS if instead is not None else {})
        classroom.button()
        if instead is not None:
            return
        share.button()
        takealong.button()
        controls.choice(
            "lang",
            "frame.language",
            SPOKEN,
            endonym,
            label_visibility=controls.HIDDEN,
        )
