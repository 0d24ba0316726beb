r"""One weight under a mask of −∞, under scores of 0, and zeroed behind the softmax, as LaTeX."""

from __future__ import annotations

from models.scores.masking import MaskedRow
from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer


def fractions(row: MaskedRow, key: int, w: Writer) -> str:
    r"""The key's eˢ over the three denominators, and what is left of the row.

    Where eˢ would be unpleasant to read, every exponent is less by the row's largest score.
    """
    above = w.significant(float(row.exponentials[key]))
    seen, unseen = w.significant(row.open_sum), w.significant(row.masked_sum)
    zeros = w.significant(row.zeros_sum)
    own = [float(part[key]) for part in (row.right, row.zero_scores, row.zeroed)]
    return stacked(
        rf"{w.words('minus_infinity')} &\colon\; {_share(above, seen, own[0], w)}",
        rf"{w.words('zero_score')} &\colon\; {_share(above, f'{seen} + {zeros}', own[1], w)}",
        rf"{w.words('zero_weight')} &\colon\; {_share(above, f'{seen} + {unseen}', own[2], w)}",
        rf"{w.words('left')} &\colon\; "
        + rf"\frac{{{seen}}}{{{seen} + {unseen}}} = {bold(_left(row, w))}",
        gap=0.7,
    )


def _share(above: str, below: str, value: float, w: Writer) -> str:
    return rf"\frac{{{above}}}{{{below}}} = {w.tint('weight', bold(w.share(value, 4)))}"


def _left(row: MaskedRow, w: Writer) -> str:
    """What is left of the row; where that would read as 1, what it lacks."""
    if float(f"{row.kept:.4f}") == 1:
        return rf"1 - {w.style.notation.tex_scientific(row.lost)}"
    return w.share(row.kept, 4)
