"""A small GGUF file, written here as llama.cpp's converter would, and how it is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from gguf import GGMLQuantizationType as Kind
from gguf import GGUFReader, GGUFWriter, quants
from transformers import LlamaConfig, LlamaForCausalLM

from models.card import ModelCard
from models.core.loaded import LoadedModel
from models.errors import (
    InputError,
    MissingWeights,
    UnexpectedWeights,
    UnsafeWeights,
    WrongSetting,
    WrongShape,
)
from models.heads.eager import against_eager
from models.loading import checkpoint, quantized
from models.loading.tokenizer import PROBES
from models.record import record
from tests.models import tiny

LAYERS, HEADS, SHARED, D, WIDTH, INNER = 2, 4, 2, 16, 64, 96
CONTROLS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
MERGES = ["t h", "th e", "Ġ the", "a n", "Ġ an", "1 2", "Ġ 12"]
SIZES = {
    "attn_norm": (WIDTH,),
    "attn_q": (HEADS * D, WIDTH),
    "attn_k": (SHARED * D, WIDTH),
    "attn_v": (SHARED * D, WIDTH),
    "attn_output": (WIDTH, HEADS * D),
    "ffn_norm": (WIDTH,),
    "ffn_gate": (INNER, WIDTH),
    "ffn_up": (INNER, WIDTH),
    "ffn_down": (WIDTH, INNER),
}
Numbers = dict[str, np.ndarray]


def alphabet() -> list[str]:
    return sorted(tiny.tokenizer("bytes").backend_tokenizer.get_vocab(), key=len)[:256]


WORDS = [*CONTROLS, *alphabet(), *(merge.replace(" ", "") for merge in MERGES)]


def numbers() -> Numbers:
    """Every tensor of the file by its name there, with q and k still in transformers' order."""
    random = np.random.default_rng(0)
    shapes = {f"blk.{i}.{part}": SIZES[part] for i in range(LAYERS) for part in SIZES}
    shapes |= {"token_embd": (len(WORDS), WIDTH), "output_norm": (WIDTH,)}
    return {
        name: random.normal(1.0 if "norm" in name else 0.0, 0.3, shape).astype(np.float32)
        for name, shape in shapes.items()
    }


