r"""BERT's entrance as LaTeX for KaTeX: one number's sum, then its layer norm.

x = token + segment + position (Devlin et al. 2019, figure 2); y = (x − μ) / √(σ² + ε) · γ + β over
the d numbers of a piece (Ba, Kiros & Hinton 2016). Float64 sums of what was recorded, rounded.
"""

from __future__ import annotations

import numpy as np

from models.bert.trace import Embedded
from viz.board.notation import tex_word
from viz.formula.sums import Formula, aligned, gathered
from viz.formula.terms import Terms


def sums(found: Embedded, w: Terms, place: int, dim: int) -> Formula:
    """The chosen piece's chosen number: what the tables add up to."""
    word = rf"\text{{{tex_word(found.typed[place], 10)}}}"
    terms = [float(rows[place, dim]) for rows in found.parts.values()]
    shown = [
        rf"\underbrace{{{w.factor(value)}}}_{{{w.words(name)}}}"
        for name, value in zip(found.parts, terms, strict=True)
    ]
    general = "x = " + " + ".join(w.words(name) for name in found.parts)
    result = rf"\mathbf{{{w.number(sum(terms))}}}"
    left = rf"x_{{{word},\,{dim}}}"
    return Formula(general, f"{left} = {' + '.join(shown)} = {result}", len(terms))


def mean(found: Embedded, w: Terms, place: int) -> Formula:
    """μ and σ² over the d numbers of the chosen piece; rows and result: each sum on its own."""
    x = found.total[place].astype(np.float64)
    d, fine = len(x), Terms(w.style, w.digits + 2, w.most)
    sums = {
        r"\mu": w.sum(x, lambda k: w.factor(float(x[k]))),
        r"\sigma^2": w.sum((x - x.mean()) ** 2, lambda k: rf"({w.number(float(x[k]))} - \mu)^2"),
    }
    over = rf"\tfrac{{1}}{{{d}}}"
    short, rows, ends = [], [], []
    for name, total in sums.items():
        value = fine.number(total.value / d)
        short.append(rf"{name} &= {over} \big( {' '.join(total.rows)} \big) = {value}")
        rows.append(aligned(rf"{d}\,{name}", total.rows, [fine.number(total.value)]))
        ends.append(rf"{name} = {over} \cdot {fine.factor(total.value)} = {value}")
    return Formula(
        rf"\mu = {over} \sum_k x_k \qquad \sigma^2 = {over} \sum_k (x_k - \mu)^2",
        r"\begin{aligned} " + r" \\[0.3em] ".join(short) + r" \end{aligned}",
        d,
        sums[r"\mu"].left_out,
        rows=gathered(*rows),
        result=gathered(*ends),
    )


def norm(found: Embedded, w: Terms, place: int, dim: int) -> Formula:
    """The chosen number behind the layer norm."""
    x = found.total[place].astype(np.float64)
    mu, var = float(x.mean()), float(x.var())
    gamma, beta = float(found.scale[dim]), float(found.shift[dim])
    value = (float(x[dim]) - mu) / np.sqrt(var + found.eps) * gamma + beta
    general = r"y = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} \cdot \gamma + \beta"
    fine = Terms(w.style, w.digits + 1, w.most)
    top = rf"{fine.number(float(x[dim]))} - {fine.factor(mu)}"
    below = rf"\sqrt{{{fine.number(var, w.digits + 2)} + {_eps(w, found.eps)}}}"
    filled = rf"\frac{{{top}}}{{{below}}} \cdot {fine.factor(gamma)} + {fine.factor(beta)}"
    return Formula(general, rf"y = {filled} = \mathbf{{{fine.number(value)}}}")


def _eps(w: Terms, eps: float) -> str:
    """ε as its power of ten: it is one in every model of the family."""
    mantissa, exponent = f"{eps:.0e}".split("e")
    power = rf"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"
