r"""A sentence's score in a beam search as LaTeX: the sum of ln p over its length to a power.

Wu et al. (2016, "Google's Neural Machine Translation System", eq. 14) divide by a gentler function
of the length; transformers divides by length^penalty, which is what stands here.
"""

from __future__ import annotations

import numpy as np

from models.translator.beam_trace import BeamSearch
from viz.board.style import Style
from viz.formula.sums import aligned
from viz.formula.terms import Terms


def general(style: Style) -> str:
    """For any sentence of n words; λ: the length penalty."""
    name = style.labels["score"]
    return rf"\text{{{name}}} = \frac{{\sum_{{t}} \ln p(w_t \mid w_{{<t}})}}{{n^{{\lambda}}}}"


def score(search: BeamSearch, node: int, style: Style, *, finer: bool = False) -> tuple[str, ...]:
    """The sum of a node's path; of a finished sentence also its score."""
    w = Terms(style, 5 if finer else 3, None)
    path = search.path(node)
    shares = np.array([search.nodes[number].log_probability for number in path])
    total = w.sum(shares, lambda t: _bracketed(_size(w, float(shares[t]))))
    whole = search.nodes[node]
    lines = [aligned(r"\Sigma", total.rows, [_size(w, total.value)])]
    if whole.state == "finished":
        power = w.style.notation.tex(search.penalty, 1)
        value = total.value / whole.depth**search.penalty
        below = rf"{whole.depth}^{{{power}}}"
        lines.append(
            rf"\text{{{w.style.labels['score']}}} = \frac{{{_size(w, total.value)}}}{{{below}}}"
            rf" = \mathbf{{{_size(w, value)}}}"
        )
    return tuple(lines)


def _size(w: Terms, value: float) -> str:
    """With as many digits whatever its size: near-certain words have a ln p near 0."""
    return w.style.notation.tex_significant(value, w.digits)


def _bracketed(body: str) -> str:
    return f"({body})" if body.startswith("-") else body
