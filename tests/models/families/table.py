"""Families of models as data: how a small checkpoint of each is made, and what comes of it.

A row is a model type of transformers. SIZES holds small values for whatever a configuration may
ask for; OPTIONS says what a family wants besides, or otherwise.
"""

from __future__ import annotations

from typing import Any

from models import errors
from models.errors import InputError
from tests.models import wild

Options = dict[str, Any]

_WIDTH, _WIDER, _LAYERS, _HEADS, _PLACES = 32, 48, 2, 4, 64

# Each is given to the configurations that have such a field.
SIZES: Options = {
    **dict.fromkeys(("hidden_size", "d_model", "n_embd", "dim", "emb_dim"), _WIDTH),
    **dict.fromkeys(("intermediate_size", "hidden_dim", "d_ff", "ffn_dim", "d_inner"), _WIDER),
    **dict.fromkeys(("encoder_ffn_dim", "decoder_ffn_dim", "ffn_hidden_size"), _WIDER),
    **dict.fromkeys(("num_hidden_layers", "num_layers", "n_layer", "n_layers"), _LAYERS),
    **dict.fromkeys(("encoder_layers", "decoder_layers", "num_decoder_layers"), _LAYERS),
    **dict.fromkeys(("num_encoder_layers",), _LAYERS),
    **dict.fromkeys(("num_attention_heads", "n_head", "n_heads", "num_heads"), _HEADS),
    **dict.fromkeys(("encoder_attention_heads", "decoder_attention_heads"), _HEADS),
    **dict.fromkeys(("num_encoder_attention_heads", "num_decoder_attention_heads"), _HEADS),
    **dict.fromkeys(("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len"), _PLACES),
    **dict.fromkeys(("initializer_range", "init_std"), wild.SPREAD),
    **dict.fromkeys(("num_experts", "num_local_experts", "n_routed_experts"), 2),
    **dict.fromkeys(("num_experts_per_tok", "n_shared_experts", "num_shared_experts"), 1),
    **dict.fromkeys(("n_group", "topk_group", "moe_topk", "moe_k"), 1),
    **dict.fromkeys(("moe_intermediate_size", "shared_expert_intermediate_size"), 16),
    **dict.fromkeys(("embedding_size", "q_lora_rank"), 16),
    **{"num_key_value_heads": 2, "head_dim": 8, "d_kv": 8, "sliding_window": 6},
    **{"kv_lora_rank": 8, "qk_nope_head_dim": 4, "qk_rope_head_dim": 4, "v_head_dim": 8},
    **{"mamba_n_heads": 8, "mamba_d_head": 8, "mamba_n_groups": 1, "mamba_d_state": 4},
    **{"mamba_chunk_size": 8, "forced_eos_token_id": None, "forced_bos_token_id": None},
    "decoder_start_token_id": 0,
}

_FULL = {"num_key_value_heads": _HEADS}
_LATENT = {"head_dim": 4} | _FULL  # keys of multi-head latent attention are rotated in 4 numbers
# Fewer keys than the sentence has tokens, so that an indexer leaves some out.
_INDEXED = {"index_head_dim": 8, "index_n_heads": 2, "index_topk": 4}
_BERT = wild.OPTIONS["bert"] | {"model_type": "bert", "vocab_size": 200, "initializer_range": 0.3}
_SIDE = wild.OPTIONS["gemma3_text"] | {"attn_logit_softcapping": 2.0, "vocab_size": 200}
_ROTARY, _FULL_BLOCKS = {"rotary_dim": 4}, {"attention_type": "original_full"}
_DEBERTA = {"relative_attention": True, "pos_att_type": ["c2p", "p2c"], "position_buckets": 8}
_DELTA = wild.OPTIONS["qwen3_5_text"]


def _names(text: str) -> list[str]:
    return text.split()


def _turns(other: str, own: str = "full_attention") -> Options:
    return {"num_hidden_layers": 4, "layer_types": [other, own] * 2}


def _sections(*sizes: int) -> Options:
    """Of a rotation by time, height and width."""
    rope = {"rope_type": "default", "rope_theta": 10_000.0, "partial_rotary_factor": 1.0}
    return {"rope_parameters": rope | {"mrope_section": list(sizes)}}


