r"""Two layers written as one matrix, as LaTeX for KaTeX."""

from __future__ import annotations

from models.neuron.layers import TwoLayers
from models.trace import Floats
from viz.formula.layout import equal
from viz.formula.writer import Writer
from viz.neuron.unit import VALUE


def matrix(values: Floats, w: Writer) -> str:
    """(row, column) in brackets."""
    rows = r" \\ ".join(" & ".join(w.number(v) for v in row) for row in values.tolist())
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def stepwise(found: TwoLayers, w: Writer) -> tuple[str, str]:
    """W₁x, then W₂(W₁x): layer by layer."""
    column = found.x[:, None], found.hidden[:, None]
    first = equal(
        r"W_1 x", f"{matrix(found.first, w)} {matrix(column[0], w)}", matrix(column[1], w)
    )
    second = equal(
        r"W_2 (W_1 x)", f"{matrix(found.second, w)} {matrix(column[1], w)}", _out(found, w)
    )
    return first, second


def at_once(found: TwoLayers, w: Writer) -> tuple[str, str]:
    """W₂W₁, then (W₂W₁)x: by the one matrix."""
    product = equal(r"W_2 W_1", f"{matrix(found.second, w)} {matrix(found.first, w)}",
                    matrix(found.product, w))  # fmt: skip
    value = w.bold(float(found.at_once[0]))
    once = equal(
        r"(W_2 W_1)\, x", f"{matrix(found.product, w)} {matrix(found.x[:, None], w)}", value
    )
    return product, once


def bent(found: TwoLayers, w: Writer) -> str:
    """W₂f(W₁x): the activation between the layers."""
    active = matrix(found.active[:, None], w)
    value = w.tint(VALUE, w.bold(float(found.bent[0])))
    return equal(r"W_2\, f(W_1 x)", f"{matrix(found.second, w)} {active}", value)


def _out(found: TwoLayers, w: Writer) -> str:
    return w.bold(float(found.output[0]))
