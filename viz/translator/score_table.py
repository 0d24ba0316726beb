"""One row of an attention as a table: every key's score, power and weight. HTML, escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from models.core.attention import exponentials
from models.trace import HeadSteps
from models.translator.steps import WrittenWord
from viz.board.notation import Notation, shortened, visible
from viz.tables.softmax import shown_keys, written

MOST = 8  # keys with a row of their own
_LONGEST = 12


def table(
    steps: HeadSteps,
    keys: Sequence[str],
    cell: tuple[int, int],
    *,
    labels: Mapping[str, str],
    notation: Notation,
) -> str:
    """cell: the query, whose row this is, and the chosen key. A masked key has no row.

    The weakest of many keys stand together in one row, so that the sums are of the whole softmax.
    labels: key, weight, others (n).
    """
    query, chosen = cell
    scores, weights = steps.masked[query], steps.weights[query]
    e, shift = exponentials(scores)
    masked = frozenset(np.flatnonzero(np.isneginf(scores)).tolist())
    shown = shown_keys(weights, chosen, masked, MOST)
    rows = [
        _row(
            keys[j],
            (notation.fixed(float(steps.raw[query, j]), 1), notation.fixed(float(scores[j]))),
            written(float(e[j]), notation),
            float(weights[j]),
            notation,
            "on" if j == chosen else "",
        )
        for j in shown
    ]
    rest = [j for j in range(len(keys)) if j not in masked and j not in shown]
    if rest:
        share = float(weights[rest].sum())
        words = labels["others"].format(n=len(rest))
        power = written(float(e[rest].sum()), notation)
        rows.append(_row(words, ("", ""), power, share, notation, "quiet"))
    total = written(float(e.sum()), notation)
    rows.append(
        f"<tr class='sum'><td class='word'>Σ</td><td></td><td></td><td>{escape(total)}</td>"
        f"<td class='alpha'>{escape(notation.fixed(float(weights.sum())))}</td><td></td></tr>"
    )
    return f"<table class='scored'>{_head(steps, shift, labels)}{''.join(rows)}</table>"


def _head(steps: HeadSteps, shift: float, labels: Mapping[str, str]) -> str:
    power = "e<sup>s−m</sup>" if shift else "e<sup>s</sup>"
    masked = " + M" if steps.mask is not None and bool(steps.mask.any()) else ""
    return (
        f"<tr><th class='word'>{escape(labels['key'])}</th>"
        "<th><i class='q'>q</i>·<i class='k'>k</i></th>"
        f"<th>s = ÷√{steps.q.shape[1]}{masked}</th><th>{power}</th>"
        f"<th colspan='2'>{escape(labels['weight'])}</th></tr>"
    )


def _row(
    key: str,
    scores: tuple[str, str],
    power: str,
    weight: float,
    notation: Notation,
    kind: str,
) -> str:
    word = escape(visible(shortened(key, _LONGEST)))
    cells = "".join(f"<td>{escape(number)}</td>" for number in (*scores, power))
    return (
        f"<tr class='{kind}'><td class='word'><bdi>{word}</bdi></td>{cells}"
        f"<td class='alpha'>{escape(notation.small(weight))}</td>"
        f"<td class='bar'><div><span style='width:{100 * min(weight, 1.0):.1f}%'></span></div></td>"
        "</tr>"
    )


def shares(
    step: WrittenWord, vocabulary: int, *, labels: Mapping[str, str], notation: Notation
) -> str:
    """The likeliest words' logits ℓ, e^(ℓ−m) and shares, all others in one row, and their sums.

    labels: word, probability, others (n).
    """
    top = step.best[0].logits[0]
    rows = [
        _row(
            one.word,
            ("", notation.fixed(one.logits[0])),
            written(float(np.exp(one.logits[0] - top)), notation),
            one.probabilities[0],
            notation,
            "on" if one.id == step.chosen else "",
        )
        for one in step.best
    ]
    whole = float(np.exp(step.log_sum_exp - top))
    known = sum(float(np.exp(one.logits[0] - top)) for one in step.best)
    rest = max(1 - sum(one.probabilities[0] for one in step.best), 0.0)
    words = labels["others"].format(n=vocabulary - len(step.best))
    rows.append(
        _row(words, ("", ""), written(max(whole - known, 0.0), notation), rest, notation, "quiet")
    )
    head = (
        f"<tr><th class='word'>{escape(labels['word'])}</th><th></th><th>ℓ</th>"
        f"<th>e<sup>ℓ−m</sup></th><th colspan='2'>{escape(labels['probability'])}</th></tr>"
    )
    total = (
        f"<tr class='sum'><td class='word'>Σ</td><td></td><td></td>"
        f"<td>{escape(written(whole, notation))}</td>"
        f"<td class='alpha'>{escape(notation.fixed(1.0))}</td><td></td></tr>"
    )
    return f"<table class='scored'>{head}{''.join(rows)}{total}</table>"
