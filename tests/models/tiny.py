"""Tiny randomly initialised models of many families, saved as checkpoint folders."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors.torch import load_file, save_file
from tokenizers import (
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)
from transformers import PreTrainedTokenizerFast

CORPUS = (
    "The animal didn't cross the street because it was too tired.",
    "Bulutlar gökyüzünde, çocuklar bahçede şarkı söylüyor.",
    "Yüz kişi yüz maskesi ile denizdeki adama yüz diye bağırdı.",
    "İstanbul'da ılık bir akşam, Işıl şiir okuyor.",
    "A question asks, a key answers, a value is passed on.",
)
SENTENCE = "İstanbul'da the animal was too tired, ama çocuklar söylüyor 😀."
SPREAD = 0.5  # of the random weights: wide enough for scores that differ


@dataclass(frozen=True)
class Tiny:
    """One family: its configuration class and model class by name, and its tokenizer."""

    config: str
    model: str
    tokenizer: str
    options: dict[str, Any]


_SMALL: dict[str, Any] = {"hidden_size": 32, "intermediate_size": 48}
_SMALL |= {"num_hidden_layers": 2, "num_attention_heads": 4, "max_position_embeddings": 64}
_SMALL |= {"initializer_range": SPREAD}
_GROUPED = _SMALL | {"num_key_value_heads": 2, "head_dim": 8, "pad_token_id": 0}
_TWO_SIDES: dict[str, Any] = {
    "d_model": 32,
    "encoder_layers": 3,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 48,
    "decoder_ffn_dim": 48,
    "max_position_embeddings": 64,
    "init_std": SPREAD,
    "pad_token_id": 0,
    "eos_token_id": 1,
    "bos_token_id": None,
    "decoder_start_token_id": 0,
    "forced_eos_token_id": None,
}

FAMILIES: dict[str, Tiny] = {
    "bert": Tiny("BertConfig", "BertModel", "wordpiece", _SMALL),
    "roberta": Tiny("RobertaConfig", "RobertaModel", "bytes", _SMALL | {"pad_token_id": 0}),
    "albert": Tiny("AlbertConfig", "AlbertModel", "wordpiece", _SMALL | {"embedding_size": 16}),
    "distilbert": Tiny(
        "DistilBertConfig",
        "DistilBertModel",
        "wordpiece",
        {
            "dim": 32,
            "hidden_dim": 48,
            "n_layers": 2,
            "n_heads": 4,
            "max_position_embeddings": 64,
            "initializer_range": SPREAD,
        },
    ),
    "gpt2": Tiny(
        "GPT2Config",
        "GPT2LMHeadModel",
        "bytes",
        {
            "n_embd": 32,
            "n_layer": 2,
            "n_head": 4,
            "n_positions": 64,
            "initializer_range": SPREAD,
            "bos_token_id": 0,
            "eos_token_id": 0,
        },
    ),
    "llama": Tiny("LlamaConfig", "LlamaForCausalLM", "bytes", _GROUPED),
    "phi3": Tiny("Phi3Config", "Phi3ForCausalLM", "bytes", _GROUPED),
    "gemma2": Tiny(
        "Gemma2Config",
        "Gemma2ForCausalLM",
        "bytes",
        _GROUPED | {"attn_logit_softcapping": 2.0, "sliding_window": 6, "query_pre_attn_scalar": 8},
    ),
    "gpt_oss": Tiny(
        "GptOssConfig",
        "GptOssForCausalLM",
        "bytes",
        _GROUPED
        | {
            "num_local_experts": 2,
            "num_experts_per_tok": 1,
            "sliding_window": 6,
            "rope_parameters": {"rope_type": "default", "rope_theta": 10_000.0},
        },
    ),
    "opt": Tiny(
        "OPTConfig",
        "OPTForCausalLM",
        "bytes",
        {
            "hidden_size": 32,
            "ffn_dim": 48,
            "num_hidden_layers": 2,
            "num_attention_heads": 4,
            "max_position_embeddings": 64,
            "word_embed_proj_dim": 32,
            "init_std": SPREAD,
            "pad_token_id": 0,
        },
    ),
    "marian": Tiny("MarianConfig", "MarianMTModel", "pieces", _TWO_SIDES),
    "bart": Tiny("BartConfig", "BartForConditionalGeneration", "pieces", _TWO_SIDES),
    "t5": Tiny(
        "T5Config",
        "T5ForConditionalGeneration",
        "pieces",
        {
            "d_model": 32,
            "d_kv": 8,
            "d_ff": 48,
            "num_layers": 3,
            "num_decoder_layers": 2,
            "num_heads": 4,
            "initializer_factor": 1.0,
            "pad_token_id": 0,
            "eos_token_id": 1,
            "decoder_start_token_id": 0,
        },
    ),
}


# Numbers that are large by nature: keys that a bias of 150 shifts, scores that nothing divides.
LARGE: dict[str, Tiny] = {
    "qwen2": Tiny("Qwen2Config", "Qwen2ForCausalLM", "bytes", _GROUPED | {"vocab_size": 512}),
    "t5-large": replace(
        FAMILIES["t5"], options=FAMILIES["t5"].options | {"initializer_factor": 8.0}
    ),
}
KEY_BIAS = 150.0


def _wordpiece() -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=200, special_tokens=special)
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    names = dict(zip(("pad", "unk", "cls", "sep", "mask"), special, strict=True))
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, **{f"{name}_token": token for name, token in names.items()}
    )


def _bytes() -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=380,
        special_tokens=["<s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", 0)]
    )
    # Segment ids, too: models without segments have to be spared them.
    names = ["input_ids", "token_type_ids", "attention_mask"]
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="<s>", model_input_names=names
    )


def _pieces() -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    special = ["<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(vocab_size=200, special_tokens=special, unk_token="<unk>")
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )


_TOKENIZERS: dict[str, Callable[[], PreTrainedTokenizerFast]] = {
    "wordpiece": _wordpiece,
    "bytes": _bytes,
    "pieces": _pieces,
}


@cache
def tokenizer(kind: str) -> PreTrainedTokenizerFast:
    """A tokenizer trained on CORPUS: wordpiece, bytes (byte-level) or pieces (metaspace)."""
    return _TOKENIZERS[kind]()


def save(family: str, folder: Path) -> Path:
    """A checkpoint folder of one family with random weights, the same every time."""
    tiny = (FAMILIES | LARGE)[family]
    torch.manual_seed(0)
    words = tokenizer(tiny.tokenizer)
    config = getattr(transformers, tiny.config)(**{"vocab_size": len(words)} | tiny.options)
    model = getattr(transformers, tiny.model)(config)
    with torch.no_grad():  # biases and sinks begin at zero: then nothing would test them
        for name, parameter in model.named_parameters():
            if name.endswith(("bias", "sinks")):
                parameter.normal_(std=SPREAD)
            if family == "qwen2" and name.endswith("k_proj.bias"):
                parameter.fill_(KEY_BIAS)
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


def settings(folder: Path, file: str = "config.json", /, **changed: Any) -> Path:
    """The same folder with other settings in one of its JSON files."""
    said = json.loads((folder / file).read_text())
    (folder / file).write_text(json.dumps(said | changed))
    return folder


def weights(folder: Path, change: Callable[[dict[str, torch.Tensor]], None]) -> Path:
    """The same folder with other weights: name → tensor, changed in place."""
    file = folder / "model.safetensors"
    tensors = load_file(file)
    change(tensors)
    whole = {name: tensor.clone().contiguous() for name, tensor in tensors.items()}
    save_file(whole, file, metadata={"format": "pt"})
    return folder
