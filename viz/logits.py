"""The likeliest next words, each with its logit and its probability: HTML, every word escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from models.attention import Floats, softmax
from viz.notation import Notation, visible

MOST = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word of the vocabulary at one step."""

    id: int
    word: str
    logit: float
    probability: float


def candidates(
    logits: Floats, vocabulary: Sequence[str], *, also: int, most: int = MOST
) -> list[Candidate]:
    """(vocabulary,) → the likeliest words; also: one that must not be missing, last if it was."""
    shares = softmax(logits.astype(np.float64))
    order = np.argsort(-logits, kind="stable")[:most].tolist()
    if also not in order:
        order = [*order[: most - 1], also]
    return [Candidate(i, vocabulary[i], float(logits[i]), float(shares[i])) for i in order]


def bars(
    found: Sequence[Candidate],
    *,
    chosen: int,
    heads: tuple[str, str],
    notation: Notation,
    digits: int = 3,
) -> str:
    """A row a word, bars of logit (from 0 on, to the largest shown) and probability (0 to 1)."""
    top = max((one.logit for one in found), default=1.0)
    rows = "".join(_row(one, one.id == chosen, max(top, 1e-9), notation, digits) for one in found)
    names = "".join(f"<th colspan='2'>{escape(head)}</th>" for head in heads)
    return f"<table class='logits'><tr><th></th>{names}</tr>{rows}</table>"


def _row(one: Candidate, chosen: bool, top: float, notation: Notation, digits: int) -> str:
    cells = "".join(
        f"<td class='bar'><div><span style='width:{100 * min(max(share, 0.0), 1.0):.1f}%'></span>"
        f"</div></td><td class='value'>{escape(number)}</td>"
        for share, number in (
            (one.logit / top, notation.fixed(one.logit, digits - 2)),
            (one.probability, notation.small(one.probability, digits)),
        )
    )
    kind = " class='on'" if chosen else ""
    return f"<tr{kind}><td class='word'><bdi>{escape(visible(one.word))}</bdi></td>{cells}</tr>"
