"""What a click on the scores page's picture chooses: a cell, a dimension, another head."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui import keys, selection, state
from pages.ui.classroom import shown
from viz.board.markup import joined, read
from viz.board.zoom import TURN
from viz.steps.order import COMPARE, MASK, SCALE, SOFTMAX
from viz.steps.scene import Scene

_WIDTH = "_head_width"
_MAPS = (COMPARE, SCALE, MASK, SOFTMAX)  # steps whose picture is one of queries and keys


def remember(step: int, scene: Scene, where: Sequence[str]) -> None:
    """Note how wide a head's output is, so that a column of the concatenation names a head, and
    the head's weights where a class may be asked for one of the picture's cells.

    where: what is walked through, in words.
    """
    st.session_state[_WIDTH] = int(scene.one.steps.output.shape[1])
    if step in _MAPS:
        shown.offer(scene.one.steps.weights, scene.axes, read(joined(filter(None, where))))


def choose(row: int, column: int, role: str = "", place: str = "") -> None:
    """Take over what the clicked cell names: query and key, or row, column and role.

    place: what marks of the whole picture carry besides (`viz.board.zoom`).
    """
    if place == TURN:
        selection.turn()
        return
    chosen: dict[str, dict[str, object]] = {
        "": {"query": row, "key": column},
        "q": {"query": row, "dim": column, "part": "q"},
        "k": {"key": row, "dim": column, "part": "k"},
        "v": {"key": row, "dim": column, "part": "v"},
        "o": {"query": row, "dim": column},
        "out": {"query": row, "out": column},
    }
    if role != "c":
        state.put_all(**chosen[role])
        return
    # A column of the concatenation belongs to a head: that head is chosen with it.
    head, dim = divmod(column, st.session_state[_WIDTH])
    state.put_all(query=row, dim=dim)
    if state.get("mode") == "live":
        state.put("head", head)


def places(scene: Scene) -> list[keys.Place]:
    """What the chosen cells of the picture's matrices carry, the scores' first: see `choose`."""
    query, key, dim = scene.query, scene.key, scene.dim
    width = int(scene.one.steps.output.shape[1])
    head = int(state.get("head")) if state.get("mode") == "live" else 0
    return [
        (query, key),
        *((query, column, role) for column, role in ((dim, "q"), (dim, "o"), (scene.out, "out"))),
        *((key, dim, role) for role in "kv"),
        (query, head * width + dim, "c"),
    ]
