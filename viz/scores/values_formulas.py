"""One number of a head's output, as it is and with W_V = W_K, as LaTeX: Σ α v and Σ α k."""

from __future__ import annotations

from models.scores.values import SharedMatrix
from viz.formula.layout import bold, laid
from viz.formula.products import dot
from viz.formula.writer import Writer


def outputs(found: SharedMatrix, query: int, dim: int, w: Writer) -> tuple[str, str]:
    """o[dim] of one query, term by term: by values, then by what W_K makes.

    w's labels: rest (n).
    """
    own = dot(w, found.weights[query], found.v[:, dim], ("weight", "v"))
    shared = dot(w, found.weights[query], found.k[:, dim], ("weight", "k"))
    alpha = w.tint("weight", r"\alpha_j")
    left = rf"\sum_j {alpha}\,"
    return (
        laid(rf"{left}{w.tint('v', 'v_j')}[{dim}]", own, bold(w.number(own.value)), w.room),
        laid(rf"{left}{w.tint('k', 'k_j')}[{dim}]", shared, bold(w.number(shared.value)), w.room),
    )
