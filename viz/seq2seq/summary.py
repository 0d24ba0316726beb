r"""All sums of a decoder step in short, a line each: score, weight, context, z, logit, probability.

The formulas are those of viz.seq2seq.step_formulas; of every sum one term stands there, the
largest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from models.trace import Floats
from viz.formula.layout import ALPHA, bold, equal, stacked
from viz.formula.products import product, weighed
from viz.formula.softmax import Share
from viz.formula.width import fits
from viz.formula.writer import Writer
from viz.seq2seq import step_formulas as formulas
from viz.seq2seq.step import Decoding

_ROOM = 24.0  # em: the type is a little smaller here


def brief(w: Writer, decoding: Decoding) -> str:
    """All of them in the order in which they are computed, aligned at the equals signs."""
    rows: list[str] = []
    for make in (_score, _weight, _context, _joined, _logit, _probability):
        general, numbers = make(w, decoding)
        rows += [_row(general) + r" \\[0.1em]", _row(numbers) + r" \\[0.55em]"]
    return stacked(" ".join(rows))


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
    return f"{write(largest)} {sign} {w.rest(len(terms) - 1, w.number(abs(rest)))}"


def _powers(w: Writer, found: Share, *, signed: bool) -> str:
    total = w.significant(found.total, formulas.SIGNIFICANT)
    return rf"\dfrac{{\exp({found.exponent(w, signed=signed)})}}{{{total}}}"


# Each of these: the formula, and the same with its numbers.


def _score(w: Writer, decoding: Decoding) -> tuple[str, str]:
    terms = formulas.score_terms(decoding)
    made = _sum(w, terms, formulas.score_term(w, decoding))
    name = f"{w.tint('plus', 'e')}_{{{formulas.source(w, decoding)}}}"
    general = equal(w.tint("plus", "e_j"), formulas.score_general(w))
    return general, equal(name, made, w.score(terms.sum()))


def _weight(w: Writer, decoding: Decoding) -> tuple[str, str]:
    found, alpha = formulas.source_share(decoding), w.tint("weight", ALPHA)
    general = rf"{alpha} = \operatorname{{softmax}}({w.tint('plus', 'e')})"
    value = w.tint("weight", bold(w.share(found.value)))
    name = f"{alpha}_{{{formulas.source(w, decoding)}}}"
    return general, equal(name, _powers(w, found, signed=True), value)


def _context(w: Writer, decoding: Decoding) -> tuple[str, str]:
    d, alpha = decoding.dim, decoding.weights.astype(np.float64)
    states = decoding.trace.encoder[:, d].astype(np.float64)

    def write(j: int) -> str:
        return weighed(w, alpha[j], states[j], "k")

    value = w.tint("output", w.bold(float(alpha @ states)))
    numbers = equal(rf"{w.tint('output', 'C')}_{{t,\,{d}}}", _sum(w, alpha * states, write), value)
    return formulas.context_general(w, "_j"), numbers


def _affine(
    w: Writer, weight: Floats, values: Floats, bias: float, role: Callable[[int], str | None]
) -> tuple[str, float]:
    """w·x + b with one term, which may be the bias, and its value."""
    a, x = weight.astype(np.float64), values.astype(np.float64)
    terms = np.append(a * x, bias)

    def write(i: int) -> str:
        return w.number(bias) if i == len(x) else product(w, a[i], x[i], None, role(i))

    return _sum(w, terms, write), float(terms.sum())


def _joined(w: Writer, decoding: Decoding) -> tuple[str, str]:
    trace, k = decoding.trace, decoding.feature
    weight, values = trace.combine.weight[:, k], trace.joined[decoding.step]
    made, inside = _affine(
        w, weight, values, trace.combine.bias_at(k), formulas.joined_role(decoding)
    )
    return formulas.joined_general(
        w
    ), rf"z_{{t,\,{k}}} = \tanh({made}) = {w.bold(float(np.tanh(inside)))}"


def _logit(w: Writer, decoding: Decoding) -> tuple[str, str]:
    trace, chosen = decoding.trace, decoding.word
    weight, z = trace.head.weight[:, chosen], trace.z[decoding.step]
    made, total = _affine(w, weight, z, trace.head.bias_at(chosen), lambda _: None)
    return formulas.LOGIT, equal(rf"\ell_{{{formulas.word(w, decoding)}}}", made, w.bold(total))


def _probability(w: Writer, decoding: Decoding) -> tuple[str, str]:
    found = formulas.word_share(decoding)
    power, value = _powers(w, found, signed=False), bold(w.share(found.value))
    return formulas.SOFTMAX, equal(f"p_{{{formulas.word(w, decoding)}}}", power, value)
