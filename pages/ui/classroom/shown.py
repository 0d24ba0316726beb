"""The map that the page shows now: what a question can be about, with the model's own answers."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from models.core.largest import largest_cell
from models.trace import Floats
from pages.ui.classroom.questions import LONGEST_WHERE, MOST_TOKENS
from viz.board.axes import Axes
from viz.board.notation import shortened

_MAP = "_class_map"
Cell = tuple[int, int]  # query, key


@dataclass(frozen=True, slots=True)
class Map:
    """queries, keys: tokens. weight: of the chosen cell; where: whose weights these are."""

    queries: tuple[str, ...]
    keys: tuple[str, ...]
    chosen: Cell
    largest: Cell
    weight: float
    where: str

    def arrow(self, cell: Cell) -> str:
        """A cell in words."""
        return f"{self.queries[cell[0]]} → {self.keys[cell[1]]}"


def begin() -> None:
    """A page's run begins: no map is on screen."""
    st.session_state[_MAP] = None


def offer(weights: Floats, axes: Axes, where: str) -> None:
    """A map is on screen. weights: (query, key); where: whose they are. One of more tokens than a
    phone lists is not asked about."""
    if max(axes.shape) > MOST_TOKENS:
        return
    try:
        largest = largest_cell(weights)
    except ValueError:
        return
    weight, said = float(weights[axes.cell]), shortened(where, LONGEST_WHERE)
    st.session_state[_MAP] = Map(
        tuple(axes.queries), tuple(axes.keys), axes.cell, largest, weight, said
    )


def offered() -> Map | None:
    """The map on screen; None: there is none that can be asked about."""
    return st.session_state.get(_MAP)
