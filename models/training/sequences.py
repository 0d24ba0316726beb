"""Sequences without meaning: recall after distractors, copying, repeated random tokens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """inputs: (row, step) token numbers. targets: (row, step), −100 where nothing is asked.

    tokens: how many different ones there are. −100 is what torch's cross-entropy skips.
    """

    inputs: Ints
    targets: Ints
    tokens: int


NOTHING = -100


def recall(seed: int, rows: int, distance: int, *, symbols: int = 8, distractors: int = 8) -> Task:
    """The first symbol, `distance` distractors, a question mark; asked: the first symbol.

    Tokens: symbols 0…s−1, distractors s…s+d−1, the question mark s+d.
    (The long-lag task of Hochreiter & Schmidhuber 1997, section 5.) ValueError: distance < 0.
    """
    if distance < 0:
        raise ValueError(f"a distance is 0 or more, not {distance}")
    state = np.random.default_rng([seed, distance])
    first = state.integers(0, symbols, size=(rows, 1))
    between = state.integers(symbols, symbols + distractors, size=(rows, distance))
    ask = np.full((rows, 1), symbols + distractors)
    targets = np.full((rows, distance + 2), NOTHING)
    targets[:, -1:] = first
    return Task(np.hstack([first, between, ask]), targets, symbols + distractors + 1)


def copy(seed: int, rows: int, length: int, *, symbols: int = 8) -> Task:
    """`length` symbols, a mark, blanks: at the blanks the symbols are asked for, in order.

    Tokens: symbols 0…s−1, the mark s, the blank s+1. ValueError: length < 1.
    """
    if length < 1:
        raise ValueError(f"a length is 1 or more, not {length}")
    state = np.random.default_rng([seed, length])
    given = state.integers(0, symbols, size=(rows, length))
    mark, blank = np.full((rows, 1), symbols), np.full((rows, length), symbols + 1)
    targets = np.full((rows, 2 * length + 1), NOTHING)
    targets[:, length + 1 :] = given
    return Task(np.hstack([given, mark, blank]), targets, symbols + 2)


def repeated(seed: int, rows: int, half: int, *, tokens: int) -> Task:
    """`half` random tokens twice over; asked: each next token (Olsson et al. 2022, induction).

    Only the second half can be foretold: `targets` asks everywhere, as a language model is
    trained; measure on ``[:, half:]``. ValueError: half < 2.
    """
    if half < 2:
        raise ValueError(f"half a sequence has 2 tokens or more, not {half}")
    state = np.random.default_rng([seed, half])
    once = state.integers(0, tokens, size=(rows, half))
    inputs = np.hstack([once, once])
    targets = np.full_like(inputs, NOTHING)
    targets[:, :-1] = inputs[:, 1:]
    return Task(inputs, targets, tokens)
