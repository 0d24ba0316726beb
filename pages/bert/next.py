"""The bert page's third view: does the second sentence follow the first?"""

from __future__ import annotations

from dataclasses import replace
from html import escape

import streamlit as st

from models.bert.examples import PairExample, pairs
from models.bert.next import judged
from models.bert.trace import Judgement
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
from pages.ui.controls import Input
from pages.ui.text import language, notation, t
from viz.bert import next_formulas as formulas
from viz.bert.next import judgement
from viz.formula.writer import Writer
from viz.tables.next_words import bars

_TERMS, _ROOM = 2, 170

_judged = caches.of_model(judged, entries=caches.TRACES)


def view() -> None:
    """Everything below the title."""
    with st.spinner(t("frame.wait")):
        found, shown = controls.best(_recorded)
    controls.settle(shown, cut=len(found.tokens) if found.cut else None)
    dim = controls.in_range("dim", len(found.first))
    _controls(found)
    frame.notices()
    left, right = st.columns(WIDTHS, gap="medium")
    with left:
        with st.container(key="main-figure"):
            charts.clickable(
                judgement(found, style(), dim=dim),
                "judged",
                lambda dim: state.put("dim", int(dim)),
            )
        with st.container(key="three", gap="xxsmall"):
            _three(found)
    with right, st.container(key="steps", gap="xsmall"):
        _sums(found, dim)
    shared.provenance(
        found.model_id,
        (found.text, found.text_pair),
        difference=caches.difference(found),
        against="bert_next",
        figure="next_sentence",
        beside="untrained",
    )


def _recorded(wanted: Input) -> Judgement:
    model = shared.able(wanted.model, "pairs")
    found = _judged(model, wanted.text, wanted.pair, cut=wanted.cut)
    return found


def _controls(found: Judgement) -> None:
    columns = st.columns(
        [VIEW, MODEL - 30, SENTENCE, SENTENCE, 260, 140], vertical_alignment="bottom", gap="small"
    )
    shared.shared_controls(columns)
    with columns[4]:
        _example_control()
    with columns[5]:
        controls.number("dim", len(found.first))


def _example_control() -> None:
    """A menu of pairs; choosing one puts both sentences into their fields."""
    st.selectbox(
        t("bert.examples"),
        range(len(pairs())),
        index=None,
        key="pair-examples",
        placeholder=t("seq2seq.examples_hint"),
        format_func=lambda n: _named(pairs()[n]),
        on_change=_take_example,
    )


def _named(example: PairExample) -> str:
    return t(f"bert.example.{example.relation}", language=t(f"language.{example.language}"))


def _take_example() -> None:
    number = st.session_state["pair-examples"]
    if number is None:
        return
    st.session_state["pair-examples"] = None  # a menu, no state: the sentences themselves are
    state.put("text", pairs()[number].first)
    state.put("pair", pairs()[number].second)
    state.put("cut", False)


def _three(found: Judgement) -> None:
    """The same first sentence with three second ones, each judged by the model now."""
    known = [one for one in pairs() if one.first == found.text]
    known = known or [one for one in pairs() if one.language == language()]
    first = known[0].first
    frame.section(t("bert.three"), f"A: {first}")
    rows = []
    for one in known:
        judged = _judged(found.model_id, one.first, one.second)
        rows.append((t(f"bert.relation.{one.relation}", sentence=one.second), [judged.probability]))
    now = next(
        (row[0] for row, one in zip(rows, known, strict=True) if one.second == found.text_pair),
        None,
    )
    st.html(bars(rows, goes_on=now if found.text == first else None, notation=notation()))


def _sums(found: Judgement, dim: int) -> None:
    """One pooled number, both logits, the softmax."""
    everything = bool(state.get("all"))
    w = Writer(style(), 4 if state.get("exact") else 2, None if everything else _TERMS)
    frame.section(t("bert.pooler"), t("bert.pooler_note", n=dim))
    made = formulas.pooled(found, w, dim)
    st.latex(made.general)
    _sum([made.rows] if everything else [made.chosen])
    if everything:
        st.latex(made.result)
    frame.section(t("bert.judge"), t("bert.judge_note"))
    both = formulas.logits(found, w if everything else replace(w, most=_TERMS - 1))
    st.latex(both[0].general)
    _sum([one.chosen for one in both])
    share = formulas.softmax(found, w)
    st.latex(share.general)
    st.latex(share.chosen)
    st.html(f"<p class='hint'>{escape(t('scores.rounded'))}</p>")
    shared.switches()
    for n, key in enumerate(("follows", "follows_not")):
        own = float(found.logits[n])
        shown = notation().fixed(own, w.digits + 2)
        frame.equal_to(t(f"bert.own.{key}"), shown, found.logit_difference(n))


def _sum(lines: list[str]) -> None:
    """Sums; where all their terms are written, in a box that scrolls."""
    box = (
        st.container(height=_ROOM, border=False) if state.get("all") else st.container(gap="xsmall")
    )
    with box:
        for line in lines:
            st.latex(line)
