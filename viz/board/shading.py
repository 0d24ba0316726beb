"""Numbers as colours, and the ink that can be read on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.trace import Floats
from viz.board.theme import Scale, at, ink_on


@dataclass(frozen=True, slots=True)
class Shading:
    """How numbers turn to colour: a scale between `low` and `high` (clipped beyond)."""

    scale: Scale
    low: float
    high: float

    def colour(self, value: float) -> str:
        """The colour of one number."""
        span = self.high - self.low
        return at(self.scale, 0.5 if span == 0 else (value - self.low) / span)


def number_inks(
    values: Floats, shading: Shading, quiet: str | None = None, masked: str | None = None
) -> list[str]:
    """A readable ink for every cell, by the luminance of the colour below it.

    quiet: the ink of cells that are nearly nothing, so that the others stand out; masked: of −∞.
    """
    inks = []
    for value in values.ravel().tolist():
        if masked is not None and value == -np.inf:
            inks.append(masked)
        elif quiet is not None and abs(value) < 0.005:
            inks.append(quiet)
        else:
            inks.append(ink_on(shading.colour(value if np.isfinite(value) else 0.0)))
    return inks


def symmetric(values: Floats, scale: Scale) -> Shading:
    """A diverging shading centred at 0 that just holds all finite values."""
    finite = np.abs(values[np.isfinite(values)])
    top = float(finite.max()) if finite.size else 0.0
    return Shading(scale, -(top or 1.0), top or 1.0)
