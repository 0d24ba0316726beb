r"""A cosine with its numbers, as LaTeX for KaTeX."""

from __future__ import annotations

from models.trace import Floats
from viz.formula.layout import aligned, equal
from viz.formula.products import cosine_of, dot
from viz.formula.writer import Writer


def cosine(a: Floats, b: Floats, names: tuple[str, str], w: Writer) -> tuple[str, str, str]:
    """a, b: (D,) → in general, the dot product term by term, the fraction. names: LaTeX."""
    one, other = (w.tint(role, name) for role, name in zip("qk", names, strict=True))
    product = rf"{one} \cdot {other}"
    lengths = rf"\lVert {one} \rVert \, \lVert {other} \rVert"
    general = rf"\cos({one}, {other}) = \frac{{{product}}}{{{lengths}}}"
    total, fine = dot(w, a, b, ("q", "k")), w.finer(1)
    fraction, value = cosine_of(fine, a, b)
    rows = aligned(product, total.rows, [fine.number(total.value)])
    return general, rows, equal(r"\cos", fraction, fine.bold(value))
