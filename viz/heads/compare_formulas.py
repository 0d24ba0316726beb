"""One cell of two heads, subtracted; one row of their Jensen–Shannon divergence. LaTeX for KaTeX.

Computed in float64, shown rounded.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.heads import divergence
from models.heads.alignment import Group, Side
from models.trace import Floats, HeadSteps
from viz.formula.layout import bold, equal, stacked
from viz.formula.softmax import share
from viz.formula.width import fits
from viz.formula.writer import Writer

NAMES = ("A", "B")
BY_ENTROPY = "H(m) − (H(p) + H(q))/2"


def weight(steps: HeadSteps, queries: Group, keys: Group, which: Side, w: Writer) -> str:
    """One side's weight of a cell: its softmax in short, or its mean and sum over several tokens.

    softmax: Vaswani et al. 2017, eq. 1.
    """
    left = _alpha(which, w)
    values = np.asarray(steps.weights, np.float64)[np.ix_(queries, keys)]
    result = w.tint("weight", bold(w.share(float(values.sum() / len(queries)))))
    if values.size > 1:
        total = w.sum(values.ravel(), lambda n: w.share(float(values.ravel()[n])))
        mean = "" if len(queries) == 1 else rf"\tfrac{{1}}{{{len(queries)}}}"
        return f"{left} &= {mean}({total.line}) = {result}"
    if not steps.whole:
        return f"{left} &= {result}"
    row, sink = steps.masked[queries[0]], steps.sink
    if np.isneginf(row[keys[0]]):
        return rf"{left} &= e^{{-\infty}} = {w.tint('weight', bold('0'))}"
    found = share(row, keys[0], sink)
    general = (
        rf"\dfrac{{e^{{{found.exponent(w).replace(' - ', '-')}}}}}{{{w.significant(found.total)}}}"
    )
    return f"{left} &= {equal(general, result)}"


def _alpha(which: Side, w: Writer) -> str:
    return w.tint("weight", rf"\alpha_{{{NAMES[which]}}}")


def subtracted(sides: Sequence[str], first: float, second: float, w: Writer) -> str:
    """Both weights, and first − second in percentage points. sides: of `weight`."""
    points, names = 100 * (first - second), [_alpha(which, w) for which in (0, 1)]
    sign = "+" if points > 0 else ""
    result = w.tint("minus" if points < 0 else "plus", bold(sign + w.number(points, 2)))
    terms = f"{w.share(first)} - {w.share(second)}"
    last = rf"{' - '.join(names)} &= {terms} = {result}\;{w.words('points')}"
    beside = r" \qquad ".join([sides[0], sides[1].replace("&", "")])
    return stacked(*([beside] if fits([beside]) else sides), last, gap=0.3)


def alone(sides: Sequence[str]) -> str:
    """The weights of a cell that is not in both. sides: of `weight`."""
    return stacked(*sides)


def row(p: Floats, q: Floats, key: int, names: Sequence[str], w: Writer) -> str:
    """JS of one row: what the chosen key adds, then all keys. p, q: (key,) summing to 1.

    names: of the keys, and of a sink where there may be one, last. Lin 1991, section IV.
    """
    # Without a sink its column is 0 in both, and no term of the sum.
    count = len(p) if p[-1] or q[-1] else len(p) - 1
    each = divergence.terms(p[:count], q[:count])
    m = (float(p[key]) + float(q[key])) / 2
    parts = [_part(float(one[key]), m, w) for one in (p, q)]
    name = w.text(names[key], "k")
    chosen = rf"t_{{{name}}} &= \tfrac12 ({' + '.join(parts)}) = {w.number(float(each[key]), 4)}"

    def write(n: int) -> str:
        return w.named(float(each[n]), w.text(names[n], "k", 7), digits=4)

    total = w.sum(each, write, rest=lambda value: w.number(value, 4), chosen=key)
    general = r"JS &= \textstyle\sum_j t_j, \quad t_j = \tfrac12 \left(p_j \log_2 \tfrac{p_j}{m_j}"
    general += r" + q_j \log_2 \tfrac{q_j}{m_j}\right), \quad m = \tfrac{p + q}{2}"
    result = rf"{bold(w.number(total.value, 4))}\;{w.words('bits')}"
    return stacked(general, chosen, rf"JS &= {total.line} = {result}", gap=0.3)


def _part(value: float, m: float, w: Writer) -> str:
    if value == 0:
        return "0"
    shown = w.share(value)
    return rf"{w.tint('weight', shown)} \log_2 \tfrac{{{shown}}}{{{w.share(m)}}}"
