"""Attention worked by hand: words and matrices that a visitor edits, kept in the address."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any, cast

import streamlit as st

from models.core import by_hand
from models.core.by_hand import ByHand
from models.errors import InputError
from models.scores.by_hand import (
    LESSON,
    decode,
    encode,
    example_of,
    examples,
    resized,
    surroundings,
)
from pages.ui import controls, state, window
from pages.ui.text import notation, t
from viz.board.axes import Axes, Choice
from viz.board.markup import template
from viz.board.notation import MINUS
from viz.steps.head import MaskName, OneHead, of_steps

MATRICES = ("w_q", "w_k", "w_v")
# What the tables were last filled from, and what came out of them: a table that is filled
# anew loses the visitor's place in it, so that happens only when the address says otherwise.
_FILLED, _CODE, _ROUND = "_hand_filled", "_hand_code", "_hand_round"
_ROW, _SHOWN = 36, 5  # pixels a row; more rows than this scroll

_MATRIX = template(
    "<p class='matrix' style='color:var(--{{ colour }})'>{{ letter }}<sub>{{ index }}</sub></p>"
)


def chosen() -> ByHand:
    """What the address or the tables say; a bad link is said, and the example shown instead."""
    code = state.get("matrix")
    # Tables that were not drawn in the last run have forgotten what was typed into them.
    forgotten = f"hand-x-{st.session_state.get(_ROUND)}" not in st.session_state
    if forgotten or code != st.session_state.get(_CODE):
        st.session_state[_FILLED] = _decoded()
        st.session_state[_CODE] = state.get("matrix")
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    return cast(ByHand, st.session_state[_FILLED])


def _decoded() -> ByHand:
    code = state.get("matrix")
    if not code:
        return by_hand.worked_example()
    try:
        return decode(code)
    except InputError as error:
        state.notice(f"error.{error.code}", **error.details, kept=t("kept.example"))
        state.put("matrix", "")
        return by_hand.worked_example()


def figure_height(hand: ByHand) -> int:
    """Pixels that the tables leave for the picture, so that both are on one screen."""
    rows = min(max(len(hand.words), hand.dimensions), _SHOWN)
    return 508 - _ROW * max(0, rows - 3)


def _code(hand: ByHand) -> str:
    """What the address holds for these numbers: nothing for the lesson's own example."""
    return "" if example_of(hand) == LESSON else encode(hand)


def _keep(hand: ByHand) -> str:
    """Put numbers into the address. → what it holds."""
    code = _code(hand)
    state.put("matrix", code)
    return code


def example() -> None:
    """Which example the tables hold; another one fills them anew."""
    codes = {_code(hand): name for name, hand in examples().items()}
    shown = _code(_decoded())
    names = codes if shown in codes else {shown: "own", **codes}
    controls.shadow(
        st.selectbox,
        "matrix",
        "scores.hand.example",
        list(names),
        lambda code: t(f"scores.hand.example.{names[code]}"),
        shown=shown,
        forget=("query", "key", "dim", "out"),
    )


def size_cells(hand: ByHand, widths: tuple[int, int, int]) -> list[controls.Cell]:
    """How many words and dimensions, and the way back to the example, for a row of controls."""
    sizes = (
        ("words", len(hand.words), by_hand.FEWEST_WORDS, by_hand.MOST_WORDS),
        ("dimensions", hand.dimensions, by_hand.FEWEST_DIMENSIONS, by_hand.MOST_DIMENSIONS),
    )
    draws = [partial(_size, *one) for one in sizes]
    reset = t("scores.hand.reset"), "hand-reset", state.put, "matrix", ""
    return list(zip(widths, (*draws, partial(controls.button, *reset)), strict=True))


def _size(name: str, count: int, low: int, high: int) -> None:
    # No parameter: the address holds the tables themselves.
    key = f"hand-{name}-{st.session_state[_ROUND]}"
    words = t(f"scores.hand.{name}")
    st.number_input(words, low, high, count, 1, key=key, on_change=_resize, args=(key,))


def _resize(key: str) -> None:
    hand, count = _decoded(), int(st.session_state[key])
    sizes = (count, hand.dimensions) if key.startswith("hand-words") else (len(hand.words), count)
    _keep(resized(hand, *sizes))


def editors(hand: ByHand) -> ByHand:
    """Four tables in a row: X with its words, W_Q, W_K, W_V. What cannot be used is said."""
    d = hand.dimensions
    columns = st.columns([150 + 80 * d, *([80 * d] * 3)], gap="medium")
    with columns[0]:
        rows = _table("x", hand.x.tolist(), hand.words)
    matrices = []
    for column, name, matrix in zip(columns[1:], MATRICES, hand.projections, strict=True):
        with column:
            matrices.append([list(row.values()) for row in _table(name, matrix.tolist(), None)])
    try:
        edited = by_hand.of_lists(
            [row.pop("word") for row in rows], [list(row.values()) for row in rows], *matrices
        )
    except InputError as error:
        state.notice(f"error.{error.code}", **error.details, kept=t("kept.hand"))
        return _decoded()
    st.session_state[_CODE] = _keep(edited)  # without filling the tables anew
    return edited


def _table(
    name: str, matrix: list[list[float]], words: tuple[str, ...] | None
) -> list[dict[str, Any]]:
    """One editable matrix. → its rows as edited, by column name."""
    rows: list[dict[str, Any]] = [
        ({} if words is None else {"word": words[i]})
        | {str(j): _written(value) for j, value in enumerate(row)}
        for i, row in enumerate(matrix)
    ]
    # Text, not number: a number column drops a true minus sign or a decimal comma unsaid.
    width = window.pixels(52) if len(matrix[0]) > 4 else None
    numbers = {
        str(j): st.column_config.TextColumn(str(j), required=True, width=width)
        for j in range(len(matrix[0]))
    }
    letter, _, index = name.partition("_")
    st.html(_MATRIX(colour=index or "ink", letter=letter.upper(), index=index.upper()))
    edited: list[dict[str, Any]] = st.data_editor(
        rows,
        key=f"hand-{name}-{st.session_state[_ROUND]}",
        hide_index=True,
        num_rows="fixed",
        height="content" if len(matrix) <= _SHOWN else window.pixels(_ROW * _SHOWN + 52),
        row_height=window.pixels(_ROW),
        width="stretch",
        column_config={
            "word": st.column_config.TextColumn(t("scores.hand.word"), required=True),
            **numbers,
        },
    )
    return edited


def _written(value: float) -> str:
    """A number as this language writes it, in full, so that reading it back loses nothing."""
    text = str(int(value)) if value == int(value) else f"{Decimal(repr(value)):f}"
    return text.replace("-", MINUS).replace(".", notation().decimal)


def walk(hand: ByHand, *, mask: MaskName, divide: bool) -> tuple[OneHead, Axes]:
    """The hand-made head as steps, with its words as axes and the chosen cell."""
    one = of_steps(by_hand.steps(hand), surroundings(hand), mask=mask, divide=divide)
    count = len(hand.words)
    query = controls.asked("query", count, min(1, count - 1))
    key = controls.asked("key", count, min(2, count - 1))
    return one, Axes(hand.words, hand.words, Choice(query, key))
