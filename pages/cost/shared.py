"""What the views of the cost page share: the row of controls, the look of figures and sums."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from pages.cost import SLIDERS, TOPIC
from pages.ui import caches, charts, controls, frame, inputs, state, views
from pages.ui.text import notation, t
from viz.formula.writer import Writer

WIDTHS = (1190, 590)
GAPS: frame.Gaps = ("xxsmall", "xxsmall")
_SWITCH = 560  # pixels of the row of controls
look = partial(charts.style, "cost.figure")
speak = partial(charts.style, "now", "cost.now")


def writer() -> Writer:
    """How sums are written."""
    return Writer(charts.style("cost.formula"))


def row(*cells: controls.Cell) -> None:
    """The row of controls: the switch between views, then these."""
    controls.row((_SWITCH, partial(views.switch, "cost", TOPIC.views)), *cells)


def slider(name: str) -> None:
    """A size of those that its parameter reads, to be moved."""
    choices = [int(one) for one in SLIDERS[name].choices]
    controls.slider(name, t(f"controls.{name}"), choices, notation().grouped)


def instead(name: str, model_id: str) -> None:
    """In place of a model that is not installed here another one; said where a link named it."""
    asked = st.session_state.get(name)
    state.put(name, model_id)
    if asked is not None:
        kept = t("kept.model", model=caches.title(model_id))
        state.notice("error.unknown_model", model=caches.title(asked), kept=kept)


def typed(name: str, model_id: str, record: Callable[[str], Any]) -> str:
    """The text of a field that can be shown: the visitor's, else the page's own, and why.

    record: raises errors.InputError for what cannot be.
    """
    attempts = str(state.get(name)), str(state.default(name))
    return inputs.first_shown(record, attempts, model_id, lambda _: t("kept.example"))[1]
