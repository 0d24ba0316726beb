"""What a decoder wrote after a text, and whether one pass over the whole says the same."""

from __future__ import annotations

from dataclasses import dataclass

from models.core.arrays import Difference, Floats


@dataclass(frozen=True, slots=True)
class Continued:
    """Tokens that a model wrote itself, each the most probable one (greedy), behind a text.

    start: the place of the first one; count: how many there are; ended: the last of them is the
    model's end mark. agreeing: of how many the recorded pass over the whole text, too, gives the
    highest score; behind: by how much the others' scores, at most, fall short of the highest.
    """

    start: int
    count: int
    ended: bool
    agreeing: int
    behind: Difference


def against_pass(logits: Floats, ids: tuple[int, ...], start: int, *, ended: bool) -> Continued:
    """(token, vocabulary) of one pass over all these tokens: what it says of those from `start` on.

    The scores at a place are of the token behind it.
    """
    rows, tokens = logits[start - 1 : len(ids) - 1], ids[start:]
    agreeing, furthest, size = 0, 0.0, 0.0
    for row, token in zip(rows, tokens, strict=True):
        top = float(row.max())
        agreeing += float(row[token]) == top
        furthest = max(furthest, top - float(row[token]))
        size = max(size, float(abs(row).max()))
    behind = Difference(furthest, furthest / size if furthest else 0.0)
    return Continued(start, len(tokens), ended, agreeing, behind)
