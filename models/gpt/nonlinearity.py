"""What a feed-forward layer's activation is for: without it W_in and W_out are one matrix.

y = f(x·W_in + b_in)·W_out + b_out; with f(z) = z that is x·(W_in·W_out) + (b_in·W_out + b_out), and
no hidden unit is needed. Layers without a nonlinearity between them are one linear map (Goodfellow
et al. 2016, *Deep Learning*, section 6.1). Imports no torch by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.core.arrays import Difference, as_numpy, difference, largest
from models.core.encodings import Integers
from models.core.loaded import LoadedModel
from models.gpt.feed_forward import EVERYDAY, SENTENCES, outs
from models.record import inputs_of
from models.trace import Floats

# What projects into the hidden units, by what projects out of them. Gated layers (SwiGLU) multiply
# two projections with each other: without their activation they are no matrix either.
_IN = {"c_proj": "c_fc", "dense_4h_to_h": "dense_h_to_4h", "fc2": "fc1", "down_proj": "up_proj"}
_GATES = ("gate_proj", "gate_up_proj")


@dataclass(frozen=True, slots=True)
class Linearised:
    """Mean −ln p of the next token over several texts, in nats: loss of the model as it is, here
    with one layer's activation left out.

    texts: how many; width, inner: numbers of x and hidden units of the layer; deviation: of what
    the layer then gives to x·(W_in·W_out) + b in float64, over all tokens of the texts.
    """

    loss: float
    here: float
    texts: int
    width: int
    inner: int
    deviation: Difference

    def difference(self) -> Difference:
        """Of the layer without its activation to one matrix."""
        return self.deviation


def linearised(loaded: LoadedModel, layer: int) -> Linearised | None:
    """The model with a layer's activation and without, over every second of the sentences there.

    None: a gated layer, which is no matrix without its activation either. Raises as
    `models.gpt.feed_forward.firings`.
    """
    from models.gpt import hidden_units

    pairs = _projections(loaded)
    if pairs is None:
        return None
    if not 0 <= layer < len(pairs):
        raise IndexError(f"layer {layer} is not in 0..{len(pairs) - 1}")
    weights = [(pairs[layer][0].weight, pairs[layer][1].weight)]
    texts = (SENTENCES if loaded.card.source == "shipped" else EVERYDAY)[::2]
    sums, count, off = np.zeros(2), 0, list[Difference]()
    for text in texts:
        read = loaded.encode(text, cut=True)
        inputs, ids = inputs_of(loaded, read), np.array(read.ids)
        plain, _ = hidden_units.without_activation(loaded.model, inputs, [])
        here, around = hidden_units.without_activation(loaded.model, inputs, weights)
        sums += [_loss(logits, ids) for logits in (plain, here)]
        count += len(ids) - 1
        off.append(difference(around[0][1], _one_matrix(around[0][0], *pairs[layer])))
    inner, width = _weight(pairs[layer][1]).shape
    loss, without = (sums / count).tolist()
    return Linearised(loss, without, len(texts), width, inner, largest(off))


def _projections(loaded: LoadedModel) -> list[tuple[Any, Any]] | None:
    """Of each layer what projects into its hidden units, and out of them; None: a gated one."""
    found = []
    for parent, name, out in outs(loaded):
        into = getattr(parent, _IN[name], None)
        if into is None or any(hasattr(parent, gate) for gate in _GATES):
            return None
        found.append((into, out))
    return found


def _weight(projection: Any) -> Floats:
    """(in, out); nn.Linear keeps the transpose, GPT-2's Conv1D not."""
    weight = as_numpy(projection.weight).astype(np.float64)
    return weight if type(projection).__name__ == "Conv1D" else weight.T


def _one_matrix(x: Floats, into: Any, out: Any) -> Floats:
    """(token, width) → (token, width): x·(W_in·W_out) + (b_in·W_out + b_out) in float64."""
    w_out = _weight(out)
    made = x.astype(np.float64) @ (_weight(into) @ w_out)
    if into.bias is not None:
        made = made + as_numpy(into.bias).astype(np.float64) @ w_out
    return np.asarray(made if out.bias is None else made + as_numpy(out.bias))


def _loss(logits: Floats, ids: Integers) -> float:
    """(token, vocabulary), (token,) → Σ −ln p of each token that follows another."""
    z = logits[:-1].astype(np.float64)
    z = z - z.max(axis=1, keepdims=True)
    followed = z[np.arange(len(z)), ids[1:]]
    return float((np.log(np.exp(z).sum(axis=1)) - followed).sum())
