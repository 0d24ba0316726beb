r"""One number of a head's query, of the sum at once and of its two parts, as LaTeX.

Float64 sums of the model's own float32 numbers, shown rounded.
"""

from __future__ import annotations

from viz.formula.layout import equal, laid, under
from viz.formula.products import dot
from viz.formula.writer import Writer
from viz.positions.added import POSITION, TOKEN, AddedHead


def at_once(drawn: AddedHead, w: Writer) -> str:
    r"""LaTeX of (x + p)·W for the chosen dimension, the largest terms written out."""
    total = dot(w, drawn.x + drawn.p, drawn.weight[:, drawn.dim])
    return laid(r"(x + p) \cdot w", total, w.bold(total.value, 3), w.room)


def apart(drawn: AddedHead, w: Writer) -> tuple[str, ...]:
    """LaTeX of x·W and of p·W for the same dimension."""
    column, roles = drawn.weight[:, drawn.dim], (TOKEN, POSITION)
    names = r"x \cdot w", r"p \cdot w"
    found = [
        (name, role, dot(w, part, column, (role, None)))
        for name, role, part in zip(names, roles, (drawn.x, drawn.p), strict=True)
    ]
    return tuple(
        laid(w.tint(role, name), total, w.tint(role, w.bold(total.value, 3)), w.room)
        for name, role, total in found
    )


def query(drawn: AddedHead, w: Writer) -> str:
    """LaTeX of the model's own number: both parts, and what every query has besides."""
    one, two = (float(part[drawn.dim]) for part in drawn.results)
    constant = float(drawn.constant[drawn.dim])
    parts = [w.factor(one, TOKEN, 3), w.factor(two, POSITION, 3)]
    if constant:
        small = abs(constant) < 0.0005
        number = w.style.notation.tex_scientific(constant) if small else w.factor(constant, None, 3)
        parts.append(under(number, w.words("constant")))
    came = w.tint("q", w.bold(one + two + constant, 3))
    return equal(rf"q_{{{drawn.dim}}}", " + ".join(parts), came)
