r"""The sum of one key's products as LaTeX for KaTeX, the largest first, each with its dimension."""

from __future__ import annotations

import numpy as np

from viz.board.style import Style
from viz.formula.layout import Formula, summed, under
from viz.formula.products import product
from viz.formula.writer import PANEL, Writer
from viz.heads.elementwise import Shown

MOST = 4  # terms that are written out


def score(shown: Shown, style: Style, *, finer: bool = False, every: bool = False) -> Formula:
    """Σ_t q_t·k_t of the chosen pair; of several queries, the sum of their q times k.

    finer: with two decimals more; every: all terms. style.labels: rest (n).
    """
    found, axes = shown.found, shown.axes
    order = found.largest_first(shown.key)
    q, k = found.q[order], found.steps.k[shown.key][order].astype(float)
    w = Writer(style, 2, None if every else MOST, room=PANEL, apart=True).finer(2 * finer)

    def write(t: int) -> str:
        return under(product(w, float(q[t]), float(k[t]), "q", "k"), str(int(order[t])))

    total = w.sum(q * k, write, chosen=int(np.flatnonzero(order == shown.dim)[0]))
    query = w.text(axes.queries[axes.chosen.query], "q")
    key = w.text(axes.keys[axes.chosen.key], "k")
    score = w.tint("plus", "S")
    terms = rf"{w.tint('q', 'q_t')}\, {w.tint('k', 'k_t')}"
    if len(found.queries) == 1:
        left = rf"{score}_{{{query} \to {key}}} = \sum_t {terms}"
        return summed("", left, total, w.score(total.value))
    terms = rf"\Big(\sum_i {w.tint('q', 'q_{i,t}')}\Big)\, {w.tint('k', 'k_t')}"
    left = rf"\sum_i {score}_{{i \to {key}}} = \sum_t {terms}"
    each = found.raw(shown.key)

    def written(n: int) -> str:
        return w.factor(float(each[n]), "plus" if each[n] >= 0 else "minus")

    own = w.sum(each, written, chosen=0).line
    return summed("", left, total, w.score(total.value), own)
