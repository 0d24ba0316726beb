r"""A recurrent unit's step as LaTeX for KaTeX: every gate's sum, then c and h, with its numbers.

f, i, o = σ(w·x_t + u·h_{t−1} + b), g = tanh(…), c_t = f·c_{t−1} + i·g, h_t = o·tanh(c_t); an RNN's
h_t = tanh(…). Numbers are float64 sums of what the layer recorded, shown rounded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.trace import CellTerms, Floats, UnitRow
from viz.board.notation import coloured, for_tex
from viz.board.style import Style
from viz.formula.sums import Formula, Sum, largest
from viz.formula.width import packed
from viz.lstm.gates_layout import identity
from viz.lstm.step import Reading

MOST_SHOWN, FEW = 3, 5  # terms of each of the two sums that are written out
_ROOM = 20.0  # em for them
_FUNCTION = {"f": r"\sigma", "i": r"\sigma", "o": r"\sigma", "g": r"\tanh", "h": r"\tanh"}


@dataclass(frozen=True, slots=True)
class _Writer:
    reading: Reading
    style: Style
    terms: CellTerms
    digits: int
    most: int | None

    def number(self, value: float) -> str:
        return self.style.notation.tex(value, self.digits)

    def factor(self, value: float) -> str:
        """In brackets when negative."""
        return self.style.notation.tex_term(value, self.digits)

    def tint(self, part: str, body: str) -> str:
        return coloured(identity(self.style.theme, part), body)

    def now(self, part: str) -> str:
        """The name of this step's f, i, g, o, c or h."""
        return self.tint(part, f"{part}_t")

    def before(self, part: str) -> str:
        """Of the step before; of a backward unit that is the word after."""
        return self.tint(part, rf"{part}_{{t{'+' if self.reading.backwards else '-'}1}}")

    def words(self, key: str, **values: object) -> str:
        return rf"\text{{{for_tex(self.style.labels[key].format(**values))}}}"

    @property
    def silent(self) -> bool:
        return self.reading.unit in self.reading.silenced


def sums(reading: Reading, style: Style, *, finer: bool = False) -> Formula:
    """All sums of the chosen unit's step in short: word + before + bias, then c and h.

    finer: with two decimals more. style.labels: silent.
    """
    w = _writer(reading, style, finer, None)
    if w.terms.c_before is None:
        held = w.words("silent") + " " if w.silent else ""
        line = rf"{w.now('h')} &= {_of_sums(w, 'h')} = {held}{_result(w, 'h')}"
        return Formula(_general(w, "h"), _aligned([line]))
    lines = [rf"{w.now(part)} &= {_of_sums(w, part)} = {_result(w, part)}" for part in "figo"]
    return Formula(_general(w, "f"), _aligned([*lines, *_state(w), *_shown(w)]))


def one_sum(
    part: str, reading: Reading, style: Style, *, finer: bool = False, every: bool = False
) -> Formula:
    """One gate's sum opened to its terms: the largest of w·x and of u·h, then the rest as one.

    every: all terms. style.labels: rest (n), word, before, bias. KeyError: no such part here.
    """
    w = _writer(reading, style, finer, None if every else MOST_SHOWN)
    row = w.terms.rows[part]
    from_word = _products(w, row.w, w.terms.x)
    from_before = _products(w, row.u, w.terms.h_before)
    z = row.sum(w.terms.x, w.terms.h_before)
    rows = [
        rf"{_name('w', part)} \cdot x_t &= {_rows(from_word)}",
        rf"{_name('u', part)} \cdot {w.before('h')} &= {_rows(from_before)}",
    ]
    total = " + ".join([w.number(from_word.value), w.factor(from_before.value), w.factor(row.b)])
    value = w.number(reading.value(part)) if not (w.silent and part == "h") else w.number(0.0)
    last = [
        rf"{_name('z', part)} &= {total} = {_bold(w.number(z))}",
        rf"{w.now(part)} &= {_FUNCTION[part]}({w.number(z)}) = {w.tint(part, _bold(value))}",
    ]
    return Formula(
        _general(w, part),
        _aligned([*rows, *last]),
        from_word.terms + from_before.terms,
        from_word.left_out + from_before.left_out,
        rows=_aligned(rows),
        result=_aligned(last),
    )


