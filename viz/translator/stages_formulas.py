r"""A translator's blocks between the attentions as LaTeX: one dimension of each, with its numbers.

Embedding, residual and layer norm, feed-forward part, linear layer, softmax. Numbers are float64
sums of what the model recorded, shown rounded.
"""

from __future__ import annotations

import numpy as np

from models.trace import Projection
from models.translator.blocks import FeedForward, Norm, double
from viz.formula.layout import ALPHA, bold, equal, laid, stacked
from viz.formula.norm import Normed
from viz.formula.products import Bias, dot, weighted
from viz.formula.softmax import share_of_many
from viz.formula.writer import Writer
from viz.translator.stages import Stepping

MOST, FEW = 8, 3  # terms of a sum that are written out, and below a table of all of them
Lines = tuple[str, ...]  # formulas to stand below each other, the general one first

_ROOM, ROW = 29.0, 25.0  # em of the page's smaller type: a line, and the terms in one
_GAP = 0.35  # em between rows
_SIGNIFICANT = 6  # digits of an eˢ


def embedding(stepping: Stepping, w: Writer) -> Lines:
    """Word vector, scaled, plus the position's sine or cosine."""
    d, place = stepping.dim, stepping.row
    encoder = stepping.side == "encoder"
    found = stepping.trace.source if encoder else stepping.trace.target
    vector, position = (float(a[place, d]) for a in (found.vectors, found.positions))
    width, scaled = found.positions.shape[1], found.scale * vector
    scale = rf"\sqrt{{{width}}}" if found.scale != 1 else "1"
    left = rf"x_{{{w.text(stepping.token, 'k' if encoder else 'q')},\,{d}}}"
    product = rf"{w.number(found.scale)} \cdot {w.factor(vector, digits=w.digits + 2)}"
    wave = equal(_wave(place, d, width), w.number(position, w.digits + 2))
    added = w.factor(position)
    rows = (
        rf"P_{{{place},\,{d}}} &= {wave}",
        f"{left} &= {product} + {added}",
        f"&= {w.number(scaled)} + {added} = {w.bold(scaled + position)}",
    )
    return rf"x_i = {scale}\, E_{{w_i}} + P_i", stacked(*rows, gap=_GAP)


def _wave(place: int, d: int, width: int) -> str:
    """Marian's layout: all sines, then all cosines (Vaswani et al. interleave them)."""
    half = (width + 1) // 2
    name, i = (r"\sin", d) if d < half else (r"\cos", d - half)
    return rf"{name}\!\left(\frac{{{place}}}{{10000^{{{2 * i}/{width}}}}}\right)"


def norm(stepping: Stepping, w: Writer) -> Lines:
    """The residual at one dimension; its place's mean and variance; scaled and shifted."""
    general = (
        r"r = x + \operatorname{f}(x) \qquad "
        r"y = \gamma \odot \frac{r - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta"
    )
    return general, _norm_numbers(w.finer(2), stepping.norm, stepping.row, stepping.dim)


def _norm_numbers(w: Writer, found: Norm, place: int, d: int) -> str:
    x, added, gain, bias = (
        float(a) for a in (found.x[place, d], found.added[place, d], found.gain[d], found.bias[d])
    )
    mean, variance = float(found.mean[place]), float(found.variance[place])
    normed = Normed(x + added, mean, variance, found.epsilon, gain, bias)
    epsilon = w.style.notation.tex_scientific(found.epsilon, 0)
    gamma, beta = w.named(gain, rf"\gamma_{{{d}}}"), w.named(bias, rf"\beta_{{{d}}}")
    mean_of = rf"\tfrac{{1}}{{{found.x.shape[1]}}} \textstyle\sum_c"
    return stacked(
        f"r_{{{d}}} &= {w.number(x)} + {w.factor(added)} = {w.number(normed.x)}",
        rf"\mu &= {mean_of} r_c = {w.number(mean)} \quad"
        rf" \sigma^2 = {mean_of} (r_c - \mu)^2 = {w.number(variance)}",
        rf"y_{{{d}}} &= {gamma} \cdot {normed.fraction(w, epsilon, w.digits)} + {beta}"
        f" = {w.bold(normed.value)}",
        gap=_GAP,
    )


