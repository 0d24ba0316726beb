r"""The cosine of two vectors as LaTeX for KaTeX, with its numbers."""

from __future__ import annotations

from dataclasses import replace

from models.trace import Floats
from viz.formula.layout import Formula, aligned, in_line, stacked, summed
from viz.formula.products import cosine_of, dot
from viz.formula.width import fits
from viz.formula.writer import Writer


def cosine(a: Floats, b: Floats, w: Writer, numbers: tuple[int, int]) -> Formula:
    """a, b: (d,). numbers: what the two occurrences are called in the picture."""
    total, fine = dot(w, a, b, ("q", "k")), w.finer(1)
    one, other = (w.tint(role, f"v_{{{n}}}") for role, n in zip("qk", numbers, strict=True))
    fraction, value = cosine_of(fine, a, b)
    ends = rf"\cos = {fraction} = {fine.bold(value)}"
    product, whole = rf"{one} \cdot {other}", fine.number(total.value)
    rows = in_line(product, total, whole)
    if total.left_out and not fits([product, " ".join(total.rows), whole]):
        first, *others = total.rows
        more = (rf"&\quad {row}" for row in others)
        rows = stacked(f"{product} &= {first}", *more, f"&= {whole}")
    if len(total.rows) > 1 and not total.left_out:
        rows = aligned(product, total.rows, [whole])
    general = rf"\cos({one}, {other}) = \frac{{{product}}}{{|{one}|\,|{other}|}}"
    return replace(summed(general, product, total, chosen=ends), rows=rows, result=ends)
