"""Families that are not opened (yet): each is told its true reason, before its weights are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import save_file
from transformers import CONFIG_MAPPING

from models.errors import NotCapturable, ReadsBoth, ReadsPictures, ReadsSounds, ReadsVideos
from tests.models import tiny
from tests.models.loading.conftest import Refusal

SIDES = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 4}
SIDES |= {"intermediate_size": 32, "image_size": 16, "patch_size": 8}
WORDS = SIDES | {"vocab_size": 380, "max_position_embeddings": 64}
SPEECH: dict[str, Any] = {
    **{"d_model": 32, "encoder_layers": 1, "decoder_layers": 1, "num_mel_bins": 8},
    **{"encoder_attention_heads": 2, "decoder_attention_heads": 2, "max_source_positions": 20},
    **{"max_target_positions": 20, "vocab_size": 380, "pad_token_id": 0, "bos_token_id": 1},
    **{"eos_token_id": 2, "decoder_start_token_id": 1},
}
# Whole folders: what a visitor has on disk.
WHOLE: dict[str, tuple[str, dict[str, Any], type[NotCapturable]]] = {
    # Behind the patches stand tokens of what may be found; most patches are left out at random;
    # windows of unequal kinds; a picture that comes as a list of patches.
    "yolos": ("Yolos", SIDES | {"image_size": [16, 16]}, ReadsPictures),
    "vit_mae": ("ViTMAE", SIDES, ReadsPictures),
    "vitdet": ("VitDet", SIDES, ReadsPictures),
    "dpt": ("DPT", SIDES, ReadsPictures),
    "aimv2_vision_model": ("Aimv2Vision", SIDES, ReadsPictures),
    "siglip2_vision_model": ("Siglip2Vision", SIDES | {"num_patches": 4}, ReadsPictures),
    "hiera": (
        "Hiera",
        {"embed_dim": 16, "depths": [1, 1], "num_heads": [1, 2], "image_size": [64, 64]}
        | {"num_query_pool": 1},
        ReadsPictures,
    ),
    "vivit": ("Vivit", SIDES | {"num_frames": 2, "tubelet_size": [1, 8, 8]}, ReadsVideos),
    "videomae": ("VideoMAE", SIDES | {"num_frames": 2}, ReadsVideos),
    "blip_vision_model": ("BlipVision", SIDES, NotCapturable),
    "speech_to_text": ("Speech2Text", SPEECH, ReadsSounds),
    "clipseg": ("CLIPSeg", {"text_config": WORDS, "vision_config": SIDES}, ReadsBoth),
}
# Families by their configuration alone: nothing else of the folder is looked at.
PICTURES = (
    "vit_mae",
    "convnext",
    "segformer",
    "detr",
    "siglip2_vision_model",
)
SOUNDS = ("wav2vec2", "hubert", "audio-spectrogram-transformer", "wavlm")
BOTH = ("blip", "llava", "vilt", "gemma3", "idefics3", "layoutlmv3", "flava")
OWN = ("rwkv", "canine", "mra", "yoso")
COMPOSITE = ("vision-encoder-decoder", "speech-encoder-decoder")
KINDS: dict[str, type[NotCapturable]] = {
    **dict.fromkeys(PICTURES, ReadsPictures),
    **dict.fromkeys(SOUNDS, ReadsSounds),
    **dict.fromkeys(BOTH, ReadsBoth),
    **dict.fromkeys((*OWN, *COMPOSITE), NotCapturable),
}


@pytest.mark.parametrize("words", [None, "bytes"])
@pytest.mark.parametrize("family", WHOLE)
def test_a_whole_folder_is_told_why_it_is_not_opened(
    family: str, words: str | None, tmp_path: Path, refusal: Refusal
) -> None:
    name, options, kind = WHOLE[family]
    torch.manual_seed(0)
    config = getattr(transformers, f"{name}Config")(**options)
    getattr(transformers, f"{name}Model")(config).save_pretrained(tmp_path)
    if words is not None:  # a tokenizer that lies beside it changes nothing
        tiny.tokenizer(words).save_pretrained(tmp_path)
    assert refusal(tmp_path, kind).details == {"family": family}


@pytest.mark.parametrize("family", KINDS)
def test_a_family_is_told_apart_by_what_it_reads(
    family: str, tmp_path: Path, refusal: Refusal
) -> None:
    assert family in CONFIG_MAPPING
    (tmp_path / "config.json").write_text(json.dumps({"model_type": family}))
    save_file({"a": torch.zeros(2)}, tmp_path / "model.safetensors")
    assert refusal(tmp_path, KINDS[family]).details == {"family": family}
