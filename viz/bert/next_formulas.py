r"""A judged pair as LaTeX for KaTeX: pooled = tanh(W·h + b), ℓ = V·pooled + c, softmax of both ℓ.

Next-sentence prediction as in Devlin et al. 2019; float64 sums of what was recorded, rounded.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.bert.trace import Judgement
from models.trace import Floats, Projection
from viz.formula.layout import Formula, Sum, bold, equal, in_line, stacked, summed
from viz.formula.products import dot
from viz.formula.writer import Writer


def pooled(found: Judgement, w: Writer, dim: int) -> Formula:
    """One number of the pooled vector."""
    total = _output(found.pooler, found.first, dim, w)
    name, inside = f"u_{{{dim}}}", w.number(total.value)
    value = rf"\tanh({inside}) = {w.bold(float(np.tanh(total.value)))}"
    made = summed(
        r"u = \tanh(W \cdot h_{\text{[CLS]}} + b)",
        name,
        total,
        chosen=stacked(rf"{name} &= \tanh\big({total.line}\big)", f"&= {value}"),
    )
    rows = in_line(rf"\text{{artanh}}\,{name}", total, inside)
    return replace(made, rows=rows, result=equal(name, value))


def logits(found: Judgement, w: Writer, dim: int) -> tuple[Formula, Formula]:
    """Both logits: of "follows", and of "does not follow". dim: whose term both write out."""

    def logit(out: int, key: str) -> Formula:
        total = _output(found.judge, found.recomputed, out, w, dim)
        chosen = in_line(rf"\ell_{{{w.words(key)}}}", total, w.score(total.value))
        return Formula(r"\ell = V \cdot u + c", chosen, total.terms, total.left_out)

    return logit(0, "yes"), logit(1, "no")


def softmax(found: Judgement, w: Writer) -> Formula:
    """The probability that B follows A, from the two logits."""
    z = found.logits.astype(np.float64)
    shift = float(z.max()) if abs(z).max() > 9 else 0.0
    e = np.exp(z - shift)
    yes, no = (rf"e^{{\ell_{{{w.words(key)}}}{'-m' if shift else ''}}}" for key in ("yes", "no"))
    general = rf"p = \frac{{{yes}}}{{{yes} + {no}}}"
    if shift:
        general += rf"\qquad m = {w.number(shift)}"
    one, other = (w.significant(float(power)) for power in e)
    value = w.tint("output", bold(w.share(float(e[0] / e.sum()))))
    return Formula(general, rf"p = \frac{{{one}}}{{{one} + {other}}} = {value}")


def _output(layer: Projection, x: Floats, out: int, w: Writer, dim: int | None = None) -> Sum:
    """weight·x + bias for one output, the bias written last. dim: a term to be written out."""
    bias = (layer.bias_at(out), w.words("bias"))
    return dot(w, layer.weight[:, out], x, bias=bias, chosen=dim)
