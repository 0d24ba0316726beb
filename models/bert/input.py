"""What goes into BERT's first layer: token + segment + position, and the layer norm over it.

Devlin et al. 2019, section 3 and figure 2; layer norm: Ba, Kiros & Hinton 2016, eqs. 3–4.
Imports no torch by itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from models.bert.trace import Embedded
from models.catalog import soundless
from models.core.loaded import LoadedModel
from models.errors import NoEmbeddings
from models.record import as_numpy, finite, inputs_of
from models.trace import Floats, read_only

TABLES = ("token", "segment", "position")
# Their names inside the family's module, as transformers calls them.
_NAMES = {
    "token": "word_embeddings",
    "segment": "token_type_embeddings",
    "position": "position_embeddings",
    "norm": "LayerNorm",
}


def embedded(
    model: LoadedModel | str, text: str, pair: str | None = None, *, cut: bool = False
) -> Embedded:
    """The text's way into the first layer.

    Raises errors.NoEmbeddings, BrokenNumbers, and what LoadedModel.encode and load raise.
    """
    from models.recording import layer_calls

    loaded = soundless(model)
    layers = _layers(loaded)
    encoded = loaded.encode(text, pair, cut=cut)
    _, calls = layer_calls.forward(loaded.model, inputs_of(loaded, encoded), layers)
    n = len(encoded.ids)
    if calls.keys() != layers.keys():
        raise _none(loaded)
    tables = {name: _rows(as_numpy(calls[name].gave), n) for name in TABLES if name in calls}
    output = as_numpy(calls["norm"].gave)[0][:n]  # Longformer's is padded to whole windows
    if any(part.shape != output.shape for part in tables.values()):
        raise _none(loaded)
    finite(loaded, output)
    norm = layers["norm"]
    return Embedded(
        model_id=loaded.card.id,
        source=encoded,
        token=tables["token"],
        segment=tables.get("segment"),
        position=tables["position"],
        scale=as_numpy(norm.weight),
        shift=as_numpy(norm.bias),
        eps=float(norm.eps),
        output=output,
        rows={name: _taken(calls[name].given, n) for name in tables},
        text=text,
        text_pair=pair or None,
    )


def _layers(loaded: LoadedModel) -> dict[str, Any]:
    """Tables and norm of the module that holds them; the segments' may be missing."""
    for module in loaded.model.modules():
        found = {name: getattr(module, own, None) for name, own in _NAMES.items()}
        if all(found[name] is not None for name in ("token", "position", "norm")):
            return {name: layer for name, layer in found.items() if layer is not None}
    raise _none(loaded)


def _none(loaded: LoadedModel) -> NoEmbeddings:
    return NoEmbeddings(
        f"{loaded.card.id} adds up no word and position vectors", model=loaded.card.title
    )


def _rows(gave: Floats, n: int) -> Floats:
    """(1 or nothing, token or 1, d) → (token, d): one row may serve all tokens."""
    part = gave[0] if gave.ndim == 3 else gave
    return read_only(np.broadcast_to(part[:n], (n, part.shape[-1])))


def _taken(given: Any, n: int) -> tuple[int, ...]:
    """Which rows were asked for."""
    rows = np.broadcast_to(np.asarray(given.detach().reshape(-1)[:n].numpy()), (n,))
    return tuple(int(row) for row in rows)
