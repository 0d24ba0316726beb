r"""Prefix matching as LaTeX with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from viz.formula.layout import stacked
from viz.formula.width import packed
from viz.formula.writer import Writer

_FIRST = 4  # terms that are written out, and the last
_ROOM = 18.5  # em


def mean_weight(weights: Sequence[float], w: Writer) -> str:
    """The weights on the token after the previous occurrence, added up and divided."""
    count = len(weights)
    terms = [w.number(weight) for weight in weights]
    if count > _FIRST + 2:
        terms = [*terms[:_FIRST], r"\dots", terms[-1]]
    rows = packed(terms, _ROOM)
    top = stacked(*(f"&{row}" for row in rows)) if len(rows) > 1 else rows[0]
    mean = w.tint("weight", w.bold(sum(weights) / count, 3))
    return rf"\frac{{1}}{{{count}}}\left({top}\right) = {mean}"
