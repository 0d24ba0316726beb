r"""The sums of the pictures' page as LaTeX: a patch's vector, rollout, the area under a curve.

e_{j,t} = Σ_p x_{j,p}·W_{p,t} + b_t + P_{j,t} (Dosovitskiy et al. 2021, eq. 1); M^{(l)} is a layer's
mixing, R^{(l)} the rollout (Abnar and Zuidema 2020). Float64 sums, shown rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.trace import Floats
from viz.board.notation import coloured, for_tex, tex_word
from viz.board.style import Style
from viz.formula.sums import Formula, aligned, product_sum
from viz.formula.width import fits, packed
from viz.steps.scene import Scene
from viz.tables.softmax import exponentials

MOST = 4  # terms of a long sum that are written out
_ROOM = 15.0  # em for the terms of a row, where names stand before it
_PANEL = 20.5  # em that fit beside the picture


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


def vector(entry: Entry, style: Style, *, finer: bool = False) -> str:
    """One number of a token's vector, in general and with every term."""
    sums = rf"\sum_{{p=1}}^{{{len(entry.levels)}}} x_{{j,p}}\, W_{{p,t}} + b_t"
    general = rf"e_{{j,t}} &= {sums if entry.levels else 'c_t'} + P_{{j,t}}"
    return _stacked([general, *_vector_rows(_Writer(style, finer), entry)])


def brief(scene: Scene, entry: Entry, style: Style, *, finer: bool = False) -> str:
    """All sums below each other: the vector's in full, of each other sum one term."""
    w, steps = _Writer(style, finer), scene.one.steps
    query, key, dim = scene.query, scene.key, scene.dim
    names = rf"{w.token(scene.axes.queries[query], 'q')} \to {w.token(scene.axes.keys[key])}"
    q, k = (side.astype(np.float64) for side in (steps.q[query], steps.k[key]))
    raw, scaled = float(q @ k), float(q @ k) * steps.scaling
    scores = steps.masked[query].astype(np.float64)
    e, shift = exponentials(scores)
    weights, v = steps.weights[query].astype(np.float64), steps.v[:, dim].astype(np.float64)
    alpha = w.weight(r"\alpha")
    power = w.score(scaled) + (f" - {w.factor(shift)}" if shift else "")
    tints = [w.tint(role, letter) for role, letter in (("q", "q_i"), ("k", "k_j"), ("v", "v_j"))]
    dot = product_sum(q, k, lambda t: w.product(q[t], "q", k[t], "k"), most=1, rest=w.rest, few=0)
    mix = product_sum(
        weights,
        v,
        lambda j: rf"{w.share(weights[j])} \cdot {w.tint('v', w.factor(v[j]))}",
        most=1,
        rest=w.rest,
        few=0,
    )
    output = w.tint("output", rf"\mathbf{{{w.number(float(weights @ v))}}}")
    cell, out = rf"_{{{names}}}", rf"_{{{w.token(scene.axes.queries[query], 'q')},\,{dim}}}"
    total = w.exponential(float(e.sum()))
    sigma = rf"\sum_j e^{{S_j / \sqrt{{d_k}}{'-m' if shift else ''}}}"
    rows = [
        *_vector_rows(w, entry),
        *_wrapped(
            w.tint("plus", "S") + cell,
            [rf"{tints[0]} \cdot {tints[1]}", " ".join(dot.rows), w.score(raw)],
        ),
        rf"{w.tint('plus', 'S')} / \sqrt{{d_k}} &= {w.score(raw)} / \sqrt{{{len(q)}}} = "
        rf"{w.score(scaled)}",
        rf"{alpha}{cell} &= \dfrac{{e^{{{power}}}}}{{{sigma}}} = "
        rf"\dfrac{{{w.exponential(float(e[key]))}}}{{{total}}} = {w.bold(float(weights[key]))}",
        *_wrapped(
            w.tint("output", "o") + out,
            [rf"\sum_j {alpha}_j\, {tints[2]}", " ".join(mix.rows), output],
        ),
    ]
    body = r" \\[0.4em] ".join(rows)
    return rf"\begin{{aligned}} {body} \end{{aligned}}"


def _wrapped(left: str, pieces: Sequence[str]) -> list[str]:
    """left = piece = piece …; without room for all, the general first one is left out."""
    shown = pieces if fits([left, *pieces], _PANEL) else pieces[1:]
    if fits([left, *shown], _PANEL):
        return [f"{left} &= " + " = ".join(shown)]
    return [f"{left} &= {shown[0]}", "&= " + " = ".join(shown[1:])]


def _vector_rows(w: _Writer, entry: Entry) -> list[str]:
    name = rf"e_{{{w.token(entry.token)},\,{entry.number}}}"
    numbers = rf"{w.number(entry.start)} + {w.factor(entry.position)}"
    value = rf"\mathbf{{{w.number(entry.value)}}}"
    if not entry.levels:
        return [rf"{name} &= c + P = {numbers} = {value}"]
    made = w.number(entry.from_pixels)
    # The sum of the pixels stands on the last of their rows.
    pixels = r" \\ &\quad ".join(packed(w.pixels(entry), _ROOM))
    sum_of = rf"{made} + {w.factor(entry.start)} + {w.factor(entry.position)}"
    return [rf"x\,W &= {pixels} = {made}", *_wrapped(name, [r"x\,W + b + P", sum_of, value])]


