r"""One point through the network, term by term, as LaTeX: h, z, ŷ and its loss.

Computed in float64 by the training itself, shown rounded; weights and what comes of them in the
colours of the figure's lines.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.neuron.xor import LABELS, POINTS, Network, Training
from models.trace import Floats
from viz.formula.layout import Sum, bold, equal, stacked
from viz.formula.products import dot
from viz.formula.writer import Writer
from viz.neuron.planes import OUTPUT, UNITS

_FUNCTIONS = {
    "sigmoid": r"\sigma({})",
    "tanh": r"\tanh({})",
    "relu": r"\max(0,\, {})",
}


def point_sums(trained: Training, step: int, point: int, w: Writer) -> tuple[str, ...]:
    """LaTeX of the hidden units (where there are any), of z, of ŷ with its loss."""
    at, h = trained.at(step), trained.h[step, point]
    hidden = [_unit(at, unit, point, float(h[unit]), w) for unit in range(len(at.b))]
    return (*hidden, _logit(at, h, w), _output(trained, step, point, w))


def _unit(at: Network, unit: int, point: int, value: float, w: Writer) -> str:
    """h = f(w·x + b) with its numbers."""
    role = UNITS[unit][0]
    name = w.tint(role, f"h_{unit + 1}")
    bias = w.named(float(at.b[unit]), f"b_{unit + 1}", role)
    inside = _on_point(w, at.w[unit], POINTS[point], role, bias)
    value_in = inside.value + float(at.b[unit])
    function = _FUNCTIONS[at.hidden]
    rows = (
        rf"{name} &= {function.format(inside.line)}",
        rf"&= {equal(function.format(w.number(value_in)), w.tint(role, w.bold(value)))}",
    )
    return stacked(*rows)


def _on_point(w: Writer, weights: Floats, x: Floats, role: str, *more: str) -> Sum:
    """Σ weight · x, whose x are 0 or 1 and written so. weights, x: (t,); more: stands behind."""

    def write(t: int) -> str:
        return rf"{w.factor(float(weights[t]), role)} \cdot {x[t]:.0f}"

    return w.sum(weights * x, write, more)


def _logit(at: Network, h: Floats, w: Writer) -> str:
    """z = v·h + c with its numbers; without a hidden layer w·x + b."""
    name = OUTPUT[0]
    if at.hidden == "none":
        total = _on_point(w, at.v, h, name, w.named(at.c, "b", name))
    else:
        total = dot(w, at.v, h, (name, lambda t: UNITS[t][0]))
        total = replace(total, rows=(*total.rows, rf"+ {w.named(at.c, 'c', name)}"))
    return stacked(rf"z &= {total.line}", rf"&= {w.bold(total.value + at.c)}")


def _output(trained: Training, step: int, point: int, w: Writer) -> str:
    """ŷ = σ(z), and −ln of what it gives the label."""
    share, label = float(trained.outputs[step, point]), bool(LABELS[point])
    z = float(trained.h[step, point] @ trained.v[step] + trained.c[step])
    given = share if label else 1 - share
    hat = w.tint(OUTPUT[0], r"\hat{y}")
    logarithm = rf"-\ln {hat}" if label else rf"-\ln (1 - {hat})"
    loss = trained.loss(step, point)
    first = equal(rf"\sigma({w.number(z)})", w.tint(OUTPUT[0], bold(w.share(share))))
    second = equal(logarithm, rf"-\ln {w.share(given)}", w.bold(loss, 3))
    return stacked(rf"{hat} &= {first}", rf"L &= {second}")


def standstill(trained: Training, step: int, w: Writer) -> str:
    """Of one unit: ∂L/∂w₁, the mean of (ŷ − y)·x₁ over the points, term by term."""
    errors = (trained.outputs[step] - LABELS).astype(np.float64)
    total = _on_point(w, errors, POINTS[:, 0], OUTPUT[0])
    value = total.value / len(LABELS)
    left = r"\frac{\partial L}{\partial w_1}"
    return stacked(
        rf"{left} &= \tfrac{{1}}{{4}} \textstyle\sum (\hat{{y}} - y) \cdot x_1",
        rf"&= \tfrac{{1}}{{4}} \big( {total.line} \big)",
        rf"&= {w.bold(value, 3)}",
    )
