r"""The chosen pair's angle, its rotation with numbers, and the score it is part of, as LaTeX.

Computed in float64, shown rounded.
"""

from __future__ import annotations

import numpy as np

from models.positions.pairs import partners
from viz.formula.layout import aligned, equal, stacked
from viz.formula.products import product
from viz.formula.writer import Writer
from viz.positions.pairs import Drawn


def angle(drawn: Drawn, w: Writer) -> str:
    """m·θ_i, θ_i = n^(−2i/d)."""
    record, i = drawn.record, drawn.pair
    power = rf"{record.base:.0f}^{{-{2 * i}/{record.d}}}" if i else rf"{record.base:.0f}^{{0}}"
    left = rf"m\,\theta_{{{i}}}"
    return equal(left, rf"{drawn.query} \cdot {power}", w.significant(drawn.angle, 4))


def rotation(drawn: Drawn, w: Writer) -> str:
    """The 2 × 2 rotation of the chosen pair, with its numbers: matrix, then both rows."""
    a, b = drawn.places
    (x, y), after = drawn.before[[a, b]].tolist(), drawn.after[[a, b]]
    cos, sin = float(np.cos(drawn.angle)), float(np.sin(drawn.angle))
    names = rf"\begin{{pmatrix}} q'_{{{a}}} \\ q'_{{{b}}} \end{{pmatrix}}"
    matrix = (
        rf"\begin{{pmatrix}} {w.number(cos)} & {w.number(-sin)} \\ "
        rf"{w.number(sin)} & {w.number(cos)} \end{{pmatrix}}"
    )
    column = rf"\begin{{pmatrix}} {w.number(x)} \\ {w.number(y)} \end{{pmatrix}}"
    first = f"{product(w, cos, x, None, 'q')} - {product(w, sin, y, None, 'q')}"
    second = f"{product(w, sin, x, None, 'q')} + {product(w, cos, y, None, 'q')}"
    one, other = (w.tint("q", rf"q'_{{{place}}}") for place in (a, b))
    return stacked(
        rf"{w.tint('q', names)} &= {matrix} {w.tint('q', column)}",
        rf"{one} &= {first} = {w.bold(float(after[0]))}",
        rf"{other} &= {second} = {w.bold(float(after[1]))}",
        gap=0.4,
    )


def score(drawn: Drawn, w: Writer) -> str:
    """R_m q · R_n k · s, pair by pair, the largest written out and the chosen one."""
    q, k = drawn.record.turned(drawn.stored, drawn.turns)
    both = (q[drawn.query] * k[drawn.key]) * drawn.record.scaling
    a, b = partners(drawn.record.d, drawn.turns).T
    terms = both[a] + both[b]
    total = w.sum(terms, lambda t: w.factor(float(terms[t])), chosen=drawn.pair)
    left = rf"s \cdot R_{{{drawn.query}}} q \cdot R_{{{drawn.key}}} k"
    return aligned(left, total.rows, [w.bold(total.value)])
