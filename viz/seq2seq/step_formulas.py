r"""A step of additive attention and of the word after it as LaTeX for KaTeX, with its numbers.

e_{t,j} = vᵀ·tanh(W·h_t + U·H_j + b), α = softmax(e), C_t = Σ_j α·H_j (Bahdanau et al. 2015), then
z = tanh(W_c·[h_t; C_t] + b_c), logits = W_o·z + b_o, p = softmax (order: Luong et al. 2015).
Numbers are float64 sums of what the model recorded, shown rounded.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.trace import Floats
from viz.board.style import Style
from viz.formula.layout import ALPHA
from viz.formula.step import Writer, writer
from viz.formula.sums import Formula, Sum, aligned
from viz.heads.query_row import exponentials
from viz.seq2seq.step import Decoding

MORE = 6  # terms of a sum that are written out


def _made(general: str, left: str, total: Sum, results: Sequence[str]) -> Formula:
    return Formula(
        general,
        aligned(left, total.rows, results),
        total.terms,
        total.left_out,
        rows=aligned(left, total.rows, []),
        result=aligned("", [], results),
    )


def score_value(decoding: Decoding) -> float:
    """e of the chosen step and source piece, summed in float64."""
    return float(score_terms(decoding).sum())


def score_terms(decoding: Decoding) -> Floats:
    """(a,): v·tanh(W·h_t + U·H_j + b), float64."""
    found = decoding.attention
    inside = found.query[decoding.step].astype(np.float64) + found.key[decoding.source]
    terms: Floats = found.v.astype(np.float64) * np.tanh(inside)
    return terms


def score(
    decoding: Decoding, style: Style, *, finer: bool = False, most: int | None = MORE
) -> Formula:
    """e_{t,j}: a term a unit of the score, each with its share of h_t and of H_j."""
    w, found = writer(decoding, style, finer, most), decoding.attention
    q, k, v = found.query[decoding.step], found.key[decoding.source], found.v

    def write(a: int) -> str:
        return w.score_term(float(v[a]), float(q[a]), float(k[a]))

    total = w.sum(score_terms(decoding), write)
    h, state = w.tint("q", "W h_t"), w.tint("k", "U H_j + b")
    general = rf"{w.tint('plus', 'e_{t,j}')} = v^\top \tanh({h} + {state})"
    left = rf"{w.tint('plus', 'e')}_{{t,\,{w.source}}}"
    return _made(general, left, total, [w.score(total.value)])


def unit(decoding: Decoding) -> int:
    """The unit of the score whose term is the largest in size."""
    return int(np.abs(score_terms(decoding)).argmax())


def inner(
    decoding: Decoding, style: Style, *, finer: bool = False, most: int | None = MORE
) -> tuple[Formula, Formula]:
    """That unit's share of h_t, and of H_j with the bias: the two numbers inside its tanh."""
    w, found = writer(decoding, style, finer, most), decoding.attention
    a = unit(decoding)
    rows = (
        ("q", "W h_t", found.w, decoding.trace.h[decoding.step]),
        ("k", "U H_j + b", found.u, decoding.trace.encoder[decoding.source]),
    )
    formulas = []
    for role, name, projection, values in rows:
        weight = projection.weight[:, a].astype(np.float64)
        terms = weight * values

        def write(
            i: int, weight: Floats = weight, values: Floats = values, role: str = role
        ) -> str:
            return rf"{w.factor(float(weight[i]))} \cdot {w.factor(float(values[i]), role)}"

        extra = [] if projection.bias is None else [_named(w, float(projection.bias[a]), "b")]
        total = w.sum(terms, write, extra)
        value = total.value + projection.bias_at(a)
        left = rf"({w.tint(role, name)})_{{{a}}}"
        formulas.append(_made(left, left, total, [w.tint(role, w.number(value))]))
    return formulas[0], formulas[1]


def _named(w: Writer, value: float, name: str) -> str:
    """A bias with its name below."""
    return rf"\underbrace{{{w.factor(value)}}}_{{{name}}}"


