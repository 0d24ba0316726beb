"""The panel of sums on the scores page: formula, the chosen cell's numbers, remarks, check."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.scores.by_hand import rounding
from pages.ui import frame, state
from pages.ui.text import notation, t
from viz.board.notation import shortened
from viz.formula.layout import Formula
from viz.formula.writer import FEW
from viz.scores.remarks import remarks
from viz.steps.figure import (
    Scene,
    Style,
    check,
)
from viz.steps.formulas import MOST_SHOWN, formula

_NO_SUM = (3, 4, 7)  # steps that add nothing up
# Sums of more terms than this stay shortened: a browser would take seconds to set them.
MOST_TERMS = 1024
_MANY, _ROOM = 12, 300  # sums of more written terms scroll, in a box so many pixels high


def panel(step: int, scene: Scene, style: Style, *, example: bool) -> None:
    """General formula, numbers, switches, remarks and the check of one step."""
    frame.section(_heading(step, scene))
    if step in (1, 7, 8) and scene.one.around is None:
        _remark(t("scores.remark.not_recorded"))
        return
    written = formula(
        step,
        scene,
        style,
        finer=state.get("exact"),
        terms=None if state.get("all") else MOST_SHOWN,
    )
    if written.terms > MOST_TERMS and state.get("all"):
        written = formula(step, scene, style, terms=MOST_SHOWN)
    st.latex(written.general)
    if written.terms - written.left_out > _MANY:
        with st.container(height=_ROOM, border=False):
            st.latex(written.rows)
        st.latex(written.result)
    else:
        st.latex(written.chosen)
    _switches(step, written)
    for key, values in remarks(step, scene, style.notation):
        _remark(t(f"scores.remark.{key}", **values))
    if example and step == 6:
        _rounding(scene)
    _check(step, scene, example=example)


def _rounding(scene: Scene) -> None:
    """By hand people shorten the weights before they mix: what that does to the chosen row."""
    found = rounding(scene.one.steps, scene.query)
    values = {
        "cut": _numbers(found.cut, 2),
        "total": notation().fixed(sum(found.cut)),
        "exact": _numbers(found.exact, 3),
        "cut_output": _numbers(found.cut_output, 2),
        "rounded_output": _numbers(found.rounded_output, 2),
    }
    _remark(t("scores.remark.rounding", **values))


def _remark(words: str) -> None:
    subscript = escape(words).replace("W_O", "W<sub>O</sub>")
    st.html(f"<p class='remark'>{subscript}</p>")


def _numbers(values: tuple[float, ...], digits: int) -> str:
    # A decimal comma needs another sign between numbers.
    between = "; " if notation().decimal == "," else ", "
    return between.join(notation().fixed(value, digits) for value in values)


def _heading(step: int, scene: Scene) -> str:
    tokens = scene.axes.queries, scene.axes.keys
    query = frame.token(shortened(tokens[0][scene.query], 14), "q")
    key = frame.token(shortened(tokens[1][scene.key], 14), "k")
    if step in (2, 3, 4, 5):
        return escape(t("scores.cell")) + f" {query} → {key}"
    if step == 1:
        token = query if scene.part == "q" else key
        place = f"<b style='color:var(--{scene.part})'>{scene.part.upper()}</b>"
        return f"{place} · {token} · " + escape(t("scores.dimension", n=scene.dim))
    if step == 7:
        return f"{query} · " + escape(_placed(scene))
    n = scene.out if step == 8 else scene.dim
    return f"{query} · " + escape(t("scores.dimension", n=n))


def _placed(scene: Scene) -> str:
    """Where a head's dimension lies in the concatenation."""
    column = scene.one.columns[0] + scene.dim
    return t("scores.placed", head=scene.one.head, dim=scene.dim, column=column)


def _switches(step: int, written: Formula) -> None:
    words = [t("scores.rounded_only" if step in _NO_SUM else "scores.rounded")]
    if written.left_out:
        shown = written.terms - written.left_out
        words.append(t("scores.left_out", shown=shown, terms=written.terms))
    if written.shift:
        words.append(t("scores.shifted", shift=notation().fixed(written.shift)))
    st.html(f"<p class='hint'>{escape(' · '.join(words))}</p>")
    left, right = st.columns(2, gap="small")
    with left:
        state.put("exact", state.get("exact"))
        st.toggle(t("scores.more_digits"), key="exact", persist_state="session")
    if FEW < written.terms <= MOST_TERMS:
        with right:
            state.put("all", state.get("all"))
            st.toggle(t("scores.all_terms"), key="all", persist_state="session")


def _check(step: int, scene: Scene, *, example: bool) -> None:
    found = check(step, scene)
    altered = scene.one.altered
    if altered and step in (3, 4):
        weight = check(5, scene)
        here, there = (_weight(value, example) for value in (weight.shown, weight.own))
        _beside(t("scores.weight_then"), t("scores.instead", a=here, b=there))
    digits = _digits(example)
    own = _weight(found.own, example) if step == 5 else notation().fixed(found.own, digits)
    if example:
        if altered:
            _beside(t("scores.without_switches"), own)
        return
    if found.handed_out:
        changed = altered and step != 1
        words = t("scores.without_switches" if changed else f"scores.own.{step}")
        frame.equal_to(words, own, found.difference)
        return
    if altered:
        _beside(t("scores.without_switches"), own)
    frame.equal_to(t("scores.own_through"), "", found.difference)


def _digits(example: bool) -> int:
    return (3 if example else 4) + (2 if state.get("exact") else 0)


def _weight(value: float, example: bool) -> str:
    """A weight; of a masked cell exactly 0, and a tiny one never reads as 0."""
    return "0" if value == 0 else notation().small(value, _digits(example))


def _beside(label: str, value: str) -> None:
    st.html(f"<p class='equal'><span>{escape(label)}</span><b>{escape(value)}</b></p>")
