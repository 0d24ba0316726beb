r"""What the order of temperature, top-k and top-p decides, as LaTeX: the sum that top-p adds up."""

from __future__ import annotations

import numpy as np

from models.gpt.order import Orders
from viz.formula.layout import aligned, bold, equal
from viz.formula.writer import Writer
from viz.gpt.order import Ladder
from viz.gpt.sampling_formulas import reached


def added_up(shown: Ladder, w: Writer) -> str | None:
    """The shares that top-p adds up until they reach p; None: this order has no top-p.

    w.style.labels: rest (n), without (word).
    """
    shares = shown.chain.reaching
    if not len(shares):
        return None
    last = int(shown.chain.ranking[len(shares) - 1])
    word = w.text(shown.words[last], longest=12)
    return reached(w, shares, shown.chain.settings.top_p, word)


def distance(orders: Orders, w: Writer) -> str | None:
    r"""½ Σ |p − p′| over all tokens, the total variation distance, its largest terms written out.

    None: it is 0, and there is no term to write.

    w.style.labels: rest (n).
    """
    if not orders.distance:
        return None
    terms = np.abs(orders.library.probabilities - orders.other.probabilities)
    terms = np.sort(terms[terms > 0])[::-1]
    total = w.sum(terms, lambda t: w.share(float(terms[t])), rest=w.share)
    first, *others = total.rows
    rows = [rf"\tfrac12\,({first}", *others]
    rows[-1] += ")"
    left, value = r"\tfrac12 \sum |p - p'|", bold(w.share(orders.distance))
    return equal(left, *rows, value) if len(rows) == 1 else aligned(left, rows, [value])
