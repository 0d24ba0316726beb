"""The step of an output gate as LaTeX: one number of the output times its gate, and that gate."""

from __future__ import annotations

from viz.formula.layout import Formula, aligned, beside, gathered
from viz.steps.writer import HeadWriter


def gate(w: HeadWriter) -> Formula:
    """o′ = o · g, with g = σ(z) where z is known. ValueError: the head has no gate."""
    scene, one = w.scene, w.scene.one
    if one.gate is None:
        raise ValueError("this head has no gate")
    cell, place = (scene.query, scene.dim), rf"{{{w.query},\,{scene.dim}}}"
    o, made, g = w.tint("output", "o"), w.tint("output", "o'"), w.tint("gate_o", "g")
    general = rf"{made}_{{i,t}} = {o}_{{i,t}}\, {g}_{{i,t}}"
    output, opened, gated = (float(part[cell]) for part in (one.steps.output, one.gate, one.gated))
    digits = w.digits + w.beyond  # a gate has as many as a weight
    product = rf"{w.factor(output, 'output')} \cdot {w.factor(opened, 'gate_o', digits)}"
    chosen = aligned(rf"{made}_{place}", [product], [w.tint("output", w.bold(gated))])
    if one.gate_before is None:
        return Formula(general, chosen)
    z = float(one.gate_before[cell])
    sigma = rf"{g}_{{i,t}} = \sigma(z_{{i,t}}) = \frac{{1}}{{1 + e^{{-z_{{i,t}}}}}}"
    exponent = rf"-({w.number(z)})" if z < 0 else rf"-{w.number(z)}"
    share = rf"\frac{{1}}{{1 + e^{{{exponent}}}}}"
    below = aligned(rf"{g}_{place}", [share], [w.tint("gate_o", w.number(opened, digits))])
    return Formula(beside(general, sigma), gathered(below, chosen))
