r"""The norm of a gradient, the factor of clipping and one number before and after, for KaTeX.

Computed in float64, shown rounded.
"""

from __future__ import annotations

import numpy as np

from models.memory.steps import PARTS, ClippedStep
from viz.formula.layout import bold, equal, stacked, under
from viz.formula.writer import Writer

_MOST = 3  # parts written out


def norm(step: ClippedStep, w: Writer) -> str:
    """‖g‖ as the root of the squares of its parts, the largest written out."""
    names = sorted(step.norms, key=lambda name: -step.norms[name])
    shown, others = names[:_MOST], names[_MOST:]
    letters = [rf"\|g_{{{PARTS[name]}}}\|" for name in shown]
    terms = [
        under(rf"{number(step.norms[name], w)}^2", letter)
        for name, letter in zip(shown, letters, strict=True)
    ]
    rest = sum(step.norms[name] ** 2 for name in others)
    terms.append(w.rest(len(others), number(rest, w)))
    return stacked(
        rf"\|g\|^2 &= {' + '.join(terms)} = {number(step.norm**2, w)}",
        rf"\|g\| &= \sqrt{{{number(step.norm**2, w)}}} = {bold(number(step.norm, w))}",
    )


def factor(step: ClippedStep, w: Writer) -> str:
    """min(1, c / ‖g‖), the norm after, and the largest number of U's gradient."""
    c, n = w.style.notation.tex(step.most, 0 if step.most >= 1 else 1), number(step.norm, w)
    row, column = step.place
    least = r"\min\!\left(1,\; \tfrac{c}{\|g\|}\right)"
    values = rf"\min\!\left(1,\; \tfrac{{{c}}}{{{n}}}\right)"
    f = number(step.factor, w)
    g = number(step.number, w)
    g = f"({g})" if np.signbit(step.number) else g
    after = bold(number(step.number * step.factor, w))
    return stacked(
        rf"{equal(least, values)} &= {bold(f)}",
        rf"\|g\|\colon\; {n} \cdot {f} &= {bold(number(step.clipped, w))}",
        rf"g_{{U,({row},\,{column})}}\colon\; {g} \cdot {f} &= {after}",
    )


def number(value: float, w: Writer) -> str:
    """Three digits; below a thousandth, or from ten thousand on, in powers of ten."""
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return w.significant(value, 3)
    return w.style.notation.tex_scientific(value, 2)
