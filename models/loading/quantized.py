"""A GGUF file of the LLaMA shape → its model in float32, and the tokenizer in its metadata.

The format and its quantisations are the package gguf's (github.com/ggml-org/ggml, docs/gguf.md).
Everything is read from the file's own metadata; what is not understood is refused. Imports torch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from gguf import GGUFReader, GGUFValueType, quants
from tokenizers import AddedToken, Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from transformers.initialization import no_init_weights

from models.errors import MissingWeights, UnexpectedWeights, UnsafeWeights, WrongSetting, WrongShape
from models.recording import capture

FAMILY = "llama"
# What this reads, by the metadata's own names; anything else would need other maths.
_ONLY: Mapping[str, Any] = MappingProxyType(
    {"general.architecture": FAMILY, "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "smollm"}
)
_OUTSIDE = MappingProxyType(
    {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}
)
_INSIDE = MappingProxyType(
    {
        "attn_norm": "input_layernorm",
        "attn_q": "self_attn.q_proj",
        "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj",
        "attn_output": "self_attn.o_proj",
        "ffn_norm": "post_attention_layernorm",
        "ffn_gate": "mlp.gate_proj",
        "ffn_up": "mlp.up_proj",
        "ffn_down": "mlp.down_proj",
    }
)
_NORMAL, _CONTROL = 1, 3  # kinds of tokens
_ROWS = 512  # dequantised at a time: a vocabulary's whole table would be in memory twice


class _FileReader(GGUFReader):  # type: ignore[misc]
    """The package's own, with lists read as wholes: number by number a vocabulary takes seconds."""

    def _get_field_parts(
        self, orig_offs: int, raw_type: int
    ) -> tuple[int, list[Any], list[int], list[GGUFValueType]]:
        if raw_type != GGUFValueType.ARRAY:
            return super()._get_field_parts(orig_offs, raw_type)  # type: ignore[no-any-return]
        kind = GGUFValueType(self._get(orig_offs, np.uint32)[0])
        length, at = int(self._get(orig_offs + 4, np.uint64)[0]), orig_offs + 12
        parts: list[Any] = []
        if kind == GGUFValueType.STRING:
            whole = memoryview(self.data)
            for _ in range(length):
                start = at + 8
                at = start + int.from_bytes(whole[at:start], "little")
                if at > len(whole):
                    raise ValueError(f"a text ends at byte {at} of {len(whole)}")
                parts.append(whole[start:at])
        else:
            parts.append(self._get(at, self.gguf_scalar_to_np[kind], length))
            at += parts[0].nbytes
        return at - orig_offs, parts, list(range(len(parts))), [GGUFValueType.ARRAY, kind]


def tensors(file: Path) -> dict[str, Any]:
    """name → tensor of a GGUF file: `data` are its bytes (row, byte), mapped, not read.

    Raises UnsafeWeights: no whole GGUF file.
    """
    try:
        return {tensor.name: tensor for tensor in _FileReader(file).tensors}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UnsafeWeights(f"{file.name}: {error!r}") from error


def settings(file: Path) -> dict[str, Any]:
    """The model's sizes by the metadata's own names, without the family's; no tensor is read.

    Raises UnsafeWeights: no whole GGUF file.
    """
    start = f"{FAMILY}."
    try:
        fields = _FileReader(file).fields.items()
        return {n.removeprefix(start): one.contents() for n, one in fields if n.startswith(start)}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UnsafeWeights(f"{file.name}: {error!r}") from error


def read(file: Path) -> tuple[LlamaForCausalLM, PreTrainedTokenizerFast]:
    """The model, in float32 and eval mode, recording through capture; its tokenizer.

    Raises UnsafeWeights (no whole GGUF file) and its kinds, WrongSetting.
    """
    try:
        reader = _FileReader(file)
        said = {name: field.contents() for name, field in reader.fields.items()}
        _check(said)
        tensors = {tensor.name: tensor for tensor in reader.tensors}
        config = configuration(said, tied="output.weight" not in tensors)
        words = tokenizer(said)
    except (OSError, ValueError, LookupError, TypeError) as error:
        if isinstance(error, WrongSetting):
            raise
        raise UnsafeWeights(f"{file.name}: {error!r}") from error
    with no_init_weights():
        model = LlamaForCausalLM(config)
    model.tie_weights()
    _fill(model, tensors)
    model.eval()
    return model, words


def reader(file: Path) -> PreTrainedTokenizerFast:
    """The tokenizer alone, without a weight read. Raises UnsafeWeights: no whole GGUF file."""
    try:
        said = {name: field.contents() for name, field in _FileReader(file).fields.items()}
        return tokenizer(said)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UnsafeWeights(f"{file.name}: {error!r}") from error


def _check(said: Mapping[str, Any]) -> None:
    scaled = {name: None for name in said if name.startswith(f"{FAMILY}.rope.scaling")}
    for name, only in (*_ONLY.items(), *scaled.items()):
        if said[name] != only:
            raise WrongSetting(f"{name} = {said[name]}", name=name, value=str(said[name]))
    kinds = set(said["tokenizer.ggml.token_type"])
    if not kinds <= {_NORMAL, _CONTROL}:
        raise WrongSetting(f"kinds {kinds}", name="tokenizer.ggml.token_type", value=str(kinds))


