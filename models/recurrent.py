"""A text through a recurrent network, every gate of every step → RecurrentTrace.

LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000):
    i, f, o = σ(W·x_t + U·h_{t−1} + b),  g = tanh(W·x_t + U·h_{t−1} + b)
    c_t = f ⊙ c_{t−1} + i ⊙ g,  h_t = o ⊙ tanh(c_t)
RNN (Elman 1990): h_t = tanh(W·x_t + U·h_{t−1} + b)
All is computed here from the weights and held against torch's own result: RecurrentTrace.fidelity.
Imports no torch by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from models import tokens
from models.catalog import LoadedModel, load
from models.errors import NotCapturable
from models.record import as_numpy
from models.trace import Floats, RecurrentLayer, RecurrentTrace, read_only


def run(model: LoadedModel | str, text: str, *, cut: bool = False) -> RecurrentTrace:
    """The text's pass through a recurrent model. cut: read only the beginning of a long text.

    Raises errors.EmptyText, TooManyCharacters, TextTooLong (unless cut), OnlyUnknown,
    NotCapturable (a model without recurrence), and what load raises where `model` is an id.
    """
    import torch

    loaded = load(model) if isinstance(model, str) else model
    if loaded.card.shows != "recurrent":
        family = loaded.card.family
        raise NotCapturable(f"{family} is not recurrent", family=family)
    encoded = loaded.encode(text, cut=cut)
    own = loaded.model
    with torch.inference_mode():
        x = own.embedding(torch.tensor([encoded.ids]))
        layers, output, states = unrolled(own.recurrent, x[0])
        logits = as_numpy(own.lm_head(torch.from_numpy(output.copy())))
    return RecurrentTrace(
        model_id=loaded.card.id,
        tokens=encoded.tokens,
        layers=layers,
        typed=encoded.typed,
        text=tokens.clean(text[: tokens.MAX_CHARACTERS]),
        output=output,
        final=states,
        logits=logits,
        cut=encoded.cut,
    )


def unrolled(
    module: Any, x: Any
) -> tuple[tuple[RecurrentLayer, ...], Floats, tuple[tuple[Floats, ...], ...]]:
    """An nn.LSTM's or nn.RNN's steps for one sequence x: (step, in), a tensor.

    → the layers recomputed from the weights; torch's own last layer (step, unit); and torch's
    own last states of every layer, (h,) or (h, c), each (unit,). With two directions a layer's
    units are the forward ones, then the backward ones, each at the step it belongs to.
    Raises ValueError for another kind of module, a projection or a ReLU.
    """
    import torch

    if module.mode not in ("LSTM", "RNN_TANH") or module.proj_size:
        raise ValueError(f"neither a plain LSTM nor a tanh RNN: {module}")
    with torch.inference_mode():
        output, last = module(x[None] if module.batch_first else x[:, None])
    whole = as_numpy(output.reshape(len(x), -1))
    layers, below = [], as_numpy(x)
    for layer in range(module.num_layers):
        layers.append(_layer(module, layer, below))
        below = layers[-1].h
    return tuple(layers), whole, tuple(_final(module, last))


def _final(module: Any, last: Any) -> Iterator[tuple[Floats, ...]]:
    """torch's last states, (layer · direction, 1, unit) → one tuple a layer."""
    parts = last if isinstance(last, tuple) else (last,)
    directions = 2 if module.bidirectional else 1
    for layer in range(module.num_layers):
        rows = slice(layer * directions, (layer + 1) * directions)
        yield tuple(as_numpy(part[rows].reshape(-1)) for part in parts)


def _layer(module: Any, layer: int, x: Floats) -> RecurrentLayer:
    """x: (step, in) → one layer, both directions where there are two."""
    one = _lstm if module.mode == "LSTM" else _rnn
    found = [one(_weights(module, f"l{layer}"), x)]
    units = module.hidden_size if module.bidirectional else 0
    if units:
        backwards = one(_weights(module, f"l{layer}_reverse"), x[::-1])
        found.append({name: array[::-1] for name, array in backwards.items()})
    joined = {name: np.concatenate([part[name] for part in found], axis=1) for name in found[0]}
    return RecurrentLayer(**{n: read_only(a) for n, a in joined.items()}, backward=units)


def _weights(module: Any, suffix: str) -> tuple[Floats, Floats, Floats]:
    """(W, U, b): (out, in), (out, unit), (out,); torch keeps two biases that are only added."""
    w, u = (as_numpy(getattr(module, f"weight_{side}_{suffix}")) for side in ("ih", "hh"))
    if not module.bias:
        return w, u, np.zeros(len(w), w.dtype)
    b_x, b_h = (as_numpy(getattr(module, f"bias_{side}_{suffix}")) for side in ("ih", "hh"))
    return w, u, b_x + b_h


def _rnn(weights: tuple[Floats, Floats, Floats], x: Floats) -> dict[str, Floats]:
    w, u, b = weights
    z = x @ w.T + b  # the input's part of all steps at once
    h = np.empty_like(z)
    before = np.zeros(z.shape[1], z.dtype)
    for t in range(len(z)):
        h[t] = before = np.tanh(z[t] + u @ before)
    return {"h": h}


def _lstm(weights: tuple[Floats, Floats, Floats], x: Floats) -> dict[str, Floats]:
    w, u, b = weights
    z = x @ w.T + b
    steps, units = len(z), z.shape[1] // 4
    i, f, g, o, c, h = (np.empty((steps, units), z.dtype) for _ in range(6))
    h_before = c_before = np.zeros(units, z.dtype)
    for t in range(steps):
        parts = (z[t] + u @ h_before).reshape(4, units)  # torch's order: i, f, g, o
        i[t], f[t], o[t] = _sigmoid(parts[0]), _sigmoid(parts[1]), _sigmoid(parts[3])
        g[t] = np.tanh(parts[2])
        c[t] = c_before = f[t] * c_before + i[t] * g[t]
        h[t] = h_before = o[t] * np.tanh(c[t])
    return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": h}


def _sigmoid(x: Floats) -> Floats:
    """1 / (1 + e^−x) without overflow, whatever x is."""
    half = x.dtype.type(0.5)
    y: Floats = half * np.tanh(half * x) + half
    return y
