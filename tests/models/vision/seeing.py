"""Tiny folders of every family of pictures that opens, with a processor and without."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
import transformers

from tests.models import tiny

SPREAD = 0.5
SMALL: dict[str, Any] = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
SMALL |= {"intermediate_size": 48, "image_size": 12, "patch_size": 4, "initializer_range": SPREAD}
CLS, DIST = "[CLS]", "[DIST]"
REGISTERS = ("[REG0]", "[REG1]", "[REG2]")
# family → (prefix of its classes, further options, its own tokens before the patches)
FAMILIES: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "vit": ("ViT", {}, (CLS,)),
    "vit_msn": ("ViTMSN", {}, (CLS,)),
    "deit": ("DeiT", {}, (CLS, DIST)),
    "dinov2": ("Dinov2", {}, (CLS,)),
    "dinov2_with_registers": (
        "Dinov2WithRegisters",
        {"num_register_tokens": 3},
        (CLS, *REGISTERS),
    ),
    "beit": ("Beit", {"use_relative_position_bias": True}, (CLS,)),
    "ijepa": ("IJepa", {}, ()),
    "clip_vision_model": ("CLIPVision", {"hidden_act": "gelu"}, (CLS,)),
    "siglip_vision_model": ("SiglipVision", {}, ()),
    "dinov3_vit": ("DINOv3ViT", {"num_register_tokens": 3}, (CLS, *REGISTERS)),
    "data2vec-vision": ("Data2VecVision", {"use_relative_position_bias": True}, (CLS,)),
    "pixio": ("Pixio", {"n_cls_tokens": 2}, ("[CLS0]", "[CLS1]")),
    "sapiens2": ("Sapiens2", {"num_register_tokens": 3}, (CLS, *REGISTERS)),
    "mlcd_vision_model": ("MLCDVision", {}, (CLS,)),
    "tipsv2_vision_model": ("Tipsv2Vision", {"num_register_tokens": 3}, (CLS, *REGISTERS)),
    "internvl_vision": ("InternVLVision", {"image_size": [12, 12], "patch_size": [4, 4]}, (CLS,)),
    "qianfan_ocr_vision": (
        "QianfanOCRVision",
        {"image_size": [12, 12], "patch_size": [4, 4]},
        (CLS,),
    ),
    "chinese_clip_vision_model": ("ChineseCLIPVision", {}, (CLS,)),
    "altclip_vision_model": ("AltCLIPVision", {}, (CLS,)),
    "metaclip_2_vision_model": ("MetaClip2Vision", {}, (CLS,)),
    "clip": ("CLIP", {}, (CLS,)),
    "siglip": ("Siglip", {}, ()),
    "chinese_clip": ("ChineseCLIP", {}, (CLS,)),
    "altclip": ("AltCLIP", {}, (CLS,)),
    "metaclip_2": ("MetaClip2", {}, (CLS,)),
}
PAIRS = ("clip", "siglip", "chinese_clip", "altclip", "metaclip_2")
WORDS: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
WORDS |= {"intermediate_size": 16, "vocab_size": 40, "max_position_embeddings": 8}
WORDS |= {"project_dim": 16}
MEAN, STD = [0.5, 0.4, 0.3], [0.2, 0.25, 0.3]
PROCESSOR: dict[str, Any] = {
    **{"image_processor_type": "ViTImageProcessor", "do_resize": True, "do_normalize": True},
    **{"size": {"height": 12, "width": 12}, "image_mean": MEAN, "image_std": STD, "resample": 2},
    **{"do_rescale": True, "rescale_factor": 1 / 255},
}


def save(family: str, folder: Path, kind: str = "Model", **options: Any) -> Path:
    """A checkpoint with random weights, the same every time. kind: the end of its class's name."""
    name, more, _ = FAMILIES[family]
    torch.manual_seed(0)
    kind_of_config = getattr(transformers, f"{name}Config")
    if family in PAIRS:
        labels = {name: options.pop(name) for name in ("num_labels",) if name in options}
        halves = {"text_config": WORDS, "vision_config": _known(family, SMALL | options)}
        config = kind_of_config(**halves, **labels)
    else:
        config = kind_of_config(**_known(family, SMALL | more | options))
    model = getattr(transformers, f"{name}{kind}")(config)
    with torch.no_grad():
        for parameter in model.parameters():  # what begins at 0 or 1 is random, too
            parameter.add_(torch.randn_like(parameter) * 0.3)
    model.save_pretrained(folder)
    if family == "altclip":  # written with its texts' names of layers, and read with its pictures'
        tiny.weights(folder, _renamed)
    return folder


def _renamed(found: dict[str, torch.Tensor]) -> None:
    for name in [name for name in found if name.startswith("vision_model.")]:
        found[name.replace(".layer.", ".layers.")] = found.pop(name)


def _known(family: str, options: dict[str, Any]) -> dict[str, Any]:
    """SigLIP's configuration knows no spread: its weights begin otherwise."""
    left_out = ("initializer_range",) if family.startswith("siglip") else ()
    return {name: value for name, value in options.items() if name not in left_out}


def with_classifier() -> list[str]:
    """The families that have a class with a classifier on top."""
    names = {family: f"{name}ForImageClassification" for family, (name, *_) in FAMILIES.items()}
    return sorted(family for family, name in names.items() if hasattr(transformers, name))


def process(folder: Path, **said: Any) -> Path:
    """The same folder with a processor beside the weights."""
    (folder / "preprocessor_config.json").write_text(json.dumps(PROCESSOR | said))
    return folder


SWINS = {"swin": "Swin", "swinv2": "Swinv2"}
# Two stages: shifted windows, patches merged to an odd grid, one that is filled up, one window.
SWIN: dict[str, Any] = {"embed_dim": 16, "depths": [2, 2], "num_heads": [2, 4], "window_size": 2}
SWIN |= {"image_size": 24, "patch_size": 4, "mlp_ratio": 2.0, "initializer_range": SPREAD}


def save_swin(folder: Path, kind: str = "Model", family: str = "swin", **options: Any) -> Path:
    """The same of a Swin, its bias by place random, too. family: one of SWINS."""
    torch.manual_seed(0)
    config = getattr(transformers, f"{SWINS[family]}Config")(**SWIN | options)
    model = getattr(transformers, f"{SWINS[family]}{kind}")(config)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.3)
    model.save_pretrained(folder)
    return folder
