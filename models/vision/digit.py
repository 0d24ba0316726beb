"""A digit's whole way through a vision Transformer: patches, vectors, attention, classes.

Dosovitskiy et al. (2021), "An Image is Worth 16x16 Words". Imports no torch by itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from models.catalog import load
from models.core.loaded import LoadedModel
from models.errors import NotAPicture
from models.record import as_numpy
from models.trace import Floats, Projection, read_only
from models.vision.record import inputs_of, record_picture
from models.vision.trace import Embedding, PictureTrace

SIDE, LEVELS = 8, 16  # pixels a side; ink of a pixel is a whole number from 0 to 16
_SIGNS = "0123456789abcdefg"  # one a level, for a picture in an address


def see(model: LoadedModel | str, pixels: Floats) -> PictureTrace:
    """pixels: (row, column), 0..1. Raises what models.vision.record.record_picture raises."""
    import torch

    loaded = load(model)
    attention = record_picture(loaded, pixels, surroundings=True)
    inputs = inputs_of(loaded, pixels)
    with torch.inference_mode():
        logits = loaded.model(**inputs).logits[0]
        own = as_numpy(loaded.model.vit.embeddings(inputs["pixel_values"])[0])
    return PictureTrace(
        attention,
        read_only(np.array(pixels, np.float32)),
        _embedding(loaded.model.vit.embeddings, inputs["pixel_values"], own),
        as_numpy(logits),
        as_numpy(logits.softmax(-1)),
    )


def _embedding(module: Any, pixels: Any, own: Floats) -> Embedding:
    convolution = module.patch_embeddings.projection
    kernel = as_numpy(convolution.weight)
    return Embedding(
        patches=patches(as_numpy(pixels[0]), kernel.shape[2:]),
        projection=Projection(kernel.reshape(len(kernel), -1).T, as_numpy(convolution.bias)),
        cls=as_numpy(module.cls_token[0, 0]),
        positions=as_numpy(module.position_embeddings[0]),
        own=own,
    )


def patches(pixels: Floats, size: tuple[int, ...]) -> Floats:
    """(channel, height, width) → (patch, channel·pixel), row by row as the model's kernel reads."""
    channels, height, width = pixels.shape
    down, across = size
    cut = pixels.reshape(channels, height // down, down, width // across, across)
    return read_only(cut.transpose(1, 3, 0, 2, 4).reshape(-1, channels * down * across))


def packed(pixels: Floats) -> str:
    """(8, 8) of 0..1 → 64 signs for an address."""
    return "".join(_SIGNS[level] for level in levels(pixels))


def levels(pixels: Floats) -> list[int]:
    """(8, 8) of 0..1 → 64 whole numbers from 0 to 16, row by row."""
    return np.rint(pixels * LEVELS).astype(int).ravel().tolist()


def unpacked(code: str) -> Floats:
    """64 signs, typed by anybody → (8, 8) of 0..1. NotAPicture: not what `packed` writes."""
    if len(code) != SIDE * SIDE or not set(code) <= set(_SIGNS):
        raise NotAPicture(f"{code[:80]!r} is no picture", side=SIDE, levels=LEVELS)
    values = np.array([_SIGNS.index(sign) for sign in code], np.float32)
    return read_only((values / LEVELS).reshape(SIDE, SIDE))
