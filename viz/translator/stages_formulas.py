r"""A translator's blocks between the attentions as LaTeX: one dimension of each, with its numbers.

Embedding, residual and layer norm, feed-forward part, linear layer, softmax. Numbers are float64
sums of what the model recorded, shown rounded.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.trace import Floats, Projection
from models.translator.trace import FeedForward, Norm, wide
from viz.board.style import Style
from viz.formula.layout import ALPHA
from viz.formula.terms import Terms
from viz.formula.width import fits
from viz.translator.stages import Stepping

MOST, _FEW = 8, 3  # terms of a sum that are written out, and below a table of all of them
Lines = tuple[str, ...]  # formulas to stand below each other, the general one first


_ROOM, _ROW = 29.0, 25.0  # em of the page's smaller type: a line, and the terms in one


def _terms(style: Style, finer: bool, most: int = MOST) -> Terms:
    return Terms(style, 4 if finer else 2, most, room=_ROW)


def _stacked(*rows: str) -> str:
    """Rows aligned at their first equals sign."""
    return r"\begin{aligned} " + r" \\[0.35em] ".join(rows) + r" \end{aligned}"


def _laid(left: str, rows: Sequence[str], value: str) -> str:
    """left = row, row … = value: behind the equals sign, the value in the last row if it fits."""
    first, *others = rows
    lines = [rf"{left} &= {first}", *(rf"&\quad {row}" for row in others)]
    if fits([lines[-1], value], _ROOM):
        lines[-1] += f" = {value}"
    else:
        lines.append(f"&= {value}")
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}"


def _bold(body: str) -> str:
    return rf"\mathbf{{{body}}}"


def embedding(stepping: Stepping, style: Style, *, finer: bool = False) -> Lines:
    """Word vector, scaled, plus the position's sine or cosine."""
    w, d, place = _terms(style, finer), stepping.dim, stepping.row
    found = stepping.trace.source if stepping.side == "encoder" else stepping.trace.target
    vector, position = (float(a[place, d]) for a in (found.vectors, found.positions))
    width = found.positions.shape[1]
    token = w.text(stepping.token, "k" if stepping.side == "encoder" else "q")
    scale = rf"\sqrt{{{width}}}" if found.scale != 1 else "1"
    general = rf"x_i = {scale}\, E_{{w_i}} + P_i"
    wave = _wave(place, d, width)
    value = found.scale * vector + position
    product = rf"{w.number(found.scale)} \cdot {w.factor(vector, digits=w.digits + 2)}"
    left = rf"x_{{{token},\,{d}}}"
    plus = f"{w.number(found.scale * vector)} + {w.factor(position)}"
    rows = (
        rf"P_{{{place},\,{d}}} &= {wave} = {w.number(position, w.digits + 2)}",
        rf"{left} &= {product} + {w.factor(position)}",
        rf"&= {plus} = {_bold(w.number(value))}",
    )
    return general, _stacked(*rows)


def _wave(place: int, d: int, width: int) -> str:
    """Marian's layout: all sines, then all cosines (Vaswani et al. interleave them)."""
    half = (width + 1) // 2
    name, i = (r"\sin", d) if d < half else (r"\cos", d - half)
    return rf"{name}\!\left(\frac{{{place}}}{{10000^{{{2 * i}/{width}}}}}\right)"


def norm(stepping: Stepping, style: Style, *, finer: bool = False) -> Lines:
    """The residual at one dimension; its place's mean and variance; scaled and shifted."""
    w, d, found, place = _terms(style, finer), stepping.dim, stepping.norm, stepping.row
    return _norm_general(), _norm_numbers(w, found, place, d)


def _norm_general() -> str:
    return (
        r"r = x + \operatorname{f}(x) \qquad "
        r"y = \gamma \odot \frac{r - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta"
    )


def _norm_numbers(w: Terms, found: Norm, place: int, d: int) -> str:
    x, added, gain, bias = (
        float(a) for a in (found.x[place, d], found.added[place, d], found.gain[d], found.bias[d])
    )
    r, mean, variance = x + added, float(found.mean[place]), float(found.variance[place])
    width = found.x.shape[1]
    y = gain * (r - mean) / np.sqrt(variance + found.epsilon) + bias
    finest = w.digits + 2
    epsilon = w.style.notation.tex_scientific(found.epsilon, 0)
    apart = rf"{w.number(r, finest)} - {w.factor(mean, digits=finest)}"
    root = rf"\sqrt{{{w.number(variance, finest)} + {epsilon}}}"
    gamma, beta = (
        w.named(value, rf"\{name}_{{{d}}}", finest)
        for value, name in ((gain, "gamma"), (bias, "beta"))
    )
    return _stacked(
        rf"r_{{{d}}} &= {w.number(x, finest)} + {w.factor(added, digits=finest)}"
        rf" = {w.number(r, finest)}",
        rf"\mu &= \tfrac{{1}}{{{width}}} \textstyle\sum_c r_c = {w.number(mean, finest)} \quad"
        rf" \sigma^2 = \tfrac{{1}}{{{width}}} \textstyle\sum_c (r_c - \mu)^2"
        rf" = {w.number(variance, finest)}",
        rf"y_{{{d}}} &= {gamma} \cdot \frac{{{apart}}}{{{root}}} + {beta}"
        rf" = {_bold(w.number(float(y), finest))}",
    )


def unit(found: FeedForward, place: int, d: int) -> int:
    """The inner unit whose term in one dimension is the largest in size."""
    return int(np.abs(found.active[place] * wide(found.second.weight[:, d])).argmax())


