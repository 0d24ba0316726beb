"""The bert page's first view: token + segment + position, summed and normed."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.bert.input import embedded
from models.bert.trace import Embedded
from models.core.arrays import difference
from pages.bert import shared
from pages.bert.shared import (
    MODEL,
    SENTENCE,
    VIEW,
    WIDTHS,
    style,
)
from pages.ui import (
    caches,
    charts,
    controls,
    frame,
    state,
)
from pages.ui.stepping import step_buttons
from pages.ui.text import notation, t
from viz.bert import input_formulas as formulas
from viz.bert.input import embedding_strips
from viz.board.notation import shortened
from viz.formula.writer import Writer

_TERMS, _ROOM = 1, 300  # terms of μ's and σ²'s sums; pixels for all of them

_embedded = caches.of_model(embedded, entries=caches.TRACES)


def view() -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        found, shown = controls.best(lambda w: _embedded(w.model, w.text, w.pair, cut=w.cut))
    controls.settle(shown, cut=len(found.tokens) if found.cut else None)
    place = shared.place(len(found.tokens))
    dim = controls.in_range("dim", found.total.shape[1])
    _controls(found)
    frame.notices()
    left, right = st.columns(WIDTHS, gap="medium")
    with left, st.container(key="main-figure"):
        charts.clickable(embedding_strips(found, style(), place=place, dim=dim), "strips", _choose)
    with right, st.container(key="steps", gap="xsmall"):
        _sums(found, place, dim)
    shared.provenance(
        found.model_id,
        (found.text, found.text_pair),
        t("bert.where", n=place, dim=dim),
        difference=caches.difference(found),
        against="bert_input",
    )


def _choose(place: int, dim: int) -> None:
    state.put("step", int(place))
    state.put("dim", int(dim))


def _controls(found: Embedded) -> None:
    columns = st.columns(
        [VIEW, MODEL, SENTENCE, SENTENCE, 140, 220], vertical_alignment="bottom", gap="small"
    )
    shared.shared_controls(columns)
    with columns[4]:
        controls.number("dim", found.total.shape[1])
    with columns[5]:
        step_buttons(range(len(found.tokens)), t("bert.back"), t("bert.on"))


def _sums(found: Embedded, place: int, dim: int) -> None:
    word = frame.token(shortened(found.typed[place], 14), "ink")
    frame.section(t("bert.sum_of", word="{}", dim=dim).format(word))
    st.html(f"<p class='hint'>{escape(_told(found, place))}</p>")
    everything = bool(state.get("all"))
    w = Writer(style(), 6 if state.get("exact") else 4, None if everything else _TERMS)
    added = formulas.sums(found, w, place, dim)
    st.latex(added.general)
    st.latex(added.chosen)
    frame.section(t("bert.norm"), t("bert.norm_note"))
    spread = formulas.mean(found, w, place)
    st.latex(spread.general)
    if everything:
        with st.container(height=_ROOM, border=False):
            st.latex(spread.rows)
        st.latex(spread.result)
    else:
        st.latex(spread.chosen)
    normed = formulas.norm(found, w, place, dim)
    st.latex(normed.general)
    st.latex(normed.chosen)
    st.html(f"<p class='hint'>{escape(t('scores.rounded'))}</p>")
    shared.switches()
    own = float(found.output[place, dim])
    made = float(found.normed[place, dim])
    apart = difference(made, own, among=found.output[place])
    frame.equal_to(t("bert.own_input"), notation().fixed(own, w.digits), apart)


def _told(found: Embedded, place: int) -> str:
    """Which rows of which tables are added up here."""
    kind = "special" if found.special[place] else "unknown" if found.unknown[place] else "piece"
    told = [t(f"bert.kind.{kind}")]
    told += [t(f"bert.row.{name}", n=rows[place]) for name, rows in found.rows.items()]
    if found.segment is None:
        told.append(t("bert.no_segments"))
    return " · ".join(told)
