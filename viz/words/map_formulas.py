r"""A word's place on a map with its numbers, as LaTeX for KaTeX."""

from __future__ import annotations

import numpy as np

from models.trace import Floats
from models.words.map import Principal
from viz.formula.layout import aligned, equal, stacked
from viz.formula.writer import Writer


def coordinate(found: Principal, vector: Floats, axis: int, w: Writer) -> tuple[str, str, str]:
    """z_axis = Σ_d (e_d − m_d)·u_d → in general, term by term, what it comes to. vector: (D,)."""
    unit, offset = found.axes[axis], vector.astype(np.float64) - found.mean

    def write(d: int) -> str:
        row = rf"{w.factor(float(vector[d]), 'q')} - {w.factor(float(found.mean[d]))}"
        return rf"({row}) \cdot {w.factor(float(unit[d]), 'weight')}"

    total = w.sum(offset * unit, write)
    u = w.tint("weight", rf"u_{axis + 1}")
    general = rf"z_{axis + 1} = ({w.tint('q', 'e')} - m) \cdot {u}"
    return general, aligned(rf"z_{axis + 1}", total.rows, []), rf"= {w.bold(total.value)}"


def distance(one: Floats, other: Floats, w: Writer) -> str:
    """‖z − z′‖ = √((z₁ − z₁′)² + (z₂ − z₂′)²). one, other: (2,), the word's place, the other's."""
    pairs = zip(one.tolist(), other.tolist(), strict=True)
    squares = (rf"({w.factor(a, 'q')} - {w.factor(b, 'k')})^2" for a, b in pairs)
    value = float(np.sqrt(((one.astype(np.float64) - other.astype(np.float64)) ** 2).sum()))
    left = rf"\lVert {w.tint('q', 'z')} - {w.tint('k', 'z')} \rVert"
    return stacked(rf"{left} &= \sqrt{{{' + '.join(squares)}}}", f"&= {w.bold(value)}")


def kernel(length: float, w: Writer) -> str:
    """q ∝ 1 / (1 + ‖z − z′‖²): how near t-SNE takes two places to be (2008, equation 4)."""
    fraction = rf"\frac{{1}}{{1 + {w.number(length, w.digits + 2)}^2}}"
    general = (
        rf"q \propto \frac{{1}}{{1 + \lVert {w.tint('q', 'z')} - {w.tint('k', 'z')} \rVert^2}}"
    )
    return equal(general, fraction, w.bold(1 / (1 + length**2), w.digits + 2))
