"""English with its verb last, as Turkish has it: the word order that an adapter learns.

She went to the street. → She to the street went. What stands right before the verb of its own
(will, is, did … and not) goes with it; a question's first word stays first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from models.grammar.grammar import Pair, Split, generate
from models.grammar.writing_out import written

# With one main verb: what joins two statements has two, and "is" of an adjective is none.
CONSTRUCTIONS = frozenset(
    {
        *("statement", "object first", "possession"),
        *("question", "word question", "possession question"),
    }
)
BEFORE_THE_VERB = frozenset(["will", "is", "are", "am", "was", "were", "do", "does", "did", "not"])
UNMARKED, UNCAPPED = 0.12, 0.12  # as the translator's own pairs


def reordered(pair: Pair) -> Pair:
    """The pair with its main verb, and what belongs to it, right before the final mark.

    The alignments go with the words; the feature "moved" says whether any word has.
    ValueError: a construction without one main verb.
    """
    if pair.features["construction"] not in CONSTRUCTIONS:
        raise ValueError(f"{pair.features['construction']}: no one main verb")
    order = verb_last(pair.target_words, int(pair.features["verb_target"]))
    place = {old: new for new, old in enumerate(order)}
    words = tuple(pair.target_words[i] for i in order)
    return replace(
        pair,
        target=written(words),
        target_words=words,
        target_tags=tuple(pair.target_tags[i] for i in order),
        alignment=tuple(sorted((place[t], s) for t, s in pair.alignment)),
        possible=tuple(sorted((place[t], s) for t, s in pair.possible)),
        features=MappingProxyType(
            dict(pair.features) | {"moved": "no" if order == sorted(order) else "yes"}
        ),
    )


def verb_last(words: tuple[str, ...], verb: int) -> list[int]:
    """The words' old indices in the new order; the last word is the mark and stays."""
    first = verb
    while first > 1 and words[first - 1] in BEFORE_THE_VERB:
        first -= 1
    others = [i for i in range(len(words) - 1) if not first <= i <= verb]
    return [*others, *range(first, verb + 1), len(words) - 1]


def pairs(seed: int, split: Split | None = None) -> Iterator[Pair]:
    """The grammar's pairs with one main verb, without end, in the new order."""
    for pair in generate(seed, split):
        if pair.features["construction"] in CONSTRUCTIONS:
            yield reordered(pair)
