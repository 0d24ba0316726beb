r"""How many numbers an adapter's training learns, as LaTeX."""

from __future__ import annotations

from viz.formula.layout import bold, stacked
from viz.formula.writer import Writer


def learned(rank: int, shape: tuple[int, int], matrices: int, everything: int, w: Writer) -> str:
    """r (d_in + d_out) for each matrix. shape: (d_out, d_in) of each; everything: the model's."""
    grouped = w.style.notation.tex_grouped
    out, into = shape
    one = rank * (into + out)
    total = one * matrices
    share = w.style.notation.fixed(100 * total / everything, 1)
    return stacked(
        rf"r\,(d_\mathrm{{in}} + d_\mathrm{{out}}) &= {rank} \cdot ({into} + {out}) = "
        rf"{grouped(one)}",
        rf"{matrices} \cdot {grouped(one)} &= {bold(grouped(total))}",
        rf"{grouped(total)} / {grouped(everything)} &= {w.words('percent', n=share)}",
        gap=0.25,
    )
