"""How sums are written out: colours, digits, words, the largest terms and the rest as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from models.trace import Floats
from viz.board.notation import coloured, for_tex, tex_word
from viz.board.style import Style
from viz.formula.sums import Sum, largest
from viz.formula.width import packed

ROOM = 21.0  # em for the terms of a sum


@dataclass(frozen=True, slots=True)
class Terms:
    """Colours and digits; most: so many terms of a sum are written out, None: all.

    room: em for a row of terms.
    """

    style: Style
    digits: int
    most: int | None
    room: float = field(default=ROOM, kw_only=True)

    def tint(self, role: str, body: str) -> str:
        """In the colour of q, k, weight, output, plus, minus."""
        return coloured(str(getattr(self.style.theme, role)), body)

    def number(self, value: float, digits: int | None = None) -> str:
        """A number with the chosen digits."""
        return self.style.notation.tex(value, self.digits if digits is None else digits)

    def factor(self, value: float, role: str = "ink", digits: int | None = None) -> str:
        """In brackets when negative."""
        shown = self.style.notation.tex_term(value, self.digits if digits is None else digits)
        return self.tint(role, shown) if role != "ink" else shown

    def share(self, value: float) -> str:
        """A weight or a probability; a tiny one in powers of ten."""
        return self.style.notation.tex_weight(value, self.digits + 2)

    def score(self, value: float) -> str:
        """Blue or orange by its sign."""
        return self.tint("minus" if value < 0 else "plus", self.number(value))

    def text(self, word: str, role: str, longest: int = 10) -> str:
        """A visitor's or the model's word in a role's colour."""
        return self.tint(role, rf"\text{{{tex_word(word, longest)}}}")

    def words(self, key: str, **values: object) -> str:
        """A word of the page's language inside text."""
        return rf"\text{{{for_tex(self.style.labels[key].format(**values))}}}"

    def named(self, value: float, name: str, digits: int | None = None) -> str:
        """A number with what it is below."""
        return rf"\underbrace{{{self.factor(value, digits=digits)}}}_{{{name}}}"

    def rest(self, left_out: int, total: float) -> str:
        """The terms left out, as one number with how many they are."""
        return self.named(total, self.words("rest", n=left_out))

    def sum(self, terms: Floats, write: Callable[[int], str], extra: Sequence[str] = ()) -> Sum:
        """Σ terms, the largest written out; extra: what is added besides, written."""
        shown = largest(terms, self.most, self.most or 0)
        left_out = len(terms) - len(shown)
        pieces = [write(t) for t in shown]
        if left_out:
            pieces.append(self.rest(left_out, float(terms.sum() - terms[shown].sum())))
        rows = packed([*pieces, *extra], self.room)
        return Sum(tuple(rows), float(terms.sum()), len(terms), left_out)
