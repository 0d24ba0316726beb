"""What the stops below steps 1, 3, 4 and 7 say with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2, sqrt

import numpy as np

from models.scores.masking import MaskedRow
from models.scores.places_trace import FIGURES, Accuracy
from models.scores.scaling import HeadScaling, RandomScores, Saturation, quantiles
from models.scores.values import SecondRound, SharedMatrix
from viz.board.markup import Safe
from viz.board.sentence import LONGEST_TOKEN, number, percent, query_key, say, tinted, token
from viz.board.style import Style
from viz.scores.masking import short_of_one
from viz.scores.scaling import Spreads
from viz.scores.symmetry import Drawn


def nearest(random: Sequence[RandomScores], d: int) -> RandomScores:
    """The random vectors with about as many components. ValueError: there are none."""
    return min(random, key=lambda one: abs(log2(one.d / d)))


def spreads(drawn: Spreads, style: Style) -> list[Safe]:
    """How far q·k spread: at random, in this head, in all of them.

    style.labels: random, head, heads.
    """
    own, like = drawn.chosen_head, nearest(drawn.random, drawn.chosen_head.d)
    low, middle, high = quantiles(tuple(drawn.heads))
    return [
        say(
            style,
            "random",
            d=like.d,
            spread=number(style, like.spread),
            error=style.notation.fixed(like.error),
            root=number(style, like.expected),
        ),
        say(
            style,
            "head",
            d=own.d,
            spread=number(style, own.spread, "plus"),
            root=number(style, sqrt(own.d)),
            times=number(style, own.ratio),
            uncorrelated=number(style, drawn.of_chosen.uncorrelated),
        ),
        say(
            style,
            "heads",
            heads=len(drawn.heads),
            low=number(style, low),
            middle=number(style, middle),
            high=number(style, high),
        ),
    ]


def saturated(found: HeadScaling, d: int, style: Style) -> Safe:
    """What the division does to this head's rows, or its own factor where that is not 1/√d.

    d: components of its keys. style.labels: divides, never, factor.
    """
    kept, free = found.divided, found.undivided
    values = {"largest": number(style, kept.largest, "weight"), "slope": _slope(style, kept)}
    if found.plain:
        return say(style, "never", **values)
    values |= {"free": number(style, free.largest, "plus"), "free_slope": _slope(style, free)}
    if found.by_root(d):
        return say(style, "divides", **values)
    by = style.notation.significant(found.factor, 3)
    return say(
        style, "factor", by=by, d=d, root=style.notation.significant(1 / sqrt(d), 3), **values
    )


def _slope(style: Style, found: Saturation) -> Safe:
    return number(style, found.slope, "ink", 4)


def symmetric(drawn: Drawn, style: Style) -> list[Safe]:
    """How far the head's scores are from symmetric, what one matrix would do, and all heads.

    style.labels: own, one_matrix, heads.
    """
    own, same, count = drawn.found.recorded, drawn.found.one_matrix, len(drawn.tokens)
    there, back = (drawn.query, drawn.key), (drawn.key, drawn.query)
    every = np.array([one.asymmetry for one in drawn.heads])
    pair = query_key(drawn.tokens[drawn.query], drawn.tokens[drawn.key])
    return [
        say(
            style,
            "own" if drawn.query != drawn.key else "own_itself",
            there=number(style, float(own.raw[there])),
            back=number(style, float(own.raw[back])),
            asymmetry=number(style, own.asymmetry, "plus"),
            **pair,
        ),
        say(
            style,
            "one_matrix",
            both=number(style, float(same.raw[there])),
            themselves=same.themselves,
            before=own.themselves,
            count=count,
        ),
        say(
            style,
            "heads",
            heads=len(every),
            low=number(style, float(every.min())),
            middle=number(style, float(np.median(every))),
            high=number(style, float(every.max())),
        ),
    ]


def shared(
    found: SharedMatrix, query: int, word: str, measured: SecondRound, style: Style
) -> list[Safe]:
    """How far a query's output is off with W_V = W_K, and what a trained model loses by it.

    word: the query's token. style.labels: off, measured.
    """
    return [
        say(
            style,
            "off",
            query=token(word, "q", LONGEST_TOKEN),
            lost=number(style, found.lost(query), "plus"),
        ),
        say(
            style,
            "measured",
            right=measured.right,
            asked=measured.asked,
            loss=style.notation.significant(measured.loss, 2),
            shared=measured.shared_right,
            shared_loss=number(style, measured.shared_loss, "plus"),
            uniform=number(style, measured.uniform),
        ),
    ]


def one_and_four(found: Mapping[str, Accuracy], style: Style) -> list[Safe]:
    """How often one head and four are right, asked for four places at once and for one.

    found: "one", "four". style.labels: together, single.
    """
    one = found["one"]
    shares = {
        f"{name}_{figure}": _whole_or_tenths(style, of.mean(figure))
        for name, of in found.items()
        for figure in FIGURES
    }
    runs = one.seeds["together"]
    shares["worst"] = _whole_or_tenths(style, float(runs.min()))
    return [say(style, "together", runs=len(runs), **shares), say(style, "single", **shares)]


def _whole_or_tenths(style: Style, share: float) -> Safe:
    """A share as whole per cent where it is that, else with a tenth."""
    return percent(style, share, "ink", digits=0 if (100 * share).is_integer() else 1)


def masked(row: MaskedRow, query: str, keys: Sequence[str], key: int, style: Style) -> list[Safe]:
    """What goes wrong with scores of 0, with weights of 0, and what another future token does.

    key: whose weight is followed. style.labels: zero, after, future.
    """
    count, other = int(row.masked.sum()), row.with_another_future()
    asks = token(query, "q", LONGEST_TOKEN)
    hidden = float(row.zero_scores[row.masked].sum())
    before, then, right = (
        number(style, float(part[key]), "weight", 4)
        for part in (row.zeroed, other.zeroed, other.right)
    )
    return [
        say(style, "zero", count=count, every=len(keys), share=percent(style, hidden, digits=1)),
        say(
            style,
            "after",
            query=asks,
            total=tinted(short_of_one(float(row.zeroed.sum()), row.missing, style), "weight"),
            lost=tinted(style.notation.tiny(row.lost, 4) if row.lost else "0", "weight"),
        ),
        say(
            style,
            "future",
            future=token(keys[row.future], "k", LONGEST_TOKEN),
            score=number(style, float(other.scores[row.future]), "plus"),
            instead=number(style, float(row.scores[row.future]), "plus"),
            key=token(keys[key], "k", LONGEST_TOKEN),
            was=before,
            then=then,
            right=right,
        ),
    ]
