"""Self-attention small enough for paper: a few words, a few dimensions, matrices of one's own.

Everything is float64, and everything that a visitor (or a link) hands in is checked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np

from models.core.arrays import Floats, read_only
from models.core.attention import HeadSteps, Scoring, stepped
from models.errors import InputError

MOST_WORDS, MOST_DIMENSIONS = 8, 6
FEWEST_WORDS, FEWEST_DIMENSIONS = 2, 1
LARGEST = 1000.0
LONGEST_WORD = 20


class BadSize(InputError):
    """Too few or too many words or dimensions, or rows of different lengths."""

    code = "hand_size"

    def __init__(self, message: str) -> None:
        sizes = {"fewest": FEWEST_WORDS, "most": MOST_WORDS, "dimensions": MOST_DIMENSIONS}
        super().__init__(message, **sizes)


class BadNumber(InputError):
    """Something that is no number, or one too large to show; details: ``value``, ``limit``."""

    code = "hand_number"


class BadWord(InputError):
    """A word that is blank or too long; details: ``limit``."""

    code = "hand_word"


@dataclass(frozen=True, slots=True, eq=False)
class ByHand:
    """What somebody works out by hand: words (n), x (n, d), w_q, w_k, w_v (d, d), all float64.

    Raises BadSize, BadNumber or BadWord when it is not something to work out by hand.
    """

    words: tuple[str, ...]
    x: Floats
    w_q: Floats
    w_k: Floats
    w_v: Floats

    def __post_init__(self) -> None:
        n, d = self.x.shape if self.x.ndim == 2 else (0, 0)
        fits = n == len(self.words) and all(m.shape == (d, d) for m in self.projections)
        if not (fits and FEWEST_WORDS <= n <= MOST_WORDS):
            raise BadSize(f"{len(self.words)} words, x {self.x.shape}")
        if not FEWEST_DIMENSIONS <= d <= MOST_DIMENSIONS:
            raise BadSize(f"{d} dimensions")
        for matrix in (self.x, *self.projections):
            for value in matrix.ravel().tolist():
                checked_number(value)
        for word in self.words:
            checked_word(word)

    @property
    def projections(self) -> tuple[Floats, Floats, Floats]:
        """w_q, w_k, w_v, each (width, d)."""
        return self.w_q, self.w_k, self.w_v

    @property
    def dimensions(self) -> int:
        """How wide a word's vector is."""
        return int(self.x.shape[1])

    def same(self, other: ByHand) -> bool:
        """The same words and the same numbers."""
        mine, theirs = (self.x, *self.projections), (other.x, *other.projections)
        return self.words == other.words and all(
            np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True)
        )


def checked_number(value: object) -> float:
    """A finite number of at most ±LARGEST; BadNumber otherwise. Text may use , or − as written."""
    shown = f"{value:g}" if isinstance(value, float) else str(value)[:20]
    try:
        text = value.replace("−", "-").replace(",", ".") if isinstance(value, str) else value
        number = float(text)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise BadNumber(f"{shown!r} is no number", value=shown, limit=int(LARGEST)) from None
    if not isfinite(number) or abs(number) > LARGEST:
        raise BadNumber(f"{shown!r} is out of range", value=shown, limit=int(LARGEST))
    return number


def checked_word(word: object) -> str:
    """A word that can stand on an axis; BadWord otherwise."""
    if not isinstance(word, str) or not word.strip() or len(word) > LONGEST_WORD:
        raise BadWord(f"{str(word)[:20]!r} is no word", limit=LONGEST_WORD)
    return word


def _matrix(rows: list[list[float]]) -> Floats:
    return read_only(np.array(rows, dtype=np.float64))


def identity(dimensions: int) -> Floats:
    """(d, d): leaves every vector as it is, so that Q = K = V = X."""
    return read_only(np.eye(dimensions))


def worked_example() -> ByHand:
    """Three words in two dimensions with Q = K = V = X: the lesson's own example."""
    x = _matrix([[-3, 1], [2, -1], [2, 1]])
    return ByHand(("koşarken", "yemek", "yedik"), x, identity(2), identity(2), identity(2))


def of_lists(
    words: Sequence[object],
    x: Sequence[Sequence[object]],
    *projections: Sequence[Sequence[object]],
) -> ByHand:
    """What came out of a table on screen, every entry checked. BadSize, BadNumber, BadWord."""
    named = tuple(checked_word(word) for word in words)
    matrices = [checked_matrix(rows) for rows in (x, *projections)]
    if len(matrices) != 4:
        raise BadSize(f"{len(matrices)} matrices")
    return ByHand(named, *matrices)


def checked_matrix(rows: Sequence[Sequence[object]]) -> Floats:
    """Rows of numbers → (row, column), every entry checked. BadSize, BadNumber."""
    if len({len(row) for row in rows}) != 1:
        raise BadSize("rows of different lengths")
    return _matrix([[checked_number(value) for value in row] for row in rows])


def steps(hand: ByHand, *, divide: bool = True, mask: Floats | None = None) -> HeadSteps:
    """All steps of softmax(QKᵀ/√d + M)·V in float64. divide=False leaves √d out."""
    q, k, v = (hand.x @ matrix for matrix in hand.projections)
    scaling = 1 / sqrt(hand.dimensions) if divide else 1.0
    return stepped(q, k, v, Scoring(scaling, mask=mask))