def weight(
    decoding: Decoding, style: Style, *, finer: bool = False, most: int | None = MORE
) -> Formula:
    """α of the chosen piece: its eˢ over the row's sum."""
    w = writer(decoding, style, finer, most)
    scores = decoding.attention.scores[decoding.step].astype(np.float64)
    e, shift = exponentials(scores)
    total = w.sum(e, lambda j: _power(w, e[j], j == decoding.source))
    less = " - m" if shift else ""
    power = w.tint("plus", "e_{t,j}")
    below = w.tint("plus", "e_{t,j'}")
    alpha = w.tint("weight", ALPHA)
    general = (
        rf"{w.tint('weight', ALPHA + '_{t,j}')} = "
        rf"\frac{{\exp({power}{less})}}{{\sum_{{j'}} \exp({below}{less})}}"
    )
    value = float(e[decoding.source] / e.sum())
    significant = style.notation.tex_significant
    left = rf"{alpha}_{{t,\,{w.source}}}"
    exponent = w.score(float(scores[decoding.source]))
    exponent += rf" - {w.factor(shift)}" if shift else ""
    ends = [
        rf"\frac{{\exp({exponent})}}{{\Sigma}}",
        rf"\frac{{{significant(float(e[decoding.source]))}}}{{{significant(total.value)}}}",
        w.tint("weight", rf"\mathbf{{{w.share(value)}}}"),
    ]
    sums = aligned(r"\Sigma", total.rows, [significant(total.value)])
    chosen = rf"\begin{{gathered}} {sums} \\[0.5em] {left} = {' = '.join(ends)} \end{{gathered}}"
    return Formula(general, chosen, total.terms, total.left_out, shift)


def _power(w: Writer, value: float, chosen: bool) -> str:
    body = w.style.notation.tex_significant(float(value))
    return w.tint("weight", body) if chosen else body


def context(
    decoding: Decoding, style: Style, *, finer: bool = False, most: int | None = MORE
) -> Formula:
    """C_t at the chosen dimension: every state's number there, by its weight."""
    w, d = writer(decoding, style, finer, most), decoding.dim
    alpha = decoding.weights.astype(np.float64)
    states = decoding.trace.encoder[:, d].astype(np.float64)

    def write(j: int) -> str:
        return w.context_term(float(alpha[j]), float(states[j]))

    total = w.sum(alpha * states, write)
    terms = rf"{w.tint('weight', ALPHA + '_{t,j}')}\, {w.tint('k', 'H_j')}"
    general = rf"{w.tint('output', 'C_t')} = \sum_j {terms}"
    left = rf"{w.tint('output', 'C')}_{{t,\,{d}}}"
    return _made(general, left, total, [w.tint("output", w.number(total.value))])


def joined(
    decoding: Decoding, style: Style, *, finer: bool = False, most: int | None = MORE
) -> Formula:
    """z at the unit that says most about the word: tanh of a sum over h_t and C_t."""
    w, trace, k = writer(decoding, style, finer, most), decoding.trace, decoding.feature
    values = trace.joined[decoding.step].astype(np.float64)
    weight = trace.combine.weight[:, k].astype(np.float64)

    def write(i: int) -> str:
        return w.joined_term(i, weight, values, bias)

    bias = trace.combine.bias_at(k)
    total = w.sum(weight * values, write, [_named(w, bias, "b_c")])
    inside = total.value + bias
    pair = rf"[{w.tint('q', 'h_t')};\, {w.tint('output', 'C_t')}]"
    general = rf"z_t = \tanh(W_c\, {pair} + b_c)"
    made = _made(general, rf"\Sigma_{{{k}}}", total, [w.number(inside)])
    value = rf"\mathbf{{{w.number(float(np.tanh(inside)))}}}"
    left = rf"z_{{t,\,{k}}} = \tanh({w.number(inside)}) = {value}"
    return Formula(
        general,
        rf"\begin{{gathered}} {made.chosen} \\[0.4em] {left} \end{{gathered}}",
        total.terms,
        total.left_out,
        rows=made.rows,
        result=left,
    )


def logit(
    decoding: Decoding, style: Style, *, finer: bool = False, most: int | None = MORE
) -> Formula:
    """The score of the step's word among all words."""
    w, trace = writer(decoding, style, finer, most), decoding.trace
    z, weight = trace.z[decoding.step], trace.head.weight[:, decoding.word]

    def write(k: int) -> str:
        return rf"{w.factor(float(weight[k]))} \cdot {w.factor(float(z[k]))}"

    bias = trace.head.bias_at(decoding.word)
    total = w.sum(decoding.features, write, [_named(w, bias, "b_o")])
    left = rf"\ell_{{{w.word}}}"
    value = total.value + bias
    return _made(r"\ell = W_o\, z_t + b_o", left, total, [rf"\mathbf{{{w.number(value)}}}"])


def probability(decoding: Decoding, style: Style, *, finer: bool = False) -> Formula:
    """The word's share of all exp(logit), the largest logit taken off first."""
    w = writer(decoding, style, finer, None)
    e, top = decoding.powers
    mine = float(decoding.trace.logits[decoding.step, decoding.word])
    value = float(e[decoding.word] / e.sum())
    significant = style.notation.tex_significant
    general = r"p = \operatorname{softmax}(\ell)"
    share = rf"\frac{{\exp({w.number(mine)} - {w.factor(top)})}}{{{significant(float(e.sum()))}}}"
    chosen = rf"p({w.word}) = {share} = \mathbf{{{w.share(value)}}}"
    return Formula(general, chosen, len(e), shift=top)