_BARTS = (
    *("bart", "blenderbot", "blenderbot-small", "marian", "mbart", "m2m_100", "mvp", "nllb-moe"),
    *("pegasus", "plbart", "fsmt"),
)
OPTIONS: dict[str, Options] = {
    **dict.fromkeys(("axk1", "glm4_moe_lite", "mistral4", "youtu"), _LATENT),
    **dict.fromkeys(("axk2", "deepseek_v32", "glm_moe_dsa"), _LATENT | _INDEXED),
    **dict.fromkeys(("dots3_note_text", "mistral_large4_text"), _LATENT | _INDEXED),
    **dict.fromkeys(("hy_v4", "deepseek_v4"), _INDEXED),
    "bailing_hybrid": _turns("linear_attention") | _LATENT,
    **dict.fromkeys(("lfm2_moe", "lfm3"), _turns("conv") | {"num_dense_layers": 2}),
    # Passes through many layers enlarge what rounding makes of wide weights.
    "hrm_text": {"initializer_range": 0.1},
    **{name: {"init_std": 0.3} for name in _BARTS},
    **{name: {"initializer_range": 0.3} for name in ("nomic_bert", "gte", "roberta", "distilbert")},
    "minimax": wild.OPTIONS["minimax"] | {"initializer_range": 0.2},
    "kimi_linear": _turns("linear_attention") | _LATENT | {"initializer_range": 0.2},
    "zamba2": wild.OPTIONS["zamba2"] | {"initializer_range": 0.1},
    "longcat_flash": _LATENT | {"moe_topk": 2, "initializer_range": 0.3},
    "granitemoehybrid": _turns("mamba", "attention") | {"mamba_expand": 2},
    "falcon_h1": {"mamba_d_ssm": 64},
    "qwen3_5_moe_text": _DELTA,
    "qwen2_vl_text": _sections(2, 1, 1),
    "glm4v_text": _sections(2, 1, 1),
    "gemma4_text": wild.OPTIONS["gemma4_text"] | {"vocab_size_per_layer_input": 512},
    "gemma3n_text": wild.OPTIONS["gemma3n_text"] | {"vocab_size_per_layer_input": 512},
    "esm": {"mask_token_id": 4, "position_embedding_type": "rotary"},
    "esmc": _FULL,
    "roc_bert": {"pronunciation_vocab_size": 16, "shape_vocab_size": 16}
    | {"pronunciation_embed_dim": 8, "shape_embed_dim": 8},
    **dict.fromkeys(("deberta", "deberta-v2"), _DEBERTA),
    "squeezebert": {"embedding_size": _WIDTH},
    **dict.fromkeys(("gptj", "codegen"), _ROTARY),
    # What it becomes by itself before a text of few tokens; eager's hooks miss the change.
    **dict.fromkeys(("big_bird", "bigbird_pegasus"), _FULL_BLOCKS),
    "encoder-decoder": {"encoder": _BERT}
    | {"decoder": _BERT | {"is_decoder": True, "add_cross_attention": True}},
    "t5gemma": {"encoder": _SIDE, "decoder": _SIDE | {"cross_attention_hidden_size": _WIDTH}},
    "funnel": {"block_sizes": [1, 2], "d_head": 8, "num_decoder_layers": 1},
    "prophetnet": {"max_position_embeddings": 128},
    # Windows and blocks that the sentence is longer than, and no multiple of.
    "longformer": {"attention_window": [4, 8]},
    "led": {"attention_window": [4, 8]}
    | dict.fromkeys(("max_encoder_position_embeddings", "max_decoder_position_embeddings"), 64),
    "longt5": {"local_radius": 4, "initializer_factor": 1.0},
    "pegasus_x": {"block_size": 10, "num_global_tokens": 3, "stagger_local_blocks": True},
    "reformer": {"attn_layers": ["local", "lsh"], "axial_pos_embds": False, "is_decoder": True}
    | {"attention_head_size": 8, "feed_forward_size": 48, "tie_word_embeddings": False}
    | {"local_attn_chunk_length": 6, "lsh_attn_chunk_length": 6}
    | {"num_buckets": 4, "num_hashes": 2, "hash_seed": 1},
    "lilt": {"hidden_size": 48},  # the six sides of a box share it
    "luke": {"entity_vocab_size": 8, "entity_emb_size": 8},
    "gpt_neo": {"attention_types": [[["global", "local"], 1]], "window_size": 4},
    "mpt": {"attn_config": {}},
}

