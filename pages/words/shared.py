"""What the views of the words page share: the set of vectors, its words, the row of controls."""

from __future__ import annotations

from functools import partial

import streamlit as st

from models.words import vector_sets
from models.words.space import VectorSpace
from pages.ui import charts, controls, frame, inputs, lines, state, sums, views
from pages.ui.text import t
from pages.words import SETS, TOPIC
from viz.formula.writer import Writer

WIDTHS = (1190, 590)
GAPS = frame.TIGHT
SMOLLM2 = "smollm2"
look = partial(charts.style, "words.figure")
speak = partial(charts.style, "now", "words.now")
_SWITCH, _SETS = 640, 400


def writer(few: int | None = 3) -> Writer:
    """How sums are written; few: terms that are written out."""
    return sums.writer(charts.style("words.formula"), few, room=19.0)


def space() -> VectorSpace:
    """The chosen set of vectors; where it is not there, that is said and the first one taken."""
    name = str(state.get("vectors"))
    if name not in vector_sets.present():
        state.notice("words.not_here", name=t(f"words.set.{name}"))
        name = SETS[0]
        state.put("vectors", name)
    with st.spinner(t("frame.wait")):
        return vector_sets.space(name)


def row(one: VectorSpace, name: str) -> int:
    """The row of the word that a visitor typed; of one without a row, that is said."""
    typed = str(state.get(name))
    found = vector_sets.row_of(one, typed)
    # A row of zeros (a word that was never counted) has no direction: no cosine can be taken.
    if found is not None and one.vectors[found].any():
        return found
    usual = str(state.default(name))
    state.notice(
        "words.no_row", word=inputs.ending(typed), set=t(f"words.set.{one.id}"), usual=usual
    )
    return vector_sets.row_of(one, usual) or 0


def typed(one: VectorSpace, chosen: int) -> str:
    """What one types to get a row; a piece that no word begins with is its own name."""
    return next((word for word, at in one.typed.items() if at == chosen), "")


def take(one: VectorSpace, name: str, chosen: int) -> None:
    """Put a row's word into a field, where it can be typed."""
    word = typed(one, chosen)
    if word:
        state.put(name, word)


def controls_row(*cells: controls.Cell) -> None:
    """The switch between views, the set of vectors, then these."""
    sets = vector_sets.present()
    controls.row(
        (_SWITCH, partial(views.switch, "words", TOPIC.views)),
        (_SETS, partial(controls.select, "vectors", "words.set", sets)),
        *cells,
    )


def word_field(name: str) -> None:
    """A field for one word."""
    controls.text(name, t(f"words.field.{name}"))


def origin(one: VectorSpace) -> tuple[str, ...]:
    """Where the numbers are from, for the line of provenance."""
    rows, width = one.vectors.shape
    return t(f"words.set.{one.id}"), t("words.size", rows=rows, width=width)


def left_out() -> None:
    """That SmolLM2 is not here, where it is not."""
    if SMOLLM2 not in vector_sets.present():
        lines.hint(t("words.without_smollm2"))
