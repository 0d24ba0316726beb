"""Sums of products: a dot product with its bias, values by their weights, a cosine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.trace import Floats
from viz.formula.layout import Sum
from viz.formula.writer import Writer

# The colour of a factor, or which it has by its place in the sum.
Role = str | Callable[[int], str | None] | None
Bias = tuple[float, str] | tuple[float, str, str]  # value, what stands below it, its colour


def product(
    w: Writer, left: float, right: float, first: str | None = None, second: str | None = None
) -> str:
    """left · right, negative ones in brackets."""
    return rf"{w.factor(left, first)} \cdot {w.factor(right, second)}"


def dot(
    w: Writer,
    left: Floats,
    right: Floats,
    roles: tuple[Role, Role] = (None, None),
    bias: Bias | None = None,
    chosen: int | None = None,
) -> Sum:
    """Σ_t left_t·right_t + b, in float64. left, right: (t,); without a bias nothing is added.

    chosen: a term that is written out, however small.
    """
    a, b = left.astype(np.float64), right.astype(np.float64)

    def write(t: int) -> str:
        first, second = (role(t) if callable(role) else role for role in roles)
        return product(w, a[t], b[t], first, second)

    total = w.sum(a * b, write, [w.named(*bias)] if bias else [], chosen=chosen)
    return replace(total, value=total.value + bias[0]) if bias else total


def weighted(
    w: Writer, weights: Floats, values: Floats, role: str, digits: int | None = None
) -> Sum:
    """Σ_j α_j·v_j, in float64. weights, values: (key,); digits: of the weights."""
    a, v = weights.astype(np.float64), values.astype(np.float64)

    return w.sum(a * v, lambda j: weighed(w, a[j], v[j], role, digits))


def weighed(w: Writer, weight: float, value: float, role: str, digits: int | None = None) -> str:
    """α · v; digits: of the weight."""
    return rf"{w.tint('weight', w.share(weight, digits))} \cdot {w.factor(value, role)}"


def cosine_of(w: Writer, a: Floats, b: Floats) -> tuple[str, float]:
    """a·b / (|a|·|b|) as a fraction with its numbers, and its value in float64. a, b: (d,)."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    product, one, two = float(a @ b), float(np.linalg.norm(a)), float(np.linalg.norm(b))
    below = rf"{w.number(one)} \cdot {w.number(two)}"
    return rf"\frac{{{w.number(product)}}}{{{below}}}", product / (one * two)
