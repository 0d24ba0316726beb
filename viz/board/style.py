"""How a picture or a formula speaks: its colours, numbers and words."""

from __future__ import annotations

from dataclasses import dataclass

from viz.board.axes import Labels
from viz.board.notation import Notation
from viz.board.theme import Theme


@dataclass(frozen=True, slots=True)
class Style:
    """How a picture speaks: colours, numbers, words.

    digits: decimals of every number that is not whole, the same everywhere (by hand); None:
    as many as there is room for. finer: what would read as zero stands in powers of ten. narrow:
    it is for a window with room for one figure and nothing beside it. near: of many tokens fewer
    are drawn, so that their numbers have room.
    """

    theme: Theme
    notation: Notation
    labels: Labels
    digits: int | None = None
    finer: bool = False
    narrow: bool = False
    near: bool = False

    def number(self, value: float, digits: int) -> str:
        """A number with so many decimals; one that would read as zero, if that is asked for."""
        return (self.notation.tiny if self.finer else self.notation.fixed)(value, digits)

    def colour(self, role: str) -> str:
        """The identity colour of q, k, v, output …"""
        return str(getattr(self.theme, role))
