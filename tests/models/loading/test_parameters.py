"""Every weight of a model is in its file, every weight of its file in the model, or it is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import transformers
from safetensors.torch import save_file
from torch import Tensor

from models.catalog import load
from models.errors import (
    AdapterFound,
    CrossAttentionAlone,
    ForwardFails,
    HalfAModel,
    MissingWeights,
    NoWeights,
    QuantizedWeights,
    UnexpectedWeights,
    WithoutAttention,
    WrongShape,
)
from models.record import record
from tests.models import tiny
from tests.models.loading.conftest import CopyOf, Refusal

Tensors = dict[str, Tensor]
LAST_LAYER = {
    "bert": "encoder.layer.1.",
    "roberta": "encoder.layer.1.",
    "distilbert": "transformer.layer.1.",
    "gpt2": "transformer.h.1.",
    "llama": "model.layers.1.",
    "gpt_oss": "model.layers.1.",
    "opt": "model.decoder.layers.1.",
    "marian": "model.decoder.layers.1.",
    "t5": "decoder.block.1.",
}


def one_more(family: str) -> tuple[str, str]:
    """The last layer's names, and those of one that the configuration does not know."""
    last = LAST_LAYER[family]
    return last, last.replace(".1.", ".2.")


@pytest.mark.parametrize("family", LAST_LAYER)
def test_a_layer_more_than_the_configuration_has_is_refused(
    family: str, copy_of: CopyOf, refusal: Refusal
) -> None:
    last, further = one_more(family)

    def add(tensors: Tensors) -> None:
        copied = {n.replace(last, further): t for n, t in tensors.items() if n.startswith(last)}
        tensors.update(copied)
        assert copied

    found = refusal(tiny.weights(copy_of(family), add), UnexpectedWeights)
    assert further.removeprefix("transformer.") in str(found.details["name"])


@pytest.mark.parametrize("family", LAST_LAYER)
def test_a_layer_less_than_the_configuration_has_is_refused(
    family: str, copy_of: CopyOf, refusal: Refusal
) -> None:
    def drop(tensors: Tensors) -> None:
        for name in [n for n in tensors if n.startswith(LAST_LAYER[family])]:
            del tensors[name]

    found = refusal(tiny.weights(copy_of(family), drop), MissingWeights)
    assert int(str(found.details["count"])) > 1


