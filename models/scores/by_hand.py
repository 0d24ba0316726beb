"""Self-attention small enough for paper: a few words, a few dimensions, matrices of one's own.

Everything is float64, and everything that a visitor (or a link) hands in is checked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np

from models.core.attention import HeadSteps, attend
from models.errors import InputError
from models.trace import Floats, Projection, Surroundings, read_only

MOST_WORDS, MOST_DIMENSIONS = 8, 6
FEWEST_WORDS, FEWEST_DIMENSIONS = 2, 1
LARGEST = 1000.0
LONGEST_WORD = 20
LONGEST_CODE = 8000  # 8 long words and 156 numbers in full


class BadSize(InputError):
    """Too few or too many words or dimensions, or rows of different lengths."""

    code = "hand_size"


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
            raise _bad_size(f"{len(self.words)} words, x {self.x.shape}")
        if not FEWEST_DIMENSIONS <= d <= MOST_DIMENSIONS:
            raise _bad_size(f"{d} dimensions")
        for matrix in (self.x, *self.projections):
            for value in matrix.ravel().tolist():
                checked_number(value)
        for word in self.words:
            checked_word(word)

    @property
    def projections(self) -> tuple[Floats, Floats, Floats]:
        """w_q, w_k, w_v."""
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


def _bad_size(message: str) -> BadSize:
    return BadSize(
        message,
        fewest=FEWEST_WORDS,
        most=MOST_WORDS,
        dimensions=MOST_DIMENSIONS,
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
    matrices = [_checked(rows) for rows in (x, *projections)]
    if len(matrices) != 4:
        raise _bad_size(f"{len(matrices)} matrices")
    return ByHand(named, *matrices)


def _checked(rows: Sequence[Sequence[object]]) -> Floats:
    if len({len(row) for row in rows}) != 1:
        raise _bad_size("rows of different lengths")
    return _matrix([[checked_number(value) for value in row] for row in rows])


def resized(hand: ByHand, words: int, dimensions: int) -> ByHand:
    """Rows and columns cut off at the end, or added: new words are numbered, new numbers 0.

    New diagonal entries of the projections are 1, so that an identity stays one.
    """
    kept, d = min(words, len(hand.words)), min(dimensions, hand.dimensions)
    added = tuple(str(i + 1) for i in range(kept, words))
    x = np.zeros((words, dimensions))
    x[:kept, :d] = hand.x[:kept, :d]
    return ByHand(
        hand.words[:kept] + added,
        read_only(x),
        *(_grown(matrix, d, dimensions) for matrix in hand.projections),
    )


def _grown(matrix: Floats, kept: int, dimensions: int) -> Floats:
    grown = np.eye(dimensions)
    grown[:kept, :kept] = matrix[:kept, :kept]
    return read_only(grown)


def steps(hand: ByHand, *, divide: bool = True, mask: Floats | None = None) -> HeadSteps:
    """All steps of softmax(QKᵀ/√d + M)·V in float64. divide=False leaves √d out."""
    q, k, v = (hand.x @ matrix for matrix in hand.projections)
    scaling = 1 / sqrt(hand.dimensions) if divide else 1.0
    return attend(q, k, v, scaling=scaling, mask=mask)


def surroundings(hand: ByHand) -> Surroundings:
    """The same shape as a model's: one head, W_O the identity, so concat·W_O is the output."""
    made = steps(hand)
    w_q, w_k, w_v = (Projection(matrix) for matrix in hand.projections)
    return Surroundings(
        x=hand.x,
        x_kv=hand.x,
        w_q=w_q,
        w_k=w_k,
        w_v=w_v,
        w_o=Projection(identity(hand.dimensions)),
        q_before=made.q,
        k_before=made.k,
        concat=made.output,
        projected=made.output,
    )


def cut_off(weights: Floats, digits: int = 2) -> Floats:
    """Weights with everything after `digits` decimals dropped (0.196 → 0.19), not rounded."""
    shift = 10.0**digits
    kept: Floats = np.floor(weights * shift + 1e-9) / shift
    return kept


@dataclass(frozen=True, slots=True)
class Rounding:
    """One query's output from exact weights, and from weights shortened beforehand.

    exact, cut_output, rounded_output: the output's numbers; cut: the weights cut off.
    """

    exact: tuple[float, ...]
    cut: tuple[float, ...]
    cut_output: tuple[float, ...]
    rounded_output: tuple[float, ...]

    @property
    def total(self) -> float:
        """What the weights cut off sum up to: less than 1."""
        return sum(self.cut)


def rounding(made: HeadSteps, query: int, digits: int = 2) -> Rounding:
    """What it costs to shorten the weights of one row before mixing. IndexError: no such row."""
    weights = made.weights[query]
    cut = cut_off(weights, digits)
    outputs = (weights @ made.v, cut, cut @ made.v, np.round(weights, digits) @ made.v)
    return Rounding(*(tuple(row.tolist()) for row in outputs))


# A link's matrices: words, then X, W_Q, W_K, W_V; "~" between parts, ";" between rows, ","
# within a row. An empty part is the identity. These characters in words are written %XX.
_PART, _ROW, _ITEM = "~", ";", ","
_ESCAPES = {"%": "%25", _PART: "%7E", _ROW: "%3B", _ITEM: "%2C"}


def encode(hand: ByHand) -> str:
    """Short text for a link; `decode` gives back exactly the same numbers."""
    words = _ITEM.join("".join(_ESCAPES.get(c, c) for c in word) for word in hand.words)
    parts = [_encoded(hand.x)]
    for matrix in hand.projections:
        same = np.array_equal(matrix, np.eye(hand.dimensions))
        parts.append("" if same else _encoded(matrix))
    return _PART.join([words, *parts]).rstrip(_PART)


def _encoded(matrix: Floats) -> str:
    return _ROW.join(_ITEM.join(_short(float(v)) for v in row) for row in matrix)


def _short(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def decode(code: str) -> ByHand:
    """What `encode` wrote, or somebody typed into a link. BadSize, BadNumber, BadWord."""
    if len(code) > LONGEST_CODE:
        raise _bad_size(f"{len(code)} characters")
    parts = code.split(_PART)
    if not 2 <= len(parts) <= 5:
        raise _bad_size(f"{len(parts)} parts")
    words = tuple(_unescaped(word) for word in parts[0].split(_ITEM))
    x = _decoded(parts[1])
    ones = identity(x.shape[1])
    w_q, w_k, w_v = (_decoded(p) if p else ones for p in (*parts[2:], "", "", "")[:3])
    return ByHand(words, x, w_q, w_k, w_v)


def _unescaped(word: str) -> str:
    for character, written in reversed(_ESCAPES.items()):
        word = word.replace(written, character)
    return word


def _decoded(part: str) -> Floats:
    return _checked([row.split(_ITEM) for row in part.split(_ROW)])
