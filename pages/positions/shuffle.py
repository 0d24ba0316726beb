"""The positions page's last view: the words shuffled, with and without positions."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.positions.shuffle import Outputs, Shuffled, shuffled
from pages.positions.shared import (
    WIDTHS,
    hint,
    look,
    row,
    style,
    titled,
)
from pages.ui import caches, charts, controls, frame, state
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.board.notation import shortened
from viz.positions import formulas as written
from viz.positions.shuffle import Order, difference
from viz.positions.shuffle import shuffle as draw

_shuffled = caches.of_model(shuffled, entries=64)


def view() -> None:
    """Words and outputs at the left, one word's numbers and the verdict at the right."""
    with st.spinner(t("frame.wait")):
        found, shown = controls.best(
            lambda w: _shuffled(w.model, w.text, int(state.get("seed")), cut=w.cut)
        )
    controls.settle(shown, cut=len(found.typed) if found.cut else None)
    chosen = _chosen(found)
    columns = row([320, 400, 260])
    with columns[0]:
        controls.model_control()
    with columns[1]:
        controls.sentence_control()
    with columns[2]:
        st.button(t("positions.again"), key="again", on_click=_again, width="stretch")
    frame.notices()
    left, right = st.columns(WIDTHS, gap="medium")
    with left, st.container(key="main-figure", gap="xxsmall"):
        frame.section(t("positions.shuffle"), t("positions.shuffle_note"))
        pairs = [(part.before, part.after) for part in (found.off, found.on)]
        figure = draw(
            Order(found.typed, found.order, chosen, *pairs),
            look(),
        )
        charts.clickable(figure, "shuffle", lambda token: state.put("query", int(token)))
    with right, st.container(key="steps", gap=None):
        step_buttons(range(len(found.typed)), t("positions.back"), t("positions.on"), name="query")
        _sums(found, chosen)
    frame.provenance(
        "whatif",
        escape(t("positions.shuffle_what")),
        escape(caches.title(found.model_id)),
        f"“{frame.quote(shown.text)}”",
    )


def _again() -> None:
    state.put("seed", int(state.get("seed")) + 1)


def _chosen(found: Shuffled) -> int:
    if state.get("query") is None:
        words = [i for i, mark in enumerate(found.special) if not mark]
        state.put("query", words[-1])
    return controls.in_range("query", len(found.typed))


def _sums(found: Shuffled, chosen: int) -> None:
    word = frame.token(shortened(found.typed[chosen], 14), "ink")
    place = found.order.index(chosen)
    frame.section(t("positions.went", word="{}", a=chosen, b=place).format(word))
    for name, outputs in (("off", found.off), ("on", found.on)):
        dim, before, after = _widest(outputs, chosen)
        titled(t(f"positions.figure.{name}"), t("positions.widest", dim=dim))
        st.latex(written.apart(before, after, style()))
    frame.section(t("positions.all_words"))
    for name, outputs in (("off", found.off), ("on", found.on)):
        same = frame.faithful(outputs.difference)
        sign, kind = ("✓", "good") if same else ("≠", "tok")
        words = t("positions.follows" if same else "positions.follows_not")
        st.html(
            f"<p class='equal'><span>{escape(t(f'positions.figure.{name}'))}</span>"
            f"<b>{escape(difference(outputs.largest, notation()))}</b>"
            f"<span class='{kind}'>{sign} {escape(words)}</span></p>"
        )
    hint(t("positions.causal" if found.causal else "positions.set"))


def _widest(outputs: Outputs, chosen: int) -> tuple[int, float, float]:
    """The dimension in which a word's two outputs differ most, and both numbers."""
    before, after = outputs.before[chosen], outputs.after[chosen]
    dim = int(abs(before - after).argmax())
    return dim, float(before[dim]), float(after[dim])
