r"""The way a gradient goes back, factor by factor, as LaTeX for KaTeX.

Long products show their first and last factors; what all of them come to stands below, each kind
as its geometric mean to the power of their number. Computed in float64, shown rounded.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.trace import Floats
from viz.formula.layout import bold, equal, stacked, under
from viz.formula.writer import Writer

FIRST, LAST = 3, 2  # factors written out at either end of a long product
_FEWER = (2, 1)  # of pairs, which are twice as wide
_PRIME = r"\tanh'"
_NORM = r"\left\| \partial c_t / \partial x_t \right\|"


def jacobian(n: int, t: int, state: str = "h", by: str = "x") -> str:
    r"""‖∂h_n/∂x_t‖, words counted from 1."""
    return rf"\left\| \frac{{\partial {state}_{{{n}}}}}{{\partial {by}_{{{t}}}}} \right\|"


def chain(
    target: str,
    matrix: Floats,
    slope: Floats,
    result: float,
    w: Writer,
    *,
    first: str = "W",
    prime: str = _PRIME,
) -> str:
    r"""An RNN's factors, the latest step first: (matrix · tanh′) each, then every kind apart.

    matrix, slope: (step,) oldest first; first: the oldest step's matrix, U where all are U; prime:
    the activation's derivative.
    """
    pairs = [
        f"({_times(_factor(w, m, 'net_rnn'), _factor(w, s))})"
        for m, s in zip(matrix[::-1].tolist(), slope[::-1].tolist(), strict=True)
    ]
    kinds = []
    rest = matrix if first == "U" else matrix[1:]
    if len(rest):
        kinds.append(under(_power(w, rest, "net_rnn"), "U"))
    kinds.append(under(_power(w, slope), prime))
    if first != "U":
        kinds.append(under(_factor(w, float(matrix[0]), "net_rnn"), first))
    return _rows(
        target, "".join(_abridged(pairs, *_FEWER)), equal(_times(*kinds), _size(w, result))
    )


def powers(target: str, matrix: Floats, result: float, w: Writer) -> str:
    """A linear network's factors: the matrix alone, step by step."""
    factors = [_factor(w, m, "net_rnn") for m in matrix[::-1].tolist()]
    return equal(target, _times(*_abridged(factors, 3, 2)), _size(w, result))


def along_cell(
    end: float, kept: Floats, start: float, result: float, w: Writer, *, unit: int
) -> str:
    """One unit's way along the cell state: o·tanh′(c) at the end, every f on the way, ∂c/∂x."""
    first, last = _factor(w, end), _factor(w, start)
    named = [under(first, rf"o\,{_PRIME}(c)"), under(last, _NORM)]
    rows = []
    if len(kept):
        factors = [_factor(w, f, "gate_f") for f in kept[::-1].tolist()]
        rows = [_times(first, *_abridged(factors), last)]
        named.insert(1, under(_power(w, kept, "gate_f"), w.tint("gate_f", "f")))
    return _rows(w.words("unit", unit=unit), *rows, equal(_times(*named), _size(w, result)))


def heads(alpha: Floats, passed: Floats, w: Writer) -> str:
    """α of each head times what that head makes of the word's vector. alpha, passed: (head,)."""
    rows = []
    for head, (a, size) in enumerate(zip(alpha.tolist(), passed.tolist(), strict=True)):
        name = rf"{w.words('head', n=head)}\colon\; \alpha \cdot \|M\|"
        numbers = w.tint("weight", w.significant(a, 3)), w.significant(size / a if a else 0.0, 3)
        rows.append(f"{name} &= {_times(*numbers)} = {_size(w, size)}")
    return stacked(*rows)


def share_right(counts: Sequence[int], rows: int, w: Writer, network: str) -> str:
    """The mean share over the seeds, from counted answers."""
    seeds, total = len(counts), sum(counts)
    role = {"rnn": "net_rnn", "lstm": "net_lstm"}.get(network, "weight")
    return equal(
        rf"\frac{{{' + '.join(map(str, counts))}}}{{{seeds} \cdot {rows}}}",
        rf"\frac{{{total}}}{{{seeds * rows}}}",
        w.tint(role, w.number(total / rows / seeds, 4)),
    )


def _rows(target: str, *rows: str) -> str:
    return stacked(*(f"&= {row}" if n else f"{target} &= {row}" for n, row in enumerate(rows)))


def _times(*factors: str) -> str:
    return r" \cdot ".join(factors)


def _abridged(factors: Sequence[str], first: int = FIRST, last: int = LAST) -> Sequence[str]:
    if len(factors) > first + last + 1:
        return [*factors[:first], r"\cdots", *factors[-last:]]
    return factors


def _power(w: Writer, factors: Floats, role: str | None = None) -> str:
    """The geometric mean to the power of how many there are."""
    mean = float(np.exp(np.log(factors).mean())) if (factors > 0).all() else 0.0
    base = _factor(w, mean, role, 3)
    return base if len(factors) == 1 else rf"{base}^{{\,{len(factors)}}}"


def _factor(w: Writer, value: float, role: str | None = None, digits: int = 2) -> str:
    """A factor; a tiny one in powers of ten, for it must not read as 0."""
    shown = w.share(value, digits)
    return w.tint(role, shown) if role else shown


def _size(w: Writer, value: float) -> str:
    """What a product comes to, in bold; below a thousandth, or large, in powers of ten."""
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return bold(w.significant(value, 3))
    return bold(w.style.notation.tex_scientific(value, 2))
