r"""One cell of W + (α/r) B A term by term, and how many numbers are learned, as LaTeX."""

from __future__ import annotations

from viz.cost.lora import SUM, A, B, LowRankShown
from viz.formula.layout import bold, stacked
from viz.formula.products import product
from viz.formula.writer import Writer

_GAP = 0.25  # em between rows


def update(drawn: LowRankShown, w: Writer) -> str:
    """(α/r) Σ_k b_ik a_kj with its numbers: r' of r terms. rank 0: nothing is added."""
    found, i, j = drawn.found, drawn.output, drawn.input
    left = rf"\Delta W_{{{i},\,{j}}}"
    if not found.rank:
        return f"{left} = 0"
    b, a = found.b[i], found.a[:, j]
    total = w.sum(found.terms(i, j), lambda k: product(w, float(b[k]), float(a[k]), B, A))
    letters = rf"{w.tint(B, rf'b_{{{i},k}}')}\, {w.tint(A, rf'a_{{k,{j}}}')}"
    # r is the rank of the training, r' what it was cut to.
    scale = rf"\tfrac{{{w.style.notation.tex(found.scale * drawn.most, 0)}}}{{{drawn.most}}}"
    kept = "r'" if found.rank < drawn.most else "r"
    rows = [rf"{left} &= \tfrac{{\alpha}}{{r}} \textstyle\sum_{{k=1}}^{{{kept}}} {letters}"]
    rows += [rf"&= {scale}\,\big({total.rows[0]}", *(rf"&\quad {row}" for row in total.rows[1:])]
    rows[-1] += r"\big)"
    rows.append(rf"&= {w.bold(float(found.update[i, j]), 4)}")
    return stacked(*rows, gap=_GAP)


def merged(drawn: LowRankShown, w: Writer) -> str:
    """W_ij + ΔW_ij."""
    found, i, j = drawn.found, drawn.output, drawn.input
    value = w.tint(SUM, w.bold(float(found.merged[i, j]), 4))
    own, more = float(found.weight[i, j]), float(found.update[i, j])
    return rf"W'_{{{i},\,{j}}} = {w.number(own, 4)} + {w.factor(more, None, 4)} = {value}"


def parameters(drawn: LowRankShown, learned: int, everything: int, w: Writer) -> str:
    """r (d_in + d_out) against d_in · d_out, and of the whole model."""
    grouped = w.style.notation.tex_grouped
    out, into = drawn.found.shape
    share = w.style.notation.fixed(100 * learned / everything, 1)
    kept = "r'" if drawn.found.rank < drawn.most else "r"
    return stacked(
        rf"{kept}\,(d_\mathrm{{in}} + d_\mathrm{{out}}) &= "
        rf"{drawn.found.rank} \cdot ({into} + {out}) = "
        rf"{bold(grouped(drawn.found.parameters))}",
        rf"d_\mathrm{{in}} \cdot d_\mathrm{{out}} &= {into} \cdot {out} = {grouped(into * out)}",
        rf"{w.words('model')}\text{{: }} &{grouped(learned)} / {grouped(everything)} = "
        rf"{w.words('percent', n=share)}",
        gap=_GAP,
    )
