r"""What one step of an unrolled network answers, as LaTeX for KaTeX: logit and probability.

ℓ = W_o·h_t + b_o, p = softmax(ℓ); of a decoder z_t = tanh(W_c·[h_t; context] + b_c) stands for h_t.
Where nothing is read out, the chosen unit's state with its gates: viz.lstm.cell_formulas.
Numbers are float64 sums of what the model recorded, shown rounded.
"""

from __future__ import annotations

from viz.board.notation import coloured
from viz.formula.layout import Formula, equal, laid
from viz.formula.products import dot
from viz.formula.softmax import share_of_many
from viz.formula.writer import Writer
from viz.lstm.cell_formulas import sums
from viz.lstm.shapes import Seen
from viz.lstm.step import Reading

MOST_SHOWN = 4  # terms of a logit that are written out
_LONGEST = 12  # characters of an answer below a letter


def logit(seen: Seen, w: Writer) -> Formula:
    """The answer's logit: its row of W_o times the state. ValueError: the step has no answer.

    w.style.labels: rest (n).
    """
    answer, found = _answer(seen), seen.found
    output, letter = found.answers[answer], "h" if found.decoder is None else "z"
    values = found.features[answer]
    bias = (found.head.bias_at(output), "b_o")
    total = dot(w, found.head.weight[:, output], values, (None, None), bias)
    state = coloured(w.style.theme.state_h, f"{letter}_t")
    general = rf"\ell = W_o\, {state} + b_o"
    name = rf"\ell_{{{w.text(seen.said[answer], longest=_LONGEST)}}}"
    return Formula(
        general, laid(name, total, w.bold(total.value), w.room), total.terms, total.left_out
    )


def probability(seen: Seen, w: Writer) -> Formula:
    """The answer's share of the softmax. ValueError: the step has no answer."""
    answer, found = _answer(seen), seen.found
    part = share_of_many(found.logits[answer], found.answers[answer])
    ratio = rf"\frac{{e^{{\,{part.exponent(w, signed=False)}}}}}{{{w.significant(part.total)}}}"
    name = f"p_{{{w.text(seen.said[answer], longest=_LONGEST)}}}"
    value = coloured(w.style.theme.output, rf"\mathbf{{{w.share(part.value)}}}")
    return Formula(r"p = \operatorname{softmax}(\ell)", equal(name, ratio, value), len(part.e))


def joined(seen: Seen, w: Writer) -> str:
    """How a decoder's z comes from its state and from what it is told of the source."""
    theme = w.style.theme
    told = "v" if seen.found.weights is None else "C_t"
    colour = theme.gold if seen.found.weights is None else theme.weight
    pair = rf"[{coloured(theme.state_h, 'h_t')};\, {coloured(colour, told)}]"
    return rf"z_t = \tanh(W_c\, {pair} + b_c)"


def state(seen: Seen, w: Writer) -> Formula:
    """The chosen unit's gates and state at a step that answers nothing. ValueError: a decoder's.

    w.style.labels: silent.
    """
    if not seen.found.layers:
        raise ValueError("a decoder alone has no layers that read")
    layer = seen.found.layers[-1]
    steps, units = layer.h.shape
    words = seen.found.inputs[:steps]
    return sums(Reading(layer, words, seen.step, seen.unit % units, range(units)), w)


def _answer(seen: Seen) -> int:
    if seen.answer is None:
        raise ValueError(f"step {seen.step} has no answer")
    return seen.answer
