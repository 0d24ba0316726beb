"""How formulas are written: colours, digits, tokens, sums; what KaTeX can read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models.trace import Floats
from viz.formula_sums import Sum, product_sum
from viz.notation import coloured, for_tex, tex_word
from viz.scores_panels import Scene, Style, colour_of

MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Writer:
    """How a formula is written: colours and numbers, how many digits and terms."""

    scene: Scene
    style: Style
    digits: int = 2
    most: int | None = MOST_SHOWN

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

    def tint(self, role: str, body: str) -> str:
        """In the colour of q, k, v, weight, output, plus …"""
        return coloured(colour_of(self.style.theme, role), body)

    def share(self, value: float, digits: int | None = None) -> str:
        """A weight; a tiny one with its power of ten instead of 0.0000."""
        if 0 < value < 10.0**-3:
            return self.style.notation.tex_significant(value, self.digits)
        return self.number(value, self.digits + 2 if digits is None else digits)

    def factor_of(self, value: float) -> str:
        """A factor as it is: 1, 0.125."""
        whole = value == round(value)
        return str(int(value)) if whole else self.style.notation.tex_significant(value, 4)

    def score(self, value: float) -> str:
        """A signed score in blue or orange."""
        return self.tint("minus" if value < 0 else "plus", self.number(value))

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
            wide=self.digits > 2,
        )


def captions(style: Style) -> dict[int, str]:
    """Each step's formula in short, for the list of steps."""
    q, k, v = (coloured(colour_of(style.theme, part), part.upper()) for part in "qkv")
    s = coloured(style.theme.plus, "S")
    a, o = coloured(style.theme.weight, "A"), coloured(style.theme.output, "O")
    return {
        1: rf"{q}, {k}, {v} = X W_{{{q},{k},{v}}}",
        2: rf"{s} = {q}{k}^\top",
        3: rf"{s} / \sqrt{{d_k}}",
        4: rf"{s} + M",
        5: rf"{a} = \operatorname{{softmax}}({s})",
        6: rf"{o} = {a}{v}",
        7: rf"C = [{o}_0; \dots; {o}_{{h-1}}]",
        8: r"Y = C\,W_O + b",
    }
