"""Sines, rotations and products of positions with their numbers, as LaTeX for KaTeX.

Computed in float64, shown rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from models.trace import Floats
from viz.formula import products
from viz.formula.layout import aligned, bold, equal, stacked
from viz.formula.width import ROOM, packed
from viz.formula.writer import Writer

_MOST = 6  # terms of a sum that are written out


def general() -> str:
    """The two formulas (Vaswani et al. 2017, section 3.5)."""
    angle = r"\frac{pos}{n^{2i/d}}"
    return _line(rf"PE_{{pos,\,2i}} = \sin {angle} \qquad PE_{{pos,\,2i+1}} = \cos {angle}")


def cell(place: str, pos: int, dim: int, width: int, base: int, value: float, w: Writer) -> str:
    """One cell of the table: formula, numbers, result. place: what stands for the position."""
    fraction, result = _wave(w, pos, dim, width, base, value)
    name = place if place.isdigit() else w.text(place, longest=12)
    power, function = rf"\frac{{{pos}}}{{{base}^{{{2 * (dim // 2)}/{width}}}}}", _function(dim)
    first = rf"PE_{{{name},\,{dim}}} &= {function} {power} = {function} {fraction}"
    return stacked(first, f"&= {result}")


def wave(pos: int, dim: int, width: int, base: int, value: float, w: Writer) -> str:
    """One dimension at one position, in one line."""
    fraction, result = _wave(w, pos, dim, width, base, value)
    return _line(f"{_function(dim)} {fraction} = {result}")


def _wave(w: Writer, pos: int, dim: int, width: int, base: int, value: float) -> tuple[str, str]:
    """The angle as a fraction; its sine or cosine and what that comes to."""
    divisor = float(base) ** (2 * (dim // 2) / width)
    result = f"{_function(dim)}({w.number(pos / divisor)}) = {w.bold(value)}"
    return rf"\frac{{{pos}}}{{{_exact(w, divisor)}}}", result


def _function(dim: int) -> str:
    return r"\cos" if dim % 2 else r"\sin"


def pair(sine: float, cosine: float, w: Writer) -> str:
    """sin² + cos² = 1, with the numbers of one pair."""
    squares = f"{w.number(sine * sine)} + {w.number(cosine * cosine)}"
    return equal(f"{w.factor(sine)}^2 + {w.factor(cosine)}^2", squares, "1")


def product(p: int, q: int, cosines: Floats, value: float, w: Writer) -> str:
    """PE(p)·PE(q) as the sum of one cosine a pair. cosines: (d/2,) cos((q − p)·ω_i)."""
    shown = len(cosines) if len(cosines) <= _MOST + 1 else _MOST
    rows = packed([w.factor(float(c)) for c in cosines[:shown]], ROOM - 3)
    if shown < len(cosines):
        rest = w.factor(float(cosines[shown:].sum()))
        rows.append("+ " + w.rest(len(cosines) - shown, rest))
    left = rf"PE({p}) \cdot PE({q}) = \sum_i \cos({q - p}\,\omega_i)"
    return aligned(left, rows, [w.bold(value, w.digits + 1)])


def addition(p: int, q: int, table: Floats, frequency: float, i: int, w: Writer) -> str:
    """Why a pair gives a cosine: sin·sin + cos·cos of one pair. table: both positions' rows."""
    k, (one, two) = q - p, table[:, 2 * i : 2 * i + 2]
    terms = " + ".join(map(partial(products.product, w), one.tolist(), two.tolist()))
    angle = rf"\cos({k} \cdot {w.significant(frequency, 4)}) = \cos({w.number(k * frequency)})"
    return stacked(f"& {terms} = {w.number(float(one @ two))}", f"&= {angle}")


def cosine(a: Floats, b: Floats, value: float, w: Writer) -> str:
    """cos = a·b / (|a||b|) of two rows of a learned table."""
    general = r"\frac{p \cdot q}{\|p\|\,\|q\|}"
    return _line(equal(r"\cos", general, products.cosine_of(w, a, b)[0], w.bold(value)))


def dot(name: str, a: Floats, b: Floats, w: Writer) -> str:
    """a·b with its largest terms. name: LaTeX of the left side."""
    total = products.dot(w, a, b)
    return aligned(name, total.rows, [w.number(total.value, w.digits + 1)])


