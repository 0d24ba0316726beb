"""A language of nested brackets of three kinds, at most five deep.

Dyck words (Chomsky & Schützenberger 1963) with a bounded depth: to know what may come next
one must keep a stack, here in a recurrent network's state.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

OPENING = "([{"
CLOSING = ")]}"
PARTNER = dict(zip(CLOSING, OPENING, strict=True))
DEEPEST = 5
OPEN = 0.5  # at depth 1 to 4: open one more, rather than close
STOP = 0.1  # at depth 0, once something is written
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Brackets:
    """tokens: one bracket each. depth: how many are open after each of them."""

    tokens: tuple[str, ...]
    depth: tuple[int, ...]


def depths(tokens: Sequence[str]) -> tuple[int, ...] | None:
    """How many brackets are open after each token; None where one does not fit."""
    stack: list[str] = []
    found: list[int] = []
    for token in tokens:
        if token in OPENING:
            stack.append(token)
        elif not stack or PARTNER.get(token) != stack.pop():
            return None
        found.append(len(stack))
        if len(stack) > DEEPEST:
            return None
    return tuple(found)


def is_balanced(tokens: Sequence[str]) -> bool:
    """Whether all brackets close in order, none deeper than five, and there is one at all."""
    found = depths(tokens)
    return bool(found) and found[-1] == 0 if found is not None else False


def next_probabilities(tokens: Sequence[str]) -> dict[str, float]:
    """What `generate` writes next after a valid beginning; "" is the end. ValueError: not valid."""
    found = depths(tokens)
    if found is None:
        raise ValueError("that is no beginning of a bracket word")
    if not found or found[-1] == 0:
        stop = STOP if found else 0.0
        ends = {"": stop} if stop else {}
        return ends | dict.fromkeys(OPENING, (1 - stop) / 3)
    closing = next(c for c, o in PARTNER.items() if o == _top(tokens))
    opens = OPEN if found[-1] < DEEPEST else 0.0
    return {closing: 1 - opens} | (dict.fromkeys(OPENING, opens / 3) if opens else {})


def _top(tokens: Sequence[str]) -> str:
    """The innermost bracket that is still open."""
    stack: list[str] = []
    for token in tokens:
        if token in OPENING:
            stack.append(token)
        else:
            stack.pop()
    return stack[-1]


def log_probability(tokens: Sequence[str]) -> float:
    """Natural log of its probability before words over `LONGEST` are drawn again; −inf: none."""
    if not is_balanced(tokens):
        return -math.inf
    found = depths(tokens) or ()
    total = math.log((1 - STOP) / 3) - math.log(1 - STOP) + math.log(STOP)
    for before, token in zip(found, tokens[1:], strict=False):
        if before == 0:
            total += math.log((1 - STOP) / 3)
        elif token in OPENING:
            total += math.log(OPEN / 3)
        elif before < DEEPEST:
            total += math.log(1 - OPEN)
    return total


def generate(seed: int, *, longest: int = LONGEST) -> Iterator[Brackets]:
    """Random words without end, none over `longest` tokens; the same for the same seed."""
    state = random.Random(seed)
    while True:
        tokens = _one(state, longest)
        if tokens:
            found = depths(tokens)
            assert found is not None
            yield Brackets(tuple(tokens), found)


def _one(state: random.Random, longest: int) -> list[str]:
    """One word, or nothing where it grew too long."""
    tokens: list[str] = []
    stack: list[str] = []
    while len(tokens) <= longest:
        if not stack and tokens and state.random() < STOP:
            return tokens
        if not stack or (len(stack) < DEEPEST and state.random() < OPEN):
            stack.append(state.choice(OPENING))
            tokens.append(stack[-1])
        else:
            tokens.append(CLOSING[OPENING.index(stack.pop())])
    return []
