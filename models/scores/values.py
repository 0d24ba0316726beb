"""What a W_V of its own is for: a head with W_V = W_K, and what a trained model loses by that.

A key is what a token is recognised by, a value what it hands over. With W_V = W_K a head's output
is A·X·W_K instead of A·X·W_V (Vaswani et al. 2017, section 3.2.2): it can hand over only what it
was looking for. Imports no torch by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from models.core.arrays import Difference, as_numpy, difference
from models.core.encodings import Integers
from models.core.loaded import LoadedModel
from models.core.surroundings import Projection
from models.record import batch
from models.trace import Floats

MODEL = "induction"  # its second layer recognises a token by the one before it, and hands it over
LAYER = 1
TEXT = "kqbzmwrhcfxd"  # letters in an order that no word has; read twice


@dataclass(frozen=True, slots=True, eq=False)
class SharedMatrix:
    """One head's output as it is, and with W_V = W_K, in float64.

    weights: (query, key); v, k: (key, d) values, and what W_K makes of the same tokens, before any
    rotation. ValueError: v and k have different shapes.
    """

    weights: Floats
    v: Floats
    k: Floats

    def __post_init__(self) -> None:
        if self.v.shape != self.k.shape:
            raise ValueError(f"values {self.v.shape}, keys {self.k.shape}")

    @property
    def output(self) -> Floats:
        """(query, d): A·V."""
        return self.weights.astype(np.float64) @ self.v.astype(np.float64)

    @property
    def shared(self) -> Floats:
        """(query, d): A·(X·W_K), what the output would be."""
        return self.weights.astype(np.float64) @ self.k.astype(np.float64)

    def lost(self, query: int) -> float:
        """‖output − shared‖ / ‖output‖ of one query. IndexError: no such query."""
        own = self.output[query]
        size = float(np.linalg.norm(own))
        return float(np.linalg.norm(own - self.shared[query])) / size if size else 0.0

    def check(self, x: Floats, w_k: Projection) -> Difference:
        """The what-if to (A·X)·W_K: inputs are mixed first, and no key is computed.

        x: (key, width) what keys are made from; w_k: width → d, this head's columns.
        """
        weights = self.weights.astype(np.float64)
        mixed = (weights @ x.astype(np.float64)) @ w_k.weight.astype(np.float64)
        if w_k.bias is not None:
            mixed = mixed + weights.sum(axis=1, keepdims=True) * w_k.bias.astype(np.float64)
        return difference(self.shared, mixed)


@dataclass(frozen=True, slots=True)
class SecondRound:
    """A model on tokens that come a second time: how many it names right, and the mean −ln p.

    right, loss: as it is; shared_right, shared_loss: with W_V = W_K in one layer. asked: tokens
    that can be known; period: tokens of a round; uniform: −ln p of guessing.
    """

    right: int
    loss: float
    shared_right: int
    shared_loss: float
    asked: int
    period: int
    uniform: float


def second_round(loaded: LoadedModel, layer: int = LAYER, text: str = TEXT) -> SecondRound:
    """A text read twice, with W_V as trained and with W_V = W_K in that layer.

    loaded: a model of `models.architectures.attention_only`, whose tokens are characters.
    IndexError: no such layer.
    """
    ids, period = loaded.encode(text + text).ids, len(text)
    first = len(ids) - period
    own, shared = (_logits(loaded, ids, of) for of in (None, layer))
    following = np.array(ids[first + 1 :])
    (right, loss), (shared_right, shared_loss) = (
        _score(logits[first:-1].astype(np.float64), following) for logits in (own, shared)
    )
    uniform = log(own.shape[1])
    return SecondRound(right, loss, shared_right, shared_loss, len(following), period, uniform)


def _logits(loaded: LoadedModel, ids: tuple[int, ...], shared: int | None) -> Floats:
    """(token, vocabulary), of a copy in which one layer's W_V is its W_K."""
    from copy import deepcopy

    import torch

    model = loaded.model
    if shared is not None:
        model = deepcopy(model)
        attention = model.layers[shared].attention
        attention.v_proj = attention.k_proj
    with torch.inference_mode():
        return as_numpy(model(input_ids=batch(ids)).logits[0])


def _score(logits: Floats, following: Integers) -> tuple[int, float]:
    """(token, vocabulary), (token,) what follows → how many are named, mean −ln p."""
    z = logits - logits.max(axis=1, keepdims=True)
    p = z[np.arange(len(z)), following] - np.log(np.exp(z).sum(axis=1))
    return int((logits.argmax(axis=1) == following).sum()), float(-p.mean())