def _writer(reading: Reading, style: Style, finer: bool, most: int | None) -> _Writer:
    terms = reading.layer.terms(reading.step, reading.unit)
    return _Writer(reading, style, terms, 4 if finer else 2, most)


def _name(letter: str, part: str) -> str:
    return f"{letter}_{part}"


def _bold(body: str) -> str:
    return rf"\mathbf{{{body}}}"


def _aligned(lines: list[str]) -> str:
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"


def _general(w: _Writer, part: str) -> str:
    """Of an LSTM's overview f stands for all gates."""
    weights, u, b = (_name(letter, part) for letter in "wub")
    inside = rf"{weights} \cdot x_t + {u} \cdot {w.before('h')} + {b}"
    return rf"{w.now(part)} = {_FUNCTION[part]}({inside})"


def _result(w: _Writer, part: str) -> str:
    return w.tint(part, _bold(w.number(w.reading.value(part))))


def _of_sums(w: _Writer, part: str) -> str:
    """σ(word + before + bias)."""
    row: UnitRow = w.terms.rows[part]
    word = _dot(row.w, w.terms.x)
    before = _dot(row.u, w.terms.h_before)
    inside = f"{w.number(word)} {_signed(w, before)} {_signed(w, row.b)}"
    return rf"{_FUNCTION[part]}({inside})"


def _dot(a: Floats, b: Floats) -> float:
    return float(a.astype(np.float64) @ b.astype(np.float64))


def _signed(w: _Writer, value: float) -> str:
    """+ 0.72, − 0.09."""
    text = w.number(value)
    return f"- {text[1:]}" if text.startswith("-") else f"+ {text}"


def _state(w: _Writer) -> list[str]:
    f, i, g = (w.reading.value(part) for part in "fig")
    before = w.terms.c_before or 0.0
    general = (
        rf"{w.now('c')} &= {w.tint('f', 'f_t')} \cdot {w.before('c')} + "
        rf"{w.tint('i', 'i_t')} \cdot {w.tint('g', 'g_t')}"
    )
    numbers = " + ".join(
        rf"{w.tint(a, w.factor(x))} \cdot {w.tint(b, w.factor(y))}"
        for a, x, b, y in (("f", f, "c", before), ("i", i, "g", g))
    )
    result = _held(w, "c", f * before + i * g)
    return [general, rf"&= {numbers} {result}"]


def _shown(w: _Writer) -> list[str]:
    o, c = w.reading.value("o"), w.reading.value("c")
    inside = rf"{w.tint('o', 'o_t')} \cdot \tanh({w.now('c')})"
    numbers = rf"{w.tint('o', w.number(o))} \cdot {w.tint('c', w.factor(float(np.tanh(c))))}"
    return [rf"{w.now('h')} &= {inside} = {numbers} {_held(w, 'h', o * float(np.tanh(c)))}"]


def _held(w: _Writer, part: str, computed: float) -> str:
    """= the value; of a silenced unit's c what it would be, and that it is held at 0."""
    bold = w.tint(part, _bold(w.number(w.reading.value(part))))
    if w.silent and part == "c":
        return rf"= {w.number(computed)} \to {bold}"
    return f"= {bold}"


def _products(w: _Writer, left: Floats, right: Floats) -> Sum:
    """Σ left·right, its largest terms and what the others come to, as many to a row as fit."""
    products = left.astype(np.float64) * right.astype(np.float64)
    shown = largest(products, w.most, FEW)
    terms = [rf"{w.factor(float(left[k]))} \cdot {w.factor(float(right[k]))}" for k in shown]
    left_out, total = len(products) - len(shown), float(products.sum())
    if left_out:
        rest = w.factor(total - float(products[shown].sum()))
        terms.append(rf"{rest}_{{{w.words('rest', n=left_out)}}}")
    terms[-1] += f" = {_bold(w.number(total))}"
    return Sum(tuple(packed(terms, _ROOM)), total, len(products), left_out)


def _rows(total: Sum) -> str:
    return r" \\ &\quad ".join(total.rows)
