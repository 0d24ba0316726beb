"""What the words page shows now, a sentence for each of its views."""

from __future__ import annotations

import numpy as np

from models.words.neighbours import Neighbourhood
from models.words.pieces import Match, Segmentation
from models.words.space import VectorSpace
from viz.board.markup import Safe
from viz.board.sentence import LONGEST_TOKEN, Now, now, number, say, token
from viz.board.style import Style
from viz.words.analogies import Scene as Question
from viz.words.naming import row_name
from viz.words.table import Scene


def word(space: VectorSpace, row: int, role: str) -> Safe:
    """A row's name in its role's colour."""
    return token(row_name(space, row), role, LONGEST_TOKEN)


def table(scene: Scene, style: Style) -> Now:
    """Which row the 1 picks, and how far the two words lie apart both ways."""
    found = scene.lookup
    low, middle, high = (number(style, value) for value in found.spread)
    last = scene.dim == found.space.vectors.shape[1] - 1
    return now(
        style,
        "table_same" if found.row == found.other else "table",
        "table_last" if last else "table_then",
        word=word(found.space, found.row, "q"),
        other=word(found.space, found.other, "k"),
        row=found.row,
        dim=scene.dim,
        value=number(style, float(found.vector[scene.dim])),
        distance=number(style, found.distance, "k"),
        low=low,
        middle=middle,
        high=high,
    )


def name(space: VectorSpace, row: int) -> str:
    """A row as one reads it."""
    return row_name(space, row)


def neighbours(found: Neighbourhood, rank: int, style: Style) -> Now:
    """The chosen neighbour and its cosine, and the middle one of all words."""
    space = found.space
    return now(
        style,
        "neighbours",
        "neighbours_last" if rank == len(found.ranked) - 1 else "neighbours_then",
        word=word(space, found.row, "q"),
        other=word(space, found.ranked[rank], "k"),
        rank=rank + 1,
        cosine=number(style, found.cosine(rank), "k"),
        middle=number(style, float(np.median(found.cosines))),
    )


def analogy(scene: Question, style: Style) -> Now:
    """Which word is nearest to a − b + c, with the given three and without; what is right."""
    space, found = scene.found.space, scene.found
    a, b, c = (word(space, row, "q") for row in found.given)
    ending = "own" if scene.wanted is None else "right" if scene.is_right else "wrong"
    wanted = found.answer if scene.wanted is None else scene.wanted
    said = say(style, f"analogy_{ending}", wanted=word(space, wanted, "ink"))
    values = {"a": a, "b": b, "c": c, "answer": word(space, found.answer, "k"), "ending": said}
    values["cosine"] = number(style, found.cosine(found.answer), "k")
    nearest = word(space, found.nearest, "ink")
    if found.nearest in found.given:
        return now(style, "analogy_given", "analogy_then", nearest=nearest, **values)
    return now(style, "analogy", "analogy_then", **values)


def pieces(found: Segmentation, step: int, style: Style) -> Now:
    """The token taken, or the pair merged, in the current step; how many tokens at the end."""
    here, last = found.steps[step], step == len(found.steps) - 1
    count, then = number(style, step + 1, digits=0), "pieces_last" if last else "pieces_then"
    total = number(style, len(found.tokens), "k", digits=0)
    values: dict[str, object] = {"step": count, "of": len(found.steps), "total": total}
    if isinstance(here, Match):
        values |= {"rest": token(here.rest, "ink", 24), "count": len(here.rejected)}
        if here.taken is None:
            return now(style, "pieces_unknown", then, **values)
        return now(style, "pieces_match", then, taken=token(here.taken, "k", 24), **values)
    if here.place is None or here.rank is None:
        return now(style, "pieces_done", then, word=token(found.typed, "ink", 24), **values)
    left, right = (token(here.pieces[here.place + n], "k", 24) for n in (0, 1))
    rank = style.notation.grouped(here.rank)
    return now(style, "pieces_merge", then, left=left, right=right, rank=rank, **values)
