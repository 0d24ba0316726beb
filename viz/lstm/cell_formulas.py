r"""A recurrent unit's step as LaTeX for KaTeX: every gate's sum, then c and h, with its numbers.

f, i, o = σ(w·x_t + u·h_{t−1} + b), g = tanh(…), c_t = f·c_{t−1} + i·g, h_t = o·tanh(c_t); an RNN's
h_t = tanh(…); a GRU's r, z = σ(…), n = tanh(w·x_t + r·(u·h_{t−1} + b') + b),
h_t = (1 − z)·n + z·h_{t−1}. Numbers are float64 sums of what the layer recorded, shown rounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from models.trace import CellTerms
from viz.board.notation import coloured
from viz.formula.layout import Formula, Sum, equal, stacked
from viz.formula.products import dot, product
from viz.formula.width import packed
from viz.formula.writer import Writer
from viz.lstm.gates_layout import identity
from viz.lstm.step import Reading

MOST_SHOWN, FEW = 3, 5  # terms of each of the two sums that are written out
_FUNCTION = dict.fromkeys("fiorz", r"\sigma") | dict.fromkeys("gnh", r"\tanh")


@dataclass(frozen=True, slots=True)
class UnitWriter(Writer):
    """With the unit that is written about, and what its gates sum up; colours are the gates'."""

    reading: Reading = field(kw_only=True)
    terms: CellTerms = field(kw_only=True)

    def tint(self, role: str, body: str) -> str:
        """In the colour of f, i, g, o, c, h, or of a GRU's r, z or n."""
        return coloured(identity(self.style.theme, role), body)

    def now(self, part: str) -> str:
        """The name of one of this step's parts."""
        return self.tint(part, f"{part}_t")

    def before(self, part: str) -> str:
        """Of the step before; of a backward unit that is the word after."""
        return self.tint(part, rf"{part}_{{t{'+' if self.reading.backwards else '-'}1}}")

    def rest(self, left_out: int, total: str) -> str:
        """Beside it, not below, how many terms are left out: the rows stand close."""
        return rf"{total}_{{{self.words('rest', n=left_out)}}}"

    def signed(self, value: float) -> str:
        """+ 0.72, - 0.09."""
        text = self.number(value)
        return f"- {text[1:]}" if text.startswith("-") else f"+ {text}"

    def value(self, part: str) -> str:
        """What the layer recorded."""
        return self.tint(part, self.bold(self.reading.value(part)))

    @property
    def total(self) -> str:
        """The letter of what σ or tanh is taken of: z, and where that is a gate, a."""
        return "a" if self.reading.layer.cell == "gru" else "z"

    @property
    def silent(self) -> bool:
        """The unit is held at 0."""
        return self.reading.unit in self.reading.silenced


def sums(reading: Reading, writer: Writer) -> Formula:
    """All sums of the chosen unit's step in short: word + before + bias, then c and h.

    writer.style.labels: silent.
    """
    w = _of_unit(writer, reading)
    if reading.layer.cell == "gru":
        lines = [rf"{w.now(part)} &= {_of_sums(w, part)} = {w.value(part)}" for part in "rzn"]
        return Formula(_general(w, "n"), stacked(*lines, *_mixed(w)))
    if w.terms.c_before is None:
        held = w.words("silent") + " " if w.silent else ""
        line = rf"{w.now('h')} &= {_of_sums(w, 'h')} = {held}{w.value('h')}"
        return Formula(_general(w, "h"), stacked(line))
    lines = [rf"{w.now(part)} &= {_of_sums(w, part)} = {w.value(part)}" for part in "figo"]
    return Formula(_general(w, "f"), stacked(*lines, *_state(w), _shown(w)))


def one_sum(part: str, reading: Reading, writer: Writer) -> Formula:
    """One gate's sum opened to its terms: the largest of w·x and of u·h, then the rest as one.

    writer.style.labels: rest (n), word, before, bias. KeyError: no such part here.
    """
    w = _of_unit(writer, reading)
    row, z = w.terms.rows[part], w.terms.sums()[part]
    word, before = dot(w, row.w, w.terms.x), dot(w, row.u, w.terms.h_before)
    rows = [
        rf"w_{part} \cdot x_t &= {_rows(w, word)}",
        rf"u_{part} \cdot {w.before('h')} &= {_rows(w, before)}",
    ]
    total = f"{w.number(word.value)} + {_weighed(w, part, before.value)} + {w.factor(row.b)}"
    value = 0.0 if w.silent and part == "h" else reading.value(part)
    last = [
        rf"{w.total}_{part} &= {total} = {w.bold(z)}",
        rf"{w.now(part)} &= {_FUNCTION[part]}({w.number(z)}) = {w.tint(part, w.bold(value))}",
    ]
    return Formula(
        _general(w, part),
        stacked(*rows, *last),
        word.terms + before.terms,
        word.left_out + before.left_out,
        rows=stacked(*rows),
        result=stacked(*last),
    )


