r"""Prefix matching as LaTeX with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from viz.board.notation import coloured
from viz.board.style import Style
from viz.formula.width import packed

_FIRST = 4  # terms that are written out, and the last
_ROOM = 18.5  # em


def mean_weight(weights: Sequence[float], style: Style) -> str:
    """The weights on the token after the previous occurrence, added up and divided."""
    write = style.notation.tex
    terms = [write(w, 2) for w in weights]
    if len(terms) > _FIRST + 2:
        terms = [*terms[:_FIRST], r"\dots", terms[-1]]
    count = len(weights)
    mean = coloured(style.theme.weight, rf"\mathbf{{{write(sum(weights) / count, 3)}}}")
    rows = packed(terms, _ROOM)
    body = r" \\ ".join(rf"&{row}" for row in rows)
    top = rf"\begin{{aligned}} {body} \end{{aligned}}" if len(rows) > 1 else rows[0]
    return rf"\frac{{1}}{{{count}}}\left({top}\right) = {mean}"
