r"""Each step of a head's arithmetic as LaTeX for KaTeX: in general, then the chosen cell's numbers.

Colours are the figure's. Numbers are float64 sums of what the model recorded, shown rounded.
KaTeX knows neither @{} in arrays nor \arraycolsep; tokens go through `word`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isclose, sqrt

import numpy as np

from models.trace import Floats
from viz.formula_sums import Sum, aligned, gathered, product_sum
from viz.formula_writer import MOST_SHOWN, Writer
from viz.notation import for_tex
from viz.onehead import Part
from viz.row import exponentials
from viz.scores_panels import Scene, Style

ALPHA = r"\alpha"


@dataclass(frozen=True, slots=True)
class Formula:
    """general: for any cell; chosen: with the chosen cell's numbers; both LaTeX.

    terms: how many the sum has; left_out: how many of them stand together as one.
    shift: what was taken from the exponents (the row's maximum), 0 where nothing was.
    """

    general: str
    chosen: str
    terms: int = 1
    left_out: int = 0
    shift: float = 0.0


def formula(
    step: int, scene: Scene, style: Style, *, digits: int = 2, terms: int | None = MOST_SHOWN
) -> Formula:
    """The arithmetic of one step, 1–8, at the chosen cell. terms=None: all of them.

    style.labels: rest (n), head (n), other_heads. KeyError: no such step.
    Steps 1, 7 and 8 need what surrounds the head; without it ValueError.
    """
    return _WRITE[step](Writer(scene, style, digits, terms))


def _project(w: Writer) -> Formula:
    scene, part = w.scene, w.scene.part
    made, letter = scene.one.part(part), part
    row, dim = scene.row_of(part), scene.dim
    x, weight = made.x[row].astype(np.float64), made.projection.weight[:, dim].astype(np.float64)
    upper = letter.upper()
    index = "i" if part == "q" else "j"
    bias = made.projection.bias
    name = w.tint(part, f"{letter}_{{{index},t}}")
    matrix = w.tint(part, f"W^{{{upper}}}_{{c,t}}")
    general = rf"{name} = \sum_{{c=0}}^{{{len(x) - 1}}} x_{{{index},c}}\, {matrix}"
    if bias is not None:
        general += rf" + {w.tint(part, f'b^{upper}_t')}"
    total = w.sum(
        x,
        weight,
        lambda c: rf"{w.factor(float(x[c]), 'ink')} \cdot {w.factor(float(weight[c]), part)}",
    )
    value = total.value
    rows = [*total.rows]
    if bias is not None:
        value += float(bias[dim])
        rows.append(rf"+ \underbrace{{{w.factor(float(bias[dim]), part)}}}_{{b_{{{dim}}}}}")
    token = w.query if part == "q" else w.key
    left = rf"{w.tint(part, letter)}_{{{token},\,{dim}}}"
    chosen = aligned(left, rows, [w.tint(part, w.number(value)), *_onward(w, part)])
    return Formula(general, chosen, total.terms, total.left_out)


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
    s = w.tint("plus", "S_{ij}")
    general = (
        rf"{s} = {w.tint('q', 'q_i')} \cdot {w.tint('k', 'k_j')} = "
        rf"\sum_{{t=0}}^{{{len(q) - 1}}} {w.tint('q', 'q_{i,t}')}\, {w.tint('k', 'k_{j,t}')}"
    )
    chosen = aligned(_score_name(w), total.rows, [w.score(total.value)])
    return Formula(general, chosen, total.terms, total.left_out)


def _score_name(w: Writer) -> str:
    return rf"{w.tint('plus', 'S')}_{{{w.query} \to {w.key}}}"


def _scale(w: Writer) -> Formula:
    steps, cell = w.scene.one.steps, (w.scene.query, w.scene.key)
    d, raw = steps.q.shape[1], float(steps.raw[cell])
    usual = isclose(steps.scaling, 1 / sqrt(d), rel_tol=1e-5)
    s = w.tint("plus", "S_{ij}")
    factor = w.factor_of(steps.scaling)
    inside = rf"\frac{{{s}}}{{\sqrt{{d_k}}}}" if usual else rf"{factor} \cdot {s}"
    number = w.score(raw)
    written = (
        rf"\frac{{{number}}}{{\sqrt{{{d}}}}}"
        if usual
        else rf"{factor} \cdot {_bracket(number, raw)}"
    )
    rows = [w.score(raw * steps.scaling)]
    if steps.softcap is not None:
        cap = w.style.notation.tex_significant(steps.softcap, 3)
        inside = rf"{cap} \tanh\!\left({inside} \Big/ {cap}\right)"
        written = rf"{cap} \tanh\!\left({written} \Big/ {cap}\right)"
        rows = [w.score(float(steps.scaled[cell]))]
    return Formula(rf"S'_{{ij}} = {inside}", aligned(_score_name(w), [written], rows))


def _bracket(body: str, value: float) -> str:
    return f"({body})" if value < 0 else body


def _mask(w: Writer) -> Formula:
    steps, cell = w.scene.one.steps, (w.scene.query, w.scene.key)
    bias = None if steps.bias is None else float(steps.bias[cell])
    added = 0.0 if steps.mask is None else float(steps.mask[cell])
    general = rf"{w.tint('plus', 'S_{ij}')} {'' if bias is None else '+ B_{ij}'} + M_{{ij}}"
    general += r" \qquad M_{ij} \in \{0, -\infty\}" if _only_forbids(steps.mask) else ""
    pieces = [w.score(float(steps.scaled[cell]))]
    if bias is not None:
        pieces.append(rf"\underbrace{{{w.factor(bias, 'ink')}}}_{{B}}")
    plain = "0" if added == 0 else w.factor(added, "ink")
    pieces.append(rf"\underbrace{{{plain}}}_{{M}}")
    masked = float(steps.masked[cell])
    rows = [r"-\infty" if np.isneginf(masked) else w.score(masked)]
    chosen = aligned(_score_name(w), [" + ".join(pieces)], rows)
    if np.isneginf(masked):
        chosen = gathered(chosen, r"e^{-\infty} = 0")
    return Formula(general, chosen)


def _only_forbids(mask: Floats | None) -> bool:
    return mask is None or bool((np.isneginf(mask) | (mask == 0)).all())


def _softmax(w: Writer) -> Formula:
    scene, steps = w.scene, w.scene.one.steps
    scores = steps.masked[scene.query].astype(np.float64)
    alpha = w.tint("weight", r"\alpha_{ij}")
    name = rf"{w.tint('weight', ALPHA)}_{{{w.query} \to {w.key}}}"
    value = float(steps.weights[scene.query, scene.key])
    weight = w.tint("weight", w.share(value))
    if np.isneginf(scores).all():
        return Formula(
            rf"{alpha} = \frac{{1}}{{n}}", rf"{name} = \frac{{1}}{{{len(scores)}}} = {weight}"
        )
    joined = scores if steps.sink is None else np.append(scores, steps.sink)
    e, shift = exponentials(joined[~np.isneginf(joined)])
    power = r"s_{ij} - m_i" if shift else r"s_{ij}"
    below = r"\sum_{j'} e^{s_{ij'}" + (" - m_i}" if shift else "}")
    if steps.sink is not None:
        below += r" + e^{s_{\text{sink}}" + (" - m_i}" if shift else "}")
    general = rf"{alpha} = \frac{{e^{{{power}}}}}{{{below}}}"
    if shift:
        general += r" \qquad m_i = \max_{j'} s_{ij'}"
    place = int(np.isfinite(scores[: scene.key]).sum()) if np.isfinite(scores[scene.key]) else -1
    total = _exponentials(w, e, place)
    score = float(scores[scene.key])
    mine = float(np.exp(score - shift))
    exponent = w.score(score) + (rf" - {_bracket(w.number(shift), shift)}" if shift else "")
    over = rf"\frac{{{_exp(w, mine)}}}{{{_exp(w, total.value)}}}"
    chosen = rf"{name} = \frac{{e^{{{exponent}}}}}{{\Sigma}} = {over} = {weight}"
    sums = aligned(r"\Sigma", total.rows, [_exp(w, total.value)])
    return Formula(general, gathered(chosen, sums), total.terms, total.left_out, shift)


def _exp(w: Writer, value: float) -> str:
    return w.style.notation.tex_significant(value, w.digits + 2)


def _exponentials(w: Writer, e: Floats, chosen: int) -> Sum:
    """Σ of the open cells' eˢ; chosen: the chosen key's place among them, −1 when masked."""
    rest = w.style.labels["rest"]
    return product_sum(
        e,
        np.ones_like(e),
        lambda j: (
            rf"\textcolor{{{w.style.theme.k}}}{{{_exp(w, float(e[j]))}}}"
            if j == chosen
            else _exp(w, float(e[j]))
        ),
        most=w.most,
        rest=lambda n, total: (
            rf"\underbrace{{{_exp(w, total)}}}_{{\text{{{for_tex(rest.format(n=n))}}}}}"
        ),
        a_row=4,
    )


def _mix(w: Writer) -> Formula:
    scene, steps = w.scene, w.scene.one.steps
    # A masked key's weight is exactly 0: its term is none.
    seen = np.flatnonzero(steps.weights[scene.query])
    weights = steps.weights[scene.query, seen].astype(np.float64)
    v = steps.v[seen, scene.dim].astype(np.float64)

    def write(j: int) -> str:
        alpha = w.tint("weight", w.share(float(weights[j]), w.digits + 1))
        return rf"{alpha} \cdot {w.factor(float(v[j]), 'v')}"

    total = w.sum(weights, v, write)
    terms = rf"{w.tint('weight', ALPHA + '_{ij}')}\, {w.tint('v', 'v_{j,t}')}"
    general = rf"{w.tint('output', 'o_{i,t}')} = \sum_j {terms}"
    left = rf"{w.tint('output', 'o')}_{{{w.query},\,{scene.dim}}}"
    chosen = aligned(left, total.rows, [w.tint("output", w.number(total.value))])
    return Formula(general, chosen, total.terms, total.left_out)


def _concatenate(w: Writer) -> Formula:
    scene, one = w.scene, w.scene.one
    start, stop = one.columns
    width, column = stop - start, start + scene.dim
    o = w.tint("output", r"o^{(h)}_{i,t}")
    general = rf"C_{{i,\; h \cdot d_v + t}} = {o} \qquad d_v = {width}"
    value = w.tint("output", w.number(float(one.concat[scene.query, column]), w.digits + 2))
    left = rf"C_{{{w.query},\,{column}}}"
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
    bias = 0.0 if projection.bias is None else float(projection.bias[scene.out])
    added = projection.bias is not None
    general = rf"y_{{i,c}} = \sum_{{t=0}}^{{{len(c) - 1}}} C_{{i,t}}\, W^O_{{t,c}}"
    general += " + b_c" if added else ""
    rows = [*total.rows]
    if added:
        rows.append(rf"+ \underbrace{{{w.factor(bias, 'ink')}}}_{{b_{{{scene.out}}}}}")
    value = total.value + bias
    mine = float(c[start:stop] @ weight[start:stop])
    shares = [rf"\underbrace{{{w.factor(mine, 'output')}}}_{{{w.label('head', n=one.head)}}}"]
    if one.heads > 1:
        others = total.value - mine
        shares.append(rf"\underbrace{{{w.factor(others, 'ink')}}}_{{{w.label('other_heads')}}}")
    if added:
        shares.append(rf"\underbrace{{{w.factor(bias, 'ink')}}}_{{b}}")
    ends = [rf"\mathbf{{{w.number(value)}}}"]
    if len(shares) > 1:
        ends.append(" + ".join(shares))
    chosen = aligned(rf"y_{{{w.query},\,{scene.out}}}", rows, ends)
    return Formula(general, chosen, total.terms, total.left_out)


_WRITE: dict[int, Callable[[Writer], Formula]] = {
    1: _project,
    2: _compare,
    3: _scale,
    4: _mask,
    5: _softmax,
    6: _mix,
    7: _concatenate,
    8: _project_out,
}
