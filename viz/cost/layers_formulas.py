r"""One cell of the table with its numbers, as LaTeX for KaTeX."""

from __future__ import annotations

from models.cost.layers import (
    Layer,
    LayerSizes,
    MatrixProduct,
    Measure,
    path,
    products,
    projections,
    steps,
)
from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer

_GAP = 0.35  # em between rows
_CHAIN = r"h_1 \rightarrow h_2 \rightarrow \dots \rightarrow h_n"
_POWERS = {"nnd": "n^2 d", "ndd": "n d^2", "kndd": "k n d^2", "rnd": "r n d"}


def cell(layer: Layer, measure: Measure, sizes: LayerSizes, w: Writer) -> str:
    """What the chosen cell comes to.

    w.style.labels: product.<name>, together, at_once.
    """
    if measure == "operations":
        return _operations(layer, sizes, w)
    return _steps(layer, sizes, w) if measure == "steps" else _path(layer, sizes, w)


def _operations(layer: Layer, sizes: LayerSizes, w: Writer) -> str:
    found = products(layer, sizes)
    lines = [rf"&{w.words(f'product.{one.name}')}\text{{:}}\quad {_product(one, w)}"
             for one in found]  # fmt: skip
    if len(found) > 1:
        total = bold(w.style.notation.tex_grouped(sum(one.operations for one in found)))
        symbols = _POWERS[found[0].symbols]
        lines.append(rf"&{w.words('together')}\text{{:}}\quad 2 \cdot {symbols} = {total}")
    return stacked(*lines, gap=_GAP)


def _product(one: MatrixProduct, w: Writer) -> str:
    """n·n·d = 512 · 512 · 64 = …"""
    count = w.style.notation.tex_grouped
    numbers = r" \cdot ".join(map(count, one.factors))
    return rf"{_POWERS[one.symbols]} = {numbers} = {count(one.operations)}"


def more(sizes: LayerSizes, w: Writer) -> str:
    """What W_Q, W_K, W_V and W_O take besides."""
    count = w.style.notation.tex_grouped
    return rf"4 \cdot n d^2 = 4 \cdot {count(sizes.n)} \cdot {count(sizes.d)}^2 = " + bold(
        count(projections(sizes))
    )


def _steps(layer: Layer, sizes: LayerSizes, w: Writer) -> str:
    number = bold(w.style.notation.tex_grouped(steps(layer, sizes)))
    if layer == "recurrent":
        return stacked(rf"&{_CHAIN}", rf"&n = {number}", gap=_GAP)
    return rf"h_1,\ h_2,\ \dots,\ h_n \quad {w.words('at_once')}\text{{:}}\quad {number}"


def _path(layer: Layer, sizes: LayerSizes, w: Writer) -> str:
    count = w.style.notation.tex_grouped
    n, k, r = (count(one) for one in (sizes.n, sizes.k, sizes.window))
    total = path(layer, sizes)
    number = bold(count(total))
    if layer == "attention":
        return rf"x_1 \rightarrow h_n\text{{:}}\quad {number}"
    if layer == "recurrent":
        return stacked(rf"&{_CHAIN}", rf"&n - 1 = {n} - 1 = {number}", gap=_GAP)
    if layer == "convolutional":
        reached = count(sizes.k**total)
        before = count(sizes.k ** (total - 1))
        return stacked(
            rf"&\lceil \log_k n \rceil = \lceil \log_{{{k}}} {n} \rceil = {number}",
            rf"&{k}^{{{total - 1}}} = {before} < {n} \le {k}^{{{total}}} = {reached}",
            gap=_GAP,
        )
    return (
        rf"\left\lceil \frac{{n - 1}}{{r - 1}} \right\rceil = "
        rf"\left\lceil \frac{{{n} - 1}}{{{r} - 1}} \right\rceil = {number}"
    )
