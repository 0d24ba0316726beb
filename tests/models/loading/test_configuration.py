"""A config.json that no model can have is refused from its text alone, and says what is wrong."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch

from models.catalog import load
from models.errors import (
    InputError,
    NoConfiguration,
    NotBuildable,
    PrunedHeads,
    QuantizedWeights,
    SizeOutOfRange,
    UnknownFamily,
    WrongSetting,
    WrongShape,
    WrongSize,
)
from models.loading.configuration import check
from models.record import record
from tests.models import tiny
from tests.models.loading.conftest import CopyOf, Refusal

HUGE = 10**9
# Settings of models that were really published, each at the edge of what is refused.
USUAL: tuple[dict[str, Any], ...] = (
    {"pad_token_id": -1, "max_relative_positions": -1, "type_vocab_size": 0},
    {"max_position_embeddings": 10_485_760, "vocab_size": 262_144, "num_hidden_layers": 126},
    {"n_inner": None, "sliding_window": None, "num_key_value_heads": None},
    {"sliding_window": 0, "use_sliding_window": False},
    {"depths": [2, 2, 18, 2], "num_heads": [3, 6, 12, 24], "layers_block_type": ["mamba"]},
    {"time_step_limit": [0.0, math.inf], "num_local_experts": 0, "chunk_size_feed_forward": 0},
    {"id2label": {"0": "LAYERS"}, "label2id": {"num_layers": HUGE}, "pruned_heads": {}},
    {"rope_parameters": {"rope_type": "default", "original_max_position_embeddings": 8192}},
    {"block_auto_adjust_ff_dim": True, "use_auxiliary_head": True, "tie_layers": False},
    {"block_sizes": [10, 10, 10], "block_repeats": None, "num_decoder_layers": 2},
    {"block_sizes": [6, 3, 3], "block_repeats": [1, 2, 2]},  # Funnel-Transformer/intermediate
    {"block_sizes": [1] * 8},
    {"attention_window": [512] * 12, "local_radius": 127, "block_size": 512},
    {"lsh_attn_chunk_length": 64, "local_attn_chunk_length": 128, "num_buckets": [64, 128]},
    {"lsh_attn_chunk_length": None, "num_buckets": None, "num_hashes": 8},
    {"vision_use_head": True, "mlp_only_layers": [], "attn_layers": ["a"]},
    {"text_config": {"hidden_size": 64, "num_attention_heads": 4}, "quantization_config": None},
)


@pytest.mark.parametrize("settings", USUAL)
def test_what_published_models_have_is_not_refused(settings: dict[str, Any]) -> None:
    check({"model_type": "bert", **settings})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[("num_hidden_layers", value) for value in (HUGE, 1001, -1, 2.5, "two", True, math.nan)],
        *[("max_position_embeddings", value) for value in (HUGE, 0, -5, "many")],
        *[("hidden_size", value) for value in (HUGE, 10**7, 0, -32, "32")],
        *[("num_attention_heads", value) for value in (HUGE, 0, -4, "4", 4.0)],
        *[("vocab_size", value) for value in (HUGE, 0, -1, math.inf)],
        *[(name, HUGE) for name in ("n_layer", "n_embd", "n_head", "n_positions", "n_inner")],
        *[(name, HUGE) for name in ("d_model", "d_kv", "d_ff", "head_dim", "encoder_layers")],
        *[(name, HUGE) for name in ("decoder_layers", "num_decoder_layers", "num_layers", "depth")],
        *[(name, HUGE) for name in ("intermediate_size", "type_vocab_size", "num_local_experts")],
        *[(name, HUGE) for name in ("num_key_value_heads", "relative_attention_num_buckets")],
        *[(name, HUGE) for name in ("image_size", "kv_lora_rank", "max_target_positions")],
        *[(name, 0) for name in ("head_dim", "num_key_value_heads", "sliding_window", "n_ctx")],
        *[(name, HUGE) for name in ("num_labels", "num_buckets", "n_words", "num_latents")],
        *[(name, 2_049) for name in ("attention_window", "local_radius", "block_size")],
        *[(name, 2_049) for name in ("lsh_attn_chunk_length", "local_attn_chunk_length")],
        ("attention_window", [512, HUGE]),
        ("num_buckets", [64, HUGE]),
        ("num_hashes", 65),
        ("depths", [2, HUGE]),
        ("sliding_window", -1),
    ],
)
def test_a_size_that_no_model_has_is_named(name: str, value: Any) -> None:
    for nested in ({name: value}, {"text_config": {name: value}}):
        with pytest.raises((SizeOutOfRange, WrongSetting)) as refused:
            check({"model_type": "bert", **nested})
        assert refused.value.details["name"] == name


@pytest.mark.parametrize(
    ("settings", "name", "value"),
    [
        # 2⁴¹ tokens to have two of them left, and a billion passes through a layer.
        ({"block_sizes": [1] * 40}, "len(block_sizes)", "40"),
        ({"block_sizes": [1] * 9}, "len(block_sizes)", "9"),
        ({"block_sizes": []}, "len(block_sizes)", "0"),
        ({"block_sizes": [1], "block_repeats": [HUGE]}, "block_repeats", f"[{HUGE}]"),
        ({"block_sizes": [1], "block_repeats": [-1]}, "block_repeats", "[-1]"),
        (
            {"block_sizes": [500, 500], "block_repeats": [1, 1000]},
            "Σ block_sizes · block_repeats",
            "500500",
        ),
    ],
)
def test_blocks_that_no_text_can_be_halved_for_are_named(
    settings: dict[str, Any], name: str, value: str
) -> None:
    with pytest.raises(SizeOutOfRange) as refused:
        check({"model_type": "funnel", **settings})
    assert refused.value.details["name"] == name
    assert refused.value.details["value"] == value


def test_chunks_of_two_kinds_that_fit_each_other_only_in_a_long_text_are_named() -> None:
    chunks = {"local_attn_chunk_length": 127, "lsh_attn_chunk_length": 128}
    with pytest.raises(SizeOutOfRange) as refused:
        check({"model_type": "reformer", **chunks})
    assert refused.value.details["value"] == str(127 * 128)


LAYERS = {"bert": "num_hidden_layers", "gpt2": "n_layer", "t5": "num_layers"}
LAYERS |= {"marian": "decoder_layers", "llama": "num_hidden_layers"}


@pytest.mark.parametrize("family", LAYERS)
def test_a_billion_layers_are_refused_before_a_library_hears_of_them(
    family: str, copy_of: CopyOf, refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny.settings(copy_of(family), **{LAYERS[family]: HUGE})
    monkeypatch.setattr("transformers.AutoConfig.from_pretrained", None)
    found = refusal(folder, SizeOutOfRange)
    assert found.details == {"name": LAYERS[family], "value": str(HUGE), "least": 0, "most": 1000}


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"layer_norm_eps": math.nan}, "layer_norm_eps"),
        ({"layer_norm_eps": math.inf}, "layer_norm_eps"),
        ({"initializer_range": "x"}, "initializer_range"),
        ({"use_cache": "x"}, "use_cache"),
        ({"hidden_size": [32]}, "hidden_size"),
        ({"num_hidden_layers": None}, "num_hidden_layers"),
        ({"architectures": 5}, "architectures"),
        ({"architectures": [5]}, "architectures"),
        ({"model_type": 5}, "model_type"),
        ({"model_type": ""}, "model_type"),
        ({"position_embedding_type": "relative_key"}, "position_embedding_type"),
        ({"position_embedding_type": "relative_key_query"}, "position_embedding_type"),
        ({"position_embedding_type": "alibi"}, "position_embedding_type"),
    ],
)
def test_a_setting_that_cannot_be_computed_with_is_named(
    settings: dict[str, Any], name: str, copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = tiny.settings(copy_of("bert"), **settings)
    assert refusal(folder, WrongSetting).details["name"] == name


@pytest.mark.parametrize(
    ("family", "settings", "kind"),
    [
        ("gemma2", {"query_pre_attn_scalar": -1}, WrongSetting),
        ("llama", {"rope_parameters": {"rope_type": "default", "rope_theta": 0}}, WrongSetting),
        ("t5", {"relative_attention_max_distance": 7}, SizeOutOfRange),
        ("t5", {"relative_attention_max_distance": 16}, SizeOutOfRange),
    ],
)
def test_what_would_fail_only_at_a_longer_text_is_refused_at_once(
    family: str, settings: dict[str, Any], kind: type[InputError], copy_of: CopyOf, refusal: Refusal
) -> None:
    refusal(tiny.settings(copy_of(family), **settings), kind)


@pytest.mark.parametrize("family", ["t5", "marian", "bert"])
def test_a_wish_for_bare_answers_changes_nothing(
    family: str, copy_of: CopyOf, tiny_model: Any
) -> None:
    folder = tiny.settings(copy_of(family), return_dict=False, output_hidden_states=True)
    trace = record(load(str(folder)), "the animal")
    assert (trace.blocks[-1].q == record(tiny_model(family), "the animal").blocks[-1].q).all()


@pytest.mark.parametrize(
    "settings",
    [
        {"hidden_size": 33},
        {"hidden_act": "nonsense"},
        {"pad_token_id": 5000},
        {"id2label": 5},
    ],
)
def test_a_configuration_that_contradicts_itself_is_shown(
    settings: dict[str, Any], copy_of: CopyOf, refusal: Refusal
) -> None:
    found = refusal(tiny.settings(copy_of("bert"), **settings), NotBuildable)
    assert found.details["family"] == "bert"
    values = str(found.details["values"])
    assert "num_attention_heads = 4" in values
    assert all(f"{n} = {v}" in values for n, v in settings.items() if n != "id2label")


def test_layers_of_unknown_kinds_are_a_configuration_that_cannot_be_built(
    copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = tiny.settings(copy_of("gemma2"), layer_types=["nope"] * 10_000)
    refusal(folder, NotBuildable)


def test_sizes_of_another_file_are_named_with_both(copy_of: CopyOf, refusal: Refusal) -> None:
    found = refusal(tiny.settings(copy_of("bert"), vocab_size=5000), WrongShape)
    assert found.details["name"] == "embeddings.word_embeddings.weight"
    assert found.details["wanted"] == "5000 × 32"


@pytest.mark.parametrize(
    ("family", "settings"),
    [
        ("bert", {"vocab_size": 9_000_000}),
        ("bert", {"max_position_embeddings": 1_000_000}),
        ("bert", {"intermediate_size": 90_000_000}),
        ("gpt2", {"n_inner": 90_000_000}),
        ("llama", {"head_dim": 900_000}),
        ("t5", {"d_kv": 900_000}),
        ("gpt_oss", {"num_local_experts": 9_000}),
    ],
)
def test_sizes_that_the_file_does_not_have_cost_no_memory(
    family: str, settings: dict[str, int], copy_of: CopyOf, refusal: Refusal, unread: None
) -> None:
    found = refusal(tiny.settings(copy_of(family), **settings), WrongShape)
    assert str(found.details["found"]) != str(found.details["wanted"])


@pytest.mark.parametrize(
    ("family", "settings"),
    [
        ("albert", {"inner_group_num": 1_000_000}),
        ("albert", {"num_hidden_groups": 1_000_000}),
        ("distilbert", {"n_layers": 999}),
        ("bert", {"num_hidden_layers": 999}),
    ],
)
def test_parts_that_the_file_has_no_weights_for_are_not_even_put_together(
    family: str, settings: dict[str, int], copy_of: CopyOf, refusal: Refusal, unread: None
) -> None:
    refusal(tiny.settings(copy_of(family), **settings), NotBuildable)


def test_tables_that_are_computed_cost_no_memory_either(
    copy_of: CopyOf, refusal: Refusal, unread: None
) -> None:
    folder = tiny.settings(copy_of("marian"), max_position_embeddings=90_000_000)
    found = refusal(folder, WrongSize)
    assert found.details == {"found": 1, "wanted": 5760}


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """No weight is read, and so no memory taken."""
    monkeypatch.setattr("transformers.PreTrainedModel.from_pretrained", None)


@pytest.mark.parametrize("method", ["bitsandbytes", "gptq", "awq", "fp8", "compressed-tensors"])
def test_how_weights_were_quantised_is_said(method: str, copy_of: CopyOf, refusal: Refusal) -> None:
    said: dict[str, Any] = {"quantization_config": {"quant_method": method, "bits": 4}}
    found = refusal(tiny.settings(copy_of("llama"), **said), QuantizedWeights)
    assert found.details == {"method": method}


def test_a_quantisation_without_a_method_is_one_too(copy_of: CopyOf, refusal: Refusal) -> None:
    refusal(tiny.settings(copy_of("llama"), quantization_config="strange"), QuantizedWeights)


@pytest.mark.parametrize("pruned", [{"0": [1]}, {"0": [1], "1": [0, 2]}])
def test_layers_with_pruned_heads_are_named(
    pruned: dict[str, list[int]], copy_of: CopyOf, refusal: Refusal
) -> None:
    found = refusal(tiny.settings(copy_of("bert"), pruned_heads=pruned), PrunedHeads)
    assert found.details == {"layers": ", ".join(pruned)}


@pytest.mark.parametrize("content", [None, "", "[]", "5", '{"a"', "[" * 100_000])
def test_a_configuration_that_is_none_is_said_with_what_lies_there(
    content: str | None, copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = copy_of("bert")
    (folder / "config.json").unlink()
    if content is not None:
        (folder / "config.json").write_text(content)
    assert "model.safetensors" in str(refusal(folder, NoConfiguration).details["files"])


def test_a_family_that_transformers_does_not_have_is_named(
    copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = tiny.settings(copy_of("bert"), model_type="transfo-xl")
    assert refusal(folder, UnknownFamily).details == {"family": "transfo-xl"}


@pytest.mark.parametrize("name", ["decoder_start_token_id", "forced_bos_token_id"])
def test_what_a_decoder_reads_first_is_in_its_table(
    name: str, copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = copy_of("marian")
    for file in ("config.json", "generation_config.json"):
        tiny.settings(folder, file, **{name: 5000})
    found = refusal(folder, SizeOutOfRange)
    assert (found.details["name"], found.details["value"]) == (name, "5000")


@pytest.mark.parametrize(
    "wish",
    [
        {"_attn_implementation": "sdpa"},
        {"attn_implementation": "flash_attention_2"},
        {"output_attentions": True},
        {"dtype": "float16"},
        {"architectures": ["OwnModel"]},
    ],
)
def test_what_its_owner_wished_for_changes_nothing(
    wish: dict[str, Any], copy_of: CopyOf, tiny_model: Any
) -> None:
    loaded = load(str(tiny.settings(copy_of("bert"), **wish)))
    for own, usual in zip(
        loaded.model.parameters(), tiny_model("bert").model.parameters(), strict=True
    ):
        assert torch.equal(own, usual)
    assert loaded.attention == tiny_model("bert").attention


def test_the_folder_is_named_by_the_visitors_path_alone(copy_of: CopyOf, refusal: Refusal) -> None:
    folder: Path = tiny.settings(copy_of("bert"), num_hidden_layers=HUGE)
    assert str(folder) not in str(refusal(folder, SizeOutOfRange).details)
