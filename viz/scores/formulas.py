r"""Each step of a head's arithmetic as LaTeX for KaTeX: in general, then the chosen cell's numbers.

Colours are the figure's. Numbers are float64 sums of what the model recorded, shown rounded. S, S′
and S″ are the scores of steps 2, 3 and 4; α the entries of A; (W_Q) with indices one of W_Q.
KaTeX knows neither @{} in arrays nor \arraycolsep; tokens go through `word`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isclose, sqrt

import numpy as np

from models.trace import Floats, Term
from viz.board.style import Style
from viz.formula.sums import (
    FEW,
    Formula,
    aligned,
    beside,
    gathered,
    summed,
)
from viz.formula.width import packed
from viz.formula.writer import ALPHA, MOST_SHOWN, Writer
from viz.scores.softmax_formulas import softmax
from viz.steps.head import Part
from viz.steps.scene import Scene, tex_symbol


def formula(
    step: int,
    scene: Scene,
    style: Style,
    *,
    finer: bool = False,
    terms: int | None = MOST_SHOWN,
    few: int = FEW,
) -> Formula:
    """The arithmetic of one step, 1–8, at the chosen cell. terms=None: all of them.

    finer: with two decimals more. few: sums of no more terms are written in full.
    style.digits: how many decimals all numbers have; without it 2, weights 4.
    style.labels: rest (n), head (n), other_heads. KeyError: no such step.
    Steps 1, 7 and 8 need what surrounds the head; without it ValueError.
    """
    digits = (2 if style.digits is None else style.digits) + (2 if finer else 0)
    more = 2 if style.digits is None else 0
    return _WRITE[step](Writer(scene, style, digits, terms, more, few))


def _project(w: Writer) -> Formula:
    scene, part = w.scene, w.scene.part
    made, letter = scene.one.part(part), part
    row, dim = scene.row_of(part), scene.dim
    x, weight = made.x[row].astype(np.float64), made.projection.weight[:, dim].astype(np.float64)
    upper = letter.upper()
    index = "i" if part == "q" else "j"
    bias = made.projection.bias
    name = w.tint(part, f"{letter}_{{{index},t}}")
    matrix = w.tint(part, rf"(W_{upper})_{{c,t}}")
    general = rf"{name} = \sum_{{c=0}}^{{{len(x) - 1}}} x_{{{index},c}}\, {matrix}"
    if bias is not None:
        general += rf" + {w.tint(part, f'(b_{upper})_t')}"
    total = w.sum(
        x,
        weight,
        lambda c: rf"{w.factor(float(x[c]), 'ink')} \cdot {w.factor(float(weight[c]), part)}",
    )
    value = total.value
    rows = [*total.rows]
    if bias is not None:
        value += float(bias[dim])
        rows.append(
            rf"+ \underbrace{{{w.factor(float(bias[dim]), part)}}}_{{(b_{upper})_{{{dim}}}}}"
        )
    token = w.query if part == "q" else w.key
    left = rf"{w.tint(part, letter)}_{{{token},\,{dim}}}"
    return summed(general, left, rows, [w.tint(part, w.number(value)), *_onward(w, part)], total)


def _onward(w: Writer, part: Part) -> list[str]:
    """What the model does to a query or key between the projection and QKᵀ."""
    made, dim = w.scene.one.part(part), w.scene.dim
    if made.factor == 1.0:
        return []
    used = w.tint(part, w.number(float(made.used[w.scene.row_of(part), dim])))
    if made.factor is not None:
        return [
            rf"\xrightarrow{{\;\times {w.style.notation.tex_significant(made.factor, 3)}\;}} {used}"
        ]
    how = r"\text{RoPE}" if w.scene.one.rotary else r"\dots"
    return [rf"\xrightarrow{{\;{how}\;}} {used}"]


def _compare(w: Writer) -> Formula:
    scene, steps = w.scene, w.scene.one.steps
    q, k = (side.astype(np.float64) for side in (steps.q[scene.query], steps.k[scene.key]))
    total = w.sum(
        q, k, lambda t: rf"{w.factor(float(q[t]), 'q')} \cdot {w.factor(float(k[t]), 'k')}"
    )
    general = (
        rf"{w.cell(2)} = {w.tint('q', 'q_i')} \cdot {w.tint('k', 'k_j')} = "
        rf"\sum_{{t=0}}^{{{len(q) - 1}}} {w.tint('q', 'q_{i,t}')}\, {w.tint('k', 'k_{j,t}')}"
    )
    return summed(general, w.name(2), total.rows, [w.score(total.value)], total)


def _scale(w: Writer) -> Formula:
    steps, cell = w.scene.one.steps, (w.scene.query, w.scene.key)
    d, raw = steps.q.shape[1], float(steps.raw[cell])
    usual = isclose(steps.scaling, 1 / sqrt(d), rel_tol=1e-5)
    terms = _terms(steps.scoring.terms_scaled, cell)
    s = " + ".join([w.cell(2), *(rf"{name}_{{ij}}" for name, _ in terms)])
    number = " + ".join([w.score(raw), *_braced(w, terms)])
    factor = w.factor_of(steps.scaling)
    inside = rf"\frac{{{s}}}{{\sqrt{{d_k}}}}" if usual else rf"{factor} \cdot {_bracket(s, terms)}"
    written = (
        rf"\frac{{{number}}}{{\sqrt{{{d}}}}}"
        if usual
        else rf"{factor} \cdot {_bracket(number, raw < 0 or terms)}"
    )
    rows = [w.score((raw + sum(value for _, value in terms)) * steps.scaling)]
    if steps.softcap is not None:
        cap = w.cap(steps.softcap)
        inside = rf"{cap} \tanh\!\left({inside} \Big/ {cap}\right)"
        written = rf"{cap} \tanh\!\left({written} \Big/ {cap}\right)"
        rows = [w.score(float(steps.scaled[cell]))]
    return Formula(rf"{w.cell(3)} = {inside}", aligned(w.name(3), [written], rows))


def _bracket(body: str, needed: object) -> str:
    return f"({body})" if needed else body


def _terms(terms: Sequence[Term], cell: tuple[int, int]) -> list[tuple[str, float]]:
    """(letter for KaTeX, number at the chosen cell) of what stands beside q·k."""
    return [(tex_symbol(term), float(term.values[cell])) for term in terms]


def _braced(w: Writer, terms: Sequence[tuple[str, float]]) -> list[str]:
    return [rf"\underbrace{{{w.factor(value, 'ink')}}}_{{{name}}}" for name, value in terms]


def _mask(w: Writer) -> Formula:
    steps, cell = w.scene.one.steps, (w.scene.query, w.scene.key)
    terms = _terms(steps.scoring.terms_added, cell)
    added = 0.0 if steps.mask is None else float(steps.mask[cell])
    named = " ".join(rf"+ {name}_{{ij}}" for name, _ in terms)
    general = rf"{w.cell(4)} = {w.cell(3)} {named} + M_{{ij}}"
    if _only_forbids(steps.mask):
        general = beside(general, r"M_{ij} \in \{0, -\infty\}")
    pieces = [w.score(float(steps.scaled[cell])), *_braced(w, terms)]
    plain = "0" if added == 0 else w.factor(added, "ink")
    pieces.append(rf"\underbrace{{{plain}}}_{{M}}")
    masked = float(steps.masked[cell])
    rows = [r"-\infty" if np.isneginf(masked) else w.score(masked)]
    chosen = aligned(w.name(4), [" + ".join(pieces)], rows)
    if np.isneginf(masked):
        chosen = gathered(chosen, r"e^{-\infty} = 0")
    return Formula(general, chosen)


def _only_forbids(mask: Floats | None) -> bool:
    return mask is None or bool((np.isneginf(mask) | (mask == 0)).all())


def _mix(w: Writer) -> Formula:
    scene, steps = w.scene, w.scene.one.steps
    # A masked key's weight is exactly 0: its term is none.
    seen = np.flatnonzero(steps.weights[scene.query])
    weights = steps.weights[scene.query, seen].astype(np.float64)
    v = steps.v[seen, scene.dim].astype(np.float64)

    def write(j: int) -> str:
        alpha = w.tint("weight", w.share(float(weights[j]), w.digits + min(w.finer, 1)))
        return rf"{alpha} \cdot {w.factor(float(v[j]), 'v')}"

    total = w.sum(weights, v, write)
    terms = rf"{w.tint('weight', ALPHA + '_{ij}')}\, {w.tint('v', 'v_{j,t}')}"
    general = rf"{w.tint('output', 'o_{i,t}')} = \sum_j {terms}"
    left = rf"{w.tint('output', 'o')}_{{{w.query},\,{scene.dim}}}"
    return summed(general, left, total.rows, [w.tint("output", w.number(total.value))], total)


def _concatenate(w: Writer) -> Formula:
    scene, one = w.scene, w.scene.one
    start, stop = one.columns
    width, column = stop - start, start + scene.dim
    o = w.tint("output", r"o^{(h)}_{i,t}")
    c = w.tint("output", "C")
    general = rf"{c}_{{i,\; h \cdot d_v + t}} = {o} \qquad d_v = {width}"
    value = w.tint("output", w.number(float(one.concat[scene.query, column]), w.digits + w.finer))
    left = rf"{c}_{{{w.query},\,{column}}}"
    name = rf"{w.tint('output', rf'o^{{({one.head})}}')}_{{{w.query},\,{scene.dim}}}"
    where = rf"{column} = {one.head} \cdot {width} + {scene.dim}"
    return Formula(general, gathered(aligned(left, [name], [value]), where))


def _project_out(w: Writer) -> Formula:
    scene, one = w.scene, w.scene.one
    projection = one.part_out
    c = one.concat[scene.query].astype(np.float64)
    weight = projection.weight[:, scene.out].astype(np.float64)
    start, stop = one.columns

    def write(t: int) -> str:
        role = "output" if start <= t < stop else "ink"
        return rf"{w.factor(float(c[t]), role)} \cdot {w.factor(float(weight[t]), 'ink')}"

    total = w.sum(c, weight, write)
    bias = projection.bias_at(scene.out)
    added = projection.bias is not None
    general = (
        rf"y_{{i,c}} = \sum_{{t=0}}^{{{len(c) - 1}}} {w.tint('output', 'C_{i,t}')}\, (W_O)_{{t,c}}"
    )
    general += " + (b_O)_c" if added else ""
    rows = [*total.rows]
    if added:
        rows.append(rf"+ \underbrace{{{w.factor(bias, 'ink')}}}_{{(b_O)_{{{scene.out}}}}}")
    value = total.value + bias
    mine = float(c[start:stop] @ weight[start:stop])
    shares = [rf"\underbrace{{{w.factor(mine, 'output')}}}_{{{w.label('head', n=one.head)}}}"]
    if one.heads > 1:
        others = total.value - mine
        shares.append(rf"\underbrace{{{w.factor(others, 'ink')}}}_{{{w.label('other_heads')}}}")
    if added:
        shares.append(rf"\underbrace{{{w.factor(bias, 'ink')}}}_{{b_O}}")
    ends = [rf"\mathbf{{{w.number(value)}}}"]
    if len(shares) > 1:
        ends.append(r" \\ &\quad ".join(packed(shares)))
    return summed(general, rf"y_{{{w.query},\,{scene.out}}}", rows, ends, total)


_WRITE: dict[int, Callable[[Writer], Formula]] = {
    1: _project,
    2: _compare,
    3: _scale,
    4: _mask,
    5: softmax,
    6: _mix,
    7: _concatenate,
    8: _project_out,
}
