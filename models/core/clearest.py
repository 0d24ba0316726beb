"""Which head shows something most clearly: how pages choose what they show first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.core.arrays import Floats


def clearest(weights: Sequence[Floats], query: int, keys: Sequence[int]) -> tuple[int, int, int]:
    """(layer, head, key) where a query gives one of these keys the most.

    weights: a (head, query, key) array a layer. ValueError: no key.
    """
    if not len(keys):
        raise ValueError("no key to look at")
    shares = [layer[:, query][:, list(keys)] for layer in weights]
    layer = int(np.argmax([share.max() for share in shares]))
    head, place = np.unravel_index(int(shares[layer].argmax()), shares[layer].shape)
    return layer, int(head), int(keys[int(place)])


def most_of_its_own(
    weights: Sequence[Floats], query: int, key: int, others: Sequence[int]
) -> tuple[int, int]:
    """(layer, head) where a query gives a key most beyond what these other queries give it.

    A head in which every query looks at that key says nothing of this one. weights: a
    (head, query, key) array a layer; beyond: less the others' mean. ValueError: no others.
    """
    if not len(others):
        raise ValueError("no other query to compare with")
    beyond = [layer[:, query, key] - layer[:, list(others), key].mean(axis=1) for layer in weights]
    layer = int(np.argmax([head.max() for head in beyond]))
    return layer, int(beyond[layer].argmax())
