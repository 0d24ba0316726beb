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
    as many as there is room for.
    """

    theme: Theme
    notation: Notation
    labels: Labels
    digits: int | None = None

    def colour(self, role: str) -> str:
        """The identity colour of q, k, v, output …"""
        return str(getattr(self.theme, role))
