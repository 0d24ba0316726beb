r"""One step of a gradient back through an RNN, one of its numbers written out, as LaTeX for KaTeX.

Computed in float64, shown rounded; a power of ten that all terms share stands before them.
"""

from __future__ import annotations

import numpy as np

from models.memory.steps import StepBack
from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer, largest

PRIMES = {"tanh": r"\tanh'", "relu": r"\mathrm{ReLU}'"}
_MOST = 2  # terms written out


def step_back(step: StepBack, kind: str, k: int, w: Writer) -> str:
    r"""g behind step k (words from 1), and the number j of what comes out in front of it.

    The units of its largest terms are written out, each as U · f′ · g.
    """
    j, terms = step.opened, step.terms
    prime, before, here = PRIMES[kind], k - 1, k
    shown = largest(terms, _MOST)
    shown.sort(key=lambda i: -abs(float(terms[i])))
    power = _power(float(np.abs(step.arriving[shown]).max()))
    pieces = " + ".join(_term(step, i, power, w) for i in shown)
    rest = float(terms.sum() - terms[shown].sum()) / 10.0**power
    total = float(terms.sum()) / 10.0**power
    left_out = w.rest(len(terms) - len(shown), w.factor(rest, digits=3))
    ten = rf" \cdot 10^{{{power}}}" if power else ""
    value = bold(w.number(total, 3) + ten)
    return stacked(
        rf"g_{{{before},\,{j}}} &= \textstyle\sum_i "
        rf"U_{{i,{j}}} \cdot {prime}(a_{{{here},i}}) \cdot "
        rf"g_{{{here},i}} = {value}",
        *(
            [rf"&= ({pieces}", rf"&\quad + {left_out}){ten}"]
            if power
            else [rf"&= {pieces} + {left_out}"]
        ),
    )


def _term(step: StepBack, unit: int, power: int, w: Writer) -> str:
    u, g = float(step.u[unit, step.opened]), float(step.arriving[unit]) / 10.0**power
    slope = float(step.slopes[unit])
    passed = w.number(slope, 0) if slope in (0.0, 1.0) else w.share(slope, 2)
    return rf"{w.factor(u, 'net_rnn')} \cdot {passed} \cdot {w.factor(g)}"


def _power(size: float) -> int:
    """The exponent that stands before the terms: 0 where they read well as they are."""
    if size == 0:
        return 0
    exponent = int(np.floor(np.log10(size)))
    return 0 if -1 <= exponent <= 0 else exponent
