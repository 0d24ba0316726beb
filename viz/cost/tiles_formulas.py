r"""One tile of the online softmax with its numbers, as LaTeX for KaTeX."""

from __future__ import annotations

from models.cost.tiles import State, Tile
from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer

_GAP = 0.3  # em between rows
_FEW = 4  # terms that are written out


def maximum(tile: Tile, w: Writer) -> str:
    """m' = max(m, s …) and the factor e^{m − m'}."""
    shown = [w.number(one) for one in tile.scores[:_FEW].tolist()]
    if len(tile.scores) > _FEW:
        shown.append(r"\dots")
    old = [] if tile.first else [w.number(tile.before.m)]
    every = r",\ ".join([*old, *shown])
    lines = [rf"m' &= \max({every}) = {bold(w.number(tile.after.m, 3))}"]
    if not tile.first:
        exponent = rf"{w.number(tile.before.m)} - {w.factor(tile.after.m)}"
        lines.append(rf"e^{{m - m'}} &= e^{{{exponent}}} = {bold(w.number(tile.kept, 4))}")
    return stacked(*lines, gap=_GAP)


def total(tile: Tile, w: Writer) -> str:
    r"""ℓ' = e^{m − m'}·ℓ + Σ e^{s − m'}."""
    terms = [w.number(one, 3) for one in tile.e[:_FEW].tolist()]
    if len(tile.e) > _FEW:
        terms.append(w.words("rest", n=len(tile.e) - _FEW))
    old = [] if tile.first else [rf"{w.number(tile.kept, 3)} \cdot {w.number(tile.before.l, 3)}"]
    symbols = r"\sum e^{s - m'}" if tile.first else r"e^{m - m'}\,\ell + \sum e^{s - m'}"
    left = w.tint("weight", r"\ell'")
    return stacked(
        rf"{left} &= {symbols}",
        rf"&= {' + '.join([*old, *terms])} = {bold(w.number(tile.after.l, 3))}",
        gap=_GAP,
    )


def outputs(tile: Tile, dim: int, w: Writer) -> str:
    """o'_c = e^{m − m'}·o_c + Σ e^{s − m'}·v_c."""
    products = tile.e * tile.values[:, dim]
    pairs = zip(tile.e[:_FEW].tolist(), tile.values[:_FEW, dim].tolist(), strict=True)
    terms = [rf"{w.number(e, 3)} \cdot {w.factor(v, 'v')}" for e, v in pairs]
    if len(products) > _FEW:
        rest = float(products[_FEW:].sum())
        terms.append(w.rest(len(products) - _FEW, w.factor(rest)))
    old = float(tile.before.o[dim])
    first = [] if tile.first else [rf"{w.number(tile.kept, 3)} \cdot {w.factor(old, 'output', 3)}"]
    rows = [*first, *terms]
    lines = [" + ".join(rows[at : at + 2]) for at in range(0, len(rows), 2)]
    left = w.tint("output", rf"o'_{{{dim}}}")
    body = [rf"{left} &= {lines[0]}", *(rf"&\quad + {line}" for line in lines[1:])]
    return stacked(*body, rf"&= {bold(w.number(float(tile.after.o[dim]), 4))}", gap=_GAP)


def division(end: State, dim: int, w: Writer) -> str:
    r"""o_c / ℓ."""
    o, share = float(end.o[dim]), float(end.output[dim])
    below = w.tint("weight", w.number(end.l, 3))
    above = w.tint("output", w.number(o, 4))
    value = bold(w.number(share, 4))
    return rf"\frac{{o_{{{dim}}}}}{{\ell}} = \frac{{{above}}}{{{below}}} = {value}"
