r"""A step of additive attention and of the word after it as LaTeX for KaTeX, with its numbers.

e_{t,j} = vᵀ·tanh(W·h_t + U·H_j + b), α = softmax(e), C_t = Σ_j α·H_j (Bahdanau et al. 2015), then
z = tanh(W_c·[h_t; C_t] + b_c), logits = W_o·z + b_o, p = softmax (order: Luong et al. 2015).
Numbers are float64 sums of what the model recorded, shown rounded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.trace import Floats, Projection
from viz.formula.layout import ALPHA, Formula, aligned, bold, equal, gathered, summed
from viz.formula.products import dot, weighted
from viz.formula.softmax import Share, share, share_of_many
from viz.formula.writer import Writer
from viz.seq2seq.step import Decoding

LOGIT, SOFTMAX = r"\ell = W_o\, z_t + b_o", r"p = \operatorname{softmax}(\ell)"
MORE = 6  # terms of a sum that are written out
SIGNIFICANT = 4  # digits of an eˢ


def score_terms(decoding: Decoding) -> Floats:
    """(a,): v·tanh(W·h_t + U·H_j + b), float64."""
    found = decoding.attention
    inside = found.query[decoding.step].astype(np.float64) + found.key[decoding.source]
    return np.asarray(found.v.astype(np.float64) * np.tanh(inside))


def score_term(w: Writer, decoding: Decoding) -> Callable[[int], str]:
    """One unit's v·tanh(q + k), written."""
    found = decoding.attention
    q, k = found.query[decoding.step], found.key[decoding.source]

    def write(a: int) -> str:
        key = float(k[a])
        inner = rf"{w.tint('q', w.number(float(q[a])))} {'-' if key < 0 else '+'} "
        inner += w.tint("k", w.number(abs(key)))
        return rf"{w.factor(float(found.v[a]))} \cdot \tanh({inner})"

    return write


def score(w: Writer, decoding: Decoding) -> Formula:
    """e_{t,j}: a term a unit of the score, each with its share of h_t and of H_j."""
    total = w.sum(score_terms(decoding), score_term(w, decoding))
    general = equal(w.tint("plus", "e_{t,j}"), score_general(w))
    left = rf"{w.tint('plus', 'e')}_{{t,\,{source(w, decoding)}}}"
    return summed(general, left, total, w.score(total.value))


def score_general(w: Writer) -> str:
    """v·tanh(W·h_t + U·H_j + b)."""
    return rf"v^\top \tanh({w.tint('q', 'W h_t')} + {w.tint('k', 'U H_j + b')})"


def source(w: Writer, decoding: Decoding) -> str:
    """The chosen source piece."""
    return w.text(decoding.sources[decoding.source], "k")


def word(w: Writer, decoding: Decoding) -> str:
    """The step's word."""
    return w.text(decoding.written[decoding.step])


def unit(decoding: Decoding) -> int:
    """The unit of the score whose term is the largest in size."""
    return int(np.abs(score_terms(decoding)).argmax())


def inner(w: Writer, decoding: Decoding) -> tuple[Formula, Formula]:
    """That unit's share of h_t, and of H_j with the bias: the two numbers inside its tanh."""
    found, a = decoding.attention, unit(decoding)

    def part(role: str, name: str, projection: Projection, values: Floats) -> Formula:
        bias = None if projection.bias is None else (float(projection.bias[a]), "b")
        total = dot(w, projection.weight[:, a], values, (None, role), bias)
        left = f"({w.tint(role, name)})_{{{a}}}"
        return summed(left, left, total, w.tint(role, w.number(total.value)))

    h, state = decoding.trace.h[decoding.step], decoding.trace.encoder[decoding.source]
    return part("q", "W h_t", found.w, h), part("k", "U H_j + b", found.u, state)


