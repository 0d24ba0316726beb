"""How the neuron page's numbers are written: with a third decimal where that makes them exact."""

from __future__ import annotations

from dataclasses import dataclass

from viz.board.style import Style
from viz.formula.writer import Writer

_SAME = 1e-9  # what float64 rounds off such numbers is far smaller


def places(value: float, digits: int = 2) -> int:
    """Digits, or one more where only that one makes a number exact.

    Inputs move by 0.5 and weights by 0.25, so that products and sums are eighths: 0.125, not 0.12.
    """
    as_it_is, finer = (abs(value - round(value, n)) < _SAME for n in (digits, digits + 1))
    return digits + 1 if finer and not as_it_is else digits


def exact(style: Style, value: float) -> str:
    """A number with two decimals, or with three where only those are exact."""
    return style.notation.fixed(value, places(value))


@dataclass(frozen=True, slots=True)
class ExactWriter(Writer):
    """As of every sum, but no eighth is rounded to two decimals."""

    def places(self, value: float, digits: int | None) -> int:
        """As asked for, else one more than chosen where only that one makes it exact."""
        return places(value, self.digits) if digits is None else digits
