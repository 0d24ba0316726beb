"""Sines, rotations and products of positions with their numbers, as LaTeX for KaTeX.

Computed in float64, shown rounded.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.trace import Floats
from viz.board.notation import for_tex, tex_word
from viz.board.style import Style
from viz.formula.sums import aligned, product_sum
from viz.formula.width import ROOM, packed

_DIGITS = 4
_MOST = 6  # terms of a sum that are written out


def general() -> str:
    """The two formulas (Vaswani et al. 2017, section 3.5)."""
    angle = r"\frac{pos}{n^{2i/d}}"
    return _line(rf"PE_{{pos,\,2i}} = \sin {angle} \qquad PE_{{pos,\,2i+1}} = \cos {angle}")


def cell(place: str, pos: int, dim: int, width: int, base: int, value: float, style: Style) -> str:
    """One cell of the table: formula, numbers, result. place: what stands for the position."""
    function = rf"\{'cos' if dim % 2 else 'sin'}"
    divisor = float(base) ** (2 * (dim // 2) / width)
    angle = pos / divisor
    name = rf"PE_{{{_place(place)},\,{dim}}}"
    power = rf"{function} \frac{{{pos}}}{{{base}^{{{2 * (dim // 2)}/{width}}}}}"
    plain = rf"{function} \frac{{{pos}}}{{{_exact(divisor, style)}}}"
    result = rf"{function}({_number(angle, style)}) = \mathbf{{{_number(value, style)}}}"
    return rf"\begin{{aligned}} {name} &= {power} = {plain} \\ &= {result} \end{{aligned}}"


def pair(sine: float, cosine: float, style: Style) -> str:
    """sin² + cos² = 1, with the numbers of one pair."""
    a, b = (style.notation.tex_term(v, _DIGITS) for v in (sine, cosine))
    squares = [style.notation.tex(v * v, _DIGITS) for v in (sine, cosine)]
    return rf"{a}^2 + {b}^2 = {squares[0]} + {squares[1]} = 1"


def wave(pos: int, dim: int, width: int, base: int, value: float, style: Style) -> str:
    """One dimension at one position, in one line."""
    function = rf"\{'cos' if dim % 2 else 'sin'}"
    divisor = float(base) ** (2 * (dim // 2) / width)
    fraction = rf"\frac{{{pos}}}{{{_exact(divisor, style)}}}"
    angle = _number(pos / divisor, style)
    return _line(
        rf"{function} {fraction} = {function}({angle}) = \mathbf{{{_number(value, style)}}}"
    )


def product(p: int, q: int, cosines: Floats, value: float, style: Style) -> str:
    """PE(p)·PE(q) as the sum of one cosine a pair. cosines: (d/2,) cos((q − p)·ω_i)."""
    k, shown = q - p, len(cosines) if len(cosines) <= _MOST + 1 else _MOST
    rows = packed([_signed(float(c), style) for c in cosines[:shown]], ROOM - 3)
    if shown < len(cosines):
        rows.append("+ " + _rest(len(cosines) - shown, float(cosines[shown:].sum()), style))
    left = rf"PE({p}) \cdot PE({q}) = \sum_i \cos({k}\,\omega_i)"
    return aligned(left, rows, [rf"\mathbf{{{_number(value, style)}}}"])


def addition(p: int, q: int, table: Floats, frequency: float, i: int, style: Style) -> str:
    """Why a pair gives a cosine: sin·sin + cos·cos of one pair. table: both positions' rows."""
    one, two = table[0, 2 * i : 2 * i + 2], table[1, 2 * i : 2 * i + 2]
    terms = " + ".join(
        rf"{style.notation.tex_term(float(a), _DIGITS)} \cdot "
        rf"{style.notation.tex_term(float(b), _DIGITS)}"
        for a, b in zip(one, two, strict=True)
    )
    angle = (q - p) * frequency
    value = float(one @ two)
    return (
        rf"\begin{{aligned}} & {terms} = {_number(value, style)} \\ "
        rf"&= \cos({q - p} \cdot {style.notation.tex_significant(frequency, 4)}) = "
        rf"\cos({_number(angle, style)}) \end{{aligned}}"
    )


def cosine(a: Floats, b: Floats, value: float, style: Style) -> str:
    """cos = a·b / (|a||b|) of two rows of a learned table."""
    dot, one, two = float(a @ b), float(np.linalg.norm(a)), float(np.linalg.norm(b))
    sizes = rf"{_number(one, style)} \cdot {_number(two, style)}"
    return _line(
        rf"\cos = \frac{{p \cdot q}}{{\|p\|\,\|q\|}} = "
        rf"\frac{{{_number(dot, style)}}}{{{sizes}}} = \mathbf{{{_number(value, style)}}}"
    )


def dot(name: str, a: Floats, b: Floats, style: Style) -> str:
    """a·b with its largest terms. name: LaTeX of the left side."""
    found = product_sum(
        a,
        b,
        lambda t: (
            rf"{style.notation.tex_term(float(a[t]), 3)} \cdot "
            rf"{style.notation.tex_term(float(b[t]), 3)}"
        ),
        most=4,
        rest=lambda n, total: _rest(n, total, style),
        few=4,
    )
    return aligned(name, found.rows, [_number(found.value, style)])


def rotation(before: Floats, after: Floats, angle: float, style: Style) -> str:
    """One block of R_k times one pair of PE(pos). before, after: (2,) sine and cosine."""
    cos, sin = np.cos(angle), np.sin(angle)
    block = _matrix([[cos, sin], [-sin, cos]], style)
    vectors = [_matrix([[float(v)] for v in part], style) for part in (before, after)]
    return rf"{block} {vectors[0]} = {vectors[1]}"