def weight(w: Writer, decoding: Decoding) -> Formula:
    """α of the chosen piece: its eˢ over the row's sum."""
    found = source_share(decoding)

    def write(j: int) -> str:
        body = w.significant(found.e[j], SIGNIFICANT)
        return w.tint("weight", body) if j == decoding.source else body

    total, less = w.sum(found.e, write), found.less
    power, every = (rf"\exp({w.tint('plus', f'e_{{t,{j}}}')}{less})" for j in ("j", "j'"))
    alpha = w.tint("weight", ALPHA + "_{t,j}")
    chosen = equal(
        rf"{w.tint('weight', ALPHA)}_{{t,\,{source(w, decoding)}}}",
        rf"\frac{{\exp({found.exponent(w)})}}{{\Sigma}}",
        found.fraction(w, SIGNIFICANT),
        w.tint("weight", bold(w.share(found.value))),
    )
    sums = aligned(r"\Sigma", total.rows, [w.significant(total.value, SIGNIFICANT)])
    return Formula(
        rf"{alpha} = \frac{{{power}}}{{\sum_{{j'}} {every}}}",
        gathered(sums, chosen, gap=0.5),
        total.terms,
        total.left_out,
        found.top,
    )


def source_share(decoding: Decoding) -> Share:
    """The chosen piece's share of the step's attention."""
    return share(decoding.attention.scores[decoding.step], decoding.source)


def context(w: Writer, decoding: Decoding) -> Formula:
    """C_t at the chosen dimension: every state's number there, by its weight."""
    d = decoding.dim
    total = weighted(w, decoding.weights, decoding.trace.encoder[:, d], "k")
    general = context_general(w, "_{t,j}")
    left = rf"{w.tint('output', 'C')}_{{t,\,{d}}}"
    return summed(general, left, total, w.tint("output", w.number(total.value)))


def context_general(w: Writer, index: str) -> str:
    """C_t = Σ_j α_j·H_j; index: of α."""
    terms = rf"{w.tint('weight', ALPHA + index)}\, {w.tint('k', 'H_j')}"
    return rf"{w.tint('output', 'C_t')} = \sum_j {terms}"


def joined(w: Writer, decoding: Decoding) -> Formula:
    """z at the unit that says most about the word: tanh of a sum over h_t and C_t."""
    trace, k = decoding.trace, decoding.feature
    weight, bias = trace.combine.weight[:, k], (trace.combine.bias_at(k), "b_c")
    total = dot(w, weight, trace.joined[decoding.step], (None, joined_role(decoding)), bias)
    inside = w.number(total.value)
    made = summed(joined_general(w), rf"\Sigma_{{{k}}}", total, inside)
    left = rf"z_{{t,\,{k}}} = \tanh({inside}) = {w.bold(float(np.tanh(total.value)))}"
    return replace(made, chosen=gathered(made.chosen, left, gap=0.4), result=left)


def joined_general(w: Writer) -> str:
    """z_t = tanh(W_c·[h_t; C_t] + b_c)."""
    pair = rf"[{w.tint('q', 'h_t')};\, {w.tint('output', 'C_t')}]"
    return rf"z_t = \tanh(W_c\, {pair} + b_c)"


def joined_role(decoding: Decoding) -> Callable[[int], str]:
    """The colour of [h_t; C_t] by place."""
    width = decoding.trace.h.shape[1]
    return lambda i: "q" if i < width else "output"


def logit(w: Writer, decoding: Decoding) -> Formula:
    """The score of the step's word among all words."""
    trace = decoding.trace
    z, weight = trace.z[decoding.step], trace.head.weight[:, decoding.word]
    total = dot(w, weight, z, bias=(trace.head.bias_at(decoding.word), "b_o"))
    left = rf"\ell_{{{word(w, decoding)}}}"
    return summed(LOGIT, left, total, w.bold(total.value))


def word_share(decoding: Decoding) -> Share:
    """The word's share of all exp(logit), the largest logit taken off first."""
    return share_of_many(decoding.trace.logits[decoding.step], decoding.word)


def probability(w: Writer, decoding: Decoding) -> Formula:
    """That share with its numbers."""
    found = word_share(decoding)
    total = w.significant(found.total, SIGNIFICANT)
    ratio = rf"\frac{{\exp({found.exponent(w, signed=False)})}}{{{total}}}"
    chosen = equal(f"p({word(w, decoding)})", ratio, bold(w.share(found.value)))
    return Formula(SOFTMAX, chosen, len(found.e), shift=found.top)
