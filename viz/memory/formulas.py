r"""The way a gradient goes back, factor by factor, as LaTeX for KaTeX.

Long products show their first and last factors; what all of them come to stands below, each kind
as its geometric mean to the power of their number. Computed in float64, shown rounded.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.trace import Floats
from viz.board.notation import coloured
from viz.board.style import Style

FIRST, LAST = 3, 2  # factors written out at either end of a long product
_FEWER = (2, 1)  # of pairs, which are twice as wide
_PRIME = r"\tanh'"


def jacobian(n: int, t: int, state: str = "h", by: str = "x") -> str:
    r"""‖∂h_n/∂x_t‖, words counted from 1."""
    return rf"\left\| \frac{{\partial {state}_{{{n}}}}}{{\partial {by}_{{{t}}}}} \right\|"


def chain(
    target: str, matrix: Floats, slope: Floats, result: float, style: Style, *, first: str = "W"
) -> str:
    r"""An RNN's factors, the latest step first: (matrix · tanh′) each, then every kind apart.

    matrix, slope: (step,) oldest first; first: the oldest step's matrix, U where all are U.
    """
    pairs = [
        rf"({_factor(style, m, style.theme.net_rnn)} \cdot {_factor(style, s)})"
        for m, s in zip(matrix.tolist(), slope.tolist(), strict=True)
    ][::-1]
    kinds = []
    rest = matrix if first == "U" else matrix[1:]
    if len(rest):
        kinds.append(_under(_power(style, rest, style.theme.net_rnn), "U"))
    kinds.append(_under(_power(style, slope), _PRIME))
    if first != "U":
        kinds.append(_under(_factor(style, float(matrix[0]), style.theme.net_rnn), first))
    shown = _abridged(pairs, "", *_FEWER)
    return _aligned(target, [shown, rf"{_times(kinds)} = {_size(style, result)}"])


def powers(target: str, matrix: Floats, result: float, style: Style) -> str:
    """A linear network's factors: the matrix alone, step by step."""
    factors = [_factor(style, m, style.theme.net_rnn) for m in matrix.tolist()][::-1]
    whole = _under(_power(style, matrix, style.theme.net_rnn), "U")
    return _aligned(target, [_abridged(factors), rf"{whole} = {_size(style, result)}"])


def bound(sigma: float, steps: int, style: Style) -> str:
    """σᵗ with its number."""
    base = _number(style, sigma)
    return rf"\sigma^{{t}} = {base}^{{{steps}}} = {_size(style, sigma**steps)}"


def along_cell(
    end: float, kept: Floats, start: float, result: float, style: Style, *, unit: int
) -> str:
    """One unit's way along the cell state: o·tanh′(c) at the end, every f on the way, ∂c/∂x."""
    forget, name = style.theme.gate_f, rf"\text{{{style.labels['unit'].format(unit=unit)}}}"
    first, last = _factor(style, end), _factor(style, start)
    named = [_under(first, rf"o\,{_PRIME}(c)"), _under(last, _C)]
    rows = []
    if len(kept):
        factors = [_factor(style, f, forget) for f in kept.tolist()][::-1]
        rows = [_times((first, _abridged(factors), last))]
        named.insert(1, _under(_power(style, kept, forget), coloured(forget, "f")))
    return _aligned(name, [*rows, rf"{_times(named)} = {_size(style, result)}"])


def _times(factors: Sequence[str]) -> str:
    return r" \cdot ".join(factors)


_C = r"\left\| \partial c_t / \partial x_t \right\|"


def heads(alpha: Floats, passed: Floats, style: Style) -> str:
    """α of each head times what that head makes of the word's vector."""
    rows = []
    for head, (a, size) in enumerate(zip(alpha.tolist(), passed.tolist(), strict=True)):
        name = rf"\text{{{style.labels['head'].format(n=head)}}}"
        share = coloured(style.theme.weight, _number(style, a))
        stretch = _number(style, size / a if a else 0.0)
        rows.append(
            rf"{name}\colon\; \alpha \cdot \|M\| &= {share} \cdot {stretch} = {_size(style, size)}"
        )
    return r"\begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}"


def share_right(counts: Sequence[int], rows: int, style: Style, network: str) -> str:
    """The mean share over the seeds, from counted answers."""
    colour = {"rnn": style.theme.net_rnn, "lstm": style.theme.net_lstm}.get(
        network, style.theme.weight
    )
    total = sum(counts)
    terms = " + ".join(map(str, counts))
    mean = coloured(colour, style.notation.tex(total / rows / len(counts), 4))
    asked = len(counts) * rows
    return rf"\frac{{{terms}}}{{{len(counts)} \cdot {rows}}} = \frac{{{total}}}{{{asked}}} = {mean}"


def _aligned(target: str, rows: Sequence[str]) -> str:
    body = r" \\ ".join(rf"&= {row}" if n else rf"{target} &= {row}" for n, row in enumerate(rows))
    return rf"\begin{{aligned}} {body} \end{{aligned}}"


def _abridged(
    factors: Sequence[str], between: str = r" \cdot ", first: int = FIRST, last: int = LAST
) -> str:
    if len(factors) > first + last + 1:
        factors = [*factors[:first], r"\cdots", *factors[-last:]]
    return between.join(factors)


def _under(body: str, words: str) -> str:
    return rf"\underbrace{{{body}}}_{{{words}}}"


def _power(style: Style, factors: Floats, colour: str = "") -> str:
    """The geometric mean to the power of how many there are."""
    mean = float(np.exp(np.log(factors).mean())) if (factors > 0).all() else 0.0
    base = _factor(style, mean, colour, 3)
    return base if len(factors) == 1 else rf"{base}^{{\,{len(factors)}}}"


def _factor(style: Style, value: float, colour: str = "", digits: int = 2) -> str:
    """A factor; a tiny one in powers of ten, for it must not read as 0."""
    word = style.notation.tex_weight(value, digits)
    return coloured(colour, word) if colour else word


def _number(style: Style, value: float) -> str:
    return style.notation.tex_significant(value, 3)


def _size(style: Style, value: float) -> str:
    """What a product comes to, in bold; below a thousandth, or large, in powers of ten."""
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return rf"\mathbf{{{style.notation.tex_significant(value, 3)}}}"
    return rf"\mathbf{{{style.notation.tex_scientific(value, 2)}}}"