def feed_forward(stepping: Stepping, style: Style, *, finer: bool = False) -> Lines:
    """The inner unit that says most about the dimension, its activation, and the outer sum."""
    w, d, found, place = _terms(style, finer), stepping.dim, stepping.feed, stepping.row
    j = unit(found, place, d)
    inner, active = float(found.inner[place, j]), float(found.active[place, j])
    general = r"u = x W_1 + b_1 \qquad a = f(u) \qquad y = a W_2 + b_2"
    first = _dot(w, wide(found.x[place]), found.first, j, rf"u_{{{j}}}", "b_1")
    second = _dot(w, found.active[place], found.second, d, rf"y_{{{d}}}", "b_2", strong=True)
    shown = {"swish": rf"u_{{{j}}}\,\sigma(u_{{{j}}})"}
    shown["silu"] = shown["swish"]
    name = shown.get(found.activation, rf"\operatorname{{{found.activation}}}(u_{{{j}}})")
    middle = rf"a_{{{j}}} = {name} = f({w.number(inner)}) = {w.number(active)}"
    return general, first, middle, second


def linear(stepping: Stepping, style: Style, *, finer: bool = False) -> Lines:
    """The logit of the word that is written: its row of the table times what the decoder made."""
    w, output, step = _terms(style, finer), stepping.trace.output, stepping.step
    chosen = stepping.trace.ids[step]
    word = w.text(stepping.word, "q")
    body = _dot(w, wide(output.x[step]), output.projection, chosen, rf"\ell_{{{word}}}", "b",
                strong=True)  # fmt: skip
    return r"\ell = h\,E^\top + b \qquad \ell_w = \sum_d h_d\, E_{w,d} + b_w", body


def _dot(
    w: Terms,
    x: Floats,
    projection: Projection,
    column: int,
    left: str,
    bias_name: str,
    *,
    strong: bool = False,
) -> str:
    """left = Σ x·w + b, the largest terms written out."""
    weight = wide(projection.weight[:, column])

    def write(t: int) -> str:
        return rf"{w.factor(float(x[t]))} \cdot {w.factor(float(weight[t]))}"

    bias = 0.0 if projection.bias is None else float(projection.bias[column])
    total = w.sum(x * weight, write, [w.named(bias, bias_name)])
    value = w.number(total.value + bias)
    return _laid(left, total.rows, _bold(value) if strong else value)


def attention(stepping: Stepping, style: Style, *, finer: bool = False) -> Lines:
    """The head's output at its weightiest number, and what W_O makes of all heads' outputs."""
    w, row, dim, t = _terms(style, finer, _FEW), stepping.row, stepping.dim, stepping.inside()
    steps, around = stepping.steps, stepping.around
    seen = np.flatnonzero(steps.weights[row])  # a masked key's term is none
    alpha, v = wide(steps.weights[row, seen]), wide(steps.v[seen, t])

    def mixed(j: int) -> str:
        share = w.tint("weight", style.notation.tex_weight(float(alpha[j]), w.digits + 1))
        return rf"{share} \cdot {w.factor(float(v[j]), 'v')}"

    mix = w.sum(alpha * v, mixed)
    output = w.tint("output", "o")
    value = w.tint("output", w.number(mix.value))
    first = _laid(rf"{output}_{{{t}}}", mix.rows, value)
    concat, weight = wide(around.concat[row]), wide(around.w_o.weight[:, dim])
    start, stop = stepping.columns

    def joined(c: int) -> str:
        role = "output" if start <= c < stop else "ink"
        return rf"{w.factor(float(concat[c]), role)} \cdot {w.factor(float(weight[c]))}"

    bias = 0.0 if around.w_o.bias is None else float(around.w_o.bias[dim])
    total = w.sum(concat * weight, joined, [w.named(bias, "b_O")])
    result = _bold(w.number(total.value + bias))
    mixture = rf"{w.tint('weight', ALPHA + '_j')}\, {w.tint('v', 'v_j')}"
    general = (
        rf"{output} = \textstyle\sum_j {mixture} \qquad y = [o^{{(0)}}; o^{{(1)}} \dots] W_O + b_O"
    )
    return general, first, _laid(rf"y_{{{dim}}}", total.rows, result)


def probability(stepping: Stepping, style: Style, *, finer: bool = False) -> Lines:
    """The word's share of e^logit over the whole vocabulary, the largest logit taken off first."""
    w, step = _terms(style, finer), stepping.step
    logits = wide(stepping.trace.logits[step])
    top, mine = float(logits.max()), float(logits[stepping.trace.ids[step]])
    total = float(np.exp(logits - top).sum())
    significant = style.notation.tex_significant
    word = w.text(stepping.word, "q")
    power = rf"\frac{{e^{{{w.number(mine, 4)} - {w.factor(top, digits=4)}}}}}"
    general = r"p_w = \frac{e^{\ell_w - m}}{\sum_{v} e^{\ell_v - m}} \qquad m = \max_v \ell_v"
    whole = rf"\textstyle\sum_v e^{{\ell_v - m}} &= {significant(total, 6)}"
    share = w.share(float(np.exp(mine - top) / total))
    shift = float(np.exp(mine - top))
    row = rf"p_{{{word}}} &= {power}{{{significant(total, 6)}}}"
    parts = rf"\frac{{{significant(shift, 6)}}}{{{significant(total, 6)}}}"
    return general, _stacked(whole, rf"{row} = {parts}", rf"&= {_bold(share)}")
