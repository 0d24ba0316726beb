"""Sentences of a wanted length: exact draws from the grammar, given the number of source words.

Few of the grammar's sentences are long, so that waiting for long ones takes hours. How long a
symbol's yield is has a distribution that sums up over its rules (inside probabilities, Baker
1979), and a derivation of a given length is drawn by it, from the top down.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.grammar.scfg import Derivation, Grammar, Rule, Symbol
from models.grammar.sentences import language

Lengths = NDArray[np.float64]  # (…, n): the probability of n source words


@dataclass(slots=True)
class SentencesByLength:
    """Draws of up to `longest` source words; the final mark is one of them."""

    grammar: Grammar
    longest: int
    _inside: dict[Symbol, Lengths] = field(default_factory=dict)
    _running: dict[Symbol, Lengths] = field(default_factory=dict)  # (rule, n): sums over rules

    def __post_init__(self) -> None:
        for symbol in self.grammar.symbols():
            choices = self.grammar.choices(symbol)
            odds = np.exp(choices.log_p)[:, None] * [self._of_rule(r) for r in choices.rules]
            self._running[symbol] = odds.cumsum(axis=0)
            self._inside[symbol] = self._running[symbol][-1]

    def _of_rule(self, rule: Rule) -> Lengths:
        own = len(rule.source) - len(rule.refs)
        inner = self._together([ref.symbol for ref in rule.refs])
        found: Lengths = np.concatenate((np.zeros(own), inner))[: self.longest + 1]
        return found

    def _together(self, symbols: Sequence[Symbol]) -> Lengths:
        """The length of several symbols' yields, one after the other."""
        total: Lengths = np.eye(1, self.longest + 1)[0]
        for symbol in symbols:
            total = np.convolve(total, self._inside[symbol])[: self.longest + 1]
        return total

    def probability(self, length: int) -> float:
        """That a sentence has so many source words."""
        return float(self._inside[self.grammar.start][length])

    def sample(self, state: random.Random, length: int, symbol: Symbol | None = None) -> Derivation:
        """A random derivation of so many source words. ValueError: there is none."""
        at = self.grammar.start if symbol is None else symbol
        running = self._running[at][:, length]
        if not running[-1] > 0:
            raise ValueError(f"{at} has no yield of {length} words")
        pick = int(np.searchsorted(running, state.random() * running[-1], side="right"))
        choices = self.grammar.choices(at)
        rule = choices.rules[pick]
        shares = zip(rule.refs, self._shares(state, rule, length), strict=True)
        children = tuple(self.sample(state, own, ref.symbol) for ref, own in shares)
        return Derivation(rule, choices.log_p[pick], children)

    def _shares(self, state: random.Random, rule: Rule, length: int) -> list[int]:
        """How many words each of a rule's symbols gets, drawn from left to right."""
        left = length - (len(rule.source) - len(rule.refs))
        symbols = [ref.symbol for ref in rule.refs]
        shares = []
        for i, symbol in enumerate(symbols[:-1]):
            rest = self._together(symbols[i + 1 :])
            odds = self._inside[symbol][: left + 1] * rest[left::-1]
            shares.append(state.choices(range(left + 1), odds.tolist())[0])
            left -= shares[-1]
        return [*shares, left][: len(symbols)]


@lru_cache(maxsize=1)
def by_length(longest: int) -> SentencesByLength:
    """Of the whole language; building it takes a few seconds, once."""
    return SentencesByLength(language(), longest)
