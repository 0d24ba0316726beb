r"""A unit's sum and its activation, as LaTeX for KaTeX: in general, then with the numbers."""

from __future__ import annotations

import numpy as np

from models.neuron.unit import Unit
from viz.board.notation import reads_as_one
from viz.formula.layout import bold, equal, stacked
from viz.formula.width import fits
from viz.formula.writer import Writer
from viz.neuron.unit import SLOPE, SUM, VALUE


def weighed(drawn: Unit, w: Writer) -> str:
    """z = Σ w_i x_i + b, term by term."""
    names = " + ".join(f"w_{n} x_{n}" for n in range(1, len(drawn.x) + 1))
    pairs = zip(drawn.w.tolist(), drawn.x.tolist(), strict=True)
    factors = [
        rf"{w.factor(weight, _sign(weight))} \cdot {w.factor(value)}" for weight, value in pairs
    ]
    terms = [w.factor(term) for term in drawn.terms.tolist()]
    bias = w.factor(drawn.b, _sign(drawn.b))
    z = w.tint(SUM, "z")
    return stacked(
        rf"{z} &= {names} + b",
        f"&= {' + '.join([*factors, bias])}",
        f"&= {' + '.join([*terms, bias])} = {w.tint(SUM, w.bold(drawn.z))}",
    )


def _sign(value: float) -> str:
    return "plus" if value > 0 else "minus" if value < 0 else "muted"


def near_one(w: Writer, value: float, rest: float, digits: int = 4) -> str:
    """A number that does not read as 1 where it is none. rest: 1 − |value|."""
    if reads_as_one(rest, digits):
        small = w.style.notation.tex_scientific(rest)
        return f"1 - {small}" if value > 0 else f"-1 + {small}"
    return tiny(w, value, digits)


def tiny(w: Writer, value: float, digits: int = 4) -> str:
    """A number that does not read as 0 where it is none."""
    if 0 < abs(value) < 10.0 ** (1 - digits):
        return w.style.notation.tex_scientific(value)
    return w.number(value, digits)


def output(drawn: Unit, w: Writer) -> str:
    """a = f(z), with numbers."""
    z, function = drawn.z, drawn.function
    a = w.tint(VALUE, "a")
    came = w.tint(VALUE, bold(near_one(w, drawn.a, drawn.rest if function.bounded else np.nan)))
    e = {sign: w.significant(float(np.exp(sign * z)), 4) for sign in (1, -1)}
    if function.name == "sigmoid":
        return _two(a, r"\frac{1}{1 + e^{-z}}", rf"\frac{{1}}{{1 + {e[-1]}}}", came)
    if function.name == "tanh":
        general = r"\tanh(z) = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}"
        return _two(a, general, rf"\frac{{{e[1]} - {e[-1]}}}{{{e[1]} + {e[-1]}}}", came)
    if function.name == "softmax":
        n = function.rivals
        general = rf"\frac{{e^{{z}}}}{{e^{{z}} + {_times(n)}e^{{0}}}}"
        return _two(a, general, rf"\frac{{{e[1]}}}{{{e[1]} + {n}}}", came)
    if function.name == "relu":
        return _two(a, r"\max(0, z)", rf"\max(0, {w.number(z)})", came)
    kept = w.style.notation.tex(function.leak, 2)
    general = rf"z\;\;(z > 0),\quad \alpha z\;\;(z \le 0),\quad \alpha = {kept}"
    numbers = w.number(z) if z > 0 else rf"{kept} \cdot {w.factor(z)}"
    return _two(a, general, numbers, came)


def slope(drawn: Unit, w: Writer) -> str:
    """a′(z), with numbers."""
    z, function, rest = drawn.z, drawn.function, drawn.rest
    left = w.tint(SLOPE, "a'(z)")
    came = w.tint(SLOPE, bold(near_one(w, drawn.slope, 1 - drawn.slope)))
    if function.name == "tanh":
        if rest < 1e-4:
            return _two(left, "1 - a^2 = (1 - |a|)(1 + |a|)", rf"{tiny(w, rest)} \cdot 2", came)
        return _two(left, "1 - a^2", rf"1 - {w.factor(drawn.a, digits=4)}^2", came)
    if function.bounded:
        numbers = rf"{near_one(w, drawn.a, rest)} \cdot {near_one(w, rest, drawn.a)}"
        if rest < 1e-4:
            numbers = rf"({near_one(w, drawn.a, rest)}) \cdot {tiny(w, rest)}"
        return _two(left, "a\\,(1 - a)", numbers, came)
    kept = r"\alpha" if function.leak else "0"
    general = rf"1\;\;(z > 0),\quad {kept}\;\;(z < 0)"
    sign = ">" if z > 0 else "<" if z < 0 else "="
    shown = w.tint(SLOPE, bold(w.number(drawn.slope)))
    return stacked(f"{left} &= {general}", rf"&= {shown} \qquad (z {sign} 0)", gap=0.3)


def _times(count: int) -> str:
    return "" if count == 1 else rf"{count}\,"


def _two(left: str, general: str, numbers: str, result: str) -> str:
    """In general, with numbers and what they come to: on one line where that fits."""
    if fits([left, general, numbers, result]):
        return equal(left, general, numbers, result)
    return stacked(f"{left} &= {general}", f"&= {equal(numbers, result)}", gap=0.3)


def of_two(drawn: Unit, w: Writer) -> str:
    """The sigmoid of z as a softmax of two scores, z and 0."""
    from_z = w.significant(float(np.exp(drawn.z)), 4)
    a = float(drawn.function.value(drawn.z))
    general = r"\sigma(z) = \mathrm{softmax}([z, 0])_1 = \frac{e^{z}}{e^{z} + e^{0}}"
    came = w.tint(VALUE, bold(near_one(w, a, drawn.rest)))
    return stacked(f"&{general}", rf"&= \frac{{{from_z}}}{{{from_z} + 1}} = {came}", gap=0.3)
