r"""How the parts of a formula stand on screen: in one line, aligned, below each other.

KaTeX breaks no line outside an environment, and Streamlit cuts off what stands higher than
KaTeX's own line: `STRUT` makes room above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viz.formula.width import ROOM, fits

ALPHA = r"\alpha"
STRUT = r"\rule{0pt}{2em}"
_BELOW = r" \\ &\quad "


@dataclass(frozen=True, slots=True)
class Sum:
    """rows: LaTeX of the terms, as many to a row as fit; value: the whole sum in float64.

    terms: how many there are; left_out: how many stand together as one. pieces: what the rows
    are made of.
    """

    rows: tuple[str, ...]
    value: float
    terms: int
    left_out: int
    pieces: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """All terms in one line."""
        return " ".join(self.rows)

    @property
    def below(self) -> str:
        """The rows below each other, inside an environment that aligns."""
        return _BELOW.join(self.rows)


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


def bold(body: str) -> str:
    """What a formula comes to."""
    return rf"\mathbf{{{body}}}"


def under(body: str, name: str) -> str:
    """With its name below."""
    return rf"\underbrace{{{body}}}_{{{name}}}"


def equal(*sides: str) -> str:
    """side = side = side, in one line."""
    return " = ".join(sides)


def in_line(left: str, total: Sum, result: str) -> str:
    """left = row row … = result on one line, for a panel that is wide enough."""
    return equal(left, total.line, result)


def stacked(*rows: str, gap: float = 0) -> str:
    """Rows below each other, aligned where each has its &; gap: em more between them."""
    between = rf" \\[{gap:g}em] " if gap else r" \\ "
    return rf"\begin{{aligned}} {between.join(rows)} \end{{aligned}}"


def gathered(*blocks: str, gap: float = 0.9) -> str:
    """Blocks below each other, centred; gap: em between them."""
    between = rf" \\[{gap:g}em] "
    return rf"\begin{{gathered}} {between.join(blocks)} \end{{gathered}}"


def aligned(left: str, rows: Sequence[str], results: Sequence[str]) -> str:
    """left = row, row …, = result, = result: on one line where that fits.

    Else the rows stand below the left side, aligned at the equals signs. A result that starts
    with an arrow keeps it instead of an equals sign.
    """
    if len(rows) == 1 and not any(map(_arrow, results)) and fits([left, *rows, *results]):
        return equal(left, *rows, *results)
    lines = [f"&{left}"] if left else []
    lines += [rf"&= {row}" if n == 0 else rf"&\quad {row}" for n, row in enumerate(rows)]
    return stacked(*lines, *(f"&{row}" if _arrow(row) else f"&= {row}" for row in results))


def _arrow(row: str) -> bool:
    return row.startswith(r"\xrightarrow")


def laid(left: str, total: Sum, value: str, room: float) -> str:
    """left = row, row … = value: behind the equals sign, the value in the last row if it fits."""
    first, *others = total.rows
    lines = [rf"{left} &= {first}", *(rf"&\quad {row}" for row in others)]
    if fits([lines[-1], value], room):
        lines[-1] += f" = {value}"
    else:
        lines.append(f"&= {value}")
    return stacked(*lines)


def beside(formula: str, remark: str) -> str:
    """A remark behind a formula, or below it where there is no room."""
    if fits([formula, r"\qquad", remark], ROOM):
        return rf"{formula} \qquad {remark}"
    return gathered(formula, remark)


def summed(general: str, left: str, total: Sum, *results: str, chosen: str = "") -> Formula:
    """A sum as a whole, and once more as its rows and what it comes to.

    chosen: the whole, where it is not aligned.
    """
    return Formula(
        general,
        chosen or aligned(left, total.rows, results),
        total.terms,
        total.left_out,
        rows=aligned(left, total.rows, []),
        result=aligned("", [], results),
    )
