r"""The loss of a translation that was put in, as LaTeX: the mean of −ln p over its positions."""

from __future__ import annotations

from models.trace import Floats
from viz.formula.layout import aligned, bold
from viz.formula.writer import Writer

MOST = 4  # terms that are written out


def loss(losses: Floats, w: Writer) -> str:
    r"""L = 1/n Σ −ln p(w_t | w_{<t}), its largest terms written out.

    losses: (position,) −ln p. w.style.labels: rest (n).
    """
    total = w.sum(
        losses,
        lambda t: w.significant(float(losses[t]), 2),
        rest=lambda rest: w.significant(rest, 2),
    )
    first, *others = total.rows
    rows = [rf"\frac{{1}}{{{len(losses)}}}\,\bigl({first}", *others]
    rows[-1] += r"\bigr)"
    left = r"L = \frac1n \sum_t -\ln p(w_t \mid w_{<t})"
    return aligned(left, rows, [bold(w.significant(float(losses.mean()), 3))])
