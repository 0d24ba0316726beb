r"""Each step of a head's arithmetic as LaTeX for KaTeX: in general, then the chosen cell's numbers.

Colours are the figure's. Numbers are float64 sums of what the model recorded, shown rounded. S, S′
and S″ are the scores of steps 2, 3 and 4; α the entries of A; (W_Q) with indices one of W_Q.
KaTeX knows neither @{} in arrays nor \arraycolsep.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isclose, isfinite, sqrt

import numpy as np

from models.trace import Term
from viz.board.style import Style
from viz.formula.layout import ALPHA, Formula, aligned, beside, gathered, summed, under
from viz.formula.products import dot, weighted
from viz.formula.width import packed
from viz.formula.writer import FEW, PANEL
from viz.steps.gate_formulas import gate
from viz.steps.head import Part
from viz.steps.order import GATE, STEPS
from viz.steps.scene import Scene, tex_symbol
from viz.steps.softmax_formulas import softmax
from viz.steps.writer import HeadWriter

MOST_SHOWN = 8


def formula(
    step: int,
    scene: Scene,
    style: Style,
    *,
    finer: bool = False,
    terms: int | None = MOST_SHOWN,
    few: int = FEW,
    bare: bool = False,
) -> Formula:
    """The arithmetic of one step (`order`) at the chosen cell. terms=None: all of them.

    bare: where no cell is masked and something else is added, without M. finer: with two decimals
    more. few: sums of no more terms are written in full.
    style.digits: how many decimals all numbers have; without it 2, weights 4.
    style.labels: rest (n), head (n), other_heads. KeyError: no such step.
    Steps 1, 7, 8 and 9 need what surrounds the head; without it ValueError.
    """
    digits, more = (2, 2) if style.digits is None else (style.digits, 0)
    w = HeadWriter(style, digits, terms, scene=scene, beyond=more, few=few, room=PANEL, apart=True)
    w = replace(w, bare=bare)
    return _WRITE[step](w.finer(2) if finer else w)


def _project(w: HeadWriter) -> Formula:
    part, dim = w.scene.part, w.scene.dim
    made, upper = w.scene.one.part(part), part.upper()
    x, projection = made.x[w.scene.row_of(part)], made.projection
    index, token = ("i", w.query) if part == "q" else ("j", w.key)
    name = w.tint(part, f"{part}_{{{index},t}}")
    matrix = w.tint(part, rf"(W_{upper})_{{c,t}}")
    general = rf"{name} = \sum_{{c=0}}^{{{len(x) - 1}}} x_{{{index},c}}\, {matrix}"
    bias = None
    if projection.bias is not None:
        general += rf" + {w.tint(part, f'(b_{upper})_t')}"
        bias = (float(projection.bias[dim]), rf"(b_{upper})_{{{dim}}}", part)
    total = dot(w, x, projection.weight[:, dim], ("ink", part), bias)
    left = rf"{w.tint(part, part)}_{{{token},\,{dim}}}"
    return summed(general, left, total, w.tint(part, w.number(total.value)), *_onward(w, part))


def _onward(w: HeadWriter, part: Part) -> list[str]:
    """What the model does to a query or key between the projection and QKᵀ."""
    made = w.scene.one.part(part)
    if made.factor == 1.0:
        return []
    if made.factor is not None:
        how = rf"\times {w.style.notation.tex_significant(made.factor, 3)}"
    else:
        how = _steps(w, made.steps)
    used = w.number(float(made.used[w.scene.row_of(part), w.scene.dim]))
    return [rf"\xrightarrow{{\;{how}\;}} {w.tint(part, used)}"]


def _steps(w: HeadWriter, changes: tuple[str, ...]) -> str:
    """What happens in between, in words over an arrow; dots for what is not understood."""
    known = {"rotated": r"\text{RoPE}", "changed": r"\dots"}
    return r",\ ".join(known.get(name) or w.words(f"after_{name}") for name in changes)


def _compare(w: HeadWriter) -> Formula:
    scene, steps = w.scene, w.scene.one.steps
    total = dot(w, steps.q[scene.query], steps.k[scene.key], ("q", "k"))
    general = (
        rf"{w.cell(2)} = {w.tint('q', 'q_i')} \cdot {w.tint('k', 'k_j')} = "
        rf"\sum_{{t=0}}^{{{total.terms - 1}}} {w.tint('q', 'q_{i,t}')}\, {w.tint('k', 'k_{j,t}')}"
    )
    return summed(general, w.name(2), total, w.score(total.value))


def _scale(w: HeadWriter) -> Formula:
    steps, cell = w.scene.one.steps, (w.scene.query, w.scene.key)
    d, raw = steps.q.shape[1], float(steps.raw[cell])
    terms = _terms(steps.scoring.terms_scaled, cell)
    scores = " + ".join([w.cell(2), *(rf"{name}_{{ij}}" for name, _ in terms)])
    number = " + ".join([w.score(raw), *_braced(w, terms)])
    value = (raw + sum(value for _, value in terms)) * steps.scaling
    if isclose(steps.scaling, 1 / sqrt(d), rel_tol=1e-5):
        inside = rf"\frac{{{scores}}}{{\sqrt{{d_k}}}}"
        written = rf"\frac{{{number}}}{{\sqrt{{{d}}}}}"
    else:
        factor = w.scaling(steps.scaling)
        inside = rf"{factor} \cdot {f'({scores})' if terms else scores}"
        written = rf"{factor} \cdot {f'({number})' if terms or raw < 0 else number}"
    if steps.softcap is not None:
        cap, value = w.cap(steps.softcap), float(steps.scaled[cell])
        inside, written = (
            rf"{cap} \tanh\!\left({body} \Big/ {cap}\right)" for body in (inside, written)
        )
    return Formula(rf"{w.cell(3)} = {inside}", aligned(w.name(3), [written], [w.score(value)]))


def _terms(terms: Sequence[Term], cell: tuple[int, int]) -> list[tuple[str, float]]:
    """(letter for KaTeX, number at the chosen cell) of what stands beside q·k."""
    return [(tex_symbol(term), float(term.values[cell])) for term in terms]


def _braced(w: HeadWriter, terms: Sequence[tuple[str, float]]) -> list[str]:
    return [w.named(value, name, "ink") for name, value in terms]


def _mask(w: HeadWriter) -> Formula:
    steps, cell = w.scene.one.steps, (w.scene.query, w.scene.key)
    terms = _terms(steps.scoring.terms_added, cell)
    added = 0.0 if steps.mask is None else float(steps.mask[cell])
    named = " ".join(rf"+ {name}_{{ij}}" for name, _ in terms)
    biased = w.bare and bool(terms) and (steps.mask is None or not steps.mask.any())
    general = rf"{w.cell(4)} = {w.cell(3)} {named}{'' if biased else ' + M_{ij}'}"
    other = [] if steps.mask is None else np.unique(steps.mask[steps.mask != 0]).tolist()
    if len(other) < 2 and not biased:
        hides = w.score(other[0]) if other and isfinite(other[0]) else r"-\infty"
        general = beside(general, rf"M_{{ij}} \in \{{0, {hides}\}}")
    pieces = [w.score(float(steps.scaled[cell])), *_braced(w, terms)]
    if not biased:
        pieces.append(under("0", "M") if added == 0 else w.named(added, "M", "ink"))
    masked = float(steps.masked[cell])
    value = r"-\infty" if np.isneginf(masked) else w.score(masked)
    chosen = aligned(w.name(4), [" + ".join(pieces)], [value])
    if np.isneginf(masked):
        chosen = gathered(chosen, r"e^{-\infty} = 0")
    return Formula(general, chosen)


def _mix(w: HeadWriter) -> Formula:
    scene, steps = w.scene, w.scene.one.steps
    # A masked key's weight is exactly 0: its term is none.
    seen = np.flatnonzero(steps.weights[scene.query])
    weights, v = steps.weights[scene.query, seen], steps.v[seen, scene.dim]
    total = weighted(w, weights, v, "v", w.digits + min(w.beyond, 1))
    terms = rf"{w.tint('weight', ALPHA + '_{ij}')}\, {w.tint('v', 'v_{j,t}')}"
    general = rf"{w.tint('output', 'o_{i,t}')} = \sum_j {terms}"
    left = rf"{w.tint('output', 'o')}_{{{w.query},\,{scene.dim}}}"
    return summed(general, left, total, w.tint("output", w.number(total.value)))


def _concatenate(w: HeadWriter) -> Formula:
    scene, one = w.scene, w.scene.one
    start, stop = one.columns
    width, column = stop - start, start + scene.dim
    mark = "" if one.gate is None else "'"
    o, c = w.tint("output", rf"o{mark}^{{(h)}}_{{i,t}}"), w.tint("output", "C")
    general = rf"{c}_{{i,\; h \cdot d_v + t}} = {o} \qquad d_v = {width}"
    value = w.tint("output", w.number(float(one.concat[scene.query, column]), w.digits + w.beyond))
    left = rf"{c}_{{{w.query},\,{column}}}"
    name = rf"{w.tint('output', rf'o{mark}^{{({one.head})}}')}_{{{w.query},\,{scene.dim}}}"
    where = rf"{column} = {one.head} \cdot {width} + {scene.dim}"
    ends = [value]
    if one.onward and one.projects:
        given = w.tint("output", w.number(float(one.into_w_o[scene.query, column])))
        ends = [rf"{value} \xrightarrow{{\;{_steps(w, one.onward)}\;}} {given}"]
    return Formula(general, gathered(aligned(left, [name], ends), where))


def _project_out(w: HeadWriter) -> Formula:
    scene, one, out = w.scene, w.scene.one, w.scene.out
    projection = one.surroundings.w_o
    added, bias = projection.bias is not None, projection.bias_at(out)
    c = one.into_w_o[scene.query].astype(np.float64)
    weight = projection.weight[:, out].astype(np.float64)
    start, stop = one.columns
    ending = (bias, rf"(b_O)_{{{out}}}", "ink") if added else None
    roles = (lambda t: "output" if start <= t < stop else "ink"), "ink"
    total = dot(w, c, weight, roles, ending)
    row = w.tint("output", "C'_{i,t}" if one.onward else "C_{i,t}")
    general = rf"y_{{i,c}} = \sum_{{t=0}}^{{{len(c) - 1}}} {row}\, (W_O)_{{t,c}}"
    general += " + (b_O)_c" if added else ""
    mine = float(c[start:stop] @ weight[start:stop])
    shares = [w.named(mine, w.words("head", n=one.head), "output")]
    if one.heads > 1:
        shares.append(w.named(total.value - bias - mine, w.words("other_heads"), "ink"))
    if added:
        shares.append(w.named(bias, "b_O", "ink"))
    ends = [w.bold(total.value)]
    ends += [r" \\ &\quad ".join(packed(shares))] if len(shares) > 1 else []
    return summed(general, rf"y_{{{w.query},\,{out}}}", total, *ends)


_IN_ORDER = (_project, _compare, _scale, _mask, softmax, _mix, _concatenate, _project_out)
_WRITE = {**dict(zip(STEPS, _IN_ORDER, strict=True)), GATE: gate}
