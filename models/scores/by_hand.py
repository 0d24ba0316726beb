"""Matrices of one's own on the scores page: resized, rounded first, and as a code in a link."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.core.arrays import Floats, read_only
from models.core.attention import HeadSteps
from models.core.by_hand import BadSize, ByHand, checked_matrix, identity, steps
from models.trace import Projection, Surroundings

LONGEST_CODE = 8000  # 8 long words and 156 numbers in full


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
