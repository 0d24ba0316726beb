r"""One candidate for a hidden place as LaTeX for KaTeX: its logit's sum, and the softmax.

logit_w = Σ_j t_j·W_{w,j} + b_w, p_w = e^{logit_w} / Σ_v e^{logit_v} over the whole vocabulary.
"""

from __future__ import annotations

import numpy as np

from models.trace import Floats
from viz.board.notation import tex_word
from viz.formula.sums import Formula, aligned, in_line
from viz.formula.terms import Terms


def logit(features: Floats, weight: Floats, bias: float, w: Terms, word: str) -> Formula:
    """features, weight: (d,), what the last layer reads, and the word's row of it."""
    t, row = features.astype(np.float64), weight.astype(np.float64)

    def write(j: int) -> str:
        return rf"{w.factor(float(t[j]), 'output')} \cdot {w.factor(float(row[j]))}"

    total = w.sum(t * row, write, [rf"\underbrace{{{w.factor(bias)}}}_{{b_w}}"])
    name = rf"z_{{\text{{{tex_word(word)}}}}}"
    value = total.value + bias
    general = rf"z_w = \sum_j {w.tint('output', 't_j')} \cdot E_{{w,j}} + b_w"
    return Formula(
        general,
        in_line(name, total.rows, w.score(value)),
        total.terms,
        total.left_out,
        rows=aligned(name, total.rows, []),
        result=aligned("", [], [w.score(value)]),
    )


def softmax(logits: Floats, chosen: int, w: Terms, word: str) -> Formula:
    """p of one row of the vocabulary, shifted by the largest logit."""
    z = logits.astype(np.float64)
    top = float(z.max())
    e = np.exp(z - top)
    total, value = float(e.sum()), float(e[chosen] / e.sum())
    n, notation = len(z), w.style.notation
    general = (
        r"p_w = \frac{e^{z_w - m}}{\sum_v e^{z_v - m}}"
        rf"\qquad m = \max_v z_v = {w.number(top)}"
    )
    mine = notation.tex_significant(float(e[chosen]), w.digits + 2)
    power = rf"{w.number(float(z[chosen]))} - {w.factor(top)}"
    below = rf"\sum_{{{n}}}"
    filled = rf"\frac{{e^{{{power}}}}}{{{below} e^{{z_v - m}}}}"
    numbers = rf"\frac{{{mine}}}{{{notation.tex_significant(total, w.digits + 2)}}}"
    name = rf"p_{{\text{{{tex_word(word)}}}}}"
    share = w.tint("output", rf"\mathbf{{{w.share(value)}}}")
    return Formula(general, f"{name} = {filled} = {numbers} = {share}")
