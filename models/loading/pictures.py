"""How large the pictures of a vision Transformer are, and which tokens are made of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from models.core.loaded import Pictures
from models.errors import NoProcessor, OtherSize, SizeOutOfRange
from models.loading.families import WINDOWED
from models.loading.processors import FILE, LARGEST, output_size, processed, processor_of

MOST_PATCHES = 64  # a side: a layer's weights of all pairs are gigabytes from there on
# Each parameter of an embedding that stands before the patches: ViT (Dosovitskiy et al. 2021),
# CLIP, DeiT (Touvron et al. 2021), registers (Darcet et al. 2024). In this order in all families.
ADDED = (
    *(("cls_token", "[CLS]"), ("class_embedding", "[CLS]")),
    *(("distillation_token", "[DIST]"), ("register_tokens", "[REG{n}]")),
)
# They fit their table of positions to whatever picture comes; others refuse another size.
_WINDOWED = 4  # times as many where no layer looks at all of them
_INTERPOLATE = ("dinov2", "dinov2_with_registers")


def described(folder: Path, model: Any, config: Any, names: Iterable[str]) -> Pictures:
    """What a model of pictures reads; names: of all weights in its folder.

    SizeOutOfRange: no whole patch, or a huge picture.
    """
    processor, refused = processor_of(folder)
    usual = _pair(config.image_size)
    asked = None if processor is None else output_size(processor)
    if processor is not None and asked is None:
        processor, refused = None, NoProcessor("no size of its own", file=FILE)
    size = asked if asked and config.model_type in _INTERPOLATE else usual
    down, across = _pair(config.patch_size)
    windowed = config.model_type in WINDOWED
    for pixels, patch in zip(size, (down, across), strict=True):
        most = min(LARGEST, (_WINDOWED if windowed else 1) * MOST_PATCHES * patch)
        if not patch <= pixels <= most:
            raise _out_of_range("image_size", pixels, patch, most)
    if asked is not None and asked != size:
        found, wanted = (f"{h} × {w}" for h, w in (asked, size))
        processor, refused = None, OtherSize(f"{found}, not {wanted}", found=found, wanted=wanted)
    channels = int(config.num_channels)
    if processor is not None:
        try:  # its settings fit each other, or no picture will ever come through
            processed(processor, np.zeros((*size, 3), np.uint8), (channels, *size))
        except NoProcessor as error:
            processor, refused = None, error
    return Pictures(
        channels=channels,
        size=size,
        patch=(down, across),
        added=added(model),
        processor=processor,
        unprocessed=refused,
        interpolated=size != usual,
        pooled=getattr(model, "use_head", False),
        windowed=windowed,
        half=any(name.startswith("text_model.") for name in names),
    )


def embeddings(model: Any) -> Any:
    """The module that makes a picture's tokens, whether a classifier is on top or not."""
    # CLIP's and SigLIP's stand below a classifier; of DINOv3 the prefix is its layers' alone.
    names = ("vision_model", model.base_model_prefix)
    below: list[Any] = [getattr(model, name, None) for name in names]
    return next((one for one in below if hasattr(one, "embeddings")), model).embeddings


def convolution(module: Any) -> Any:
    """Of such a module the part that makes a vector of a patch's pixels."""
    own = getattr(module, "patch_embedding", None)
    own = module.patch_embeddings if own is None else own
    return getattr(own, "projection", own)


def added_vectors(module: Any) -> list[tuple[str, Any]]:
    """(name, its vectors in torch, (token, width)) of each kind of token before the patches."""
    found = [(shown, getattr(module, name, None)) for name, shown in ADDED]
    return [(shown, own.reshape(-1, own.shape[-1])) for shown, own in found if own is not None]


def added(model: Any) -> tuple[str, ...]:
    """The names of the tokens that a model puts before a picture's patches."""
    names: list[str] = []
    for shown, own in added_vectors(embeddings(model)):
        # Pixio has several [CLS].
        several = shown if "{n}" in shown or len(own) == 1 else shown.replace("]", "{n}]")
        names += (several.format(n=n) for n in range(len(own)))
    return tuple(names)


def _pair(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else (int(value[0]), int(value[1]))


def _out_of_range(name: str, value: int, least: int, most: int) -> SizeOutOfRange:
    told = {"name": name, "value": str(value), "least": least, "most": most}
    return SizeOutOfRange(f"{name} = {value}: {least}..{most}", **told)
