"""The shapes of models that are here, and the bytes of the cache that transformers itself keeps.

On the device "meta" tensors have a shape and no numbers: nothing is computed, all is counted.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from models.catalog import CATALOG, card_folder
from models.core.loaded import LoadedModel
from models.cost.block_source import FILE, SHIPPED, installed
from models.cost.cache import PUBLISHED, CacheShape, KeyValueCache


def shapes() -> tuple[CacheShape, ...]:
    """SmolLM2's where its file is installed, a model's that was trained here, published ones."""
    here = (FILE, SHIPPED) if installed() else (SHIPPED,)
    return *map(_here, here), *PUBLISHED


def shape(name: str) -> CacheShape:
    """One of them. StopIteration: there is none of that name."""
    return next(one for one in shapes() if one.name == name)


@lru_cache(maxsize=2)
def _here(model_id: str) -> CacheShape:
    card = CATALOG[model_id]
    parameters, positions = card.sizes["parameters"], card.sizes["positions"]
    if model_id != FILE:
        d = int(card.width or 0) // card.heads
        return CacheShape(model_id, card.layers, card.heads, card.heads, d, parameters, positions)
    from models.loading.quantized import settings

    own = settings(card_folder(card) / str(card.gguf))
    heads = int(own["attention.head_count"])
    return CacheShape(
        model_id,
        int(own["block_count"]),
        heads,
        int(own.get("attention.head_count_kv", heads)),
        int(own["embedding_length"]) // heads,
        parameters,
        int(own["context_length"]),
    )


def counted(cache: KeyValueCache) -> int:
    """Bytes of transformers' own cache for a model of this shape: one layer's, times the layers.

    A layer of Llama, or with latent attention of DeepSeek-V2, reads n tokens without numbers.
    """
    import torch

    model = _latent(cache) if cache.sharing == "latent" else _grouped(cache)
    dtype = {4: torch.float32, 2: torch.bfloat16, 1: torch.float8_e4m3fn}[cache.number_bytes]
    with torch.device("meta"), torch.inference_mode():
        kept = model(torch.empty(1, cache.n, dtype=torch.long), use_cache=True).past_key_values
        parts = [part.to(dtype) for one in kept.layers for part in (one.keys, one.values)]
    return cache.shape.layers * sum(int(part.nbytes) for part in parts)


def _grouped(cache: KeyValueCache) -> Any:
    """One layer of Llama with so many keys and values."""
    import torch
    from transformers import LlamaConfig, LlamaModel

    with torch.device("meta"):
        return LlamaModel(
            LlamaConfig(
                num_key_value_heads=cache.kv_heads, head_dim=cache.shape.d, **_sizes(cache.shape)
            )
        )


def _latent(cache: KeyValueCache) -> Any:
    """One layer of DeepSeek-V2, none of whose experts is needed."""
    import torch
    from transformers import DeepseekV2Config, DeepseekV2Model

    latent, rotated = cache.shape.latent_widths
    d, heads = cache.shape.d, cache.shape.heads
    with torch.device("meta"):
        return DeepseekV2Model(
            DeepseekV2Config(
                **{"kv_lora_rank": latent, "qk_rope_head_dim": rotated, "q_lora_rank": None},
                **{"qk_nope_head_dim": d, "v_head_dim": d, "num_key_value_heads": heads},
                first_k_dense_replace=1,
                **_sizes(cache.shape),
            )
        )


def _sizes(shape: CacheShape) -> dict[str, int]:
    """What a cache does not depend on is as small as can be."""
    return {
        "vocab_size": 8,
        "hidden_size": shape.heads * shape.d,
        "intermediate_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": shape.heads,
    }


def kept(loaded: LoadedModel, text: str) -> tuple[int, int]:
    """(tokens, bytes) of the cache that the loaded model holds after a text. InputError."""
    import torch

    from models.record import batch

    ids = loaded.encode(text).ids
    with torch.inference_mode():
        cache = loaded.model(batch(ids), use_cache=True).past_key_values
    parts = [part for one in cache.layers for part in (one.keys, one.values)]
    return len(ids), sum(part.numel() * part.element_size() for part in parts)
