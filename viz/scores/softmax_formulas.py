"""Step 5 as LaTeX: one weight as its eˢ over the row's sum, and that sum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.trace import Floats
from viz.board.notation import for_tex
from viz.formula.sums import (
    Formula,
    Sum,
    aligned,
    beside,
    gathered,
    product_sum,
)
from viz.formula.width import fits
from viz.formula.writer import ALPHA, Writer
from viz.tables.softmax import exponentials


def softmax(w: Writer) -> Formula:
    """The chosen weight; where the whole row is masked, 1/n."""
    scene, steps = w.scene, w.scene.one.steps
    scores = steps.masked[scene.query].astype(np.float64)
    alpha = rf"{w.tint('weight', 'A_{ij}')} = {w.tint('weight', ALPHA + '_{ij}')}"
    name = rf"{w.tint('weight', ALPHA)}_{{{w.query} \to {w.key}}}"
    value = float(steps.weights[scene.query, scene.key])
    weight = w.tint("weight", w.share(value))
    if np.isneginf(scores).all():
        return Formula(
            rf"{alpha} = \frac{{1}}{{n}}", rf"{name} = \frac{{1}}{{{len(scores)}}} = {weight}"
        )
    joined = scores if steps.sink is None else np.append(scores, steps.sink)
    e, shift = exponentials(joined[~np.isneginf(joined)])
    less = " - m_i" if shift else ""
    below = rf"\sum_{{l}} e^{{{w.cell(4, 'il')}{less}}}"
    if steps.sink is not None:
        below += rf" + e^{{s_{{\text{{sink}}}}{less}}}"
    general = rf"{alpha} = \frac{{e^{{{w.cell(4)}{less}}}}}{{{below}}}"
    if shift:
        general = beside(general, rf"m_i = \max_{{l}} {w.cell(4, 'il')}")
    place = int(np.isfinite(scores[: scene.key]).sum()) if np.isfinite(scores[scene.key]) else -1
    total = _exponentials(w, e, place)
    score = float(scores[scene.key])
    mine = float(np.exp(score - shift))
    exponent = w.score(score) + (rf" - {w.bracketed(shift)}" if shift else "")
    ends = [rf"\frac{{e^{{{exponent}}}}}{{\Sigma}}"]
    ends.append(rf"\frac{{{w.exponential(mine)}}}{{{w.exponential(total.value)}}}")
    ends.append(weight)
    chosen = _one_or_two_rows(name, ends)
    whole = w.exponential(total.value)
    return Formula(
        general,
        gathered(chosen, aligned(r"\Sigma", total.rows, [whole])),
        total.terms,
        total.left_out,
        shift,
        aligned(r"\Sigma", total.rows, []),
        gathered(rf"\Sigma = {whole}", chosen),
    )


def _one_or_two_rows(left: str, ends: Sequence[str]) -> str:
    """left = end = end …, the last ones on a second row where one is too short for all."""
    if fits([left, *ends]):
        return f"{left} = " + " = ".join(ends)
    rows = [rf"{left} &= {ends[0]}", "&= " + " = ".join(ends[1:])]
    if not fits([left, ends[0]]):
        rows = [rf"&{left}", "&= " + " = ".join(ends)]
    # Streamlit cuts off what stands higher than KaTeX's own line: a power over a fraction does.
    rows[0] = r"\rule{0pt}{2em}" + rows[0]
    return r"\begin{aligned} " + r" \\[0.5em] ".join(rows) + r" \end{aligned}"


def _exponentials(w: Writer, e: Floats, chosen: int) -> Sum:
    """Σ of the open cells' eˢ; chosen: the chosen key's place among them, −1 when masked."""
    rest = w.style.labels["rest"]

    def write(j: int) -> str:
        body = w.exponential(float(e[j]))
        return w.tint("weight", body) if j == chosen else body

    return product_sum(
        e,
        np.ones_like(e),
        write,
        most=w.most,
        few=w.few,
        rest=lambda n, total: (
            rf"\underbrace{{{w.exponential(total)}}}_{{\text{{{for_tex(rest.format(n=n))}}}}}"
        ),
    )
