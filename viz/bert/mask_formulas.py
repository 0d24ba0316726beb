r"""One candidate for a hidden place as LaTeX for KaTeX: its logit's sum, and the softmax.

logit_w = Σ_j t_j·W_{w,j} + b_w, p_w = e^{logit_w} / Σ_v e^{logit_v} over the whole vocabulary.
"""

from __future__ import annotations

from models.trace import Floats
from viz.formula.layout import Formula, bold, equal, in_line, summed
from viz.formula.products import dot
from viz.formula.softmax import share_of_many
from viz.formula.writer import Writer


def logit(features: Floats, weight: Floats, bias: float, w: Writer, word: str) -> Formula:
    """features, weight: (d,), what the last layer reads, and the word's row of it."""
    total = dot(w, features, weight, ("output", None), (bias, "b_w"))
    name, value = f"z_{{{w.text(word)}}}", w.score(total.value)
    general = rf"z_w = \sum_j {w.tint('output', 't_j')} \cdot E_{{w,j}} + b_w"
    return summed(general, name, total, value, chosen=in_line(name, total, value))


def softmax(logits: Floats, chosen: int, w: Writer, word: str) -> Formula:
    """p of one row of the vocabulary, (word,), shifted by the largest logit."""
    found = share_of_many(logits, chosen)
    general = (
        r"p_w = \frac{e^{z_w - m}}{\sum_v e^{z_v - m}}"
        rf"\qquad m = \max_v z_v = {w.number(found.top)}"
    )
    below = rf"\sum_{{{len(logits)}}} e^{{z_v - m}}"
    filled = rf"\frac{{e^{{{found.exponent(w, signed=False)}}}}}{{{below}}}"
    share = w.tint("output", bold(w.share(found.value)))
    return Formula(general, equal(f"p_{{{w.text(word)}}}", filled, found.fraction(w), share))