def rotation_general() -> str:
    """One block of R_k, for any pair."""
    return (
        r"\begin{pmatrix} \cos k\omega_i & \sin k\omega_i \\ "
        r"-\sin k\omega_i & \cos k\omega_i \end{pmatrix}"
        r"\begin{pmatrix} \sin pos\,\omega_i \\ \cos pos\,\omega_i \end{pmatrix} = "
        r"\begin{pmatrix} \sin (pos+k)\,\omega_i \\ \cos (pos+k)\,\omega_i \end{pmatrix}"
    )


def rotation_row(before: Floats, angle: float, style: Style) -> str:
    """The block's first row, multiplied out: the addition theorem of the sine."""
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    numbers = [
        style.notation.tex_term(v, _DIGITS) for v in (cos, float(before[0]), sin, float(before[1]))
    ]
    value = cos * float(before[0]) + sin * float(before[1])
    return (
        rf"{numbers[0]} \cdot {numbers[1]} + {numbers[2]} \cdot {numbers[3]} = "
        rf"\mathbf{{{_number(value, style)}}}"
    )


def angle(k: int, divisor: float, style: Style) -> str:
    """k·ω_i with its number."""
    value = _number(k / divisor, style)
    return _line(rf"k\,\omega_i = \frac{{{k}}}{{{_exact(divisor, style)}}} = {value}")


def _place(place: str) -> str:
    return place if place.isdigit() else rf"\text{{{tex_word(place, 12)}}}"


def _number(value: float, style: Style) -> str:
    return style.notation.tex(value, _DIGITS)


def _signed(value: float, style: Style) -> str:
    return style.notation.tex_term(value, 3)


def _exact(value: float, style: Style) -> str:
    """A divisor: whole where it is, else with its digits."""
    if abs(value - round(value)) < 1e-9 * value:
        return str(round(value))
    return style.notation.tex_significant(value, 4)


def _rest(n: int, total: float, style: Style) -> str:
    words = for_tex(style.labels["rest"].format(n=n))
    return rf"\underbrace{{{style.notation.tex_term(total, 3)}}}_{{\text{{{words}}}}}"


def _matrix(rows: Sequence[Sequence[float]], style: Style) -> str:
    body = r" \\ ".join(" & ".join(_number(float(v), style) for v in row) for row in rows)
    return rf"\begin{{pmatrix}} {body} \end{{pmatrix}}"


def content(q: Floats, k: Floats, scaling: float, style: Style) -> str:
    """q·k scaled, without any position."""
    raw, d = float(q @ k), len(q)
    if abs(scaling - d**-0.5) < 1e-9:
        scaled = (
            rf"\frac{{q \cdot k}}{{\sqrt{{d}}}} = \frac{{{_short(raw, style)}}}{{\sqrt{{{d}}}}}"
        )
    else:
        scaled = rf"q \cdot k \cdot s = {_short(raw, style)} \cdot {_short(scaling, style)}"
    return _line(rf"{scaled} = {_bold(raw * scaling, style)}")


def parts(values: Sequence[float], total: float, style: Style) -> str:
    """The four parts of a score with the sinusoid added to the input, under their names."""
    names = (r"q \cdot k", r"q \cdot p_n", r"p_m \cdot k", r"p_m \cdot p_n")
    terms = [
        rf"\underbrace{{{_bracketed(value, style)}}}_{{{name}}}"
        for value, name in zip(values, names, strict=True)
    ]
    return " + ".join(terms) + rf" = {_bold(total, style)}"


def turned(terms: Floats, total: float, style: Style) -> str:
    """RoPE's score as the sum of its pairs. terms: (d/2,) already scaled."""
    found = product_sum(
        terms,
        np.ones(len(terms)),
        lambda t: _bracketed(float(terms[t]), style),
        most=3,
        rest=lambda n, rest: _rest(n, rest, style),
        few=3,
    )
    return " ".join(found.rows) + rf" = {_bold(total, style)}"


def sloped(flat: float, slope: float, distance: int, total: float, style: Style) -> str:
    """ALiBi: the content less slope times distance."""
    return (
        rf"{_short(flat, style)} - {style.notation.tex_significant(slope, 4)} \cdot {distance}"
        rf" = {_bold(total, style)}"
    )


def bucketed(flat: float, bucket: int, bias: float, total: float, style: Style) -> str:
    """T5: the content and the bucket's bias."""
    return (
        rf"{_short(flat, style)} + \underbrace{{{_bracketed(bias, style)}}}_{{b_{{{bucket}}}}}"
        rf" = {_bold(total, style)}"
    )


def apart(before: float, after: float, style: Style) -> str:
    """|before − after| of one number of a word's output."""
    off = abs(before - after)
    tiny = 0 < off < 1e-5
    numbers = (style.notation.tex_term(v, 8 if tiny else 4) for v in (before, after))
    said = style.notation.tex_scientific(off) if tiny else _number(off, style)
    return rf"\left| {' - '.join(numbers)} \right| = \mathbf{{{said}}}"


def _line(body: str) -> str:
    # A strut: without it the panel cuts off the top of a fraction that has a line for itself.
    return rf"{body} \rule{{0em}}{{1.7em}}"


def _short(value: float, style: Style) -> str:
    return style.notation.tex(value, 3)


def _bracketed(value: float, style: Style) -> str:
    return style.notation.tex_term(value, 3)


def _bold(value: float, style: Style) -> str:
    return rf"\mathbf{{{_short(value, style)}}}"
