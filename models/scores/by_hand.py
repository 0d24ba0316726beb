"""Matrices of one's own on the scores page: resized, rounded first, and as a code in a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from models.core.arrays import Floats, read_only
from models.core.attention import HeadSteps
from models.core.by_hand import BadSize, ByHand, checked_matrix, identity, steps, worked_example
from models.trace import Projection, Surroundings

LESSON = "lesson"  # the name of `worked_example` among `examples`
LONGEST_CODE = 8000  # 8 long words and 156 numbers in full

# The questions that one head each asks in the sentence of `question`, by the column of X that
# answers it: who is meant, what is done, what it is done to, when.
QUESTIONS: Mapping[str, int] = MappingProxyType({"who": 0, "what": 2, "when": 3})


def question(name: str) -> ByHand:
    """A made example: five words, four properties, and a head in which each word asks for one.

    X says of each word who (0), an action (1), what (2), when (3); W_Q turns any of it into the
    question, W_K and W_V hand on what a word is. KeyError: none of QUESTIONS.
    """
    words = ("Jane", "visite", "l’Afrique", "en", "septembre")
    x = checked_matrix([[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0], [0, 0, 0, 1], [0, 0, 0, 2]])
    asks = np.zeros((4, 4))
    asks[:, QUESTIONS[name]] = 2
    return ByHand(words, x, read_only(asks), identity(4), identity(4))


def big_red_dog() -> ByHand:
    """Four words, each a dimension of its own, and W_Q chosen so that a softmax of its rows, by
    √4, has the weights that lecture notes print: 0.71 0.04 0.07 0.18, and so on.
    """
    rows = [[5.75, 0, 1.12, 3.01], [0.02, 8.88, 1.4, 5.15], [1.49, 0.32, 5.35, 3.45]]
    w_q = checked_matrix([*rows, [0.13, 0.13, 0.13, 6.95]])
    return ByHand(("The", "big", "red", "dog"), identity(4), w_q, identity(4), identity(4))


def examples() -> Mapping[str, ByHand]:
    """What the page offers to begin with, by name; the lesson's own first."""
    asked = {name: question(name) for name in QUESTIONS}
    return {LESSON: worked_example(), **asked, "dog": big_red_dog()}


def example_of(hand: ByHand) -> str | None:
    """Which of the examples these words and numbers are; None: none of them."""
    return next((name for name, one in examples().items() if one.same(hand)), None)


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
    ones = identity(hand.dimensions)
    parts = ("" if np.array_equal(m, ones) else _encoded(m) for m in hand.projections)
    return _PART.join([words, _encoded(hand.x), *parts]).rstrip(_PART)


def _encoded(matrix: Floats) -> str:
    return _ROW.join(_ITEM.join(_short(float(v)) for v in row) for row in matrix)


def _short(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def decode(code: str) -> ByHand:
    """What `encode` wrote, or somebody typed into a link. BadSize, BadNumber, BadWord."""
    if len(code) > LONGEST_CODE:
        raise BadSize(f"{len(code)} characters")
    parts = code.split(_PART)
    if not 2 <= len(parts) <= 5:
        raise BadSize(f"{len(parts)} parts")
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
    return checked_matrix([row.split(_ITEM) for row in part.split(_ROW)])