def unit(found: FeedForward, place: int, d: int) -> int:
    """The inner unit whose term in one dimension is the largest in size."""
    return int(np.abs(found.active[place] * double(found.second.weight[:, d])).argmax())


def feed_forward(stepping: Stepping, w: Writer) -> Lines:
    """The inner unit that says most about the dimension, its activation, and the outer sum."""
    d, found, place = stepping.dim, stepping.feed, stepping.row
    j = unit(found, place, d)
    inner, active = (w.number(float(a[place, j])) for a in (found.inner, found.active))
    first = dot(w, found.x[place], found.first.weight[:, j], bias=_bias(found.first, j, "b_1"))
    second = dot(
        w, found.active[place], found.second.weight[:, d], bias=_bias(found.second, d, "b_2")
    )
    u = f"u_{{{j}}}"
    name = rf"\operatorname{{{found.activation}}}({u})"
    if found.activation in ("swish", "silu"):
        name = rf"{u}\,\sigma({u})"
    return (
        r"u = x W_1 + b_1 \qquad a = f(u) \qquad y = a W_2 + b_2",
        laid(u, first, w.number(first.value), _ROOM),
        equal(f"a_{{{j}}}", name, f"f({inner})", active),
        laid(f"y_{{{d}}}", second, w.bold(second.value), _ROOM),
    )


def _bias(projection: Projection, column: int, name: str) -> Bias:
    """Written also where there is none: 0."""
    return projection.bias_at(column), name


def linear(stepping: Stepping, w: Writer) -> Lines:
    """The logit of the word that is written: its row of the table times what the decoder made."""
    output, step = stepping.trace.output, stepping.step
    column, table = stepping.trace.ids[step], output.projection
    total = dot(w, output.x[step], table.weight[:, column], bias=_bias(table, column, "b"))
    left = rf"\ell_{{{w.text(stepping.word, 'q')}}}"
    body = laid(left, total, w.bold(total.value), _ROOM)
    return r"\ell = h\,E^\top + b \qquad \ell_w = \sum_d h_d\, E_{w,d} + b_w", body


def attention(stepping: Stepping, w: Writer) -> Lines:
    """The head's output at its weightiest number, and what W_O makes of all heads' outputs."""
    row, dim, t = stepping.row, stepping.dim, stepping.inside()
    steps, around, output = stepping.steps, stepping.around, w.tint("output", "o")
    seen = np.flatnonzero(steps.weights[row])  # a masked key's term is none
    mix = weighted(w, steps.weights[row, seen], steps.v[seen, t], "v", w.digits + 1)
    start, stop = stepping.columns

    def role(c: int) -> str | None:
        return "output" if start <= c < stop else None

    column, bias = around.w_o.weight[:, dim], _bias(around.w_o, dim, "b_O")
    total = dot(w, around.concat[row], column, (role, None), bias)
    mixture = rf"{w.tint('weight', ALPHA + '_j')}\, {w.tint('v', 'v_j')}"
    return (
        rf"{output} = \textstyle\sum_j {mixture} \qquad y = [o^{{(0)}}; o^{{(1)}} \dots] W_O + b_O",
        laid(f"{output}_{{{t}}}", mix, w.tint("output", w.number(mix.value)), _ROOM),
        laid(f"y_{{{dim}}}", total, w.bold(total.value), _ROOM),
    )


def probability(stepping: Stepping, w: Writer) -> Lines:
    """The word's share of e^logit over the whole vocabulary, the largest logit taken off first."""
    found = share_of_many(stepping.trace.logits[stepping.step], stepping.trace.ids[stepping.step])
    total = w.significant(found.total, _SIGNIFICANT)
    exponent = found.exponent(w, signed=False, digits=4)
    ratio = rf"\frac{{e^{{{exponent}}}}}{{{total}}} = {found.fraction(w, _SIGNIFICANT)}"
    general = r"p_w = \frac{e^{\ell_w - m}}{\sum_{v} e^{\ell_v - m}} \qquad m = \max_v \ell_v"
    return general, stacked(
        rf"\textstyle\sum_v e^{{\ell_v - m}} &= {total}",
        f"p_{{{w.text(stepping.word, 'q')}}} &= {ratio}",
        f"&= {bold(w.share(found.value))}",
        gap=_GAP,
    )
