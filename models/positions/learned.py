"""A loaded model's own table of positions, and the same model without it.

Imports no torch by itself: pages import this before any model is loaded.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from models.catalog import soundless
from models.core.loaded import LoadedModel
from models.errors import FixedPositions, NoPositions
from models.positions import rotary
from models.record import as_numpy
from models.trace import Floats, read_only

# What families call the module: BERT and its kin, GPT-2, Marian and BART and OPT.
NAMES = ("position_embeddings", "wpe", "embed_positions")


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """table: (position, width), the vector that is added to the word at that position.

    path: the module's place in the model.
    """

    model_id: str
    table: Floats
    path: str


def learned(model: LoadedModel | str) -> Learned:
    """The learned positions of a model; of an encoder-decoder those of its encoder.

    Raises errors.FixedPositions (computed sines), NoPositions, and what load raises.
    """
    loaded = soundless(model)
    for path, parameter in loaded.model.named_parameters():
        if path.rpartition(".")[2] in NAMES:  # ViT keeps a bare table, (1, position, width)
            return Learned(loaded.card.id, as_numpy(parameter[0]), path)
    path, module = next(iter(tables(loaded).items()))
    if "Sinusoidal" in type(module).__name__:
        raise FixedPositions(f"{loaded.card.id} computes its positions", model=loaded.card.title)
    return Learned(loaded.card.id, read_only(as_numpy(module.weight)[first_row(module) :]), path)


def tables(loaded: LoadedModel) -> dict[str, Any]:
    """Path → module of every table of positions.

    Raises errors.NoPositions and FixedPositions where there is none.
    """
    found = {
        path: module
        for path, module in loaded.model.named_modules()
        if path.rpartition(".")[2] in NAMES and hasattr(module, "weight")
    }
    if not found:
        computed = getattr(loaded.model.config, "positions", "") == "sinusoidal"
        kind = FixedPositions if computed else NoPositions
        raise kind(f"{loaded.card.id} has no table of positions", model=loaded.card.title)
    return found


def first_row(module: Any) -> int:
    """The row of the first word: BART and OPT leave two rows unused, RoBERTa those of padding."""
    if module.padding_idx is not None:
        return int(module.padding_idx) + 1
    return int(getattr(module, "offset", 0))


@lru_cache(maxsize=8)
def without_positions(loaded: LoadedModel) -> LoadedModel:
    """The same model with zeros for positions: a copy that shares every other weight with it.

    In a rotary model every token is at 0, where nothing turns. Raises errors.NoPositions.
    """
    import torch

    from models.loading import checkpoint

    paths = [] if rotary.is_rotary(loaded) else list(tables(loaded))
    shared = {id(each): each for each in (*loaded.model.parameters(), *loaded.model.buffers())}
    model = copy.deepcopy(loaded.model, shared)
    modules = dict(model.named_modules())
    for path in paths:
        weight = modules[path].weight
        modules[path].weight = torch.nn.Parameter(torch.zeros_like(weight), requires_grad=False)
    for module in rotary.rotations(model):
        module.register_forward_pre_hook(_at_zero, with_kwargs=True)
    checkpoint.hook(model)
    return replace(loaded, model=model)


def _at_zero(
    _: Any, inputs: tuple[Any, ...], named: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """A hook before a rotation, which takes (x, position_ids): every token at position 0."""
    if "position_ids" in named:
        return inputs, named | {"position_ids": named["position_ids"] * 0}
    return (inputs[0], inputs[1] * 0, *inputs[2:]), named
