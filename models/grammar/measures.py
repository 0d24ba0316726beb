"""What a weighted grammar is as a whole: how many sentences, how probable, how uncertain.

Exact but for rounding and a remainder (relative error below 1e-6). A symbol's derivations
are summed up as a polynomial in two variables, one exponent for the length of each side,
kept by its values at points of a circle, where polynomials multiply and add place by place;
the coefficients wanted come back by one inverse Fourier transform.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.grammar.scfg import Grammar, Rule, Symbol

Complexes = NDArray[np.complexfloating]
ROOM = 8  # the transform's size beyond the longest sentence wanted
# Radii of the circles: sentences multiply with length and their probabilities dwindle.
COUNTING, WEIGHING = 0.1, 0.7


@dataclass(frozen=True, slots=True)
class Measures:
    """Of all derivations whose sentences have `shortest` to `longest` words on both sides.

    derivations: how many. mass: their share of the grammar's probability. entropy: in nats
    a derivation, of the distribution that is left when only those are kept.
    """

    derivations: float
    mass: float
    entropy: float


@dataclass(frozen=True, slots=True)
class _Values:
    """A symbol's three polynomials at all points: number, Σp and Σp·log p."""

    number: Complexes
    p: Complexes
    plogp: Complexes


def _rule_values(
    rule: Rule, log_p: float, known: dict[Symbol, _Values], x: Complexes, y: Complexes
) -> _Values:
    """One rule: lengths of its own words, times its symbols (expectation semiring, Eisner 2002)."""
    own = x ** (len(rule.source) - len(rule.refs)) * y ** (len(rule.target) - len(rule.refs))
    number = own
    p = own * math.exp(log_p)
    plogp = p * log_p
    for ref in rule.refs:
        child = known[ref.symbol]
        number = number * child.number
        plogp = plogp * child.p + p * child.plogp
        p = p * child.p
    return _Values(number, p, plogp)


def _start_values(grammar: Grammar, x: Complexes, y: Complexes) -> _Values:
    known: dict[Symbol, _Values] = {}
    for symbol in grammar.symbols():
        choices = grammar.choices(symbol)
        number, p, plogp = (np.zeros_like(x) for _ in range(3))
        for rule, log_p in zip(choices.rules, choices.log_p, strict=True):
            values = _rule_values(rule, log_p, known, x, y)
            number, p, plogp = number + values.number, p + values.p, plogp + values.plogp
        known[symbol] = _Values(number, p, plogp)
    return known[grammar.start]


def _window(values: Complexes, radius: float, shortest: int, limit: int) -> float:
    """Σ of the coefficients with both exponents in shortest..limit, from values on a circle.

    Longer sentences than the transform has room for come back on top of shorter ones, but
    shrunk by radius to the power of the transform's size.
    """
    size = values.shape[0]
    coefficients = np.fft.irfft2(values, s=(size, size))
    exponents = np.arange(size)
    scale = radius ** (exponents[:, None] + exponents[None, :])
    window = np.s_[shortest : limit + 1, shortest : limit + 1]
    return float((coefficients[window] / scale[window]).sum())


def _on_circle(grammar: Grammar, radius: float, size: int) -> _Values:
    """The start symbol's values, (size, size/2 + 1): real coefficients need no other half."""
    r, c = np.meshgrid(np.arange(size), np.arange(size // 2 + 1), indexing="ij")
    x, y = (radius * np.exp(-2j * np.pi * part.ravel() / size) for part in (r, c))
    flat = _start_values(grammar, x, y)
    return _Values(*(part.reshape(r.shape) for part in (flat.number, flat.p, flat.plogp)))


def measure(grammar: Grammar, shortest: int, limit: int) -> Measures:
    """Count, mass and entropy of what has shortest..limit words on both sides."""
    size = limit + 1 + ROOM
    number = _on_circle(grammar, COUNTING, size).number
    weighed = _on_circle(grammar, WEIGHING, size)
    mass = _window(weighed.p, WEIGHING, shortest, limit)
    plogp = _window(weighed.plogp, WEIGHING, shortest, limit)
    return Measures(_window(number, COUNTING, shortest, limit), mass, math.log(mass) - plogp / mass)
