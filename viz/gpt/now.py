"""What the gpt page shows now, a sentence for each of its views."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from viz.board.markup import Safe, joined
from viz.board.sentence import LONGEST_TOKEN, Now, gives, now, percent, say, tinted, token
from viz.board.style import Style
from viz.gpt.cache import Kept
from viz.gpt.induction import Twice
from viz.gpt.sampling import Choosing
from viz.steps.scene import Scene


@dataclass(frozen=True, slots=True)
class After:
    """What comes next. word: the token that → writes; over: "ended", "full": none any more."""

    word: str = ""
    over: str = ""


def write(shown: Choosing, place: int, after: After, style: Style) -> Now:
    """The choice of the token at a place."""
    order, stages = shown.stages.order, shown.stages
    best = int(order[0])
    values = {
        "n": place,
        "word": _word(shown.words[shown.chosen], "output"),
        "share": percent(style, float(stages.probabilities[shown.chosen]), "output"),
        "best": _word(shown.words[best], "output"),
        "best_share": percent(style, float(stages.probabilities[best]), "output"),
        "kept": shown.kept,
        "all": len(shown.words),
    }
    if shown.drawn is None:
        said = say(style, "greedy", **values)
    else:
        u = tinted(style.notation.fixed(shown.drawn.u, 4), "output")
        said = say(style, "write", u=u, **values)
    if after.over:
        said = joined((said, say(style, f"over_{after.over}")), " ")
    return Now(said, _then(after, style))


def _word(word: str, role: str) -> Safe:
    return token(word, role, LONGEST_TOKEN)


def _then(after: After, style: Style) -> Safe:
    if after.over:
        return say(style, "last")
    return say(style, "then", word=_word(after.word, "output"))


def mask(scene: Scene, after: After, style: Style) -> Now:
    """Whom the chosen token looks at, and how many tokens after it are out of its sight."""
    row = scene.one.steps.weights[scene.query]
    hidden = np.isneginf(scene.one.steps.masked[scene.query])
    query = _word(scene.axes.queries[scene.query], "q")
    masked = bool(hidden[scene.key])
    looks = gives(style, row, query, scene.axes.keys, scene.key, own=scene.query, masked=masked)
    count = int(hidden.sum())
    name = "sees_all" if not count else "sees_not"
    return Now(joined((looks, say(style, name, count=count)), " "), _then(after, style))


def cache(kept: Kept, after: After, style: Style) -> Now:
    """What this step computes, and what it takes from the steps before."""
    newest, before = _word(kept.words[-1], "q"), kept.tokens - 1
    nearest = sorted({count - 1 for count in kept.attended})
    if nearest and nearest[0] < before:
        few, many = nearest[0], nearest[-1]
        name = "cache_window" if few == many else "cache_windows"
        return Now(say(style, name, token=newest, few=few, many=many), _then(after, style))
    name = "cache_latent" if kept.latent else "cache"
    said = say(style, name if before else "cache_first", token=newest, before=before)
    return Now(said, _then(after, style))


def induction(twice: Twice, style: Style) -> Now:
    """What stood after the chosen token the first time, and how much of each head looks there."""
    asks, target = _word(twice.words[twice.query], "q"), twice.target
    if target is None:
        return now(style, "twice_first", "twice_then", token=asks)
    looks = [
        say(
            style,
            "twice_head",
            name=one.name,
            share=percent(style, float(one.steps.weights[twice.query, target])),
        )
        for one in twice.rounds
    ]
    return now(
        style,
        "twice",
        "twice_then",
        a=asks,
        b=_word(twice.words[target], "k"),
        earlier=twice.query - twice.period,
        place=target,
        looks=joined(looks, style.labels["comma"]),
    )
