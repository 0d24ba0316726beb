"""Does a head look at the word that it translates? As it was measured, and in one sentence.

The rule is that of models.training.alignment: a written content word is found when the largest
weight of the row that predicts its first piece lies on a source word that it translates, the
weights of a source word's pieces added up and the end token a word of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from models.core.tokens import Encoded
from models.measured import read
from models.trace import Floats
from models.translation.reference import ReferenceAlignment, cells, words_of


@dataclass(frozen=True, slots=True)
class HeadAlignment:
    """share: [layer][head] of content words whose source word a cross-attention head finds.

    best: the head that was chosen on other sentences than those the shares are of.
    """

    best: tuple[int, int]
    share: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class AlignedWords:
    """In one sentence: so many of its written content words does the head find."""

    aligned: int
    asked: int


@lru_cache(maxsize=8)
def measured(model_id: str) -> HeadAlignment | None:
    """What was measured of a model's heads; None: nothing was. Raises errors.DamagedWeights."""
    return read(model_id, "metrics.json", _of_heads)


def _of_heads(metrics: Mapping[str, Any]) -> HeadAlignment | None:
    detail = metrics["detail"]
    if "best_head" not in detail:
        return None
    layer, head = detail["best_head"]
    shares = tuple(tuple(map(float, row)) for row in detail["alignment"]["share"])
    return HeadAlignment((int(layer), int(head)), shares)


def aligned_words(
    known: ReferenceAlignment, weights: Floats, source: Encoded, written: Encoded
) -> AlignedWords:
    """One head's weights (step, source piece) held against the gold links, while what is written
    is gold.
    """
    rows, owners = words_of(written), words_of(source)
    steps = cells(known, source, written).steps
    words = len(known.source_words)
    columns = np.array([words if owner is None else owner for owner in owners])
    hits = asked = 0
    for word in sorted(known.content):
        if word not in rows[:steps]:
            continue
        row = weights[rows.index(word)]
        by_word = np.bincount(columns, weights=row, minlength=words + 1)
        asked += 1
        hits += (word, int(by_word.argmax())) in known.sure
    return AlignedWords(hits, asked)
