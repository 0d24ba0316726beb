"""Bytes of a cache of keys and values: as transformers itself keeps them."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from models.catalog import CATALOG, card_folder, load
from models.cost import block_source
from models.cost.cache import PUBLISHED, SHARINGS, CacheShape, KeyValueCache, every
from models.cost.cache_library import counted, kept, shape, shapes

NAMES = [one.name for one in shapes()]


@pytest.mark.parametrize("sharing", SHARINGS)
@pytest.mark.parametrize("name", NAMES)
def test_the_library_keeps_as_many_bytes(name: str, sharing: str) -> None:
    one = shape(name)
    cache = KeyValueCache(one, sharing, one.groups, 100, 2)  # type: ignore[arg-type]
    assert counted(cache) == cache.bytes


@pytest.mark.parametrize("number_bytes", [4, 2, 1])
def test_bytes_grow_with_tokens_and_with_each_number(number_bytes: int) -> None:
    one = shape("llama-3-8b")
    cache = KeyValueCache(one, "gqa", 4, 33, number_bytes)
    assert counted(cache) == cache.bytes == 33 * cache.token_bytes
    assert cache.token_bytes == 2 * 32 * 4 * 128 * number_bytes


@pytest.mark.parametrize("name", ["llama-2-7b", "llama-3-8b", "gemma-2b", "deepseek-v2"])
def test_published_weights_are_those_of_the_published_sizes(name: str) -> None:
    with torch.device("meta"):
        model = published(shape(name))
    assert sum(one.numel() for one in model.parameters()) == shape(name).parameters


def published(one: CacheShape) -> Any:
    """The whole model without numbers; what a cache does not depend on, from the same papers."""
    import transformers as library

    same = {"num_hidden_layers": one.layers, "num_attention_heads": one.heads,
            "num_key_value_heads": one.kv_heads}  # fmt: skip
    if one.name == "deepseek-v2":
        wide = {"hidden_size": 5120, "intermediate_size": 12_288, "moe_intermediate_size": 1536}
        experts = {"n_shared_experts": 2, "n_routed_experts": 160, "num_experts_per_tok": 6}
        parts = {"kv_lora_rank": one.latent, "qk_rope_head_dim": one.rotated, "q_lora_rank": 1536,
                 "qk_nope_head_dim": one.d, "v_head_dim": one.d}  # fmt: skip
        whole = same | wide | experts | parts
        config = library.DeepseekV2Config(vocab_size=102_400, first_k_dense_replace=1, **whole)
        return library.DeepseekV2ForCausalLM(config)
    vocabulary, width, inner = {
        "llama-2-7b": (32_000, 4096, 11_008),
        "llama-3-8b": (128_256, 4096, 14_336),
        "gemma-2b": (256_000, 2048, 16_384),
    }[one.name]
    same |= {"vocab_size": vocabulary, "hidden_size": width, "intermediate_size": inner}
    if one.name == "gemma-2b":
        return library.GemmaForCausalLM(library.GemmaConfig(head_dim=one.d, **same))
    return library.LlamaForCausalLM(library.LlamaConfig(head_dim=one.d, **same))


def test_smollm2s_sizes_are_those_of_its_matrices() -> None:
    one, card = shape("smollm2"), CATALOG["smollm2"]
    tensors = block_source._tensors(card_folder(card) / str(card.gguf))
    rows = {part: len(tensors[f"blk.0.attn_{part}.weight"].data) for part in "qk"}
    assert rows == {"q": one.heads * one.d, "k": one.kv_heads * one.d}
    assert sum(name.endswith("attn_k.weight") for name in tensors) == one.layers
    assert (one.sharing, one.groups) == ("gqa", 3)


def test_a_loaded_model_holds_what_the_sum_says() -> None:
    count, held = kept(load("gpt-mini"), "The cat that saw the dogs")
    one = shape("gpt-mini")
    assert held == KeyValueCache(one, "mha", one.groups, count, 4).bytes
    config = load("gpt-mini").model.config
    assert (one.layers, one.heads, one.heads * one.d) == (
        config.n_layer,
        config.n_head,
        config.n_embd,
    )


def test_deepseek_v2s_own_widths_are_those_of_its_rule() -> None:
    own = shape("deepseek-v2")
    without = CacheShape("other", own.layers, own.heads, own.kv_heads, own.d, 1, 1)
    assert own.latent_widths == without.latent_widths == (512, 64)
    assert (own.sharing, without.sharing) == ("latent", "mha")


@pytest.mark.parametrize("one", PUBLISHED, ids=lambda one: one.name)
def test_the_crossing_is_the_first_length_with_a_cache_larger_than_the_weights(
    one: CacheShape,
) -> None:
    for cache in every(one, one.groups, 1, 2):
        at = cache.crossing
        before, there = (KeyValueCache(one, cache.sharing, one.groups, n, 2) for n in (at - 1, at))
        assert before.bytes <= cache.weight_bytes < there.bytes


def test_one_group_is_mqa_and_a_group_a_head_mha() -> None:
    one = shape("llama-2-7b")
    mha, all_groups, mqa, _ = every(one, one.heads, 64, 4)
    assert mha.bytes == all_groups.bytes
    assert mqa.bytes == KeyValueCache(one, "gqa", 1, 64, 4).bytes
    assert [cache.native for cache in every(one, 8, 64, 4)] == [True, False, False, False]


def test_groups_that_do_not_divide_the_heads_are_refused() -> None:
    one = shape("llama-2-7b")
    with pytest.raises(ValueError, match="does not divide"):
        KeyValueCache(one, "gqa", 5, 64, 4)
    with pytest.raises(ValueError, match="does not divide"):
        CacheShape("other", 1, 9, 2, 64, 1, 1)
    with pytest.raises(ValueError, match="not 1 or more"):
        KeyValueCache(one, "gqa", 8, 0, 4)