def _of_unit(w: Writer, reading: Reading) -> UnitWriter:
    terms = reading.layer.terms(reading.step, reading.unit)
    return UnitWriter(w.style, w.digits, w.most, reading=reading, terms=terms, few=FEW, room=20.0)


def _general(w: UnitWriter, part: str) -> str:
    """Of an LSTM's overview f stands for all gates."""
    if part == "n":
        heard = rf"{w.now('r')} \cdot (u_n \cdot {w.before('h')} + b'_n)"
        return rf"{w.now('n')} = \tanh(w_n \cdot x_t + {heard} + b_n)"
    inside = rf"w_{part} \cdot x_t + u_{part} \cdot {w.before('h')} + b_{part}"
    return rf"{w.now(part)} = {_FUNCTION[part]}({inside})"


def _of_sums(w: UnitWriter, part: str) -> str:
    row = w.terms.rows[part]
    pairs = (row.w, w.terms.x), (row.u, w.terms.h_before)
    word, before = (float(a.astype(np.float64) @ b.astype(np.float64)) for a, b in pairs)
    inside = w.signed(before) if part != "n" else f"+ {_weighed(w, part, before)}"
    return rf"{_FUNCTION[part]}({w.number(word)} {inside} {w.signed(row.b)})"


def _weighed(w: UnitWriter, part: str, before: float) -> str:
    """What is heard of the step before; of a GRU's candidate with its bias, times r."""
    if part != "n":
        return w.factor(before)
    inner = w.signed(w.terms.rows["n"].inner)
    return rf"{w.tint('r', w.number(w.reading.value('r')))} \cdot ({w.number(before)} {inner})"


def _mixed(w: UnitWriter) -> list[str]:
    """A GRU's h: how much of the candidate, how much of the h before."""
    z, n, before = w.reading.value("z"), w.reading.value("n"), w.terms.own_before
    new = rf"(1 - {w.now('z')}) \cdot {w.now('n')}"
    general = rf"{w.now('h')} &= {new} + {w.now('z')} \cdot {w.before('h')}"
    numbers = f"{product(w, 1 - z, n, 'z', 'n')} + {product(w, z, before, 'z', 'h')}"
    held = rf"{w.number((1 - z) * n + z * before)} \to " if w.silent else ""
    return [general, f"&= {numbers} = {held}{w.value('h')}"]


def _state(w: UnitWriter) -> list[str]:
    f, i, g = (w.reading.value(part) for part in "fig")
    before = w.terms.c_before or 0.0
    general = (
        rf"{w.now('c')} &= {w.now('f')} \cdot {w.before('c')} + {w.now('i')} \cdot {w.now('g')}"
    )
    numbers = f"{product(w, f, before, 'f', 'c')} + {product(w, i, g, 'i', 'g')}"
    # Of a silenced unit's c what it would be, and that it is held at 0.
    held = rf"{w.number(f * before + i * g)} \to " if w.silent else ""
    return [general, f"&= {numbers} = {held}{w.value('c')}"]


def _shown(w: UnitWriter) -> str:
    o, c = w.reading.value("o"), float(np.tanh(w.reading.value("c")))
    inside = rf"{w.now('o')} \cdot \tanh({w.now('c')})"
    numbers = rf"{w.tint('o', w.number(o))} \cdot {w.factor(c, 'c')}"
    return f"{w.now('h')} &= " + equal(inside, numbers, w.value("h"))


def _rows(w: UnitWriter, total: Sum) -> str:
    """Its terms, as many to a row as fit, and in the last row what they come to."""
    *first, last = total.pieces
    rows = packed([*first, f"{last} = {w.bold(total.value)}"], w.room)
    return r" \\ &\quad ".join(rows)