def mixed(heads: Floats, same: bool, layer: int, style: Style, *, finer: bool = False) -> str:
    """One cell of a layer's mixing, in general and with numbers.

    heads: (head,) their weights in that cell; same: query and key are one token.
    """
    w, n = _Writer(style, finer), len(heads)
    terms = " + ".join(w.share(float(a)) for a in heads)
    value = (float(heads.astype(np.float64).mean()) + same) / 2
    general = rf"\tfrac12 \Big( \tfrac1{{{n}}} \sum_h {w.weight('A_h')} + I \Big)"
    numbers = rf"\tfrac12 \Big( \tfrac{{{terms}}}{{{n}}} + {int(same)} \Big)"
    return _stacked(
        [rf"{_mixing('l')} &= {general}", rf"{_mixing(layer)} &= {numbers} = {w.bold(value)}"]
    )


def rolled(
    row: Floats,
    column: Floats,
    tokens: Sequence[str],
    layer: int,
    style: Style,
    *,
    most: int | None = MOST,
    finer: bool = False,
) -> str:
    """One cell of a rollout: the layer's row of mixing times the rollout's column before it.

    row: (token,) M of this layer; column: (token,) R of the layer before.
    """
    w = _Writer(style, finer)

    def write(m: int) -> str:
        term = rf"{w.share(float(row[m]))} \cdot {w.plain_share(float(column[m]))}"
        return rf"\underbrace{{{term}}}_{{{w.token(tokens[m], 'ink')}}}"

    total = product_sum(row, column, write, most=most, rest=w.rest_share, few=0)
    general = rf"\sum_m {_mixing('l')}_{{i \to m}}\, {_rolling('l-1')}_{{m \to j}}"
    numbers = r" \\ &\quad ".join(total.rows)
    return _stacked(
        [
            rf"{_rolling('l')}_{{i \to j}} &= {general}",
            rf"{_rolling(layer)} &= {numbers} = {w.bold(total.value)}",
        ]
    )


def first(value: float, style: Style) -> str:
    """The first layer's rollout is its mixing."""
    w = _Writer(style, False)
    return rf"{_rolling(0)} = {_mixing(0)} = {w.bold(value)}"


def _stacked(rows: Sequence[str]) -> str:
    return r"\begin{aligned} " + r" \\[0.4em] ".join(rows) + r" \end{aligned}"


def _mixing(layer: int | str) -> str:
    return rf"M^{{({layer})}}"


def _rolling(layer: int | str) -> str:
    return rf"R^{{({layer})}}"


def area(curve: Floats, style: Style, *, finer: bool = False) -> Formula:
    """Mean height under a curve by trapezoids: its ends count half."""
    w = _Writer(style, finer)
    n = len(curve) - 1
    general = (
        rf"\text{{{w.word('area')}}} = \frac{{1}}{{{n}}} "
        rf"\Big( \tfrac{{p_0}}{{2}} + p_1 + \dots + p_{{{n - 1}}} + \tfrac{{p_{{{n}}}}}{{2}} \Big)"
    )
    values = curve.astype(np.float64)
    halves = np.ones(len(values))
    halves[[0, -1]] = 0.5
    total = float(values @ halves)

    def write(k: int) -> str:
        share = w.plain_share(float(values[k]))
        return rf"\tfrac{{{share}}}{{2}}" if k in (0, n) else share

    rows = packed([write(k) for k in range(n + 1)])
    rows[0] = rf"\tfrac{{1}}{{{n}}} \big( {rows[0]}"
    rows[-1] += r" \big)"
    result = rf"\tfrac{{{w.plain_share(total)}}}{{{n}}} = \mathbf{{{w.plain_share(total / n)}}}"
    return Formula(general, aligned("", rows, [result]))


class _Writer:
    """How these formulas write numbers, tokens and colours."""

    def __init__(self, style: Style, finer: bool) -> None:
        self.style, self.digits = style, 4 if finer else 2

    def number(self, value: float) -> str:
        return self.style.notation.tex(value, self.digits)

    def factor(self, value: float) -> str:
        return self.style.notation.tex_term(value, self.digits)

    def plain_share(self, value: float) -> str:
        return self.style.notation.tex_weight(value, self.digits + 1)

    def share(self, value: float) -> str:
        return self.weight(self.plain_share(value))

    def bold(self, value: float) -> str:
        return self.weight(rf"\mathbf{{{self.style.notation.tex_weight(value, 4)}}}")

    def tint(self, role: str, body: str) -> str:
        return coloured(str(getattr(self.style.theme, role)), body)

    def score(self, value: float) -> str:
        return self.tint("minus" if value < 0 else "plus", self.number(value))

    def product(self, left: float, first: str, right: float, second: str) -> str:
        pair = self.tint(first, self.factor(left)), self.tint(second, self.factor(right))
        return r" \cdot ".join(pair)

    def exponential(self, value: float) -> str:
        return self.style.notation.tex_significant(value, self.digits + 2)

    def weight(self, body: str) -> str:
        return coloured(self.style.theme.weight, body)

    def token(self, name: str, role: str = "k") -> str:
        return coloured(str(getattr(self.style.theme, role)), rf"\text{{{tex_word(name)}}}")

    def word(self, key: str) -> str:
        return for_tex(self.style.labels[key])

    def pixels(self, entry: Entry) -> list[str]:
        """A pixel's share of full ink, as a fraction, times its weight."""
        pairs = zip(entry.levels, entry.weight.tolist(), strict=True)
        return [rf"\tfrac{{{level}}}{{{entry.full}}} \cdot {self.factor(v)}" for level, v in pairs]

    def rest(self, left_out: int, total: float) -> str:
        return self._braced(self.factor(total), left_out)

    def rest_share(self, left_out: int, total: float) -> str:
        return self._braced(self.plain_share(total), left_out)

    def _braced(self, body: str, left_out: int) -> str:
        words = for_tex(self.style.labels["rest"].format(n=left_out))
        return rf"\underbrace{{{body}}}_{{\text{{{words}}}}}"
