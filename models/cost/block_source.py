"""Where a block of 4-bit weights comes from: SmolLM2's own file, or a model trained here."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from models.catalog import CATALOG, card_folder, load, offered
from models.core.arrays import as_numpy
from models.core.loaded import LoadedModel
from models.cost.quantisation import PROJECTIONS, PackedBlock, Projection, of_file, of_weights
from models.errors import NotInstalled
from models.trace import Floats

FILE = "smollm2"  # its file is 4-bit as it comes
SHIPPED = "gpt-mini"  # single precision: rounded here
_TENSORS = dict(zip(PROJECTIONS, ("attn_q", "attn_k", "attn_v", "attn_output"), strict=True))


def installed() -> bool:
    """SmolLM2's file is there, and may be opened here."""
    card = CATALOG[FILE]
    try:
        return card in offered() and (card_folder(card) / str(card.gguf)).is_file()
    except NotInstalled:
        return False


def layers(model_id: str) -> int:
    """How many layers the model has whose blocks are shown."""
    return CATALOG[model_id].layers


def block(model_id: str, projection: Projection, layer: int, row: int, number: int) -> PackedBlock:
    """One block of W_Q, W_K, W_V or W_O. IndexError: no such row or block; NotInstalled."""
    if model_id == FILE:
        card = CATALOG[FILE]
        name = f"blk.{layer}.{_TENSORS[projection]}.weight"
        stored = _tensors(card_folder(card) / str(card.gguf))[name].data
        return of_file(model_id, name, stored, row, number)
    name = f"h.{layer}.attn.{'c_proj' if projection == 'o' else 'c_attn'}"
    return of_weights(model_id, name, _matrix(load(model_id), projection, layer), row, number)


def _matrix(loaded: LoadedModel, projection: Projection, layer: int) -> Floats:
    """(output, input) of a model of GPT-2's shape, which keeps its matrices turned round."""
    attention = loaded.model.transformer.h[layer].attn
    if projection == "o":
        return as_numpy(attention.c_proj.weight.T.contiguous())
    width = loaded.model.config.n_embd
    at = PROJECTIONS.index(projection) * width
    return as_numpy(attention.c_attn.weight[:, at : at + width].T.contiguous())


@lru_cache(maxsize=1)
def _tensors(file: Path) -> dict[str, Any]:
    """The file's tensors by name, as bytes that stay on disk until they are looked at."""
    from models.loading.quantized import tensors

    return tensors(file)
