"""A pair of sentences as people type it: without its marks, or without its first capital."""

from __future__ import annotations

import random

from models.grammar.grammar import Pair
from models.grammar.morphology import turkish_lower
from models.grammar.writing_out import written


def as_typed(
    pair: Pair, state: random.Random, *, unmarked: float, uncapped: float
) -> tuple[str, str]:
    """Both texts; now and then without their marks, or the Turkish without its first capital.

    unmarked, uncapped: the shares of pairs that are written so, drawn apart and in this order.
    """
    no_marks, no_capital = state.random() < unmarked, state.random() < uncapped
    return _texts(pair, no_marks, no_capital)


def bare(pair: Pair) -> tuple[str, str]:
    """Both texts without their marks, the Turkish without its first capital."""
    return _texts(pair, True, True)


def _texts(pair: Pair, no_marks: bool, no_capital: bool) -> tuple[str, str]:
    """A name keeps its capital, and so does the English."""
    source, target = pair.source_words, pair.target_words
    if no_marks:
        source, target = source[:-1], target[:-1]
    if no_capital and pair.source_tags[0] != "name":
        source = (turkish_lower(source[0]), *source[1:])
    return written(source), written(target)
