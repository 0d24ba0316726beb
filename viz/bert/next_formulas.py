r"""A judged pair as LaTeX for KaTeX: pooled = tanh(W·h + b), z = V·pooled + c, softmax of both z.

Next-sentence prediction as in Devlin et al. 2019; float64 sums of what was recorded, rounded.
"""

from __future__ import annotations

import numpy as np

from models.bert.trace import Judgement
from models.trace import Floats, Projection
from viz.formula.sums import Formula, Sum, in_line
from viz.formula.terms import Terms


def pooled(found: Judgement, w: Terms, dim: int) -> Formula:
    """One number of the pooled vector."""
    h = found.first.astype(np.float64)
    total, inside = _sum(found.pooler, h, dim, w)
    value = float(np.tanh(inside))
    name = rf"u_{{{dim}}}"
    return Formula(
        r"u = \tanh(W \cdot h_{\text{[CLS]}} + b)",
        rf"\begin{{aligned}} {name} &= \tanh\big({' '.join(total.rows)}\big) \\ "
        rf"&= \tanh({w.number(inside)}) = \mathbf{{{w.number(value)}}} \end{{aligned}}",
        total.terms,
        total.left_out,
        rows=in_line(rf"\text{{artanh}}\,{name}", total.rows, w.number(inside)),
        result=rf"{name} = \tanh({w.number(inside)}) = \mathbf{{{w.number(value)}}}",
    )


def logits(found: Judgement, w: Terms) -> tuple[Formula, Formula]:
    """Both logits: of "follows", and of "does not follow"."""
    u = found.recomputed.astype(np.float64)
    formulas = []
    for n, key in enumerate(("yes", "no")):
        total, value = _sum(found.judge, u, n, w)
        name = rf"z_{{{w.words(key)}}}"
        formulas.append(
            Formula(
                r"z = V \cdot u + c",
                in_line(name, total.rows, w.score(value)),
                total.terms,
                total.left_out,
            )
        )
    return formulas[0], formulas[1]


def softmax(found: Judgement, w: Terms) -> Formula:
    """The probability that B follows A, from the two logits."""
    z = found.logits.astype(np.float64)
    shift = float(z.max()) if abs(z).max() > 9 else 0.0
    e = np.exp(z - shift)
    less = "-m" if shift else ""
    yes, no = w.words("yes"), w.words("no")
    general = (
        rf"p = \frac{{e^{{z_{{{yes}}}{less}}}}}"
        rf"{{e^{{z_{{{yes}}}{less}}} + e^{{z_{{{no}}}{less}}}}}"
    )
    if shift:
        general += rf"\qquad m = {w.number(shift)}"
    write = w.style.notation.tex_significant
    one, other = write(float(e[0]), w.digits + 2), write(float(e[1]), w.digits + 2)
    value = w.tint("output", rf"\mathbf{{{w.share(float(e[0] / e.sum()))}}}")
    return Formula(general, rf"p = \frac{{{one}}}{{{one} + {other}}} = {value}")


def _sum(layer: Projection, x: Floats, out: int, w: Terms) -> tuple[Sum, float]:
    """x·weight + bias for one output, the bias written last."""
    row = layer.weight[:, out].astype(np.float64)
    assert layer.bias is not None
    bias = float(layer.bias[out])

    def write(k: int) -> str:
        return rf"{w.factor(float(row[k]))} \cdot {w.factor(float(x[k]))}"

    total = w.sum(row * x, write, [rf"\underbrace{{{w.factor(bias)}}}_{{{w.words('bias')}}}"])
    return total, total.value + bias
