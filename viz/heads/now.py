"""What the heads page shows now, in a sentence: one head, or BertViz's lines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.trace import Floats
from viz.board.sentence import Now, gives, itself, now, number, percent, query_key, say, token
from viz.board.style import Style
from viz.heads.compare import Compared
from viz.heads.elementwise import Shown
from viz.heads.view import HeadView


def heads(view: HeadView, style: Style) -> Now:
    """Whom the chosen query looks at, by the row that is drawn."""
    chosen, steps = view.full.chosen, view.steps
    if view.uncomputed:
        tokens = query_key(view.query_token, view.full.keys[chosen.key])
        return now(style, "uncomputed", "then_weight", **tokens)
    query = token(view.query_token, "q", 14)
    said = gives(
        style,
        steps.weights[chosen.query],
        query,
        view.full.keys,
        chosen.key,
        own=itself(view.full.queries, view.full.keys, chosen.query),
        masked=bool(np.isneginf(steps.masked[chosen.query, chosen.key])),
        without=view.hidden,
    )
    return Now(said, say(style, "then" if steps.whole else "then_weight"))


def products(shown: Shown, style: Style) -> Now:
    """How the chosen pair's score is made: how many products, and the largest of them."""
    found, axes, key = shown.found, shown.axes, shown.key
    largest = int(found.largest_first(key)[0])
    several = len(found.queries) > 1
    return now(
        style,
        "products_summed" if several else "products",
        "products_then",
        count=len(found.q),
        queries=len(found.queries),
        score=number(style, float(found.sums[key]), "plus" if found.sums[key] >= 0 else "minus"),
        dim=largest,
        product=number(style, float(found.values[key, largest])),
        **query_key(axes.queries[axes.chosen.query], axes.keys[axes.chosen.key]),
    )


def strongest(
    weights: Floats,
    queries: Sequence[str],
    keys: Sequence[str],
    place: tuple[int, int],
    style: Style,
) -> Now:
    """BertViz's head view. weights: (query, key) of the head at (layer, head) `place`."""
    row, column = map(int, np.unravel_index(int(weights.argmax()), weights.shape))
    return now(
        style,
        "head_view",
        "head_view_then",
        layer=place[0],
        head=place[1],
        share=percent(style, float(weights[row, column])),
        **query_key(queries[int(row)], keys[int(column)]),
    )


def all_heads(layers: int, across: int, style: Style) -> Now:
    """BertViz's model view. across: heads a layer."""
    counts = {"count": layers * across, "layers": layers, "heads": across}
    return now(style, "model_view", "model_view_then", **counts)


def compared(seen: Compared, against: str, style: Style, *, itself: bool = False) -> Now:
    """Two heads beside each other: where they differ most. against: sentence, head or model.

    itself: a head beside itself.
    """
    at = seen.both.largest
    if at is None:
        return now(style, "compare_none", "compare_then")
    first, second = (float(part[at]) for part in (seen.both.first, seen.both.second))
    if first == second:
        one = "model" if against == "head" and not itself else against
        return now(style, f"compare_same_{one}", "compare_then")
    return now(
        style,
        f"compare_{against}",
        "compare_then",
        first=percent(style, first),
        second=percent(style, second),
        **query_key(*(words[n] for words, n in zip(seen.words, at, strict=True))),
    )
