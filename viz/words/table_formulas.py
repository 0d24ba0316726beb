r"""A row of E as a sum over all words, and two distances, as LaTeX for KaTeX."""

from __future__ import annotations

from models.words.table import Lookup
from viz.formula.layout import aligned, equal, stacked
from viz.formula.writer import Writer


def picked(found: Lookup, dim: int, w: Writer) -> str:
    """(xE)_dim = Σ_v x_v E_{v,dim}: the only term that is not 0."""
    rows, value = len(found.space.names), float(found.vector[dim])
    first, last = (float(found.space.vectors[row, dim]) for row in (0, rows - 1))
    one = w.tint("q", "1") + rf" \cdot {w.factor(value)}"
    parts = [rf"0 \cdot {w.factor(first)} + \dots"] if found.row > 0 else []
    parts.append(one)
    if found.row < rows - 1:
        parts.append(rf"\dots + 0 \cdot {w.factor(last)}")
    general = rf"(x E)_{{{dim}}} &= \sum_{{v=0}}^{{{rows - 1}}} x_v E_{{v,{dim}}}"
    return stacked(general, rf"&= {' + '.join(parts)}", f"&= {w.bold(value)}")


def one_hot_distance(w: Writer) -> str:
    """‖x − y‖ of two one-hot vectors."""
    root = r"\sqrt{1^2 + (-1)^2} = \sqrt{2}"
    return equal(r"\lVert x - y \rVert", root, w.bold(2.0**0.5, 3))


def learned_distance(found: Lookup, w: Writer) -> str:
    """‖e_x − e_y‖ = √Σ_d (e_{x,d} − e_{y,d})², the largest terms written out."""
    e = found.space.vectors
    a, b = e[found.row], e[found.other]

    def write(d: int) -> str:
        return rf"({w.factor(float(a[d]), 'q')} - {w.factor(float(b[d]), 'k')})^2"

    total = w.sum(found.offset**2, write)
    left = r"\lVert e_x - e_y \rVert^2"
    square = aligned(left, total.rows, [w.number(total.value, 3)])
    root = rf"\sqrt{{{w.number(total.value, 3)}}}"
    return stacked(square, equal(r"\lVert e_x - e_y \rVert", root, w.bold(found.distance, 3)),
                   gap=0.4)  # fmt: skip
