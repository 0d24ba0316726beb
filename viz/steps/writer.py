"""How one head's formulas are written: its names, tokens, whole numbers and soft cap."""

from __future__ import annotations

from dataclasses import dataclass, field

from viz.board.notation import vanishes
from viz.formula.writer import Writer
from viz.steps.scene import Scene, cap_words

# Scores as they come out of QKᵀ, divided, and with mask and bias added.
SCORES = ("S", "S'", "S''")


@dataclass(frozen=True, slots=True)
class HeadWriter(Writer):
    """With what is on stage.

    beyond: decimals that weights and their like have beyond the others'; none by hand, where
    all numbers have the same. bare: a mask that hides nothing is left out beside other terms.
    """

    scene: Scene = field(kw_only=True)
    beyond: int = field(default=2, kw_only=True)
    bare: bool = field(default=False, kw_only=True)

    def places(self, value: float, digits: int | None) -> int:
        """A whole number is written as such."""
        if value == round(value, 0):
            return 0
        return self.digits if digits is None else digits

    def number(self, value: float, digits: int | None = None) -> str:
        """As of every sum; with more digits asked for, none reads as zero that is not."""
        places = self.places(value, digits)
        if self.style.finer and vanishes(value, places):
            return self.style.notation.tex_scientific(value)
        return self.style.notation.tex(value, places)

    def factor(self, value: float, role: str | None = None, digits: int | None = None) -> str:
        """In brackets when negative; in its role's colour."""
        shown = self.number(value, digits)
        shown = f"({shown})" if shown.startswith("-") else shown
        return self.tint(role, shown) if role else shown

    def share(self, value: float, digits: int | None = None) -> str:
        """A weight; a tiny one with its power of ten instead of 0.0000."""
        if 0 < value < 10.0**-3:
            return self.style.notation.tex_significant(value, self.digits)
        return self.number(value, self.digits + self.beyond if digits is None else digits)

    def significant(self, value: float, digits: int | None = None) -> str:
        """An eˢ: about as many digits whatever its size; by hand as many as all others."""
        if self.beyond or not 10.0**-self.digits <= value < 1e5:
            return self.style.notation.tex_significant(value, self.digits + self.beyond)
        return self.style.notation.tex(value, self.digits)

    def cap(self, value: float) -> str:
        """A soft cap, for KaTeX."""
        return cap_words(value, self.style.notation).replace(",", "{,}")

    def scaling(self, value: float) -> str:
        """A factor as it is: 1, 0.125."""
        whole = value == round(value)
        return str(int(value)) if whole else self.style.notation.tex_significant(value, 4)

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
        return self.text(self.scene.axes.queries[self.scene.query], "q")

    @property
    def key(self) -> str:
        """The chosen key as text in K's colour."""
        return self.text(self.scene.axes.keys[self.scene.key], "k")
