"""The panel of sums on the scores page: formula, the chosen cell's numbers, remarks, check."""

from __future__ import annotations

from html import escape

import streamlit as st

from models.byhand import rounding
from pages.ui import frame, state
from pages.ui.text import notation, t
from viz.formula_writer import MOST_SHOWN
from viz.formulas import Formula, formula
from viz.notation import shortened
from viz.scores import Scene, Style, check, remarks

# Sums of more terms than this stay shortened: a browser would take seconds to set them.
MOST_TERMS = 1024
_ROOM = 400  # pixels; longer sums scroll in their own box


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
        digits=4 if state.get("exact") else 2,
        terms=None if state.get("all") else MOST_SHOWN,
    )
    if written.terms > MOST_TERMS and state.get("all"):
        written = formula(step, scene, style, terms=MOST_SHOWN)
    st.latex(written.general)
    with st.container(
        height=_ROOM if written.terms - written.left_out > 20 else "content", border=False
    ):
        st.latex(written.chosen)
    _switches(written)
    for key, values in remarks(step, scene):
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
    n = scene.out if step == 8 else scene.dim
    return f"{query} · " + escape(t("scores.dimension", n=n))


def _switches(written: Formula) -> None:
    words = [t("scores.rounded")]
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
    if MOST_SHOWN + 1 < written.terms <= MOST_TERMS:
        with right:
            state.put("all", state.get("all"))
            st.toggle(t("scores.all_terms"), key="all", persist_state="session")


def _check(step: int, scene: Scene, *, example: bool) -> None:
    found = check(step, scene)
    altered = scene.one.altered
    if altered and step in (3, 4):
        weight = check(5, scene)
        here, there = notation().fixed(weight.shown, 4), notation().fixed(weight.own, 4)
        _beside(t("scores.weight_then"), t("scores.instead", a=here, b=there))
    digits = 6 if state.get("exact") else 4
    own = notation().fixed(found.own, digits)
    if example:
        if altered:
            _beside(t("scores.without_switches"), own)
        return
    if found.handed_out:
        changed = altered and step != 1
        words = t("scores.without_switches" if changed else f"scores.own.{step}")
        frame.equal_to(words, own, found.largest)
        return
    if altered:
        _beside(t("scores.without_switches"), own)
    frame.equal_to(t("scores.own_through"), "", found.largest)


def _beside(label: str, value: str) -> None:
    st.html(f"<p class='equal'><span>{escape(label)}</span><b>{escape(value)}</b></p>")
