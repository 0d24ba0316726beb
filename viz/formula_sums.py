"""Long sums as LaTeX: the largest terms written out, the others together as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.trace import Floats

# From this many written terms on the type is made smaller.
_MANY = 16


@dataclass(frozen=True, slots=True)
class Sum:
    """rows: LaTeX of the terms, some to a row; value: the whole sum in float64.

    terms: how many there are; left_out: how many stand together as one.
    """

    rows: tuple[str, ...]
    value: float
    terms: int
    left_out: int


def largest(products: Floats, most: int | None) -> list[int]:
    """Which terms are written out: all, or the largest by size; always in their own order."""
    # One term left out would take as much room as writing it.
    if most is None or len(products) <= most + 1:
        return list(range(len(products)))
    return sorted(np.argsort(-np.abs(products), kind="stable")[:most].tolist())


def product_sum(
    left: Floats,
    right: Floats,
    write: Callable[[int], str],
    *,
    most: int | None,
    rest: Callable[[int, float], str],
    wide: bool = False,
    a_row: int = 0,
) -> Sum:
    """Σ left·right. write(t): one term; rest(n, total): the n terms left out as one."""
    products = left.astype(np.float64) * right.astype(np.float64)
    shown = largest(products, most)
    left_out = len(products) - len(shown)
    per_row = a_row or 2
    rows = [
        " + ".join(write(t) for t in shown[i : i + per_row]) for i in range(0, len(shown), per_row)
    ]
    rows = rows[:1] + ["+ " + row for row in rows[1:]]
    if left_out:
        total = float(products.sum() - products[shown].sum())
        rows.append("+ " + rest(left_out, total))
    if len(shown) > _MANY or wide:
        rows = [rf"\small {row}" for row in rows]
    return Sum(tuple(rows), float(products.sum()), len(products), left_out)


def aligned(left: str, rows: Sequence[str], results: Sequence[str]) -> str:
    r"""left = row, row …, = result, = result, as one block aligned at the equals signs.

    A result that starts with an arrow keeps it instead of an equals sign.
    """
    first, *others = rows
    lines = [rf"{left} &= {first}", *(rf"&\quad {row}" for row in others)]
    lines += [f"&{row}" if row.startswith(r"\xrightarrow") else f"&= {row}" for row in results]
    if len(rows) == 1 and results and len(results) == 1 and not results[0].startswith(r"\x"):
        lines = [rf"{left} &= {first} = {results[0]}"]
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"


def gathered(*blocks: str) -> str:
    r"""Blocks below each other, centred (KaTeX does not break lines outside an environment)."""
    return r"\begin{gathered} " + r" \\[0.9em] ".join(blocks) + r" \end{gathered}"
