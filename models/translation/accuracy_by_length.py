"""How well a translator does by the length of the sentence: read from its by_length.json.

Written by the model's training script, on sentences that were no part of the training.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from models.catalog import CATALOG, card_folder

FILE = "by_length.json"


@dataclass(frozen=True, slots=True)
class ByLength:
    """One entry a length, in Turkish words without the final mark.

    sentences: how many were translated, distinct: how many different ones; exact: share of
    translations without any fault, untrained: the same of an untrained model of that shape.
    """

    words: tuple[int, ...]
    sentences: tuple[int, ...]
    distinct: tuple[int, ...]
    exact: tuple[float, ...]
    untrained: tuple[float, ...]

    def __post_init__(self) -> None:
        if len({len(getattr(self, name)) for name in self.__slots__}) != 1:
            raise ValueError("not one entry a length")


@lru_cache(maxsize=8)
def by_length(model_id: str) -> ByLength:
    """What was measured of a shipped model. KeyError, OSError: nothing was."""
    found = json.loads((card_folder(CATALOG[model_id]) / FILE).read_text("utf-8"))
    return ByLength(**{name: tuple(found[name]) for name in ByLength.__slots__})
