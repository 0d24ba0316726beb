"""Tiny random models of families that depart from the textbook, built in memory."""

from __future__ import annotations

from typing import Any

import torch
from transformers import AutoConfig, AutoModel, AutoModelForCausalLM, AutoModelForSeq2SeqLM

from models.recording import capture

SPREAD = 0.5  # of the random weights: wide enough for scores that differ
IDS = (1, 5, 9, 33, 5, 60, 71, 9, 14, 3)

_SMALL: dict[str, Any] = {"vocab_size": 96, "hidden_size": 32, "intermediate_size": 48}
_SMALL |= {"num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 64}
_SMALL |= {"initializer_range": SPREAD, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
_GROUPED = _SMALL | {"num_key_value_heads": 2, "head_dim": 8}
_WINDOW = _GROUPED | {"sliding_window": 4}
_FOUR = _GROUPED | {"num_hidden_layers": 4}
_EXPERTS: dict[str, Any] = {"num_experts": 2, "num_experts_per_tok": 1}
_ROUTED: dict[str, Any] = {"n_routed_experts": 2, "num_experts_per_tok": 1, "n_shared_experts": 1}
_ROUTED |= {"moe_intermediate_size": 16, "first_k_dense_replace": 2, "n_group": 1, "topk_group": 1}
_EVERY_OTHER = ["linear_attention", "full_attention"] * 2
_DELTA: dict[str, Any] = {"layer_types": _EVERY_OTHER, "linear_num_key_heads": 2}
_DELTA |= {"linear_num_value_heads": 2, "linear_key_head_dim": 8, "linear_value_head_dim": 8}
_GPT: dict[str, Any] = {"vocab_size": 96, "n_embd": 32, "n_layer": 2, "n_head": 4}
_GPT |= {"n_positions": 64, "initializer_range": SPREAD, "bos_token_id": 1, "eos_token_id": 2}
_LATENT = _SMALL | {"q_lora_rank": 16, "kv_lora_rank": 8, "qk_nope_head_dim": 4}
_LATENT |= {"qk_rope_head_dim": 4, "v_head_dim": 8, "num_key_value_heads": 4}
_MAMBA: dict[str, Any] = {"mamba_n_heads": 8, "mamba_d_head": 8, "mamba_n_groups": 1}
_MAMBA |= {"mamba_d_state": 4, "mamba_chunk_size": 8}
_GEMMA = _FOUR | {
    **{"sliding_window": 4, "layer_types": ["sliding_attention", "full_attention"] * 2},
    **{"num_kv_shared_layers": 2, "vocab_size_per_layer_input": 96},
    "hidden_size_per_layer_input": 8,
}
_TWO_SIDES: dict[str, Any] = {"vocab_size": 96, "d_model": 32, "encoder_layers": 2}
_TWO_SIDES |= {"decoder_layers": 2, "encoder_attention_heads": 4, "decoder_attention_heads": 4}
_TWO_SIDES |= {"encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "init_std": SPREAD}
_TWO_SIDES |= {"pad_token_id": 0, "eos_token_id": 2, "decoder_start_token_id": 0}

OPTIONS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("bert", "albert", "electra", "nomic_bert"), _SMALL),
    **dict.fromkeys(("gpt_neox", "phi", "persimmon", "clip_text_model"), _SMALL),
    **dict.fromkeys(("llama", "qwen2", "qwen3", "bitnet", "nanochat", "doge"), _GROUPED),
    **dict.fromkeys(("olmo2", "apertus", "hunyuan_v1_dense"), _GROUPED),
    **dict.fromkeys(("eurobert", "falcon_h1", "mimo_v2_flash"), _GROUPED),
    **dict.fromkeys(("mistral", "cohere2", "starcoder2"), _WINDOW),
    **dict.fromkeys(("marian", "bart"), _TWO_SIDES),
    "esm": _SMALL | {"mask_token_id": 3, "position_embedding_type": "rotary"},
    "cohere": _GROUPED | {"use_qk_norm": True},
    "gpt2": _GPT,
    "gpt_bigcode": _GPT | {"multi_query": False},
    "opt": _SMALL | {"ffn_dim": 48, "word_embed_proj_dim": 32, "init_std": SPREAD},
    "olmo": _GROUPED | {"clip_qkv": 1.0},
    "olmoe": _GROUPED | _EXPERTS | {"clip_qkv": 1.0},
    "stablelm": _SMALL | {"num_key_value_heads": 4, "qk_layernorm": True},
    "exaone4": _FOUR | {"sliding_window": 4, "sliding_window_pattern": 4},
    "gemma3_text": _WINDOW | {"layer_types": ["sliding_attention", "full_attention"]},
    "gemma3n_text": _GEMMA
    | {"laurel_rank": 4, "altup_num_inputs": 2, "intermediate_size": [48] * 4}
    | {"activation_sparsity_pattern": [0.0] * 4},
    "gemma4_text": _GEMMA | {"global_head_dim": 16},
    "gpt_oss": _WINDOW
    | {"num_local_experts": 2, "num_experts_per_tok": 1}
    | {"rope_parameters": {"rope_type": "default", "rope_theta": 10_000.0}},
    "afmoe": _WINDOW
    | _EXPERTS
    | {"moe_intermediate_size": 16, "num_dense_layers": 1, "num_shared_experts": 1}
    | {"global_attn_every_n_layers": 2},
    "qwen3_next": _FOUR
    | _DELTA
    | _EXPERTS
    | {"moe_intermediate_size": 16, "shared_expert_intermediate_size": 16}
    | {"mlp_only_layers": [0, 1, 2, 3]},
    "qwen3_5_text": _FOUR | _DELTA,
    "olmo_hybrid": _FOUR | _DELTA,
    "minimax": _FOUR
    | {"layer_types": _EVERY_OTHER, "num_local_experts": 2, "num_experts_per_tok": 1}
    | {"block_size": 8},
    "jamba": _FOUR
    | {"attn_layer_period": 2, "attn_layer_offset": 1, "expert_layer_period": 2}
    | {"mamba_d_state": 4, "mamba_dt_rank": 4, "use_mamba_kernels": False}
    | {**_EXPERTS, "expert_layer_offset": 1},
    "lfm2": _FOUR | {"layer_types": ["conv", "full_attention"] * 2, "block_multiple_of": 8},
    "bamba": _FOUR | _MAMBA | {"attn_layer_indices": [1, 3], "mamba_expand": 2},
    "zamba2": _GROUPED
    | {"num_hidden_layers": 6, "layers_block_type": ["mamba", "hybrid"] * 3}
    | {"hybrid_layer_ids": [1, 3, 5], "num_mem_blocks": 2, "num_key_value_heads": 4}
    | {"mamba_d_state": 4, "n_mamba_heads": 8, "mamba_ngroups": 1, "chunk_size": 8}
    | {"use_shared_attention_adapter": True, "adapter_rank": 4}
    | {"attention_head_dim": 16},
    "recurrent_gemma": _GROUPED
    | {"num_hidden_layers": 3, "lru_width": 32, "attention_window_size": 4}
    | {"block_types": ["recurrent", "recurrent", "attention"]},
    "deepseek_v2": _LATENT | _ROUTED | {"head_dim": 4},
    "deepseek_v3": _LATENT | _ROUTED,
    "minicpm3": _LATENT,
    "llama4_text": _FOUR
    | {"num_local_experts": 2, "attention_chunk_size": 4, "no_rope_layers": [1, 1, 1, 0]}
    | {"intermediate_size_mlp": 48, "interleave_moe_layer_step": 9},
    "dbrx": {
        **{"d_model": 32, "n_heads": 4, "n_layers": 2, "max_seq_len": 64, "vocab_size": 96},
        "attn_config": {"clip_qkv": 1.0, "kv_n_heads": 2, "rope_theta": 10_000.0},
        "ffn_config": {"ffn_hidden_size": 16, "moe_num_experts": 2, "moe_top_k": 1},
        "initializer_range": SPREAD,
    },
    "mobilebert": _SMALL
    | {"embedding_size": 16, "intra_bottleneck_size": 16, "true_hidden_size": 16},
    "modernbert": _SMALL | {"local_attention": 4, "global_attn_every_n_layers": 2},
    "t5": {"vocab_size": 96, "d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 2, "num_heads": 4}
    | {"pad_token_id": 0, "eos_token_id": 2, "decoder_start_token_id": 0},
}
OPTIONS |= {f"{name}-bidirectional": OPTIONS[name] | {"is_causal": False} for name in ("llama",)}


def build(name: str, **options: Any) -> Any:
    """A model with random weights, the same every time; what begins at 0 or 1 is random, too."""
    config = AutoConfig.for_model(name.split("-")[0], **OPTIONS[name] | options)
    doors = (AutoModelForSeq2SeqLM,) if config.is_encoder_decoder else (AutoModelForCausalLM,)
    door = next(door for door in (*doors, AutoModel) if type(config) in door._model_mapping)
    torch.manual_seed(0)
    model = door.from_config(config, attn_implementation=capture.IMPLEMENTATION)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() < 2:
                parameter.add_(torch.randn_like(parameter) * 0.3)
    return model.float().eval()


def inputs(model: Any, ids: tuple[int, ...] = IDS) -> dict[str, Any]:
    """What it is called with: ids as one text, and for a decoder the first six of them."""
    text = torch.tensor([ids])
    given: dict[str, Any] = {"input_ids": text, "attention_mask": torch.ones_like(text)}
    if model.config.is_encoder_decoder:
        return given | {"decoder_input_ids": text[:, :6]}
    return given | {"use_cache": False}


def records(name: str, *, surroundings: bool = True) -> list[capture.Captured]:
    """One forward pass of a fresh model, what its attentions were given and gave."""
    model = build(name)
    return capture.run(model, inputs(model), surroundings=surroundings).records
