r"""One number of a head's query: over all of x, and over the part that a cut x would leave."""

from __future__ import annotations

from models.scores.splitting import Split
from viz.formula.layout import bold, gathered, laid, stacked
from viz.formula.products import dot
from viz.formula.writer import Writer


def shapes(found: Split, w: Writer) -> str:
    r"""X·W_Q = Q with their sizes, then Q cut into heads."""
    n, width, whole = len(found.x), found.width, found.heads * found.d
    q, cut = w.tint("q", "Q"), w.tint("q", rf"Q_0 \dots Q_{{{found.heads - 1}}}")
    return stacked(
        rf"\underset{{{n} \times {width}}}{{X}} \cdot "
        rf"\underset{{{width} \times {whole}}}{{{w.tint('q', 'W_Q')}}} &= "
        rf"\underset{{{n} \times {whole}}}{{{q}}}",
        rf"&\to \underset{{{found.heads}\text{{ × }}({n} \times {found.d})}}{{{cut}}}",
        gap=0.6,
    )


def sums(found: Split, token: int, dim: int, w: Writer) -> tuple[str, str]:
    """Number `dim` of the head's query of a token: of all of x, and of x cut first."""
    whole = _sum(found, token, dim, (0, found.width), w)
    return whole, _sum(found, token, dim, found.rows, w)


def _sum(found: Split, token: int, dim: int, rows: tuple[int, int], w: Writer) -> str:
    """Over x's numbers start … stop − 1: in general above, with its numbers below."""
    column, (start, stop) = found.columns[0] + dim, rows
    general = rf"\sum_{{c={start}}}^{{{stop - 1}}} x_c\,{w.tint('q', '(W_Q)')}_{{c,{column}}}"
    bias = None
    if found.w_q.bias is not None:
        bias = (float(found.w_q.bias[column]), rf"(b_Q)_{{{column}}}", "q")
        general += f" + {w.tint('q', 'b_Q')}"
    x, weights = found.x[token, start:stop], found.w_q.weight[start:stop, column]
    total = dot(w, x, weights, ("ink", "q"), bias)
    left = w.tint("q", f"q_{{{column}}}")
    value = bold(w.tint("q", w.number(total.value)))
    return gathered(rf"{left} = {general}", laid("", total, value, w.room), gap=0.4)