def configuration(said: Mapping[str, Any], *, tied: bool) -> LlamaConfig:
    """The model's, from a file's metadata. tied: logits are made with the table of embeddings."""
    own = {name.removeprefix(f"{FAMILY}."): value for name, value in said.items()}
    heads, width = own["attention.head_count"], own["embedding_length"]
    special = {
        f"{name}_token_id": said.get(f"tokenizer.ggml.{key}_token_id")
        for name, key in (("bos", "bos"), ("eos", "eos"), ("pad", "padding"))
    }
    return LlamaConfig(
        vocab_size=len(said["tokenizer.ggml.tokens"]),
        hidden_size=width,
        intermediate_size=own["feed_forward_length"],
        num_hidden_layers=own["block_count"],
        num_attention_heads=heads,
        num_key_value_heads=own.get("attention.head_count_kv", heads),
        head_dim=own.get("rope.dimension_count", width // heads),
        max_position_embeddings=own["context_length"],
        rms_norm_eps=own["attention.layer_norm_rms_epsilon"],
        rope_parameters={"rope_type": "default", "rope_theta": own["rope.freq_base"]},
        tie_word_embeddings=tied,
        architectures=[LlamaForCausalLM.__name__],
        attn_implementation=capture.IMPLEMENTATION,
        dtype=torch.float32,
        **special,
    )


def tokenizer(said: Mapping[str, Any]) -> PreTrainedTokenizerFast:
    """Byte-level BPE with each digit by itself (what "smollm" stands for), as the file lists it."""
    words: Sequence[str] = said["tokenizer.ggml.tokens"]
    merges = [tuple(one.split(" ")) for one in said["tokenizer.ggml.merges"]]
    made = Tokenizer(BPE({word: i for i, word in enumerate(words)}, merges))
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    made.decoder = decoders.ByteLevel()
    kinds = zip(words, said["tokenizer.ggml.token_type"], strict=True)
    made.add_special_tokens(
        [
            AddedToken(word, normalized=False, special=True)
            for word, kind in kinds
            if kind != _NORMAL
        ]
    )
    named = {"bos": "bos", "eos": "eos", "unk": "unknown", "pad": "padding"}
    special = {
        f"{name}_token": words[said[f"tokenizer.ggml.{key}_token_id"]]
        for name, key in named.items()
        if f"tokenizer.ggml.{key}_token_id" in said
    }
    return PreTrainedTokenizerFast(
        tokenizer_object=made, clean_up_tokenization_spaces=False, **special
    )


def _fill(model: LlamaForCausalLM, tensors: Mapping[str, Any]) -> None:
    """Every parameter with its tensor, one after the other."""
    config = model.config
    heads = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}
    wanted = dict(model.named_parameters())
    for name, tensor in tensors.items():
        parameter = wanted.pop(parameter_name(name), None)
        if parameter is None:
            raise UnexpectedWeights(f"no place for {name}", name=name, count=1)
        _check_shape(name, tensor.shape, parameter)
        with torch.no_grad():
            for start in range(0, len(tensor.data), _ROWS):
                numbers = quants.dequantize(tensor.data[start : start + _ROWS], tensor.tensor_type)
                parameter[start : start + _ROWS] = torch.from_numpy(np.array(numbers))
            for part, count in heads.items():
                if name.endswith(f".{part}.weight"):
                    parameter.copy_(halves_first(parameter, count))
    if wanted:
        names = sorted(wanted)
        raise MissingWeights(f"no numbers for {names[:3]}", name=names[0], count=len(names))


def parameter_name(name: str) -> str:
    """A tensor's name in the file → the parameter's in transformers; "": there is none."""
    match name.split("."):
        case [part, kind] if part in _OUTSIDE:
            return f"{_OUTSIDE[part]}.{kind}"
        case ["blk", layer, part, kind] if part in _INSIDE:
            return f"model.layers.{layer}.{_INSIDE[part]}.{kind}"
    return ""


def _check_shape(name: str, sizes: Sequence[int], parameter: nn.Parameter) -> None:
    found = tuple(int(size) for size in reversed(sizes))
    if found != tuple(parameter.shape):
        shown = {"found": found, "wanted": tuple(parameter.shape)}
        said = {key: " × ".join(map(str, shape)) for key, shape in shown.items()}
        raise WrongShape(f"{name} is {found}", name=name, **said)


def halves_first(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """(head · d, width) of q or k, the rows of each head in transformers' order.

    llama.cpp turns rows 2i and 2i + 1 together, transformers rows i and i + d/2: its converter
    puts them side by side, and here they go back.
    """
    pairs = weight.view(heads, -1, 2, weight.shape[1])  # head, i, half, width
    return pairs.transpose(1, 2).reshape(weight.shape)
