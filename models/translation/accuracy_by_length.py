"""How well a translator does by the length of the sentence: read from its by_length.json.

Written by the model's training script, on sentences that were no part of the training.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from models.measured import read

FILE = "by_length.json"


@dataclass(frozen=True, slots=True)
class AccuracyByLength:
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
def by_length(model_id: str) -> AccuracyByLength | None:
    """What was measured of a model; None: nothing was. Raises errors.DamagedWeights."""
    return read(
        model_id,
        FILE,
        lambda found: AccuracyByLength(*(tuple(found[n]) for n in AccuracyByLength.__slots__)),
    )