@pytest.mark.parametrize(
    ("family", "name", "shape"),
    [
        ("bert", "encoder.layer.0.attention.self.distance_embedding.weight", (127, 8)),
        ("bert", "encoder.layer.0.crossattention.self.query.weight", (32, 32)),
        ("bert", "encoder.layer.1.attention.self.query.lora_A.weight", (4, 32)),
        ("bert", "attention_pooling.weight", (32, 32)),
        ("bert", "embeddings.rotary.weight", (64, 32)),
        ("distilbert", "transformer.layer.0.attention.relative.weight", (127, 8)),
        ("llama", "model.layers.0.self_attn.q_proj.bias", (32,)),
        ("llama", "model.layers.0.self_attn.q_norm.weight", (8,)),
        ("llama", "model.layers.0.self_attn.sinks", (4,)),
        ("llama", "model.layers.0.mlp.up_proj.bias", (48,)),
        ("gpt2", "transformer.h.0.attn.q_norm.weight", (8,)),
        ("marian", "model.encoder.layers.0.self_attn.gate.weight", (4, 32)),
        ("t5", "encoder.block.1.layer.0.SelfAttention.relative_attention_bias.weight", (32, 4)),
    ],
)
def test_a_weight_inside_the_model_that_it_does_not_take_is_named(
    family: str, name: str, shape: tuple[int, ...], copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = tiny.weights(copy_of(family), lambda t: t.update({name: torch.ones(shape)}))
    found = refusal(folder, UnexpectedWeights)
    assert found.details == {"name": name, "count": 1}


@pytest.mark.parametrize(
    ("family", "names"),
    [
        ("bert", ("cls.predictions.bias", "classifier.weight", "qa_outputs.weight")),
        ("bert", ("embeddings.position_ids",)),
        ("roberta", ("lm_head.bias", "lm_head.dense.weight")),
        ("gpt2", ("transformer.h.0.attn.bias", "transformer.h.0.attn.masked_bias")),
        ("llama", ("model.layers.0.self_attn.rotary_emb.inv_freq", "score.weight")),
        ("marian", ("model.encoder.version",)),
        ("t5", ("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight",)),
    ],
)
def test_heads_on_top_and_tables_computed_anew_are_no_part_of_it(
    family: str, names: tuple[str, ...], copy_of: CopyOf, tiny_model: Callable[..., object]
) -> None:
    folder = copy_of(family)
    tiny.weights(folder, lambda t: t.update({name: torch.ones(2, 2) for name in names}))
    trace = record(load(str(folder)), tiny.SENTENCE)
    usual = record(tiny_model(family), tiny.SENTENCE)  # type: ignore[arg-type]
    assert (trace.blocks[-1].output == usual.blocks[-1].output).all()


def test_weights_under_their_old_names_are_found(
    copy_of: CopyOf, tiny_model: Callable[..., object]
) -> None:
    def rename(tensors: Tensors) -> None:
        for name in list(tensors):
            old = name.replace("LayerNorm.weight", "LayerNorm.gamma")
            tensors[f"bert.{old.replace('LayerNorm.bias', 'LayerNorm.beta')}"] = tensors.pop(name)

    trace = record(load(str(tiny.weights(copy_of("bert"), rename))), tiny.SENTENCE)
    usual = record(tiny_model("bert"), tiny.SENTENCE)  # type: ignore[arg-type]
    assert (trace.blocks[-1].output == usual.blocks[-1].output).all()


def test_a_pooler_is_invented_only_where_nothing_stands_on_it(
    tmp_path: Path, refusal: Refusal
) -> None:
    config = transformers.BertConfig(vocab_size=195, **tiny.FAMILIES["bert"].options)
    transformers.BertForPreTraining(config).save_pretrained(tmp_path)
    tiny.tokenizer("wordpiece").save_pretrained(tmp_path)
    assert load(str(tmp_path)).has_head

    def drop(tensors: Tensors) -> None:
        for name in [n for n in tensors if "pooler" in n]:
            del tensors[name]

    assert not load(str(tiny.weights(tmp_path, drop))).has_head


def test_heads_that_were_cut_out_show_in_the_shapes(copy_of: CopyOf, refusal: Refusal) -> None:
    def cut(tensors: Tensors) -> None:
        for name in list(tensors):
            if name.startswith("encoder.layer.0.attention.self."):
                tensors[name] = tensors[name][8:]

    found = refusal(tiny.weights(copy_of("bert"), cut), WrongShape)
    assert str(found.details["name"]).startswith("encoder.layer.0.attention.self.")


def test_shared_heads_of_another_number_show_in_the_shapes(
    copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = tiny.settings(copy_of("llama"), num_key_value_heads=4)
    assert refusal(folder, WrongShape).details == {
        "name": "model.layers.0.self_attn.k_proj.weight",
        "found": "16 × 32",
        "wanted": "32 × 32",
    }


@pytest.mark.parametrize(
    ("dtype", "method"), [(torch.int8, "I8"), (torch.uint8, "U8"), (torch.float8_e4m3fn, "F8_E4M3")]
)
def test_weights_in_whole_numbers_are_quantised_whatever_the_configuration_says(
    dtype: torch.dtype, method: str, copy_of: CopyOf, refusal: Refusal
) -> None:
    def shrink(tensors: Tensors) -> None:
        name = "model.layers.0.self_attn.q_proj.weight"
        tensors[name] = tensors[name].to(dtype)

    found = refusal(tiny.weights(copy_of("llama"), shrink), QuantizedWeights)
    assert found.details == {"method": method}


@pytest.mark.parametrize(
    "name",
    ["pytorch_model.bin", "model.gguf", "tf_model.h5", "model.onnx", "model.fp16.safetensors"],
)
def test_what_lies_there_instead_of_safetensors_is_listed(
    name: str, copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = copy_of("bert")
    (folder / "model.safetensors").rename(folder / name)
    assert name in str(refusal(folder, NoWeights).details["files"])


def test_an_empty_folder_holds_nothing(tmp_path: Path, refusal: Refusal) -> None:
    assert refusal(tmp_path, NoWeights).details == {"files": "–"}


@pytest.mark.parametrize("whole", [False, True])
def test_an_adapter_is_no_model_and_none_is_left_out(
    whole: bool, copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = copy_of("llama")
    (folder / "adapter_config.json").write_text(
        json.dumps({"peft_type": "LORA", "base_model_name_or_path": "some/base"})
    )
    save_file({"a": torch.zeros(2)}, folder / "adapter_model.safetensors")
    if not whole:
        (folder / "model.safetensors").unlink()
    assert refusal(folder, AdapterFound).details == {"base": "some/base"}


def test_an_encoder_alone_is_half_a_model(tmp_path: Path, refusal: Refusal) -> None:
    config = transformers.T5Config(vocab_size=76, **tiny.FAMILIES["t5"].options)
    transformers.T5EncoderModel(config).save_pretrained(tmp_path)
    tiny.tokenizer("pieces").save_pretrained(tmp_path)
    assert refusal(tmp_path, HalfAModel).details == {"family": "t5"}


@pytest.mark.parametrize("family", ["gpt2", "bert"])
def test_cross_attention_without_an_encoder_is_said(
    family: str, tmp_path: Path, refusal: Refusal
) -> None:
    one = tiny.FAMILIES[family]
    words = tiny.tokenizer(one.tokenizer)
    decoder = {"add_cross_attention": True, "is_decoder": True, "vocab_size": len(words)}
    config = getattr(transformers, one.config)(**one.options | decoder)
    getattr(transformers, one.model)(config).save_pretrained(tmp_path)
    words.save_pretrained(tmp_path)
    assert refusal(tmp_path, CrossAttentionAlone).details == {"family": family}


def test_cross_attention_that_the_configuration_hides_is_unexpected(
    tmp_path: Path, refusal: Refusal
) -> None:
    options = tiny.FAMILIES["gpt2"].options | {"add_cross_attention": True, "vocab_size": 380}
    transformers.GPT2LMHeadModel(transformers.GPT2Config(**options)).save_pretrained(tmp_path)
    tiny.tokenizer("bytes").save_pretrained(tmp_path)
    tiny.settings(tmp_path, add_cross_attention=False)
    assert "crossattention" in str(refusal(tmp_path, UnexpectedWeights).details["name"])


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("Mamba", {"hidden_size": 32, "num_hidden_layers": 2, "state_size": 4}),
        (
            "Mamba2",
            {
                "hidden_size": 32,
                "num_hidden_layers": 2,
                "num_heads": 4,
                "head_dim": 16,
                "n_groups": 2,
            },
        ),
        ("Llama", tiny.FAMILIES["llama"].options | {"num_hidden_layers": 0}),
        ("GPT2", tiny.FAMILIES["gpt2"].options | {"n_layer": 0}),
        ("Bert", tiny.FAMILIES["bert"].options | {"num_hidden_layers": 0}),
    ],
)
def test_a_model_without_attention_is_told_apart_from_one_that_is_not_recorded(
    name: str, options: dict[str, object], tmp_path: Path, refusal: Refusal
) -> None:
    config = getattr(transformers, f"{name}Config")(vocab_size=380, **options)
    getattr(transformers, f"{name}Model")(config).save_pretrained(tmp_path)
    tiny.tokenizer("bytes").save_pretrained(tmp_path)
    layers = {"Mamba": 2, "Mamba2": 2}.get(name, 0)
    found = refusal(tmp_path, WithoutAttention)
    assert found.details == {"family": config.model_type, "layers": layers}


def test_a_model_that_cannot_read_two_tokens_is_said_to_fail(
    copy_of: CopyOf, refusal: Refusal
) -> None:
    folder = tiny.settings(copy_of("bert"), chunk_size_feed_forward=7)
    assert refusal(folder, ForwardFails).details == {"family": "bert"}


def as_gpt2_was_published(tensors: Tensors) -> None:
    """Without the prefix, with the masks of every layer, the output table only once."""
    for name in list(tensors):
        tensors[name.removeprefix("transformer.")] = tensors.pop(name)
    for layer in range(2):
        tensors[f"h.{layer}.attn.bias"] = torch.ones(1, 1, 64, 64).tril()
        tensors[f"h.{layer}.attn.masked_bias"] = torch.tensor(-1e4)


def test_the_first_gpt2_opens_as_it_was_published(
    copy_of: CopyOf, tiny_model: Callable[..., object]
) -> None:
    loaded = load(str(tiny.weights(copy_of("gpt2"), as_gpt2_was_published)))
    assert loaded.has_head
    usual = record(tiny_model("gpt2"), tiny.SENTENCE)  # type: ignore[arg-type]
    assert (record(loaded, tiny.SENTENCE).blocks[-1].output == usual.blocks[-1].output).all()


@pytest.mark.parametrize(
    ("name", "saved", "said"),
    [
        ("Bert", "ForPreTraining", "BertForMaskedLM"),  # two heads and a pooler under one's name
        ("Albert", "ForPreTraining", "AlbertForMaskedLM"),
        ("Electra", "ForPreTraining", "ElectraForPreTraining"),
        ("Roberta", "ForSequenceClassification", "RobertaForSequenceClassification"),
        ("Bert", "ForQuestionAnswering", "BertForQuestionAnswering"),
        ("DistilBert", "ForTokenClassification", "DistilBertForTokenClassification"),
    ],
)
def test_models_with_other_heads_open_as_published(
    name: str, saved: str, said: str, tmp_path: Path
) -> None:
    options = tiny.FAMILIES.get(name.lower(), tiny.FAMILIES["bert"]).options
    config = getattr(transformers, f"{name}Config")(vocab_size=195, **options)
    getattr(transformers, f"{name}{saved}")(config).save_pretrained(tmp_path)
    tiny.tokenizer("wordpiece").save_pretrained(tmp_path)
    tiny.settings(tmp_path, architectures=[said])
    loaded = load(str(tmp_path))
    assert loaded.has_head == ("MaskedLM" in said)
    assert len(loaded.attention) == 2
