"""One row of an attention as a table: every key's score, power and weight. HTML."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.core.attention import exponentials
from models.trace import HeadSteps
from models.translator.steps import WrittenWord
from viz.board.markup import Safe, template
from viz.board.notation import Notation, shortened, visible
from viz.board.style import Style
from viz.tables.bars import width
from viz.tables.softmax import shown_keys, written

MOST = 8  # keys with a row of their own
_LONGEST = 12

# kind, word, numbers, share, percent of the bar
_ROWS = (
    "{% for kind, word, numbers, share, bar in rows %}<tr class='{{ kind }}'>"
    "<td class='word'><bdi>{{ word }}</bdi></td>"
    "{% for number in numbers %}<td>{{ number }}</td>{% endfor %}<td class='alpha'>{{ share }}</td>"
    "<td class='bar'><div><span style='width:{{ bar }}%'></span></div></td></tr>{% endfor %}"
    "<tr class='sum'><td class='word'>Σ</td><td></td><td></td><td>{{ total }}</td>"
    "<td class='alpha'>{{ whole }}</td><td></td></tr></table>"
)
_SCORES = template(
    "<table class='scored'><tr><th class='word'>{{ words.key }}</th>"
    "<th><i class='q'>q</i>·<i class='k'>k</i></th>"
    "<th>s = ÷√{{ d }}{% if masked %} + M{% endif %}</th>"
    "<th>e<sup>s{% if shift %}−m{% endif %}</sup></th><th colspan='2'>{{ words.weight }}</th></tr>"
    + _ROWS
)
_SHARES = template(
    "<table class='scored'><tr><th class='word'>{{ words.word }}</th><th></th><th>ℓ</th>"
    "<th>e<sup>ℓ−m</sup></th><th colspan='2'>{{ words.probability }}</th></tr>" + _ROWS
)
_Row = tuple[str, str, tuple[str, str, str], str, str]


def table(steps: HeadSteps, keys: Sequence[str], cell: tuple[int, int], style: Style) -> Safe:
    """cell: the query, whose row this is, and the chosen key. A masked key has no row.

    The weakest of many keys stand together in one row, so that the sums are of the whole softmax.
    style.labels: key, weight, others (n).
    """
    (query, chosen), labels, notation = cell, style.labels, style.notation
    scores, weights = steps.masked[query], steps.weights[query]
    e, shift = exponentials(scores)
    masked = frozenset(np.flatnonzero(np.isneginf(scores)).tolist())
    shown = shown_keys(weights, chosen, masked, MOST)
    rows = []
    for j in shown:
        numbers = notation.fixed(float(steps.raw[query, j]), 1), notation.fixed(float(scores[j]))
        kind = "on" if j == chosen else ""
        rows.append(_row(keys[j], numbers, float(e[j]), float(weights[j]), notation, kind))
    rest = [j for j in range(len(keys)) if j not in masked and j not in shown]
    if rest:
        words = labels["others"].format(n=len(rest))
        share = float(weights[rest].sum())
        rows.append(_row(words, ("", ""), float(e[rest].sum()), share, notation, "quiet"))
    return _SCORES(
        words=labels,
        d=steps.q.shape[1],
        masked=steps.mask is not None and bool(steps.mask.any()),
        shift=shift,
        rows=rows,
        total=written(float(e.sum()), notation),
        whole=notation.fixed(float(weights.sum())),
    )


def _row(
    key: str, scores: tuple[str, str], power: float, weight: float, notation: Notation, kind: str
) -> _Row:
    numbers = (*scores, written(power, notation))
    word = visible(shortened(key, _LONGEST))
    return kind, word, numbers, notation.small(weight), width(weight)


def shares(step: WrittenWord, vocabulary: int, style: Style) -> Safe:
    """The likeliest words' logits ℓ, e^(ℓ−m) and shares, all others in one row, and their sums.

    style.labels: word, probability, others (n).
    """
    top, labels, notation = step.best[0].logits[0], style.labels, style.notation
    powers = [float(np.exp(one.logits[0] - top)) for one in step.best]
    rows = []
    for one, power in zip(step.best, powers, strict=True):
        numbers, kind = ("", notation.fixed(one.logits[0])), "on" if one.id == step.chosen else ""
        rows.append(_row(one.word, numbers, power, one.probabilities[0], notation, kind))
    whole = float(np.exp(step.log_sum_exp - top))
    words, rest = labels["others"].format(n=vocabulary - len(step.best)), whole - sum(powers)
    rows.append(_row(words, ("", ""), max(rest, 0.0), step.others, notation, "quiet"))
    total = written(whole, notation)
    return _SHARES(words=labels, rows=rows, total=total, whole=notation.fixed(1.0))
