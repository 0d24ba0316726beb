r"""All sums of a decoder step in short, a line each: score, weight, context, z, logit, probability.

The formulas are those of viz.seq2seq.step_formulas; of every sum one term stands there, the
largest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.trace import Floats
from viz.board.style import Style
from viz.formula.layout import ALPHA
from viz.formula.step import Writer, writer
from viz.formula.width import fits
from viz.heads.query_row import exponentials
from viz.seq2seq.step import Decoding
from viz.seq2seq.step_formulas import score_terms

_ROOM = 24.0  # em: the type is a little smaller here
Line = tuple[str, str]  # the formula, and the same with its numbers


def brief(decoding: Decoding, style: Style, *, finer: bool = False) -> str:
    """All of them in the order in which they are computed, aligned at the equals signs."""
    w = writer(decoding, style, finer, 1)
    rows: list[str] = []
    for make in (_score, _weight, _context, _joined, _logit, _probability):
        general, numbers = make(w)
        rows += [_row(general) + r" \\[0.1em]", _row(numbers) + r" \\[0.55em]"]
    return r"\begin{aligned} " + " ".join(rows) + r" \end{aligned}"


def _row(line: str) -> str:
    """Aligned at its first equals sign; what is too long goes on below, from the last one."""
    left, right = line.split(" = ", 1)
    if not fits([left, right], _ROOM) and " = " in right:
        body, result = right.rsplit(" = ", 1)
        return rf"{left} &= {body} \\ &= {result}"
    return rf"{left} &= {right}"


def _sum(w: Writer, terms: Floats, write: Callable[[int], str]) -> str:
    """The largest term and all others as one."""
    largest = int(np.abs(terms).argmax())
    rest = float(terms.sum() - terms[largest])
    if len(terms) == 1:
        return write(largest)
    sign = "-" if rest < 0 else "+"
    words = w.words("rest", n=len(terms) - 1)
    return rf"{write(largest)} {sign} \underbrace{{{w.number(abs(rest))}}}_{{{words}}}"


def _score(w: Writer) -> Line:
    terms, found, step = score_terms(w.decoding), w.decoding.attention, w.decoding.step
    q, k, v = found.query[step], found.key[w.decoding.source], found.v
    made = _sum(w, terms, lambda a: w.score_term(float(v[a]), float(q[a]), float(k[a])))
    general = rf"v^\top \tanh({w.tint('q', 'W h_t')} + {w.tint('k', 'U H_j + b')})"
    name = rf"{w.tint('plus', 'e')}_{{{w.source}}}"
    return rf"{w.tint('plus', 'e_j')} = {general}", rf"{name} = {made} = {w.score(terms.sum())}"


def _weight(w: Writer) -> Line:
    scores = w.decoding.attention.scores[w.decoding.step].astype(np.float64)
    e, shift = exponentials(scores)
    less = f" - {w.factor(shift)}" if shift else ""
    mine = scores[w.decoding.source]
    total = w.style.notation.tex_significant(float(e.sum()))
    share = w.tint("weight", rf"\mathbf{{{w.share(float(e[w.decoding.source] / e.sum()))}}}")
    alpha = w.tint("weight", ALPHA)
    general = rf"{alpha} = \operatorname{{softmax}}({w.tint('plus', 'e')})"
    value = rf"\dfrac{{\exp({w.score(float(mine))}{less})}}{{{total}}}"
    return general, rf"{alpha}_{{{w.source}}} = {value} = {share}"


def _context(w: Writer) -> Line:
    decoding, d = w.decoding, w.decoding.dim
    alpha = decoding.weights.astype(np.float64)
    states = decoding.trace.encoder[:, d].astype(np.float64)
    made = _sum(w, alpha * states, lambda j: w.context_term(float(alpha[j]), float(states[j])))
    value = w.tint("output", rf"\mathbf{{{w.number(float(alpha @ states))}}}")
    general = rf"{w.tint('weight', ALPHA + '_j')}\, {w.tint('k', 'H_j')}"
    name = rf"{w.tint('output', 'C')}_{{{d}}}"
    return rf"{w.tint('output', 'C_t')} = \sum_j {general}", rf"{name} = {made} = {value}"


def _joined(w: Writer) -> Line:
    trace, k = w.decoding.trace, w.decoding.feature
    values = trace.joined[w.decoding.step].astype(np.float64)
    weight = trace.combine.weight[:, k].astype(np.float64)
    bias = trace.combine.bias_at(k)
    terms = np.append(weight * values, bias)
    made = _sum(w, terms, lambda i: w.joined_term(i, weight, values, bias))
    inside = float(terms.sum())
    value = rf"\mathbf{{{w.number(float(np.tanh(inside)))}}}"
    pair = rf"[{w.tint('q', 'h_t')};\, {w.tint('output', 'C_t')}]"
    general = rf"z_t = \tanh(W_c\, {pair} + b_c)"
    return general, rf"z_{{{k}}} = \tanh({made}) = {value}"


def _logit(w: Writer) -> Line:
    trace = w.decoding.trace
    z, weight = trace.z[w.decoding.step], trace.head.weight[:, w.decoding.word]
    bias = trace.head.bias_at(w.decoding.word)
    terms = np.append(w.decoding.features, bias)

    def write(k: int) -> str:
        if k == len(z):
            return w.number(bias)
        return rf"{w.factor(float(weight[k]))} \cdot {w.factor(float(z[k]))}"

    made = _sum(w, terms, write)
    value = rf"\mathbf{{{w.number(float(terms.sum()))}}}"
    return r"\ell = W_o\, z_t + b_o", rf"\ell_{{{w.word}}} = {made} = {value}"


def _probability(w: Writer) -> Line:
    e, top = w.decoding.powers
    mine = float(w.decoding.trace.logits[w.decoding.step, w.decoding.word])
    share = w.share(float(e[w.decoding.word] / e.sum()))
    total = w.style.notation.tex_significant(float(e.sum()))
    power = rf"\dfrac{{\exp({w.number(mine)} - {w.factor(top)})}}{{{total}}}"
    return r"p = \operatorname{softmax}(\ell)", rf"p_{{{w.word}}} = {power} = \mathbf{{{share}}}"