def side_by_side(weight: np.ndarray, heads: int) -> np.ndarray:
    """Rows i and i + d/2 of each head put at 2i and 2i + 1, one by one."""
    d = len(weight) // heads
    turned = np.empty_like(weight)
    for head in range(heads):
        for i in range(d // 2):
            turned[head * d + 2 * i] = weight[head * d + i]
            turned[head * d + 2 * i + 1] = weight[head * d + i + d // 2]
    return turned


def in_file(name: str, numbers: np.ndarray) -> tuple[np.ndarray, Kind]:
    """The numbers as they lie in the file."""
    if numbers.ndim == 1:
        return numbers, Kind.F32
    for part, heads in (("attn_q", HEADS), ("attn_k", SHARED)):
        if name.endswith(part):
            numbers = side_by_side(numbers, heads)
    kind = Kind.Q8_0 if name == "token_embd" else Kind.Q4_1
    return quants.quantize(numbers, kind), kind


def write(file: Path, tensors: Numbers, **said: Any) -> Path:
    """said: metadata other than usual, with _ for a dot; None: left out."""
    writer = GGUFWriter(file, said.pop("architecture", "llama"))
    usual: dict[str, Any] = {
        "block_count": LAYERS,
        "context_length": 128,
        "embedding_length": WIDTH,
        "feed_forward_length": INNER,
        "attention.head_count": HEADS,
        "attention.head_count_kv": SHARED,
        "rope.dimension_count": D,
    }
    for name, value in usual.items():
        writer.add_uint32(f"llama.{name}", value)
    writer.add_rope_freq_base(50_000.0)
    writer.add_layer_norm_rms_eps(1e-4)
    if "scaling" in said:
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
    writer.add_tokenizer_model(said.get("model", "gpt2"))
    writer.add_tokenizer_pre(said.get("pre", "smollm"))
    writer.add_token_list(WORDS)
    others = said.get("kinds", [1] * (len(WORDS) - len(CONTROLS)))
    writer.add_token_types([3] * len(CONTROLS) + others)
    writer.add_token_merges(MERGES)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)
    for name, array in tensors.items():
        stored, kind = in_file(name, array)
        writer.add_tensor(f"{name}.weight", stored, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("gguf") / "small.gguf", numbers())


@pytest.fixture(scope="module")
def loaded(file: Path) -> LoadedModel:
    card = ModelCard("small", "Small", "llama", "next_token", None, "package", 2, 4, WIDTH, {})
    return checkpoint.open_quantized(file, card)


def by_hand() -> LlamaForCausalLM:
    """The same model put together from the numbers before they were reordered and written."""
    config = LlamaConfig(
        vocab_size=len(WORDS),
        hidden_size=WIDTH,
        intermediate_size=INNER,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        num_key_value_heads=SHARED,
        rms_norm_eps=1e-4,
        rope_parameters={"rope_type": "default", "rope_theta": 50_000.0},
        tie_word_embeddings=True,
        attn_implementation="eager",
    )
    model = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        for name, array in numbers().items():
            if array.ndim == 2:  # rounded row by row, in whatever order the rows are
                kind = Kind.Q8_0 if name == "token_embd" else Kind.Q4_1
                array = quants.dequantize(quants.quantize(array, kind), kind)
            where = quantized.parameter_name(f"{name}.weight")
            model.get_parameter(where).copy_(torch.from_numpy(np.array(array)))
    return model


def test_a_file_is_the_model_that_was_written_into_it(file: Path) -> None:
    model, _ = quantized.read(file)
    expected = by_hand()
    found = dict(model.named_parameters())
    for name, parameter in expected.named_parameters():
        assert found[name].dtype == torch.float32
        assert torch.equal(found.pop(name), parameter), name
    assert not found
    assert model.lm_head.weight is model.model.embed_tokens.weight
    ids = torch.arange(3, 23)[None]
    with torch.inference_mode():
        torch.testing.assert_close(model(ids).logits, expected(ids).logits)


def test_rows_that_lie_side_by_side_go_back_to_their_halves() -> None:
    weight = np.arange(HEADS * D * 3, dtype=np.float32).reshape(-1, 3)
    turned = torch.from_numpy(side_by_side(weight, HEADS))
    assert not np.array_equal(turned, weight)
    np.testing.assert_array_equal(quantized.halves_first(turned, HEADS), weight)


def test_metadata_is_what_the_packages_own_reader_finds(file: Path) -> None:
    ours, theirs = quantized._FileReader(file), GGUFReader(file)
    assert ours.fields.keys() == theirs.fields.keys()
    for name, field in theirs.fields.items():
        assert ours.fields[name].contents() == field.contents(), name
    assert [t.data_offset for t in ours.tensors] == [t.data_offset for t in theirs.tensors]


def test_a_text_comes_back_from_its_ids(loaded: LoadedModel) -> None:
    for text in PROBES:
        ids = loaded.tokenizer(text)["input_ids"]
        assert loaded.tokenizer.decode(ids) == text


def test_words_are_merged_digits_stand_alone_and_controls_are_special(loaded: LoadedModel) -> None:
    words = loaded.tokenizer
    assert words.tokenize("the then 12") == ["the", "Ġthe", "n", "Ġ", "1", "2"]
    assert words.tokenize("½ ²")[0] == "Â"  # a number, too: cut off from the space after it
    assert words("a<|im_end|>")["input_ids"][-1] == 2
    assert set(words.all_special_ids) == {0, 1, 2}
    assert (words.bos_token, words.eos_token, words.unk_token) == tuple(
        CONTROLS[i] for i in (1, 2, 0)
    )


def test_it_is_recorded_as_any_model_of_its_family(loaded: LoadedModel) -> None:
    trace = record(loaded, "the animal and 12")
    assert trace.relative_fidelity() < 1e-5
    block = trace.block("decoder", 1)
    assert (block.q.shape[::2], block.k.shape[::2]) == ((HEADS, D), (SHARED, D))
    found = against_eager(loaded, "the animal and 12")
    assert found.passed
    assert found.heads == LAYERS * HEADS
    assert loaded.has_head


def test_a_file_with_its_own_output_layer_keeps_it(tmp_path: Path) -> None:
    own = numbers() | {"output": np.full((len(WORDS), WIDTH), 0.5, np.float32)}
    model, _ = quantized.read(write(tmp_path / "own.gguf", own))
    assert model.lm_head.weight is not model.model.embed_tokens.weight
    assert float(model.lm_head.weight.detach().mean()) == pytest.approx(0.5, abs=1e-3)


Change = Callable[[Numbers], Any]
_WRONG: dict[str, tuple[Change, type[InputError], dict[str, Any]]] = {
    "a tensor less": (
        lambda n: n.pop("blk.1.attn_v"),
        MissingWeights,
        {"name": "model.layers.1.self_attn.v_proj.weight", "count": 1},
    ),
    "a tensor more": (
        lambda n: n.update({"blk.0.attn_gate": n["blk.0.attn_q"]}),
        UnexpectedWeights,
        {"name": "blk.0.attn_gate.weight", "count": 1},
    ),
    "a layer more": (
        lambda n: n.update({"blk.2.attn_norm": n["output_norm"]}),
        UnexpectedWeights,
        {"name": "blk.2.attn_norm.weight", "count": 1},
    ),
    "another shape": (
        lambda n: n.update({"blk.0.attn_q": n["blk.0.attn_k"]}),
        WrongShape,
        {"name": "blk.0.attn_q.weight", "found": "32 × 64", "wanted": "64 × 64"},
    ),
}


@pytest.mark.parametrize("case", _WRONG)
def test_tensors_that_are_not_the_models_are_refused(case: str, tmp_path: Path) -> None:
    change, error, details = _WRONG[case]
    tensors = numbers()
    change(tensors)
    with pytest.raises(error) as refused:
        quantized.read(write(tmp_path / "wrong.gguf", tensors))
    assert refused.value.details == details


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"pre": "gpt-2"}, "tokenizer.ggml.pre"),
        ({"model": "llama"}, "tokenizer.ggml.model"),
        ({"kinds": [1] * (len(WORDS) - len(CONTROLS) - 1) + [6]}, "tokenizer.ggml.token_type"),
        ({"scaling": True}, "llama.rope.scaling.type"),
        ({"architecture": "qwen2"}, "general.architecture"),
    ],
)
def test_metadata_that_asks_for_other_maths_is_refused(
    said: dict[str, Any], name: str, tmp_path: Path
) -> None:
    with pytest.raises(WrongSetting) as refused:
        quantized.read(write(tmp_path / "other.gguf", numbers(), **said))
    assert refused.value.details["name"] == name


@pytest.mark.parametrize("kept", [0, 3, 100, 5_000, 20_000])
def test_a_file_that_was_cut_is_refused(file: Path, tmp_path: Path, kept: int) -> None:
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(file.read_bytes()[:kept])
    with pytest.raises(UnsafeWeights):
        quantized.read(cut)


def test_what_is_no_such_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(b"PK\x03\x04" + bytes(2_000))
    with pytest.raises(UnsafeWeights):
        quantized.read(other)
