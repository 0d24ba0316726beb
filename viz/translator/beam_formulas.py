r"""A sentence's score in a beam search as LaTeX: the sum of ln p over its length to a power.

Wu et al. (2016, "Google's Neural Machine Translation System", eq. 14) divide by a gentler function
of the length; transformers divides by length^penalty, which is what stands here.
"""

from __future__ import annotations

import numpy as np

from models.translator.beam_trace import BeamSearch
from viz.formula.layout import aligned, bold, equal
from viz.formula.writer import Writer


def general(w: Writer) -> str:
    """For any sentence of n words; λ: the length penalty."""
    return rf"{w.words('score')} = \frac{{\sum_{{t}} \ln p(w_t \mid w_{{<t}})}}{{n^{{\lambda}}}}"


def score(search: BeamSearch, node: int, w: Writer) -> tuple[str, ...]:
    """The sum of a node's path; of a finished sentence also its score."""
    # With as many digits whatever the size: near-certain words have a ln p near 0.
    shares = np.array([search.nodes[number].log_probability for number in search.path(node)])
    total = w.sum(shares, lambda t: _bracketed(w.significant(shares[t], w.digits)))
    whole, end = w.significant(total.value, w.digits), search.nodes[node]
    lines = [aligned(r"\Sigma", total.rows, [whole])]
    if end.state == "finished":
        value = w.significant(total.value / end.depth**search.penalty, w.digits)
        tenths = round(search.penalty, 1) == search.penalty
        below = rf"{end.depth}^{{{w.number(search.penalty, 1 if tenths else 3)}}}"
        lines.append(equal(w.words("score"), rf"\frac{{{whole}}}{{{below}}}", bold(value)))
    return tuple(lines)


def _bracketed(body: str) -> str:
    return f"({body})" if body.startswith("-") else body
