"""How a decoder step's formulas are written: its words, and terms of its sums."""

from __future__ import annotations

from dataclasses import dataclass

from models.trace import Floats
from viz.board.notation import tex_word
from viz.board.style import Style
from viz.formula.terms import Terms
from viz.seq2seq.step import Decoding


@dataclass(frozen=True, slots=True)
class Writer(Terms):
    """With the step that is written about."""

    decoding: Decoding

    @property
    def source(self) -> str:
        """The chosen source piece."""
        return self.text(self.decoding.sources[self.decoding.source], "k")

    @property
    def word(self) -> str:
        """The step's word."""
        return rf"\text{{{tex_word(self.decoding.written[self.decoding.step], 10)}}}"

    def score_term(self, v: float, q: float, k: float) -> str:
        """v·tanh(q + k)."""
        inner = rf"{self.tint('q', self.number(q))} {'-' if k < 0 else '+'} "
        return rf"{self.factor(v)} \cdot \tanh({inner}{self.tint('k', self.number(abs(k)))})"

    def context_term(self, alpha: float, state: float) -> str:
        """α·H."""
        return rf"{self.tint('weight', self.share(alpha))} \cdot {self.factor(state, 'k')}"

    def joined_term(self, i: int, weight: Floats, values: Floats, bias: float) -> str:
        """w·h or w·C; behind them all, the bias."""
        if i == len(values):
            return self.number(bias)
        role = "q" if i < self.decoding.trace.h.shape[1] else "output"
        return rf"{self.factor(float(weight[i]))} \cdot {self.factor(float(values[i]), role)}"


def writer(decoding: Decoding, style: Style, finer: bool, most: int | None) -> Writer:
    """finer: with two decimals more."""
    return Writer(style, 4 if finer else 2, most, decoding)
