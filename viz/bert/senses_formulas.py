r"""The cosine of two vectors as LaTeX for KaTeX, with its numbers."""

from __future__ import annotations

import numpy as np

from models.trace import Floats
from viz.formula.sums import Formula, aligned, in_line
from viz.formula.terms import Terms


def cosine(a: Floats, b: Floats, w: Terms, numbers: tuple[int, int]) -> Formula:
    """a, b: (d,). numbers: what the two occurrences are called in the picture."""
    a, b = a.astype(np.float64), b.astype(np.float64)

    def write(k: int) -> str:
        return rf"{w.factor(float(a[k]), 'q')} \cdot {w.factor(float(b[k]), 'k')}"

    total = w.sum(a * b, write)
    lengths = float(np.linalg.norm(a)), float(np.linalg.norm(b))
    one, other = (w.tint(role, rf"v_{{{n}}}") for role, n in zip(("q", "k"), numbers, strict=True))
    fine = Terms(w.style, w.digits + 1, w.most)
    value = total.value / (lengths[0] * lengths[1])
    below = rf"{fine.number(lengths[0])} \cdot {fine.number(lengths[1])}"
    top = fine.number(total.value)
    ends = rf"\cos = \frac{{{top}}}{{{below}}} = \mathbf{{{fine.number(value)}}}"
    product = rf"{one} \cdot {other}"
    rows = in_line(product, total.rows, fine.number(total.value))
    if len(total.rows) > 1 and not total.left_out:
        rows = aligned(product, total.rows, [fine.number(total.value)])
    return Formula(
        rf"\cos({one}, {other}) = \frac{{{one} \cdot {other}}}{{|{one}|\,|{other}|}}",
        ends,
        total.terms,
        total.left_out,
        rows=rows,
        result=ends,
    )
