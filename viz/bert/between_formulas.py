r"""One share of a pair's attention as LaTeX for KaTeX: a row's sum, then the mean over the rows."""

from __future__ import annotations

import numpy as np

from models.trace import AttentionTrace
from viz.bert.between import WAYS, Part, groups
from viz.formula.layout import Formula, Sum, aligned, bold, equal, in_line, under
from viz.formula.writer import Writer

_NAMES = ("A", "B")


def share(trace: AttentionTrace, found: Part, among: str, w: Writer) -> tuple[Formula, Formula]:
    """(the chosen row's sum, the mean over the rows) of one way from a sentence to a sentence."""
    (asking, rows), (answering, columns) = ((_NAMES[n], groups(trace)[n]) for n in WAYS[among])
    weights = found.full.astype(np.float64)
    row = weights[found.query, columns]
    sums = weights[np.ix_(rows, columns)].sum(axis=1)
    alpha = w.tint("weight", r"\alpha_{ij}")
    fine = w.finer(2).factor  # as many digits for the rest as for what is written
    inner = w.sum(row, lambda j: w.tint("weight", w.share(row[j])), rest=fine)
    outer = w.sum(sums, lambda i: w.share(sums[i]), rest=fine)
    way, n = rf"s_{{{asking} \to {answering}}}", len(rows)
    value, whole = bold(w.share(float(sums.mean()))), w.share(outer.value)
    first = Formula(
        rf"s_i = \sum_{{j \in {answering}}} {alpha}",
        _written(f"s_{{{_word(trace, found.query, w)}}}", inner, w.share(inner.value), w),
        inner.terms,
        inner.left_out,
    )
    second = Formula(
        rf"{way} = \frac{{1}}{{|{asking}|}} \sum_{{i \in {asking}}} s_i",
        _written(rf"{n}\,{way}", outer, whole, w) if n > 1 else equal(way, value),
        outer.terms,
        outer.left_out,
        result=equal(way, rf"\tfrac{{1}}{{{n}}} \cdot {whole}", value),
    )
    return first, second


def _written(left: str, total: Sum, result: str, w: Writer) -> str:
    """On one line while not all terms are written."""
    if w.most is not None:
        return in_line(left, total, result)
    return aligned(left, total.rows, [result])


def split(trace: AttentionTrace, found: Part, w: Writer) -> Formula:
    """The chosen row whole: what goes to A, to B and to the special tokens."""
    row = found.full[found.query].astype(np.float64)
    names = (*_NAMES, w.words("special"))
    shown = " + ".join(
        under(w.tint("weight", w.share(float(row[places].sum()))), name)
        for places, name in zip(groups(trace), names, strict=True)
    )
    word = _word(trace, found.query, w)
    own, any_cell = (w.tint("weight", rf"\alpha_{{{place}}}") for place in (f"{word},j", "ij"))
    general = rf"\sum_j {any_cell} = s_A + s_B + s_{{{names[2]}}}"
    return Formula(general, equal(rf"\sum_j {own}", shown, w.share(float(row.sum()))))


def _word(trace: AttentionTrace, place: int, w: Writer) -> str:
    return w.text((trace.typed or trace.tokens)[place], "q")
