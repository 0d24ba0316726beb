"""How the two sentences of a pair look at each other, head by head."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.core.arrays import Floats


def between(weights: Floats, special: Sequence[bool], segments: Sequence[int]) -> Floats:
    """How a pair's two sentences look at each other: (head, query, key) → (head, 2, 3).

    [h, a, b]: of head h, the weight that a word of sentence a gives to all words of sentence b
    together; b = 2: to the special tokens. A mean over the words of a; its three shares add up to
    1, unless a sink takes part. NaN: a sentence without words. ValueError: marks do not fit.
    """
    if weights.shape[1:] != (len(special), len(special)) or len(segments) != len(special):
        raise ValueError(f"{len(special)} marks, {len(segments)} segments for {weights.shape}")
    added, second = np.asarray(special, bool), np.asarray(segments) == 1
    words = ~added & ~second, ~added & second
    found = np.full((len(weights), 2, 3), np.nan)
    for a, rows in enumerate(words):
        for b, columns in enumerate((*words, added)):
            if rows.any():
                shares = weights[:, rows][:, :, columns].sum(axis=-1, dtype=np.float64)
                found[:, a, b] = shares.mean(axis=1)
    return found


def most_forth(
    layers: Sequence[Floats], special: Sequence[bool], segments: Sequence[int]
) -> tuple[int, int]:
    """(layer, head) of the head whose words of the first sentence look most at the second's.

    layers: (head, query, key) each. ValueError: marks do not fit, or a sentence has no words.
    """
    shares = np.array([between(one, special, segments)[:, 0, 1] for one in layers])
    if np.isnan(shares).any():
        raise ValueError("a sentence without words")
    layer, head = np.unravel_index(int(shares.argmax()), shares.shape)
    return int(layer), int(head)
