"""All words of a text moved by as many positions, in a model that really rotates q and k (RoPE).

R_{m+c}q · R_{n+c}k = R_m q · R_n k (Su et al. 2021, section 3.2): the vectors turn, the
scores stay. Imports no torch by itself: pages import this before any model is loaded.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from models.core.attention import scores
from models.core.loaded import MAX_TOKENS, LoadedModel
from models.record import as_numpy, batch, finite
from models.trace import Floats, read_only

if TYPE_CHECKING:
    from models.recording.capture import Captured

SEED = 0  # of the random weights of the model built here
_WIDTH, _LAYERS, _HEADS = 64, 2, 4


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """One text at positions 0..n−1, and again at by..by+n−1.

    model_id: None: of the model built here. before, after: (query, key) scaled scores of one
    layer and head, masked cells too. turned, changed: the largest |difference| of q and of the
    scaled scores over all layers and heads. largest: the largest |score| of all.
    """

    model_id: str | None
    by: int
    before: Floats
    after: Floats
    turned: float
    changed: float
    largest: float


def rotations(network: Any) -> list[Any]:
    """The modules that turn positions into angles for a whole model."""
    return [m for m in network.modules() if "Rotary" in type(m).__name__ and _takes_positions(m)]


def is_rotary(loaded: LoadedModel) -> bool:
    """It rotates q and k, and can be told by which positions."""
    rotates = bool(rotations(loaded.model)) and _takes_positions(loaded.model)
    return rotates and not loaded.is_encoder_decoder


def room(loaded: LoadedModel, length: int) -> int:
    """How far so long a text can be moved within the positions of the training.

    Beyond them some models stretch their frequencies: another rotation, not the same one.
    """
    config = loaded.model.config
    found = getattr(config, "rope_parameters", None) or {}
    limits = config.max_position_embeddings, found.get("original_max_position_embeddings")
    return int(min(limit for limit in limits if limit)) - length


def moved(
    model: LoadedModel | None, ids: Sequence[int], by: int, *, layer: int = 0, head: int = 0
) -> Moved:
    """A model run twice, the second time with every token `by` positions further on.

    model: one that takes position_ids, rotary or not; None: a LLaMA built here with random
    weights, whose ids are 0..511. layer, head: whose scores are kept. In float32, as the model
    computes: angles round by about by·6e-8. Raises errors.BrokenNumbers; ValueError: no positions.
    """
    network = built() if model is None else model.model
    if not _takes_positions(network):
        raise ValueError(f"{type(network).__name__} takes no position_ids")
    first, second = (_pass(network, ids, start) for start in (0, by))
    turned, changed, largest = [], [], []
    for here, there in zip(first, second, strict=True):
        (q, s), (q_on, s_on) = _scores(here), _scores(there)
        if model is not None:
            finite(model, s)
            finite(model, s_on)
        turned.append(np.abs(q_on - q).max())
        changed.append(np.abs(s_on - s).max())
        largest.append(np.abs(s).max())
    before, after = (_scores(run[layer])[1][head] for run in (first, second))
    return Moved(
        model_id=None if model is None else model.card.id,
        by=by,
        before=read_only(before),
        after=read_only(after),
        turned=float(max(turned)),
        changed=float(max(changed)),
        largest=float(max(largest)),
    )


def moved_text(model: LoadedModel, text: str, by: int, *, cut: bool = False) -> Moved | None:
    """A text `by` positions further on, or as many as there is room for; None: it cannot be moved.

    Raises errors.BrokenNumbers and what LoadedModel.encode raises.
    """
    if not is_rotary(model):
        return None
    ids = model.encode(text, cut=cut).ids
    by = min(by, room(model, len(ids)))
    return moved(model, ids, by) if by > 0 else None


@lru_cache(maxsize=1)
def built() -> Any:
    """A LLaMA of two layers that was never trained, the same in every process."""
    import torch
    from transformers import LlamaConfig, LlamaModel

    from models.recording import capture

    config = LlamaConfig(
        vocab_size=MAX_TOKENS,
        hidden_size=_WIDTH,
        intermediate_size=2 * _WIDTH,
        num_hidden_layers=_LAYERS,
        num_attention_heads=_HEADS,
        attn_implementation=capture.IMPLEMENTATION,
    )
    model = LlamaModel(config).eval()
    generator = torch.Generator().manual_seed(SEED)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:  # scores of about 1, as a trained model's; norms stay
                parameter.normal_(std=_WIDTH**-0.5, generator=generator)
    return model


def _takes_positions(network: Any) -> bool:
    return "position_ids" in inspect.signature(network.forward).parameters


def _pass(network: Any, ids: Sequence[int], start: int) -> list[Captured]:
    from models.recording import capture

    places = tuple(range(start, start + len(ids)))
    inputs = {"input_ids": batch(tuple(ids)), "position_ids": batch(places), "use_cache": False}
    return capture.run(network, inputs).records


def _scores(captured: Captured) -> tuple[Floats, Floats]:
    """q after RoPE (head, query, d), and the scaled scores (head, query, key) in float64."""
    q, k = (as_numpy(part[0]).astype(np.float64) for part in (captured.query, captured.key))
    k = np.repeat(k, len(q) // len(k), axis=0)  # heads that share keys
    return q, scores(q, k) * captured.scaling
