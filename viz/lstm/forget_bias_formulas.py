r"""What is left of a cell state after n steps, σ(b)ⁿ, as LaTeX for KaTeX."""

from __future__ import annotations

from collections.abc import Sequence

from models.lstm.forget_bias import kept, opened
from viz.board.notation import coloured
from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer
from viz.lstm.forget_bias import colour_of


def left(biases: Sequence[float], steps: int, w: Writer) -> str:
    """A row a bias: σ(b) to the power of the number of steps, in its curve's colour."""
    rows = []
    for at, bias in enumerate(biases):
        colour = colour_of(w.style.theme, at)
        name = coloured(colour, rf"\sigma({bias:g})^{{{steps}}}")
        power = f"{w.number(opened(bias), 4)}^{{{steps}}}"
        value = kept(bias, steps)
        plain = w.significant(value, 3) if value >= 1e-3 else w.style.notation.tex_scientific(value)
        share = coloured(colour, bold(plain))
        rows.append(f"{name} &= {power} = {share}")
    return stacked(*rows)
