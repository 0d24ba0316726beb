"""What the positions page shows now, a sentence for each of its views."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.trace import Floats
from viz.board.markup import Safe
from viz.board.sentence import (
    LONGEST_TOKEN,
    Now,
    listed,
    now,
    number,
    query_key,
    say,
    tinted,
    token,
)
from viz.board.style import Style
from viz.positions.added import AddedHead
from viz.positions.distances import Beside, Distances
from viz.positions.schemes import NAMES, Ways
from viz.positions.shuffle import Order, difference
from viz.positions.table import Worked, divisor


def table(worked: Worked, style: Style) -> Now:
    """One number of the worked table: sine or cosine of which angle."""
    pos, dim = worked.chosen
    last = (pos + 1, dim + 1) == worked.values.shape
    return now(
        style,
        "table",
        "table_last" if last else "table_then",
        word=token(worked.words[pos], "ink", LONGEST_TOKEN),
        pos=pos,
        dim=dim,
        function="cos" if dim % 2 else "sin",
        divisor=divisor(float(worked.divisors[dim // 2]), style.notation),
        value=number(style, float(worked.values[pos, dim]), digits=3),
    )


def waves(values: Floats, dims: Sequence[int], pos: int, style: Style) -> Now:
    """The drawn waves at one position. values: (position, d)."""
    drawn = [
        say(style, "wave", dim=dim, value=number(style, float(values[pos, dim]))) for dim in dims
    ]
    then = "waves_last" if pos == len(values) - 1 else "waves_then"
    return now(style, "waves", then, pos=pos, waves=listed(style, drawn))


def distances(shown: Distances, style: Style) -> Now:
    """The chosen pair's product, and that it is their distance's alone."""
    one, other = shown.pair
    name = "distances" if other > one else "distances_same"
    value = number(style, float(shown.matrix[one, other]))
    then = _pair_then(other, len(shown.matrix))
    return now(style, name, then, a=one, b=other, offset=other - one, value=value)


def _pair_then(other: int, count: int) -> str:
    return "pair_last" if other == count - 1 else "pair_then"


def shift(pos: int, offset: int, block: int, divisor: float, count: int, style: Style) -> Now:
    """By which angle one block turns. block: of two dimensions; count: of positions."""
    angle = tinted(style.notation.significant(offset / divisor, 3), "ink")
    values = {"pos": pos, "to": pos + offset, "a": 2 * block, "b": 2 * block + 1, "angle": angle}
    name = "shift" if offset else "shift_none"
    then = "shift_last" if pos + offset == count - 1 else "shift_then"
    return now(style, name, then, offset=offset, **values)


def learned(shown: Beside, style: Style) -> Now:
    """The chosen pair's cosine in the learned table, and in the sinusoid of its size."""
    one, other = shown.pair
    return now(
        style,
        "learned",
        _pair_then(other, len(shown.table)),
        a=one,
        b=other,
        cosine=number(style, float(shown.cosines[one, other])),
        sinusoid=number(style, float(shown.sinusoid_cosines[one, other])),
    )


def ways(shown: Ways, way: str, style: Style) -> Now:
    """The chosen pair's score without positions, and with. way: of these the open one, or all."""
    query, key = shown.chosen
    both = query_key(shown.tokens[query], shown.tokens[key])
    then = "ways_last" if key == len(shown.content[query]) - 1 else "ways_then"
    if np.isneginf(shown.content[query, key]):
        return now(style, "ways_masked", then, **both)
    names = list(shown.scores) if way == "all" else [way]
    scores = [_score(float(shown.scores[name][query, key]), name, style) for name in names]
    content = number(style, shown.flat)
    return now(style, "ways", then, content=content, scores=listed(style, scores), **both)


def _score(value: float, way: str, style: Style) -> Safe:
    return say(style, "way", way=NAMES.get(way) or style.labels[way], value=number(style, value))


def shuffle(shown: Order, style: Style) -> Now:
    """Where the chosen token goes, and how far its output changes without positions and with."""
    place = shown.chosen
    apart = {
        name: difference(float(np.abs(after[place] - before[place]).max()), style.notation)
        for name, (before, after) in (("off", shown.off), ("on", shown.on))
    }
    return now(
        style,
        "shuffle",
        "shuffle_last" if place == len(shown.tokens) - 1 else "shuffle_then",
        word=token(shown.tokens[place], "ink", LONGEST_TOKEN),
        a=place,
        b=list(shown.order).index(place),
        **{name: tinted(value, "ink") for name, value in apart.items()},
    )


def added(shown: AddedHead, style: Style) -> Now:
    """The chosen number of the query: what token and position give to it."""
    token_, position = (float(part[shown.dim]) for part in shown.results)
    last = shown.dim == len(shown.constant) - 1
    return now(
        style,
        "added",
        "added_last" if last else "added_then",
        word=token(shown.record.typed[shown.token], "ink", LONGEST_TOKEN),
        dim=shown.dim,
        head=shown.head,
        x=number(style, token_, "v", digits=3),
        p=number(style, position, "k", digits=3),
        both=number(style, token_ + position, digits=3),
    )
