r"""Why √d_k, as LaTeX: the variance of a sum of products, and how a weight moves with its score."""

from __future__ import annotations

from math import sqrt

from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer


def variance(d: int, w: Writer) -> str:
    r"""Var(q·k) = Σ Var(q_i k_i) = d_k, of independent components of variance 1."""
    q, k = w.tint("q", "q"), w.tint("k", "k")
    return stacked(
        rf"\operatorname{{Var}}({q} \cdot {k}) &= \sum_{{i=1}}^{{d_k}} "
        rf"\operatorname{{Var}}({q}_i\,{k}_i) = d_k \cdot 1 = {d}",
        rf"\sqrt{{d_k}} &= \sqrt{{{d}}} = {bold(w.number(sqrt(d)))}",
    )


def slopes(divided: float, undivided: float | None, w: Writer, *, by_root: bool = True) -> str:
    r"""∂α/∂s = α(1 − α) of one weight, and of the same without division; None: nothing divides.

    by_root: by √d; else the head has another factor. w's labels: kept, free, scaled, unscaled.
    """
    kept, free = ("kept", "free") if by_root else ("scaled", "unscaled")
    if undivided is None:
        kept = "free"
    alpha = w.tint("weight", r"\alpha")
    rows = [rf"\frac{{\partial {alpha}}}{{\partial s}} &= {alpha}\,(1 - {alpha})"]
    rows.append(_slope(divided, w.words(kept), w))
    if undivided is not None:
        rows.append(_slope(undivided, w.words(free), w))
    return stacked(*rows, gap=0.2)


def _slope(weight: float, name: str, w: Writer) -> str:
    shown = [w.share(value, 4) for value in (weight, 1 - weight, weight * (1 - weight))]
    alpha = w.tint("weight", shown[0])
    return rf"{name} &\colon\; {alpha} \cdot {shown[1]} = {bold(shown[2])}"
