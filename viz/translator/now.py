"""What the translator page shows now: what the lit stage does at this step, in a sentence."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from viz.board.markup import Safe
from viz.board.sentence import LONGEST_TOKEN, Now, gives, number, percent, say, token
from viz.board.style import Style
from viz.translator.stages import ATTENTIONS, Stepping


def stage(stepping: Stepping, following: str, style: Style) -> Now:
    """The lit stage. following: what the next one is called."""
    last = stepping.step == len(stepping.trace.ids) - 1
    then = say(style, "last" if last else "then", stage=following)
    return Now(_SAID[stepping.family](stepping, style), then)


def _token(stepping: Stepping) -> Safe:
    role = "k" if stepping.side == "encoder" else "q"
    return token(stepping.token, role, LONGEST_TOKEN)


def _one(stepping: Stepping, style: Style, **more: object) -> Safe:
    """The number of the chosen dimension, as the stage puts it out."""
    values = {"token": _token(stepping), "dim": stepping.dim, **more}
    value = number(style, stepping.own_value(), "output", 4)
    return say(style, f"of.{stepping.family}", value=value, **values)


def _embedding(stepping: Stepping, style: Style) -> Safe:
    return _one(stepping, style, place=stepping.row)


def _attention(stepping: Stepping, style: Style) -> Safe:
    kind, row = ATTENTIONS[stepping.stage], stepping.row
    return gives(
        style,
        stepping.weights(kind)[row],
        _token(stepping),
        stepping.keys,
        stepping.key,
        own=None if kind == "cross" else row,
        masked=bool(stepping.masked(kind)[row, stepping.key]),
    )


def _norm(stepping: Stepping, style: Style) -> Safe:
    before = float(stepping.norm.residual[stepping.row, stepping.dim])
    return _one(stepping, style, before=number(style, before, digits=4))


def _feed(stepping: Stepping, style: Style) -> Safe:
    return _one(stepping, style, inner=stepping.feed.inner.shape[1])


def _linear(stepping: Stepping, style: Style) -> Safe:
    logits = stepping.trace.logits[stepping.step]
    own = float(logits[stepping.trace.ids[stepping.step]])
    rank = 1 + int(np.count_nonzero(logits > own))
    return say(
        style,
        "of.linear" if rank == 1 else "of.linear_rank",
        word=token(stepping.word, "output", LONGEST_TOKEN),
        value=number(style, own, "output"),
        rank=rank,
        count=len(logits),
    )


def _softmax(stepping: Stepping, style: Style) -> Safe:
    written = stepping.trace.step(stepping.step)
    other = next(one for one in written.best if one.id != written.chosen)
    return say(
        style,
        "of.softmax",
        word=token(stepping.word, "output", LONGEST_TOKEN),
        share=percent(style, stepping.own_value(), "output"),
        other=token(other.word, "ink", LONGEST_TOKEN),
        other_share=percent(style, other.probabilities[0], "ink"),
    )


_SAID: dict[str, Callable[[Stepping, Style], Safe]] = {
    "embedding": _embedding,
    "attention": _attention,
    "norm": _norm,
    "feed": _feed,
    "linear": _linear,
    "softmax": _softmax,
}
