r"""One weight under a mask of −∞, under scores of 0, and zeroed behind the softmax, as LaTeX."""

from __future__ import annotations

from models.scores.masking import MaskedRow
from viz.board.notation import reads_as_one
from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer


def fractions(row: MaskedRow, key: int, w: Writer) -> str:
    r"""The key's eˢ over the three denominators, and what is left of the row.

    Where eˢ would be unpleasant to read, every exponent is less by `MaskedRow.shift`; the page says
    so. Where float64 has only zeros for a denominator, the result stands alone.
    """
    above = w.significant(float(row.exponentials[key]))
    sums = row.open_sum, row.masked_sum, row.zeros_sum
    seen, unseen, zeros = (w.significant(value) for value in sums)
    open_keys, all_keys = row.open_sum > 0, row.open_sum + row.masked_sum > 0
    own = [float(part[key]) for part in (row.right, row.zero_scores, row.zeroed)]
    return stacked(
        rf"{w.words('minus_infinity')} &\colon\; "
        + _over(above, seen, open_keys)
        + _share(own[0], w),
        rf"{w.words('zero_score')} &\colon\; "
        + _over(above, f"{seen} + {zeros}")
        + _share(own[1], w),
        rf"{w.words('zero_weight')} &\colon\; "
        + _over(above, f"{seen} + {unseen}", all_keys)
        + _share(own[2], w),
        rf"{w.words('left')} &\colon\; "
        + _over(seen, f"{seen} + {unseen}", all_keys)
        + bold(_left(row, w)),
        gap=0.7,
    )


def _over(above: str, below: str, defined: bool = True) -> str:
    return rf"\frac{{{above}}}{{{below}}} = " if defined else ""


def _share(value: float, w: Writer) -> str:
    return w.tint("weight", bold(w.share(value, 4)))


def _left(row: MaskedRow, w: Writer) -> str:
    """What is left of the row; where that would read as 1, what it lacks, if it does."""
    if row.lost == 0:
        return "1"
    if reads_as_one(row.lost, 4):
        return rf"1 - {w.style.notation.tex_scientific(row.lost)}"
    return w.share(row.kept, 4)
