r"""One share of a pair's attention as LaTeX for KaTeX: a row's sum, then the mean over the rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.trace import AttentionTrace
from viz.bert.between import WAYS, Part, groups
from viz.board.notation import tex_word
from viz.formula.sums import (
    Formula,
    Sum,
    aligned,
    in_line,
)
from viz.formula.terms import Terms

_NAMES = ("A", "B")


def share(trace: AttentionTrace, found: Part, among: str, w: Terms) -> tuple[Formula, Formula]:
    """(the chosen row's sum, the mean over the rows) of one way from a sentence to a sentence."""
    asks, answers = WAYS[among]
    rows, columns = groups(trace)[asks], groups(trace)[answers]
    weights = found.full.astype(np.float64)
    row = weights[found.query, columns]
    sums = weights[np.ix_(rows, columns)].sum(axis=1)
    name = rf"s_{{{_word(trace, found.query, w)}}}"
    alpha = w.tint("weight", r"\alpha_{ij}")
    fine = replace(w, digits=w.digits + 2)  # as many digits for the rest as for what is written
    inner = fine.sum(row, lambda j: w.tint("weight", w.share(float(row[j]))))
    outer = fine.sum(sums, lambda i: w.share(float(sums[i])))
    way = rf"s_{{{_NAMES[asks]} \to {_NAMES[answers]}}}"
    n = len(rows)
    value = rf"\mathbf{{{w.share(float(sums.mean()))}}}"
    first = Formula(
        rf"s_i = \sum_{{j \in {_NAMES[answers]}}} {alpha}",
        _written(name, inner, w.share(float(row.sum())), w),
        inner.terms,
        inner.left_out,
    )
    total = [rf"\tfrac{{1}}{{{n}}} \cdot {w.share(float(sums.sum()))}", value]
    second = Formula(
        rf"{way} = \frac{{1}}{{|{_NAMES[asks]}|}} \sum_{{i \in {_NAMES[asks]}}} s_i",
        _written(rf"{n}\,{way}", outer, w.share(float(sums.sum())), w)
        if n > 1
        else f"{way} = {value}",
        outer.terms,
        outer.left_out,
        result=f"{way} = " + " = ".join(total),
    )
    return first, second


def _written(left: str, total: Sum, result: str, w: Terms) -> str:
    """On one line while not all terms are written."""
    if w.most is not None:
        return in_line(left, total.rows, result)
    return aligned(left, total.rows, [result])


def split(trace: AttentionTrace, found: Part, w: Terms) -> Formula:
    """The chosen row whole: what goes to A, to B and to the special tokens."""
    row = found.full[found.query].astype(np.float64)
    parts = [float(row[places].sum()) for places in groups(trace)]
    names = ("A", "B", w.words("special"))
    shown = [
        rf"\underbrace{{{w.tint('weight', w.share(part))}}}_{{{name}}}"
        for part, name in zip(parts, names, strict=True)
    ]
    word = _word(trace, found.query, w)
    any_cell = w.tint("weight", r"\alpha_{ij}")
    own = w.tint("weight", rf"\alpha_{{{word},j}}")
    general = rf"\sum_j {any_cell} = s_A + s_B + s_{{{names[2]}}}"
    return Formula(
        general,
        rf"\sum_j {own} = {' + '.join(shown)} = "
        rf"{w.share(float(row.sum()))}",
    )


def _word(trace: AttentionTrace, place: int, w: Terms) -> str:
    typed = trace.typed or trace.tokens
    return w.tint("q", rf"\text{{{tex_word(typed[place])}}}")
