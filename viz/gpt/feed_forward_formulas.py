r"""What a hidden unit adds to a word's score, as LaTeX: W_out[i]·E_w, its largest terms."""

from __future__ import annotations

from models.trace import Floats
from viz.formula.layout import aligned, bold
from viz.formula.writer import Writer

MOST = 4  # products that are written out


def gain(value: Floats, products: Floats, word: str, unit: int, w: Writer) -> str:
    r"""\sum_d W_out[i, d] E_w[d], each product from its two factors.

    value: (width,) W_out[i]; products: (width,) its products with E_w. w.style.labels: rest (n).
    """

    def term(d: int) -> str:
        row = float(value[d])
        other = float(products[d]) / row if row else 0.0
        return rf"{w.factor(row, 'v')} \cdot {w.factor(other, 'k')}"

    total = w.sum(products, term)
    left = rf"W_{{\text{{out}}}}[{unit}] \cdot E_{{{w.text(word, longest=12)}}}"
    return aligned(left, total.rows, [bold(w.number(float(products.sum())))])


def weights(parts: tuple[int, int], w: Writer) -> str:
    """How many of a layer's numbers are the feed-forward's. parts: its own, and all."""
    own, every = (w.style.notation.tex_grouped(count) for count in parts)
    return rf"\frac{{{own}}}{{{every}}} = {bold(w.number(parts[0] / parts[1], 3))}"


def one_matrix(width: int, inner: int, w: Writer) -> str:
    """x (W_in W_out) with the shapes of both matrices and of their product."""
    whole = w.style.notation.tex_grouped
    into, out = (rf"W_{{\text{{{name}}}}}" for name in ("in", "out"))
    shapes = [(into, width, inner), (out, inner, width), (rf"({into}\,{out})", width, width)]
    first, second, both = (
        rf"\underbrace{{{name}}}_{{{whole(a)} \times {whole(b)}}}" for name, a, b in shapes
    )
    return rf"(x\,{first})\,{second} = x\,{both}"
