r"""The sums of the pictures' page as LaTeX: a patch's vector, rollout, the area under a curve.

e_{j,t} = Σ_p x_{j,p}·W_{p,t} + b_t + P_{j,t} (Dosovitskiy et al. 2021, eq. 1); M^{(l)} is a layer's
mixing, R^{(l)} the rollout (Abnar and Zuidema 2020). Float64 sums, shown rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.trace import Floats
from viz.formula.layout import ALPHA, Formula, aligned, bold, equal, stacked, under
from viz.formula.products import dot, weighted
from viz.formula.softmax import share
from viz.formula.width import fits, packed
from viz.formula.writer import Writer
from viz.steps.scene import Scene

MOST = 4  # terms of a long sum that are written out
_ROOM = 15.0  # em for the terms of a row, where names stand before it
_PANEL = 20.5  # em that fit beside the picture
_GAP = 0.4  # em between rows


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One number of a token's vector and what it is summed from.

    levels: the patch's pixels, whole numbers up to `full` (none: [CLS]); weight: (pixel,), the
    column of W; start: b of that column, or [CLS]'s own number; position: P.
    """

    token: str
    number: int
    levels: Sequence[int]
    full: int
    weight: Floats
    start: float
    position: float

    @property
    def from_pixels(self) -> float:
        """x·W."""
        pixels = np.array(self.levels, np.float64) / self.full
        return float(pixels @ self.weight.astype(np.float64))

    @property
    def value(self) -> float:
        """All of it."""
        return self.from_pixels + self.start + self.position


def vector(entry: Entry, w: Writer) -> str:
    """One number of a token's vector, in general and with every term."""
    sums = rf"\sum_{{p=1}}^{{{len(entry.levels)}}} x_{{j,p}}\, W_{{p,t}} + b_t"
    general = rf"e_{{j,t}} &= {sums if entry.levels else 'c_t'} + P_{{j,t}}"
    return stacked(general, *_vector_rows(w, entry), gap=_GAP)


def brief(scene: Scene, entry: Entry, w: Writer) -> str:
    """All sums below each other: the vector's in full, of each other sum one term."""
    w, steps = replace(w, most=1), scene.one.steps
    query, key, dim = scene.query, scene.key, scene.dim
    asks = w.text(scene.axes.queries[query], "q")
    cell = rf"_{{{asks} \to {w.text(scene.axes.keys[key], 'k')}}}"
    found = share(steps.masked[query], key)
    s, alpha, o = w.tint("plus", "S"), w.tint("weight", ALPHA), w.tint("output", "o")
    q, k, v = (w.tint(name[0], name) for name in ("q_i", "k_j", "v_j"))
    raw = dot(w, steps.q[query], steps.k[key], ("q", "k"))
    mix = weighted(w, steps.weights[query], steps.v[:, dim], "v", w.digits + 1)
    made = w.tint("output", w.bold(mix.value))
    sigma = rf"\sum_j e^{{S_j / \sqrt{{d_k}}{found.less.replace(' ', '')}}}"
    return stacked(
        *_vector_rows(w, entry),
        *_wrapped(s + cell, rf"{q} \cdot {k}", raw.line, w.score(raw.value)),
        rf"{s} / \sqrt{{d_k}} &= {w.score(raw.value)} / \sqrt{{{steps.q.shape[1]}}} = "
        + w.score(raw.value * steps.scaling),
        rf"{alpha}{cell} &= \dfrac{{e^{{{found.exponent(w)}}}}}{{{sigma}}} = "
        + equal(found.fraction(w, kind="dfrac"), _value(w, float(steps.weights[query, key]))),
        *_wrapped(rf"{o}_{{{asks},\,{dim}}}", rf"\sum_j {alpha}_j\, {v}", mix.line, made),
        gap=_GAP,
    )


def _wrapped(left: str, *pieces: str) -> list[str]:
    """left = piece = piece …; without room for all, the general first one is left out."""
    shown = pieces if fits([left, *pieces], _PANEL) else pieces[1:]
    if fits([left, *shown], _PANEL):
        return [f"{left} &= " + equal(*shown)]
    return [f"{left} &= {shown[0]}", "&= " + equal(*shown[1:])]


