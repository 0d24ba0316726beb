"""Attention rollout: how much of each token is mixed into another after several layers.

Abnar and Zuidema (2020), "Quantifying Attention Flow in Transformers", section 3.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.core.arrays import Floats, read_only


def of_heads(weights: Floats) -> Floats:
    """(head, token, token) → (token, token) float64: the heads' mean."""
    return read_only(weights.astype(np.float64).mean(axis=0))


def with_residual(weights: Floats) -> Floats:
    """(head, token, token) → (token, token) float64: half the heads' mean, half the identity.

    The identity stands for the residual connection. Each row is divided by its sum.
    """
    mean = of_heads(weights)
    half = (mean + np.eye(len(mean))) / 2
    return read_only(half / half.sum(axis=-1, keepdims=True))


def rollout(layers: Sequence[Floats]) -> tuple[Floats, ...]:
    """Each layer's mixing (token, token), the first one first → the product up to each layer.

    Row i of the last: which share of token i's last vector each input token is said to be.
    """
    products: list[Floats] = []
    for mixed in layers:
        products.append(read_only(mixed @ products[-1]) if products else mixed)
    return tuple(products)


def rows(layers: Sequence[Floats], token: int) -> tuple[Floats, ...]:
    """Each layer's mixing (token, token) → of the product up to each layer one token's row,
    (token,) float64: the same numbers as `rollout`'s, without a matrix times a matrix.
    """
    found: list[Floats] = []
    for last in range(len(layers)):
        row = layers[last][token].astype(np.float64)
        for mixed in reversed(layers[:last]):
            row = row @ mixed
        found.append(read_only(row))
    return tuple(found)


def column(layers: Sequence[Floats], token: int) -> Floats:
    """The same mixings → of their whole product one column, (token,) float64."""
    found = layers[0][:, token].astype(np.float64)
    for mixed in layers[1:]:
        found = mixed @ found
    return read_only(found)
