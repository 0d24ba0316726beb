r"""One score and its mirror image, as they are and with W_K = W_Q, as LaTeX."""

from __future__ import annotations

from collections.abc import Sequence

from models.scores.symmetry import TwoMatrices
from viz.formula.layout import bold, laid
from viz.formula.products import dot
from viz.formula.writer import Writer


def mirrored(
    found: TwoMatrices, tokens: Sequence[str], query: int, key: int, w: Writer
) -> tuple[tuple[str, str], tuple[str, str]]:
    """s(query → key) and s(key → query), term by term: by two matrices, then by one.

    tokens: of the text. w's labels: rest (n).
    """
    pairs = (query, key), (key, query)
    own = tuple(_score(found, tokens, i, j, w, "k") for i, j in pairs)
    same = tuple(_score(found, tokens, i, j, w, "q") for i, j in pairs)
    return (own[0], own[1]), (same[0], same[1])


def _score(found: TwoMatrices, tokens: Sequence[str], i: int, j: int, w: Writer, part: str) -> str:
    """q_i · k_j, or with part "q" q_i · q_j."""
    words = w.text(tokens[i]), w.text(tokens[j])
    left = rf"{w.tint('q', 'q')}_{{{words[0]}}} \cdot {w.tint(part, part)}_{{{words[1]}}}"
    total = dot(w, found.q[i], (found.k if part == "k" else found.same)[j], ("q", part))
    return laid(left, total, bold(w.score(total.value)), w.room)
