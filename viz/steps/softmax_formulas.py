"""Step 5 as LaTeX: one weight as its eˢ over the row's sum, and that sum."""

from __future__ import annotations

import numpy as np

from viz.formula.layout import ALPHA, STRUT, Formula, aligned, beside, equal, gathered, stacked
from viz.formula.softmax import share
from viz.formula.width import fits
from viz.steps.writer import HeadWriter


def softmax(w: HeadWriter) -> Formula:
    """The chosen weight; where the whole row is masked, 1/n."""
    scene, steps = w.scene, w.scene.one.steps
    scores = steps.masked[scene.query].astype(np.float64)
    alpha = rf"{w.tint('weight', 'A_{ij}')} = {w.tint('weight', ALPHA + '_{ij}')}"
    name = rf"{w.tint('weight', ALPHA)}_{{{w.query} \to {w.key}}}"
    weight = w.tint("weight", w.share(float(steps.weights[scene.query, scene.key])))
    if np.isneginf(scores).all():
        uniform = rf"\frac{{1}}{{{len(scores)}}}"
        return Formula(rf"{alpha} = \frac{{1}}{{n}}", equal(name, uniform, weight))
    found = share(scores, scene.key, steps.sink)
    less = "" if found.shift is None else " - m_i"
    below = rf"\sum_{{l}} e^{{{w.cell(4, 'il')}{less}}}"
    if steps.sink is not None:
        below += rf" + e^{{s_{{\text{{sink}}}}{less}}}"
    general = rf"{alpha} = \frac{{e^{{{w.cell(4)}{less}}}}}{{{below}}}"
    if found.shift is not None:
        general = beside(general, rf"m_i = \max_{{l}} {w.cell(4, 'il')}")
    # Where the chosen key stands among those that are seen.
    place = int(np.isfinite(scores[: scene.key]).sum()) if np.isfinite(found.score) else -1

    def write(j: int) -> str:
        body = w.significant(found.e[j])
        return w.tint("weight", body) if j == place else body

    total = w.sum(found.e, write, rest=w.significant)
    filled = rf"\frac{{e^{{{found.exponent(w)}}}}}{{\Sigma}}"
    chosen = _one_or_two_rows(name, filled, found.fraction(w), weight)
    whole = w.significant(total.value)
    return Formula(
        general,
        gathered(chosen, aligned(r"\Sigma", total.rows, [whole])),
        total.terms,
        total.left_out,
        found.top,
        aligned(r"\Sigma", total.rows, []),
        gathered(equal(r"\Sigma", whole), chosen),
    )


def _one_or_two_rows(left: str, *ends: str) -> str:
    """left = end = end …, the last ones on a second row where one is too short for all."""
    if fits([left, *ends]):
        return equal(left, *ends)
    rows = [rf"{left} &= {ends[0]}", "&= " + equal(*ends[1:])]
    if not fits([left, ends[0]]):
        rows = [rf"&{left}", "&= " + equal(*ends)]
    return stacked(STRUT + rows[0], rows[1], gap=0.5)
