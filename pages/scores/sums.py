"""The panel of sums on the scores page: formula, the chosen cell's numbers, remarks, check."""

from __future__ import annotations

import streamlit as st

from models.scores.by_hand import rounding
from pages.ui import frame, lines, sums
from pages.ui.text import notation, t
from viz.board.markup import Safe, indexed, joined
from viz.formula.layout import Formula
from viz.formula.writer import FEW
from viz.scores.now import is_recorded
from viz.steps.figure import Scene, Style, check
from viz.steps.formulas import MOST_SHOWN, formula
from viz.steps.order import (
    COMPARE,
    CONCATENATE,
    GATE,
    MASK,
    MIX,
    PROJECT,
    PROJECT_OUT,
    SCALE,
    SOFTMAX,
)
from viz.steps.remarks import remarks, unrecorded

_NO_SUM = (SCALE, MASK, CONCATENATE, GATE)  # steps that add nothing up
# Sums of more terms than this stay shortened: a browser would take seconds to set them.
MOST_TERMS = 1024
_MANY, _ROOM = 12, 300  # sums of more written terms scroll, in a box so many pixels high


def panel(step: int, scene: Scene, style: Style, *, example: bool) -> None:
    """General formula, numbers, switches, remarks and the check of one step."""
    frame.section(_heading(step, scene))
    if not is_recorded(step, scene):
        for key, values in unrecorded(step, scene):
            _remark(t(f"scores.remark.{key}", **values))
        return
    most = None if sums.every() else MOST_SHOWN
    written = formula(step, scene, style, finer=sums.finer(), terms=most)
    if written.terms > MOST_TERMS and sums.every():
        written = formula(step, scene, style, terms=MOST_SHOWN)
    sums.lines(written.general)
    sums.opened(written, _ROOM, scrolls=written.terms - written.left_out > _MANY)
    _switches(step, written)
    for key, values in remarks(step, scene, style.notation):
        _remark(t(f"scores.remark.{key}", **values))
    if example and step == MIX:
        _rounding(scene)
    _check(step, scene, example=example)


def _rounding(scene: Scene) -> None:
    """By hand people shorten the weights before they mix: what that does to the chosen row."""
    found = rounding(scene.one.steps, scene.query)
    values = {
        "cut": _numbers(found.cut, 2),
        "total": notation().fixed(found.total),
        "exact": _numbers(found.exact, 3),
        "cut_output": _numbers(found.cut_output, 2),
        "rounded_output": _numbers(found.rounded_output, 2),
    }
    _remark(t("scores.remark.rounding", **values))


def _remark(words: str) -> None:
    lines.remark(indexed(words, "W_O"))


def _numbers(values: tuple[float, ...], digits: int) -> str:
    # A decimal comma needs another sign between numbers.
    between = "; " if notation().decimal == "," else ", "
    return between.join(notation().fixed(value, digits) for value in values)


def _heading(step: int, scene: Scene) -> Safe:
    query = frame.token(scene.axes.queries[scene.query], "q", 14)
    key = frame.token(scene.axes.keys[scene.key], "k", 14)
    if step in (COMPARE, SCALE, MASK, SOFTMAX):
        return frame.arrow(query, key, t("scores.cell"))
    if step == CONCATENATE:
        inside = {"head": scene.one.head, "dim": scene.dim}  # in the concatenation
        column = scene.one.columns[0] + scene.dim
        return joined((query, t("scores.placed", column=column, **inside)))
    dimension = t("scores.dimension", n=scene.out if step == PROJECT_OUT else scene.dim)
    if step == PROJECT:
        place = frame.tinted(scene.part.upper(), scene.part)
        return joined((place, query if scene.part == "q" else key, dimension))
    return joined((query, dimension))


def _switches(step: int, written: Formula) -> None:
    words = [t("scores.rounded_only" if step in _NO_SUM else "scores.rounded")]
    if written.left_out:
        shown = written.terms - written.left_out
        words.append(t("scores.left_out", shown=shown, terms=written.terms))
    if written.shift:
        words.append(t("scores.shifted", shift=notation().fixed(written.shift)))
    lines.hint(" · ".join(words))
    left, right = st.columns(2, gap="small")
    with left:
        sums.more_digits()
    if FEW < written.terms <= MOST_TERMS:
        with right:
            sums.all_terms()


def _check(step: int, scene: Scene, *, example: bool) -> None:
    found = check(step, scene)
    altered = scene.one.altered
    digits = (3 if example else 4) + 2 * sums.finer()
    if altered and step in (SCALE, MASK):
        weight = check(SOFTMAX, scene)
        here, there = (_weight(value, digits) for value in (weight.shown, weight.own))
        lines.equal(t("scores.weight_then"), t("scores.instead", a=here, b=there))
    own = _weight(found.own, digits) if step == SOFTMAX else notation().fixed(found.own, digits)
    if found.handed_out and not example:
        changed = altered and step != PROJECT
        words = t("scores.without_switches" if changed else f"scores.own.{step}")
        frame.equal_to(words, own, found.difference)
        return
    if altered:
        lines.equal(t("scores.without_switches"), own)
    if not example:
        frame.equal_to(t("scores.own_through"), "", found.difference)


def _weight(value: float, digits: int) -> str:
    """A weight; of a masked cell exactly 0, and a tiny one in powers of ten."""
    return "0" if value == 0 else notation().tiny(value, digits)
