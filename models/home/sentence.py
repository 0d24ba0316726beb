"""One head over a sentence, chosen by a measure among all heads of its model.

The measure is made for a first look. In most heads words look at themselves, at a neighbour, at a
special token, or all at the same word; in the chosen one they look most at a word of their own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.core.arrays import Difference, Floats, read_only
from models.core.loaded import LoadedModel
from models.errors import InputError, TextTooLong
from models.record import record
from models.trace import AttentionTrace, Kind

MOST_TOKENS = 48  # that stand in a row on a page
FURTHEST = 2  # tokens away: beyond the neighbour, where the text has such words
_SPACE = ("▁", "Ġ")  # the signs of tokenizers that read bytes or sentences
RECORDINGS = Path(__file__).with_name("recordings.json")

Bools = NDArray[np.bool_]


class RowTooLong(InputError):
    """More tokens than stand in a row; details: ``length``, ``limit`` (tokens)."""


@dataclass(frozen=True, slots=True, eq=False)
class ChosenHead:
    """The head that the measure chose, over its sentence.

    tokens: as they were typed; special: which ones the model added; joined: which ones go on
    with the word before them. weights: (query, key).
    strength: the measure, see `strengths`, over words at least `distance` tokens away; 0: there are
    none. among: of how many heads it is the largest. difference: of all heads to the model's own
    outputs. recorded: the day of a stored recording; "": computed now.
    ValueError: tokens and weights do not fit each other.
    """

    model_id: str
    text: str
    tokens: tuple[str, ...]
    special: tuple[bool, ...]
    joined: tuple[bool, ...]
    kind: Kind
    layer: int
    head: int
    weights: Floats
    strength: float
    distance: int
    among: int
    difference: Difference
    recorded: str = ""

    def __post_init__(self) -> None:
        if self.weights.shape != (len(self.tokens), len(self.special)):
            raise ValueError(f"{self.weights.shape} weights of {len(self.tokens)} tokens")

    @property
    def clearest(self) -> int:
        """The word with the largest excess; the first one where no two can be compared."""
        if not self.distance:
            return self.special.index(False)
        return int(excess(self.weights, self.special, self.distance).max(axis=1).argmax())

    def strongest(self, query: int) -> int:
        """The key that a token gives most of its attention. IndexError: no such token."""
        return int(self.weights[query].argmax())


def of_text(loaded: LoadedModel, text: str) -> ChosenHead:
    """A text through a model, and its head. Raises RowTooLong and what models.record raises."""
    try:
        return chosen(record(loaded, text))
    except TextTooLong as error:
        length = error.details["length"]
        raise RowTooLong(str(error), length=length, limit=MOST_TOKENS) from error


def chosen(trace: AttentionTrace) -> ChosenHead:
    """The head of a trace that the measure chooses, among those of its first kind of attention.

    Raises RowTooLong.
    """
    kind = trace.kinds[0]
    special = trace.special if kind == "encoder" else trace.target_special or trace.special
    typed = trace.typed if kind == "encoder" else trace.target_typed or trace.typed
    tokens = trace.axes(kind)[0]
    if len(typed) > MOST_TOKENS:
        raise RowTooLong(f"{len(typed)} tokens", length=len(typed), limit=MOST_TOKENS)
    distance = least_distance(special)
    layers = [strengths(block.weights, special, distance) for block in trace.layers(kind)]
    layer = int(np.argmax([heads.max() for heads in layers]))
    head = int(layers[layer].argmax())
    return ChosenHead(
        model_id=trace.model_id,
        text=trace.text,
        tokens=typed,
        special=special,
        joined=joined(tokens, special),
        kind=kind,
        layer=layer,
        head=head,
        weights=read_only(trace.block(kind, layer).weights[head]),
        strength=float(layers[layer][head]),
        distance=distance,
        among=sum(map(len, layers)),
        difference=trace.difference(),
    )


def joined(tokens: Sequence[str], special: Sequence[bool]) -> tuple[bool, ...]:
    """Which of a tokenizer's own tokens go on with the word before them, as it marks them.

    WordPiece marks a word's later pieces (##), others its first one, by the space before it.
    """
    starts = [token.startswith(_SPACE) for token in tokens]
    if not any(starts):
        return tuple(token.startswith("##") and len(token) > 2 for token in tokens)
    words = [not mark for mark in special]
    before = [False, *words[:-1]]
    return tuple(w and b and not s for w, b, s in zip(words, before, starts, strict=True))


def least_distance(special: Sequence[bool]) -> int:
    """How far away a word must lie to count: two tokens, one where no two are so far, 0: alone."""
    places = np.flatnonzero(~np.asarray(special, bool))
    return min(FURTHEST, int(np.ptp(places))) if len(places) else 0


def pairs(special: Sequence[bool], distance: int) -> Bools:
    """(query, key): True for two words at least so many tokens apart."""
    words = ~np.asarray(special, bool)
    places = np.arange(len(words))
    apart = np.abs(places[:, None] - places[None, :])
    return np.asarray(words[:, None] & words[None, :] & (apart >= max(distance, 1)))


def strengths(weights: Floats, special: Sequence[bool], distance: int) -> Floats:
    """(head, query, key) → (head,): mean over words of the largest excess on one so far away."""
    rows = pairs(special, distance).any(axis=1)
    if not rows.any():
        return np.zeros(len(weights))
    largest = excess(weights, special, distance).max(axis=-1)[:, rows]
    return np.asarray(largest.mean(axis=1, dtype=np.float64))


def excess(weights: Floats, special: Sequence[bool], distance: int) -> Floats:
    """(…, query, key): what a word gives another beyond what all words give that one on average.

    −1, less than any, for a pair that does not count.
    """
    words = ~np.asarray(special, bool)
    average = weights[..., words, :].mean(axis=-2, keepdims=True)
    return np.where(pairs(special, distance), weights - average, -1.0)


def stored(name: str) -> ChosenHead:
    """A recording that lies beside this file, by its name: no model is needed to read it.

    KeyError: there is none of that name.
    """
    return _stored()[name]


def names() -> frozenset[str]:
    """Of which recordings there are."""
    return frozenset(_stored())


@cache
def _stored() -> dict[str, ChosenHead]:
    written = json.loads(RECORDINGS.read_text(encoding="utf-8"))
    return {name: _read(one) for name, one in written.items()}


def written(head: ChosenHead, day: str) -> dict[str, Any]:
    """A head as JSON. day: when it was recorded, as in 2026-11-28."""
    shown = {name: getattr(head, name) for name in _AS_THEY_ARE}
    rows = [[float(f"{weight:.7g}") for weight in row] for row in head.weights.tolist()]
    apart = [head.difference.absolute, head.difference.relative]
    return {**shown, "recorded": day, "difference": apart, "weights": rows}


_AS_THEY_ARE = (
    *("model_id", "text", "tokens", "special", "joined", "kind"),
    *("layer", "head", "strength", "distance", "among"),
)


def _read(one: dict[str, Any]) -> ChosenHead:
    more = {
        "tokens": tuple(one["tokens"]),
        "special": tuple(one["special"]),
        "joined": tuple(one["joined"]),
        "weights": read_only(np.array(one["weights"], np.float32)),
        "difference": Difference(*one["difference"]),
    }
    return ChosenHead(**{**one, **more})