# Recorded with q, k and v, by the tokenizer that such a family usually has.
RECORDED: dict[str, str] = {
    **dict.fromkeys(
        _names("""albert bert big_bird camembert convbert data2vec-text deberta deberta-v2
        distilbert electra ernie esm esmc eurobert funnel gte ibert jina_embeddings_v3 layoutlm
        luke megatron-bert mobilebert modernbert mpnet nomic_bert nystromformer rembert
        roberta roberta-prelayernorm roc_bert roformer squeezebert tapas ultrabert xlm
        xlm-roberta xlm-roberta-xl"""),
        "wordpiece",
    ),
    **dict.fromkeys(
        _names("""bart bigbird_pegasus blenderbot blenderbot-small encoder-decoder fsmt m2m_100
        marian mbart mt5 mvp nllb-moe pegasus plbart prophetnet switch_transformers t5 t5gemma
        umt5"""),
        "pieces",
    ),
    **dict.fromkeys(
        _names("""afmoe apertus arcee aria_text axk1 axk2 bailing_hybrid bamba beam bert-generation
        biogpt bitnet bloom clip_text_model codegen cohere cohere2 cohere2_moe ctrl cwm
        dbrx deepseek_v2 deepseek_v3 deepseek_v32 deepseek_v4 doge dots1 dots3_note_text
        embedding_gemma2_text ernie4_5 ernie4_5_moe exaone4 exaone_moe falcon falcon_h1
        flaubert flex_olmo flint gemma gemma2 gemma3_text gemma3n_text gemma4_text
        gemma4_unified_text glm glm4 glm4_moe glm4_moe_lite glm4v_text glm_moe_dsa gpt-sw3
        gpt2 gpt_bigcode gpt_neo gpt_neox gpt_neox_japanese gpt_oss gptj granite
        granite_swa granitemoe granitemoe_swa granitemoehybrid granitemoeshared helium
        hrm_text hunyuan_v1_dense hunyuan_v1_moe hy_v3 hy_v4 hyperclovax inkling_text
        internlm3 iquestcoder jais2 jamba jetmoe kimi_linear kolibri1 laguna lfm2 lfm2_moe
        lfm3 llama llama4_text longcat_flash markuplm mellum mimo_v2_flash minicpm3
        minimax minimax_m2 minimax_m3_vl_text ministral ministral3 mistral mistral4
        mistral_large4_text mixtral modernbert-decoder mpt nanochat nemotron nemotron_h
        olmo olmo2 olmo3 olmo_hybrid olmoe openai-gpt openai_privacy_filter opt persimmon
        phi phi3 phimoe qwen2 qwen2_moe qwen2_vl_text qwen3 qwen3_5_moe_text qwen3_5_text
        qwen3_moe qwen3_next qwen3_vl_text recurrent_gemma seed_oss smollm3 solar_open
        splinter stablelm starcoder2 tipsv2_text_model trocr vaultgemma xglm xlnet youtu
        zamba2 zaya"""),
        "bytes",
    ),
    "whisper": "its own",  # tests.models.heads.whisper: a sound, and a tokenizer of its class
}

# Recorded without q, k and v in one kind of their attention at least, which is sparse.
WEIGHTS_ONLY: dict[str, str] = {
    "longformer": "wordpiece",
    **dict.fromkeys(_names("led longt5 pegasus_x"), "pieces"),
    "reformer": "bytes",
}

ALL_RECORDED = RECORDED | WEIGHTS_ONLY

# Refused, each with the sentence of its kind.
REFUSED: dict[str, type[InputError]] = {
    **dict.fromkeys(
        _names("""lilt mra rwkv yoso"""),
        errors.NotCapturable,  # two streams, or no softmax at all
    ),
    **dict.fromkeys(("cpmant", "diffllama", "inkling2_text"), errors.NotCapturable),
    **dict.fromkeys(("falcon_mamba", "fnet", "mamba", "xlstm"), errors.WithoutAttention),
    **dict.fromkeys(("seamless_m4t", "seamless_m4t_v2"), errors.ReadsSounds),
    "xmod": errors.ForwardFails,  # until a language is set
}
_PIECES = ("seamless_m4t",)
_WORDPIECE = ("fnet", "lilt", "mra", "yoso")


def words_of(name: str) -> str:
    """Which of tests.models.tiny's tokenizers lies beside it."""
    if name in ALL_RECORDED:
        return ALL_RECORDED[name]
    if name.startswith(_PIECES):
        return "pieces"
    return "wordpiece" if name in _WORDPIECE else "bytes"


def options(name: str) -> Options:
    """What a family's configuration is told beyond SIZES; the tokenizer's size comes last."""
    return OPTIONS.get(name) or wild.OPTIONS.get(name, {})
