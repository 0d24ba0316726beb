r"""One block of a stack, there and back, as LaTeX: RMS of the signal, norms of the gradient.

Computed in float64 by the stack itself, shown rounded.
"""

from __future__ import annotations

import numpy as np

from models.neuron.depth import Stack, rms
from viz.formula.layout import bold, equal, stacked, under
from viz.formula.writer import Writer
from viz.neuron.depth import LOOKS

_F = {False: "f({})", True: r"f(\mathrm{{LN}}({}))"}
_THROUGH = r"J^{\top}\! g"


def forwards(found: Stack, at: int, w: Writer) -> str:
    """x behind block `at` (from 1), and the root mean squares of all that is in it."""
    before, after = f"x_{{{at - 1}}}", f"x_{{{at}}}"
    inside = _F[found.normed].format(before)
    added = under(_number(w, float(rms(found.added[at - 1]))), "f")
    result = under(_result(found, w, float(found.signal[at])), after)
    start = under(_number(w, float(found.signal[at - 1])), before)
    body = rf"{before} + {inside}" if found.path else inside
    terms = (start, added) if found.path else (start,)
    sizes = r",\;\; ".join(terms)
    return stacked(rf"{after} &= {body}", rf"\mathrm{{RMS}}{{:}}&\;\; {sizes} \;\to\; {result}")


def backwards(found: Stack, at: int, w: Writer) -> str:
    """∂L/∂x before block `at` from the one behind it: with the path as g + Jᵀg, else Jᵀg."""
    return (_with_path if found.path else _through)(found, at, w)


def _with_path(found: Stack, at: int, w: Writer) -> str:
    g, through = found.gradient[at], found.back[at - 1]
    parts = float(g @ g), 2 * float(g @ through), float(through @ through)
    names = r"\|g\|^2", rf"2\, g \cdot {_THROUGH}", rf"\|{_THROUGH}\|^2"
    total = sum(parts)
    left, numbers = _slope(at - 1), " + ".join(_term(w, part) for part in parts)
    return stacked(
        rf"g &= {_slope(at)}",
        rf"{left} &= (I + J)^{{\top}} g = g + {_THROUGH}",
        rf"\|{left}\|^2 &= {' + '.join(names)}",
        rf"&= {numbers} = {_number(w, total)}",
        rf"\|{left}\| &= \sqrt{{{_number(w, total)}}} = {_result(found, w, total**0.5)}",
    )


def _through(found: Stack, at: int, w: Writer) -> str:
    size, left = float(found.sizes[at]), _slope(at - 1)
    result = float(found.sizes[at - 1])
    values = rf"{_number(w, factor(found, at))} \cdot {_number(w, size)}"
    return stacked(
        rf"g &= {_slope(at)}, \quad \|g\| = {_number(w, size)}",
        rf"{left} &= {_THROUGH}",
        rf"\|{left}\| &= \frac{{\|{_THROUGH}\|}}{{\|g\|}} \cdot \|g\|",
        rf"&= {equal(values, _result(found, w, result))}",
    )


def factor(found: Stack, at: int) -> float:
    """What block `at` multiplies the gradient's norm by on the way back."""
    return float(found.sizes[at - 1] / found.sizes[at])


def _slope(layer: int) -> str:
    return rf"\partial L/\partial x_{{{layer}}}"


def _number(w: Writer, value: float) -> str:
    """In full from a hundredth to ten thousand in size, as beside the lines; else by powers."""
    if value == 0 or 1e-2 <= abs(value) < 1e4:
        return w.significant(value, w.digits + 1)
    return w.style.notation.tex_scientific(value, w.digits)


def _term(w: Writer, value: float) -> str:
    shown = _number(w, value)
    return f"({shown})" if np.signbit(value) else shown


def _result(found: Stack, w: Writer, value: float) -> str:
    return w.tint(LOOKS[found.way][0], bold(_number(w, value)))
