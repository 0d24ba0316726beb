"""How formulas are written: colours, digits, tokens, sums; what KaTeX can read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models.trace import Floats
from viz.board.notation import coloured, for_tex, tex_word
from viz.board.style import Style
from viz.formula.sums import FEW, Sum, product_sum
from viz.steps.head import OneHead
from viz.steps.scene import Scene, cap_words, colour_of, tex_symbol

MOST_SHOWN = 8
ALPHA = r"\alpha"
# Scores as they come out of QKᵀ, divided, and with mask and bias added.
SCORES = ("S", "S'", "S''")


@dataclass(frozen=True, slots=True)
class Writer:
    """How a formula is written: colours and numbers, how many digits and terms.

    finer: decimals that weights and their like have beyond the others'; none by hand, where
    all numbers have the same. few: sums of no more terms than this are written in full.
    """

    scene: Scene
    style: Style
    digits: int = 2
    most: int | None = MOST_SHOWN
    finer: int = 2
    few: int = FEW

    def number(self, value: float, digits: int | None = None) -> str:
        """A number rounded to the chosen digits; a whole number as such."""
        return self.style.notation.tex(value, self._digits(value, digits))

    def _digits(self, value: float, digits: int | None) -> int:
        if value == round(value, 0):
            return 0
        return self.digits if digits is None else digits

    def factor(self, value: float, role: str, digits: int | None = None) -> str:
        """A number in its role's colour, in brackets when negative."""
        return self.tint(role, self.style.notation.tex_term(value, self._digits(value, digits)))

    def bracketed(self, value: float) -> str:
        """A number, in brackets when negative."""
        return self.style.notation.tex_term(value, self._digits(value, None))

    def tint(self, role: str, body: str) -> str:
        """In the colour of q, k, v, weight, output, plus …"""
        return coloured(colour_of(self.style.theme, role), body)

    def share(self, value: float, digits: int | None = None) -> str:
        """A weight; a tiny one with its power of ten instead of 0.0000."""
        if 0 < value < 10.0**-3:
            return self.style.notation.tex_significant(value, self.digits)
        return self.number(value, self.digits + self.finer if digits is None else digits)

    def exponential(self, value: float) -> str:
        """An eˢ: about as many digits whatever its size; by hand as many as all others."""
        if self.finer or not 10.0**-self.digits <= value < 1e5:
            return self.style.notation.tex_significant(value, self.digits + self.finer)
        return self.style.notation.tex(value, self.digits)

    def cap(self, value: float) -> str:
        """A soft cap, for KaTeX."""
        return cap_words(value, self.style.notation).replace(",", "{,}")

    def factor_of(self, value: float) -> str:
        """A factor as it is: 1, 0.125."""
        whole = value == round(value)
        return str(int(value)) if whole else self.style.notation.tex_significant(value, 4)

    def score(self, value: float) -> str:
        """A signed score in blue or orange."""
        return self.tint("minus" if value < 0 else "plus", self.number(value))

    def name(self, step: int) -> str:
        """Score, divided or masked score of steps 2, 3 and 4, of the chosen cell."""
        place = rf"{self.query} \to {self.key}"
        return rf"{self.tint('plus', SCORES[step - 2])}_{{{place}}}"

    def cell(self, step: int, place: str = "ij") -> str:
        """The same of any cell."""
        return self.tint("plus", rf"{SCORES[step - 2]}_{{{place}}}")

    @property
    def query(self) -> str:
        """The chosen query as text in Q's colour."""
        return self.tint("q", rf"\text{{{tex_word(self.scene.axes.queries[self.scene.query])}}}")

    @property
    def key(self) -> str:
        """The chosen key as text in K's colour."""
        return self.tint("k", rf"\text{{{tex_word(self.scene.axes.keys[self.scene.key])}}}")

    def label(self, key: str, **values: object) -> str:
        r"""A word of the page's language inside \text."""
        return rf"\text{{{for_tex(self.style.labels[key].format(**values))}}}"

    def sum(self, left: Floats, right: Floats, write: Callable[[int], str]) -> Sum:
        """Σ left·right with its largest terms written out."""
        rest = self.style.labels["rest"]
        return product_sum(
            left,
            right,
            write,
            most=self.most,
            rest=lambda n, total: (
                rf"\underbrace{{{self.style.notation.tex_term(total, self.digits)}}}"
                rf"_{{\text{{{for_tex(rest.format(n=n))}}}}}"
            ),
            few=self.few,
        )


def captions(style: Style, one: OneHead | None = None) -> dict[int, str]:
    """Each step's formula in short, for the list of steps. one: with this head's biases."""
    q, k, v = (coloured(colour_of(style.theme, part), part.upper()) for part in "qkv")
    s, divided, masked = (coloured(style.theme.plus, name) for name in SCORES)
    a, o = coloured(style.theme.weight, "A"), coloured(style.theme.output, "O")
    c = coloured(style.theme.output, "C")
    before, after = _biases(one)
    scaled, added = _named_terms(one)
    return {
        1: rf"{q}, {k}, {v} = X W_{{{q},{k},{v}}}" + (" + b" if before else ""),
        2: rf"{s} = {q}{k}^\top",
        3: rf"{divided} = {f'({s} {scaled})' if scaled else s} / \sqrt{{d_k}}",
        4: rf"{masked} = {divided} {added} + M",
        5: rf"{a} = \operatorname{{softmax}}({masked})",
        6: rf"{o} = {a}{v}",
        7: rf"{c} = [{o}_0; \dots; {o}_{{h-1}}]",
        8: rf"Y = {c}\,W_O" + (" + b_O" if after else ""),
    }


def _named_terms(one: OneHead | None) -> tuple[str, str]:
    """What is added to the scores before they are scaled, and behind it."""
    if one is None:
        return "", ""
    scoring = one.steps.scoring
    parts = (scoring.terms_scaled, scoring.terms_added)
    scaled, added = (" ".join(f"+ {tex_symbol(term)}" for term in part) for part in parts)
    return scaled, added


def _biases(one: OneHead | None) -> tuple[bool, bool]:
    """Whether there is one after the first projections, one after the last."""
    around = None if one is None else one.around
    if around is None:
        return False, False
    before = any(w.bias is not None for w in (around.w_q, around.w_k, around.w_v))
    return before, around.w_o.bias is not None
