r"""BERT's entrance as LaTeX for KaTeX: one number's sum, then its layer norm.

x = token + segment + position (Devlin et al. 2019, figure 2); y = (x − μ) / √(σ² + ε) · γ + β over
the d numbers of a piece (Ba, Kiros & Hinton 2016). Float64 sums of what was recorded, rounded.
"""

from __future__ import annotations

import numpy as np

from models.bert.trace import Embedded
from viz.formula.layout import Formula, aligned, equal, gathered, stacked
from viz.formula.norm import Normed
from viz.formula.writer import Writer


def sums(found: Embedded, w: Writer, place: int, dim: int) -> Formula:
    """The chosen piece's chosen number: what the tables add up to."""
    terms = {w.words(name): float(rows[place, dim]) for name, rows in found.parts.items()}
    shown = " + ".join(w.named(value, name) for name, value in terms.items())
    left = rf"x_{{{w.text(found.typed[place])},\,{dim}}}"
    chosen = equal(left, shown, w.bold(sum(terms.values())))
    return Formula("x = " + " + ".join(terms), chosen, len(terms))


def mean(found: Embedded, w: Writer, place: int, dim: int) -> Formula:
    """μ and σ² over the d numbers of the chosen piece; rows and result: each sum on its own.

    dim: whose term both write out.
    """
    x = found.total[place].astype(np.float64)
    d, fine = len(x), w.finer(2)
    sums = {
        r"\mu": w.sum(x, lambda k: w.factor(x[k]), chosen=dim),
        r"\sigma^2": w.sum(
            (x - x.mean()) ** 2, lambda k: rf"({w.number(x[k])} - \mu)^2", chosen=dim
        ),
    }
    over = rf"\tfrac{{1}}{{{d}}}"
    short, rows, ends = [], [], []
    for name, total in sums.items():
        value = fine.number(total.value / d)
        short.append(rf"{name} &= {over} \big( {total.line} \big) = {value}")
        rows.append(aligned(rf"{d}\,{name}", total.rows, [fine.number(total.value)]))
        ends.append(rf"{name} = {over} \cdot {fine.factor(total.value)} = {value}")
    return Formula(
        rf"\mu = {over} \sum_k x_k \qquad \sigma^2 = {over} \sum_k (x_k - \mu)^2",
        stacked(*short, gap=0.3),
        d,
        sums[r"\mu"].left_out,
        rows=gathered(*rows),
        result=gathered(*ends),
    )


def norm(found: Embedded, w: Writer, place: int, dim: int) -> Formula:
    """The chosen number behind the layer norm."""
    x, fine = found.total[place].astype(np.float64), w.finer(1)
    gain, bias = float(found.scale[dim]), float(found.shift[dim])
    normed = Normed(float(x[dim]), float(x.mean()), float(x.var()), found.eps, gain, bias)
    general = r"y = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} \cdot \gamma + \beta"
    fraction = normed.fraction(fine, _power(found.eps), w.digits + 2)
    filled = rf"{fraction} \cdot {fine.factor(gain)} + {fine.factor(bias)}"
    return Formula(general, equal("y", filled, fine.bold(normed.value)))


def _power(eps: float) -> str:
    """ε as its power of ten: it is one in every model of the family."""
    mantissa, exponent = f"{eps:.0e}".split("e")
    power = rf"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"