def rotation(before: Floats, after: Floats, angle: float, w: Writer) -> str:
    """One block of R_k times one pair of PE(pos). before, after: (2,) sine and cosine."""
    cos, sin = np.cos(angle), np.sin(angle)
    one, two = (_matrix(w, [[value] for value in part]) for part in (before, after))
    return f"{_matrix(w, [[cos, sin], [-sin, cos]])} {one} = {two}"


def rotation_general() -> str:
    """One block of R_k, for any pair."""
    return (
        r"\begin{pmatrix} \cos k\omega_i & \sin k\omega_i \\ "
        r"-\sin k\omega_i & \cos k\omega_i \end{pmatrix}"
        r"\begin{pmatrix} \sin pos\,\omega_i \\ \cos pos\,\omega_i \end{pmatrix} = "
        r"\begin{pmatrix} \sin (pos+k)\,\omega_i \\ \cos (pos+k)\,\omega_i \end{pmatrix}"
    )


def rotation_row(before: Floats, angle: float, w: Writer) -> str:
    """The block's first row, multiplied out: the addition theorem of the sine."""
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    one, two = (float(value) for value in before)
    terms = f"{products.product(w, cos, one)} + {products.product(w, sin, two)}"
    return equal(terms, w.bold(cos * one + sin * two))


def angle(k: int, divisor: float, w: Writer) -> str:
    """k·ω_i with its number."""
    fraction = rf"\frac{{{k}}}{{{_exact(w, divisor)}}}"
    return _line(equal(r"k\,\omega_i", fraction, w.number(k / divisor)))


def _exact(w: Writer, value: float) -> str:
    """A divisor: whole where it is, else with its digits."""
    whole = abs(value - round(value)) < 1e-9 * value
    return str(round(value)) if whole else w.significant(value, 4)


def _matrix(w: Writer, rows: Sequence[Sequence[float]]) -> str:
    body = r" \\ ".join(" & ".join(w.number(float(v)) for v in row) for row in rows)
    return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"


def content(q: Floats, k: Floats, scaling: float, w: Writer) -> str:
    """q·k scaled, without any position. q, k: (d,)."""
    raw, d = float(q @ k), len(q)
    scaled = rf"q \cdot k \cdot s = {w.number(raw)} \cdot {w.number(scaling)}"
    if abs(scaling - d**-0.5) < 1e-9:
        scaled = rf"\frac{{q \cdot k}}{{\sqrt{{d}}}} = \frac{{{w.number(raw)}}}{{\sqrt{{{d}}}}}"
    return _line(equal(scaled, w.bold(raw * scaling)))


def parts(values: Sequence[float], total: float, w: Writer) -> str:
    """The four parts of a score with the sinusoid added to the input, under their names."""
    names = (r"q \cdot k", r"q \cdot p_n", r"p_m \cdot k", r"p_m \cdot p_n")
    terms = [w.named(value, name) for value, name in zip(values, names, strict=True)]
    return equal(" + ".join(terms), w.bold(total))


def turned(terms: Floats, total: float, w: Writer) -> str:
    """RoPE's score as the sum of its pairs. terms: (d/2,) already scaled."""
    return equal(w.sum(terms, lambda t: w.factor(float(terms[t]))).line, w.bold(total))


def sloped(flat: float, slope: float, distance: int, total: float, w: Writer) -> str:
    """ALiBi: the content less slope times distance."""
    less = rf"{w.number(flat)} - {w.significant(slope, 4)} \cdot {distance}"
    return equal(less, w.bold(total))


def bucketed(flat: float, bucket: int, bias: float, total: float, w: Writer) -> str:
    """T5: the content and the bucket's bias."""
    return equal(f"{w.number(flat)} + {w.named(bias, f'b_{{{bucket}}}')}", w.bold(total))


def apart(before: float, after: float, w: Writer) -> str:
    """|before − after| of one number of a word's output."""
    off = abs(before - after)
    tiny = 0 < off < 1e-5
    w = w.finer(4) if tiny else w
    said = w.style.notation.tex_scientific(off) if tiny else w.number(off)
    return rf"\left| {w.factor(before)} - {w.factor(after)} \right| = {bold(said)}"


def _line(body: str) -> str:
    # A strut: without it the panel cuts off the top of a fraction that has a line for itself.
    return rf"{body} \rule{{0em}}{{1.7em}}"
