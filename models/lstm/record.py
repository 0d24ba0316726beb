"""A text through a recurrent network, every gate of every step → RecurrentTrace.

LSTM (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000):
    i, f, o = σ(W·x_t + U·h_{t−1} + b),  g = tanh(W·x_t + U·h_{t−1} + b)
    c_t = f ⊙ c_{t−1} + i ⊙ g,  h_t = o ⊙ tanh(c_t)
GRU (Cho et al. 2014, as torch computes it): r, z = σ(W·x_t + U·h_{t−1} + b),
    n = tanh(W·x_t + b + r ⊙ (U·h_{t−1} + b')),  h_t = (1 − z) ⊙ n + z ⊙ h_{t−1}
RNN (Elman 1990): h_t = tanh(W·x_t + U·h_{t−1} + b)
All is computed here from the weights and held against torch's own result: RecurrentTrace.fidelity.
Imports no torch by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import deepcopy
from typing import Any

import numpy as np

from models.catalog import showing
from models.core import tokens
from models.core.cell import gru, lstm, rnn
from models.core.loaded import LoadedModel
from models.errors import NotRecurrent, OutOfRange
from models.record import as_numpy
from models.trace import CellWeights, Floats, RecurrentLayer, RecurrentTrace, read_only

Unit = tuple[int, int]  # (layer, unit)
_CELLS = {"LSTM": lstm, "GRU": gru, "RNN_TANH": rnn}  # by torch's name


def run(
    model: LoadedModel | str, text: str, *, cut: bool = False, silenced: Collection[Unit] = ()
) -> RecurrentTrace:
    """The text's pass through a recurrent model. cut: read only the beginning of a long text.

    silenced: (layer, unit) pairs whose c and h are held at 0 at every step, so that nothing
    else hears them; their gates are still those that would open and close. Raises
    errors.NotRecurrent, OutOfRange (none to silence), and what LoadedModel.encode and load raise.
    """
    import torch

    loaded = showing(model, "recurrent", NotRecurrent, "is not recurrent")
    encoded = loaded.encode(text, cut=cut)
    own, off = loaded.model, tuple(sorted({(layer, unit) for layer, unit in silenced}))
    with torch.inference_mode():
        x = own.embedding(torch.tensor([encoded.ids]))
        layers, output, states = unrolled(own.recurrent, x[0], off)
        logits = as_numpy(own.lm_head(torch.from_numpy(output.copy())))
    return RecurrentTrace(
        model_id=loaded.card.id,
        source=encoded,
        layers=layers,
        text=tokens.clean(text[: tokens.MAX_CHARACTERS]),
        output=output,
        final=states,
        logits=logits,
        silenced=off,
        tags=tuple(own.config.tags or ()),
    )


def unrolled(
    module: Any, x: Any, silenced: Collection[Unit] = ()
) -> tuple[tuple[RecurrentLayer, ...], Floats, tuple[tuple[Floats, ...], ...]]:
    """An nn.LSTM's, nn.GRU's or nn.RNN's steps for one sequence x: (step, in), a tensor.

    → the layers recomputed from the weights; torch's own last layer (step, unit) and last states
    of every layer, (h,) or (h, c), each (unit,). Of two directions the forward units come first,
    each at the step it belongs to. silenced: as in `run`, in a copy of the module (`silent`).
    Raises ValueError for another kind of module, a projection or a ReLU; errors.OutOfRange.
    """
    import torch

    if module.mode not in _CELLS or module.proj_size:
        raise ValueError(f"neither a plain LSTM nor a GRU nor a tanh RNN: {module}")
    with torch.inference_mode():
        output, last = silent(module, silenced)(x[None] if module.batch_first else x[:, None])
    whole = as_numpy(output.reshape(len(x), -1))
    layers, below = [], as_numpy(x)
    for layer in range(module.num_layers):
        off = [unit for at, unit in silenced if at == layer]
        layers.append(_layer(module, layer, below, off))
        below = layers[-1].h
    return tuple(layers), whole, tuple(_final(module, last))


def _final(module: Any, last: Any) -> Iterator[tuple[Floats, ...]]:
    """torch's last states, (layer · direction, 1, unit) → one tuple a layer."""
    parts = last if isinstance(last, tuple) else (last,)
    directions = 2 if module.bidirectional else 1
    for layer in range(module.num_layers):
        rows = slice(layer * directions, (layer + 1) * directions)
        yield tuple(as_numpy(part[rows].reshape(-1)) for part in parts)


def silent(module: Any, silenced: Collection[Unit]) -> Any:
    """A copy of an nn.LSTM, nn.GRU or nn.RNN in which those (layer, unit) pairs' c and h stay 0.

    All that feeds a unit's candidate is 0: g = 0, so c = f·0 + i·0 = 0 and h = o·tanh(0) = 0 (GRU:
    h = (1 − z)·0 + z·0 = 0; RNN: h = tanh(0) = 0). The shared module stays as it is.
    Raises errors.OutOfRange.
    """
    import torch

    if not silenced:
        return module
    copied = deepcopy(module)
    size, block = module.hidden_size, 0 if module.mode == "RNN_TANH" else 2  # g, n: the third
    with torch.no_grad():
        for layer, unit in silenced:
            _check(module, layer, unit)
            back, own = divmod(unit, size)
            ending = f"_l{layer}{'_reverse' * back}"
            for name, parameter in copied.named_parameters():
                if name.endswith(ending):
                    parameter[block * size + own] = 0
    return copied


def _check(module: Any, layer: int, unit: int) -> None:
    units = module.hidden_size * (2 if module.bidirectional else 1)
    for name, value, stop in (("layer", layer, module.num_layers), ("unit", unit, units)):
        if not 0 <= value < stop:
            raise OutOfRange(
                f"{name} {value} is not in 0..{stop - 1}", name=name, value=value, last=stop - 1
            )


def _layer(module: Any, layer: int, x: Floats, off: list[int]) -> RecurrentLayer:
    """x: (step, in) → one layer, both directions where there are two; off: silenced units."""
    one = _CELLS[module.mode]
    size, both = module.hidden_size, module.bidirectional
    kept = np.ones(size * (1 + both), x.dtype)
    kept[off] = 0
    cells = [_weights(module, f"l{layer}{ending}") for ending in ("", "_reverse")[: 1 + both]]
    found = [one(cells[0], x, kept[:size])]
    if both:
        backwards = one(cells[1], x[::-1], kept[size:])
        found.append({name: array[::-1] for name, array in backwards.items()})
    joined = {name: np.concatenate([part[name] for part in found], axis=1) for name in found[0]}
    arrays = {name: read_only(array) for name, array in joined.items()}
    backward = size if both else 0
    return RecurrentLayer(**arrays, backward=backward, x=read_only(x), weights=tuple(cells))


def _weights(module: Any, suffix: str) -> CellWeights:
    """torch keeps two biases that are only added, except a GRU's of n, the last of three."""
    w, u = (as_numpy(getattr(module, f"weight_{side}_{suffix}")) for side in ("ih", "hh"))
    if not module.bias:
        return CellWeights(w, u, np.zeros(len(w), w.dtype))
    b_x, b_h = (as_numpy(getattr(module, f"bias_{side}_{suffix}")) for side in ("ih", "hh"))
    if module.mode != "GRU":
        return CellWeights(w, u, read_only(b_x + b_h))
    inner, added = b_h[2 * module.hidden_size :], b_h.copy()
    added[2 * module.hidden_size :] = 0
    return CellWeights(w, u, read_only(b_x + added), read_only(inner.copy()))
