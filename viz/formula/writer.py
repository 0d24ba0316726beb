"""How sums are written: colours, digits, words, the largest terms and the rest as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from models.trace import Floats
from viz.board.notation import coloured, for_tex, tex_word
from viz.board.style import Style
from viz.formula.layout import Sum, bold, under
from viz.formula.width import ROOM, packed

# Sums of no more terms than this are written out in the panel of sums.
FEW = 12
PANEL = ROOM - 1.4  # em for the terms of a sum there: an indent stands before the rows


@dataclass(frozen=True, slots=True)
class Writer:
    """Colours and digits; most: so many terms of a sum are written out, None: all.

    few: sums of no more terms are written in full; room: em for a row of terms; apart: what
    is left out, and what is added besides, has rows of its own.
    """

    style: Style
    digits: int = 2
    most: int | None = None
    few: int = field(default=0, kw_only=True)
    room: float = field(default=21.0, kw_only=True)
    apart: bool = field(default=False, kw_only=True)

    def finer(self, more: int) -> Self:
        """With so many digits more."""
        return replace(self, digits=self.digits + more)

    def tint(self, role: str, body: str) -> str:
        """In the colour of q, k, v, weight, output, plus, minus."""
        return coloured(self.style.colour(role), body)

    def places(self, value: float, digits: int | None) -> int:
        """How many decimals a number has: as asked for, else as chosen."""
        return self.digits if digits is None else digits

    def number(self, value: float, digits: int | None = None) -> str:
        """A number with the chosen digits."""
        return self.style.notation.tex(value, self.places(value, digits))

    def bold(self, value: float, digits: int | None = None) -> str:
        """What a sum comes to."""
        return bold(self.number(value, digits))

    def factor(self, value: float, role: str | None = None, digits: int | None = None) -> str:
        """In brackets when negative; in its role's colour."""
        shown = self.style.notation.tex_term(value, self.places(value, digits))
        return self.tint(role, shown) if role else shown

    def share(self, value: float, digits: int | None = None) -> str:
        """A weight or a probability; a tiny one in powers of ten."""
        return self.style.notation.tex_weight(value, self.digits + 2 if digits is None else digits)

    def significant(self, value: float, digits: int | None = None) -> str:
        """As many digits whatever its size: an eˢ, a product."""
        digits = self.digits + 2 if digits is None else digits
        return self.style.notation.tex_significant(value, digits)

    def score(self, value: float) -> str:
        """Blue or orange by its sign."""
        return self.tint("minus" if value < 0 else "plus", self.number(value))

    def text(self, word: str, role: str | None = None, longest: int = 10) -> str:
        """A visitor's or the model's word, in a role's colour."""
        shown = rf"\text{{{tex_word(word, longest)}}}"
        return self.tint(role, shown) if role else shown

    def words(self, key: str, **values: object) -> str:
        """A word of the page's language inside text."""
        return rf"\text{{{for_tex(self.style.labels[key].format(**values))}}}"

    def named(
        self, value: float, name: str, role: str | None = None, digits: int | None = None
    ) -> str:
        """A number with what it is below."""
        return under(self.factor(value, role, digits), name)

    def rest(self, left_out: int, total: str) -> str:
        """The terms left out, as one number with how many they are."""
        return under(total, self.words("rest", n=left_out))

    def sum(
        self,
        terms: Floats,
        write: Callable[[int], str],
        extra: Sequence[str] = (),
        rest: Callable[[float], str] | None = None,
        chosen: int | None = None,
    ) -> Sum:
        """Σ terms, the largest written out; extra: what is written besides, not in the value.

        terms: (t,) float64; write(t): one of them; rest(total): what those left out come to;
        chosen: one that is written out, however small.
        """
        shown = largest(terms, self.most, self.few, chosen)
        left_out = len(terms) - len(shown)
        pieces, others = [write(t) for t in shown], [*extra]
        if left_out:
            total = float(terms.sum() - terms[shown].sum())
            body = rest(total) if rest else self.style.notation.tex_term(total, self.digits)
            others = [self.rest(left_out, body), *others]
        joined = () if self.apart else others
        rows = packed([*pieces, *joined], self.room)
        rows += [f"+ {other}" for other in others] if self.apart else []
        return Sum(tuple(rows), float(terms.sum()), len(terms), left_out, (*pieces, *others))


def largest(terms: Floats, most: int | None, few: int = 0, chosen: int | None = None) -> list[int]:
    """Which terms are written out: all, or the largest in size; always in their own order.

    terms: (t,); few: so many are all written, whatever `most` says; chosen: one of those that are.
    """
    # One term left out would take as much room as writing it.
    if most is None or len(terms) <= max(most + 1, few):
        return list(range(len(terms)))
    size = np.abs(terms)
    if chosen is not None:
        size[chosen] = np.inf
    return sorted(np.argsort(-size, kind="stable")[:most].tolist())
