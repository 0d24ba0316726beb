"""A small Whisper with random weights, its own extractor and tokenizer, all made by this code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import (
    GenerationConfig,
    WhisperConfig,
    WhisperFeatureExtractor,
    WhisperForConditionalGeneration,
    WhisperTokenizer,
)

from tests.models import tiny

SECONDS, BINS = 2, 16
FRAMES = SECONDS * 50
MARKS = (
    *("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|tr|>"),
    *("<|translate|>", "<|transcribe|>", "<|notimestamps|>"),
)


def tokenizer() -> WhisperTokenizer:
    """Whisper's own class, byte-level, with its marks behind the words."""
    import json

    model = json.loads(tiny.tokenizer("bytes").backend_tokenizer.to_str())["model"]
    vocabulary = dict(model["vocab"])
    for mark in MARKS:
        vocabulary[mark] = len(vocabulary)
    merges = [tuple(pair) for pair in model["merges"]]
    return WhisperTokenizer(
        vocab=vocabulary,
        merges=merges,
        additional_special_tokens=list(MARKS),
        unk_token=MARKS[0],
        bos_token=MARKS[0],
        eos_token=MARKS[0],
    )


def save(folder: Path, *, seconds: int = SECONDS, **options: Any) -> Path:
    """A checkpoint folder that hears so many seconds; options: of the configuration."""
    words = tokenizer()
    ids = dict(zip(MARKS, words.convert_tokens_to_ids(list(MARKS)), strict=True))
    sizes = dict.fromkeys(("encoder_attention_heads", "decoder_attention_heads"), 4)
    sizes |= dict.fromkeys(("encoder_ffn_dim", "decoder_ffn_dim"), 48)
    marks = dict.fromkeys(("pad_token_id", "bos_token_id", "eos_token_id"), ids[MARKS[0]])
    config = WhisperConfig(
        **{
            **sizes,
            **marks,
            "vocab_size": len(words),
            "d_model": 32,
            "encoder_layers": 2,
            "decoder_layers": 2,
            "num_mel_bins": BINS,
            "max_source_positions": FRAMES * seconds // SECONDS,
            "max_target_positions": 64,
            "init_std": 0.3,
            "decoder_start_token_id": ids["<|startoftranscript|>"],
            "suppress_tokens": None,
            "begin_suppress_tokens": None,
            **options,
        }
    )
    torch.manual_seed(0)
    model = WhisperForConditionalGeneration(config)
    model.generation_config = GenerationConfig(
        **marks,
        decoder_start_token_id=ids["<|startoftranscript|>"],
        max_length=64,
        is_multilingual=True,
        lang_to_id={name: ids[name] for name in ("<|en|>", "<|tr|>")},
        task_to_id={name: ids[f"<|{name}|>"] for name in ("translate", "transcribe")},
        task="transcribe",
        no_timestamps_token_id=ids["<|notimestamps|>"],
    )
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    WhisperFeatureExtractor(feature_size=BINS, chunk_length=seconds).save_pretrained(folder)
    return folder
