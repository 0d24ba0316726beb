"""Long sums as LaTeX: the largest terms written out, the others together as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.trace import Floats
from viz.formula.width import ROOM, fits, packed

# Sums of no more terms than this are always written out.
FEW = 12
_INDENT = 1.4  # em: what stands before the rows of a sum


@dataclass(frozen=True, slots=True)
class Sum:
    """rows: LaTeX of the terms, as many to a row as fit; value: the whole sum in float64.

    terms: how many there are; left_out: how many stand together as one.
    """

    rows: tuple[str, ...]
    value: float
    terms: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Formula:
    """general: for any cell; chosen: with the chosen cell's numbers; both LaTeX.

    terms: how many the sum has; left_out: how many of them stand together as one.
    shift: what was taken from the exponents (the row's maximum), 0 where nothing was.
    rows, result: `chosen` once more in two parts, so that a long sum can scroll while what
    it comes to stays in view; empty where there is no sum.
    """

    general: str
    chosen: str
    terms: int = 1
    left_out: int = 0
    shift: float = 0.0
    rows: str = ""
    result: str = ""


def largest(products: Floats, most: int | None, few: int = 0) -> list[int]:
    """Which terms are written out: all, or the largest in size; always in their own order.

    few: so many are all written, whatever `most` says.
    """
    # One term left out would take as much room as writing it.
    if most is None or len(products) <= max(most + 1, few):
        return list(range(len(products)))
    return sorted(np.argsort(-np.abs(products), kind="stable")[:most].tolist())


def product_sum(
    left: Floats,
    right: Floats,
    write: Callable[[int], str],
    *,
    most: int | None,
    rest: Callable[[int, float], str],
    few: int = FEW,
) -> Sum:
    """Σ left·right. write(t): one term; rest(n, total): the n terms left out as one."""
    products = left.astype(np.float64) * right.astype(np.float64)
    shown = largest(products, most, few)
    left_out = len(products) - len(shown)
    rows = packed([write(t) for t in shown], ROOM - _INDENT)
    if left_out:
        total = float(products.sum() - products[shown].sum())
        rows.append("+ " + rest(left_out, total))
    return Sum(tuple(rows), float(products.sum()), len(products), left_out)


def aligned(left: str, rows: Sequence[str], results: Sequence[str]) -> str:
    r"""left = row, row …, = result, = result: on one line where that fits.

    Else the rows stand below the left side, aligned at the equals signs. A result that starts
    with an arrow keeps it instead of an equals sign.
    """
    if len(rows) == 1 and not any(map(_arrow, results)) and fits([left, *rows, *results]):
        return f"{left} = " + " = ".join([*rows, *results])
    lines = [f"&{left}"] if left else []
    lines += [rf"&= {row}" if n == 0 else rf"&\quad {row}" for n, row in enumerate(rows)]
    lines += [f"&{row}" if _arrow(row) else f"&= {row}" for row in results]
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"


def in_line(left: str, rows: Sequence[str], result: str) -> str:
    """left = row row … = result on one line, for a panel that is wide enough."""
    return f"{left} = {' '.join(rows)} = {result}"


def _arrow(row: str) -> bool:
    return row.startswith(r"\xrightarrow")


def gathered(*blocks: str) -> str:
    r"""Blocks below each other, centred (KaTeX does not break lines outside an environment)."""
    return r"\begin{gathered} " + r" \\[0.9em] ".join(blocks) + r" \end{gathered}"


def beside(formula: str, remark: str) -> str:
    """A remark behind a formula, or below it where there is no room."""
    if fits([formula, r"\qquad", remark]):
        return rf"{formula} \qquad {remark}"
    return gathered(formula, remark)


def summed(
    general: str, left: str, rows: Sequence[str], results: Sequence[str], total: Sum
) -> Formula:
    """A sum as a whole, and once more as its rows and what it comes to."""
    return Formula(
        general,
        aligned(left, rows, results),
        total.terms,
        total.left_out,
        rows=aligned(left, rows, []),
        result=aligned("", [], results),
    )
