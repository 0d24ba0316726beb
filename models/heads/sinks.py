"""How much heads leave at the first token, and how much of what they pass on comes from there.

Xiao et al. (2024), "Efficient Streaming Language Models with Attention Sinks", name the token a
sink; Kobayashi et al. (2020), "Attention is Not Only a Weight", weigh α by the value's length.
Numpy only, but for `on_texts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.core.arrays import read_only
from models.core.loaded import LoadedModel
from models.record import record
from models.trace import AttentionBlock, Floats, Kind

HALF = 0.5
# English of everyday, several lengths, first words of all kinds.
TEXTS = (
    "The cat sat down because it was tired",
    "Nobody in the village remembered when the old bridge had been built",
    "She opened the window and listened to the rain",
    "Two plus two is four, and four plus four is eight",
    "My sister wants to become a doctor, but she faints whenever she sees blood",
    "If you heat ice, it melts; if you heat water, it boils",
    "Paris is the capital of France",
    "Where did you put the keys that I gave you yesterday?",
)


@dataclass(frozen=True, slots=True, eq=False)
class FirstToken:
    """Every head of a layer. Means over the queries behind the first.

    weights: (head,) α on the first token; passed: (head,) α₀‖v₀‖ ÷ Σ α‖v‖, its part of the lengths
    of what is summed; first, others: (head,) ‖v₀‖, and the mean ‖v‖ of the other tokens.
    """

    layer: int
    weights: Floats
    passed: Floats
    first: Floats
    others: Floats


@dataclass(frozen=True, slots=True)
class OnTexts:
    """Over all heads of several texts. texts: how many; least, mean, most: a text's mean weight on
    its first token; halves: the share of heads that give it more than half.
    """

    texts: int
    least: float
    mean: float
    most: float
    halves: float


def first_token(block: AttentionBlock) -> FirstToken:
    """What the first token is to a layer's heads. ValueError: a text of one token, or a block in
    which queries and keys are not the same tokens, with v for each."""
    queries, keys = block.shape
    if queries != keys or keys < 2 or block.v.shape[1] != keys:
        raise ValueError(f"{queries} queries, {keys} keys, values {block.v.shape}: no such text")
    alpha = block.weights[:, 1:].astype(np.float64)
    lengths = np.linalg.norm(block.v.astype(np.float64), axis=-1)
    lengths = np.repeat(lengths, block.heads // len(lengths), axis=0)
    parts = alpha * lengths[:, None, :]
    total = np.maximum(parts.sum(axis=-1), np.finfo(np.float64).tiny)
    return FirstToken(
        block.layer,
        read_only(alpha[:, :, 0].mean(axis=1)),
        read_only((parts[:, :, 0] / total).mean(axis=1)),
        read_only(lengths[:, 0]),
        read_only(lengths[:, 1:].mean(axis=1)),
    )


def heads(layers: Sequence[FirstToken]) -> int:
    """How many there are in all layers."""
    return sum(len(layer.weights) for layer in layers)


def mean_weight(layers: Sequence[FirstToken]) -> float:
    """Of all heads."""
    return float(np.concatenate([layer.weights for layer in layers]).mean())


def halves(layers: Sequence[FirstToken]) -> int:
    """How many heads give the first token more than half."""
    return int((np.concatenate([layer.weights for layer in layers]) > HALF).sum())


def on_texts(loaded: LoadedModel, kind: Kind, texts: Sequence[str] = TEXTS) -> OnTexts:
    """The model's own passes over texts, its attention of that kind. Raises what
    models.record.record raises, ValueError as `first_token`."""
    means, over, count = [], 0, 0
    for text in texts:
        trace = record(loaded, text)
        layers = [first_token(block) for block in trace.layers(kind)]
        means.append(mean_weight(layers))
        over += halves(layers)
        count += heads(layers)
    return OnTexts(len(texts), min(means), float(np.mean(means)), max(means), over / count)
