"""A small matrix of attention weights as an HTML table: for a page that must draw at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.trace import Floats, HeadSteps
from viz.board.markup import Safe, template
from viz.board.notation import Notation, isolated
from viz.board.theme import Theme, at, ink_on

_WEIGHTS = template(
    "<table class='weights'>"
    "<tr><td></td>{% for word in words %}<th>{{ word }}</th>{% endfor %}</tr>"
    "{% for word, cells in rows %}<tr><th>{{ word }}</th>{% for ground, ink, number in cells %}"
    "<td style='background:{{ ground }};color:{{ ink }}'>{{ number }}</td>{% endfor %}</tr>"
    "{% endfor %}</table>"
)
_SUMS = template(
    "<table class='sums'><tr><td><b style='color:var(--q)'>{{ query }}</b> · "
    "<b style='color:var(--k)'>{{ key }}</b></td><td>{{ terms }}</td></tr>"
    "<tr><td>÷ √d</td><td>{{ divided }}</td></tr>"
    "<tr><td><i>e<sup>s</sup></i></td><td><i>e</i><sup>{{ scaled }}</sup> = {{ power }}</td></tr>"
    "<tr><td>÷ Σ</td><td>{{ power }} ÷ {{ total }} = <b>{{ weight }}</b></td></tr></table>"
)


def weights_table(
    weights: Floats, words: Sequence[str], *, theme: Theme, notation: Notation, digits: int = 3
) -> Safe:
    """weights: (query, key), 0–1 → HTML; queries down the side, keys along the top."""
    shaded = [[(at(theme.weights, v), v) for v in row] for row in weights.tolist()]
    rows = [
        (word, [(ground, ink_on(ground), notation.small(v, digits)) for ground, v in row])
        for word, row in zip(map(isolated, words), shaded, strict=True)
    ]
    return _WEIGHTS(words=map(isolated, words), rows=rows)


def cell_sum(
    steps: HeadSteps, words: Sequence[str], query: int, key: int, *, notation: Notation
) -> Safe:
    """One weight's whole way, q·k → ÷√d → eˢ → ÷ Σ, as four lines of HTML.

    softmax(QKᵀ/√d_k): Vaswani et al. 2017, eq. 1.
    """
    fixed = notation.fixed
    pairs = zip(steps.q[query].tolist(), steps.k[key].tolist(), strict=True)
    factors = (map(_bracketed, (fixed(a, 0), fixed(b, 0))) for a, b in pairs)
    terms = " + ".join(map("·".join, factors))
    raw, scaled = float(steps.raw[query, key]), float(steps.scaled[query, key])
    e = np.exp(steps.masked[query].astype(np.float64))
    total, weight = float(e.sum()), float(steps.weights[query, key])
    return _SUMS(
        query=isolated(words[query]),
        key=isolated(words[key]),
        terms=f"{terms} = {fixed(raw, 0)}",
        divided=f"{fixed(raw, 0)} ÷ √{steps.q.shape[1]} = {fixed(scaled)}",
        scaled=fixed(scaled),
        power=fixed(float(e[key])),
        total=fixed(total),
        weight=fixed(weight, 3),
    )


def _bracketed(number: str) -> str:
    return number if number[0].isdigit() else f"({number})"
