"""What was measured of analogies: how many of all questions of the lexicon are answered rightly.

Written by the training's evaluation into `analogies.json`. Imports no torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from models.measured import read
from models.words.relations import questions, relations
from models.words.space import Score, VectorSpace, scored

FILE = "analogies.json"


def by_relation(space: VectorSpace) -> dict[str, Score]:
    """Relation → its score over all questions of which the space has all four words."""
    found: dict[str, Score] = {}
    for name in relations():
        asked = [[space.typed[word] for word in q] for q in questions(name, space.typed)]
        if asked:
            found[name] = scored(space, np.array(asked))
    return found


def total(scores: Mapping[str, Score]) -> Score:
    """All questions of all relations together."""
    parts = [(s.asked, s.right, s.kept, s.nearest_c) for s in scores.values()]
    return Score(*(sum(column) for column in zip(*parts, strict=True)))


def of_set(name: str) -> Mapping[str, Score] | None:
    """Relation → score of one set of vectors, "all" the last; None: not measured."""
    found = (measured() or {}).get(name)
    return None if found is None else {**found, "all": total(found)}


@lru_cache(maxsize=1)
def measured() -> Mapping[str, Mapping[str, Score]] | None:
    """Set of vectors → relation → score; None: not measured. Raises errors.DamagedWeights."""
    return read("skipgram", FILE, _scores)


def _scores(content: Mapping[str, Any]) -> Mapping[str, Mapping[str, Score]]:
    return {
        name: {relation: Score(**numbers) for relation, numbers in each.items()}
        for name, each in content.items()
    }