def _vector_rows(w: Writer, entry: Entry) -> list[str]:
    name = rf"e_{{{w.text(entry.token, 'k')},\,{entry.number}}}"
    value, position = w.bold(entry.value), w.factor(entry.position)
    if not entry.levels:
        return [f"{name} &= " + equal("c + P", f"{w.number(entry.start)} + {position}", value)]
    # A pixel's share of full ink, as a fraction, times its weight.
    pairs = zip(entry.levels, entry.weight.tolist(), strict=True)
    terms = [rf"\tfrac{{{level}}}{{{entry.full}}} \cdot {w.factor(v)}" for level, v in pairs]
    made = w.number(entry.from_pixels)
    # The sum of the pixels stands on the last of their rows.
    pixels = r" \\ &\quad ".join(packed(terms, _ROOM))
    sum_of = f"{made} + {w.factor(entry.start)} + {position}"
    return [rf"x\,W &= {pixels} = {made}", *_wrapped(name, r"x\,W + b + P", sum_of, value)]


def mixed(heads: Floats, same: bool, layer: int, w: Writer) -> str:
    """One cell of a layer's mixing, in general and with numbers.

    heads: (head,) their weights in that cell; same: query and key are one token.
    """
    n = len(heads)
    value = (float(heads.astype(np.float64).mean()) + same) / 2
    general = rf"\tfrac12 \Big( \tfrac1{{{n}}} \sum_h {w.tint('weight', 'A_h')} + I \Big)"
    numbers = rf"\tfrac12 \Big( {_mean(heads, w)} + {int(same)} \Big)"
    rows = f"{_mixing('l')} &= {general}", f"{_mixing(layer)} &= {numbers} = {_value(w, value)}"
    return stacked(*rows, gap=_GAP)


def _mean(heads: Floats, w: Writer) -> str:
    """(head,): their sum over how many they are; of many heads as the sum alone."""

    def write(head: int) -> str:
        return w.tint("weight", _plain(w, float(heads[head])))

    n = len(heads)
    if n <= MOST:
        return rf"\tfrac{{{' + '.join(map(write, range(n)))}}}{{{n}}}"
    total = float(heads.astype(np.float64).sum())
    return rf"\tfrac{{{w.tint('weight', _plain(w, total))}}}{{{n}}}"


def rolled(
    row: Floats,
    column: Floats,
    tokens: Sequence[str],
    layer: int,
    w: Writer,
) -> str:
    """One cell of a rollout: the layer's row of mixing times the rollout's column before it.

    row: (token,) M of this layer; column: (token,) R of the layer before.
    """

    def write(m: int) -> str:
        weight = w.tint("weight", _plain(w, float(row[m])))
        return under(rf"{weight} \cdot {_plain(w, float(column[m]))}", w.text(tokens[m], "ink"))

    products = row.astype(np.float64) * column.astype(np.float64)
    total = w.sum(products, write, rest=lambda value: _plain(w, value))
    general = rf"\sum_m {_mixing('l')}_{{i \to m}}\, {_rolling('l-1')}_{{m \to j}}"
    chosen = f"{_rolling(layer)} &= {total.below} = {_value(w, total.value)}"
    return stacked(rf"{_rolling('l')}_{{i \to j}} &= {general}", chosen, gap=_GAP)


def first(value: float, w: Writer) -> str:
    """The first layer's rollout is its mixing."""
    return equal(_rolling(0), _mixing(0), _value(w, value))


def _mixing(layer: int | str) -> str:
    return rf"M^{{({layer})}}"


def _rolling(layer: int | str) -> str:
    return rf"R^{{({layer})}}"


def area(curve: Floats, w: Writer) -> Formula:
    """Mean height under a curve by trapezoids: its ends count half. curve: (point,)."""
    n = len(curve) - 1
    middle = rf"p_1 + \dots + p_{{{n - 1}}}"
    general = rf"\Big( \tfrac{{p_0}}{{2}} + {middle} + \tfrac{{p_{{{n}}}}}{{2}} \Big)"
    values = curve.astype(np.float64)
    total = float(values.sum() - (values[0] + values[-1]) / 2)
    terms = [_plain(w, float(value)) for value in values]
    terms[0], terms[-1] = (rf"\tfrac{{{terms[end]}}}{{2}}" for end in (0, -1))
    rows = packed(terms)
    rows[0] = rf"\tfrac{{1}}{{{n}}} \big( {rows[0]}"
    rows[-1] += r" \big)"
    result = rf"\tfrac{{{_plain(w, total)}}}{{{n}}} = {bold(_plain(w, total / n))}"
    return Formula(rf"{w.words('area')} = \frac{{1}}{{{n}}} {general}", aligned("", rows, [result]))


def _plain(w: Writer, value: float) -> str:
    return w.share(value, w.digits + 1)


def _value(w: Writer, value: float) -> str:
    """The weight that a formula comes to."""
    return w.tint("weight", bold(w.share(value, 4)))
