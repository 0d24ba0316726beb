"""A digit's whole way through a vision Transformer: patches, vectors, attention, classes.

Dosovitskiy et al. (2021), "An Image is Worth 16x16 Words". Imports no torch by itself.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from models.catalog import load
from models.core.loaded import LoadedModel
from models.errors import NotAPicture
from models.loading.pictures import added_vectors, convolution, embeddings
from models.record import as_numpy, finite, forward
from models.trace import Floats, Projection, read_only
from models.vision.record import inputs_of, record_picture
from models.vision.trace import Embedding, PictureTrace

SIDE, LEVELS = 8, 16  # pixels a side; ink of a pixel is a whole number from 0 to 16
NO_CLASSES: Floats = read_only(np.empty(0, np.float32))
_SIGNS = "0123456789abcdefg"  # one a level, for a picture in an address


def see(model: LoadedModel | str, pixels: Floats) -> PictureTrace:
    """pixels: (row, column) or (channel, row, column), as the model reads them.

    Raises what models.vision.record.record_picture raises.
    """
    loaded = load(model)
    attention = record_picture(loaded, pixels, surroundings=True)
    inputs = inputs_of(loaded, pixels)
    logits, shares = verdict(loaded, forward(loaded, inputs))
    return PictureTrace(
        attention,
        read_only(np.array(pixels, np.float32)),
        embedding(loaded, inputs["pixel_values"]),
        logits,
        shares,
    )


def verdict(loaded: LoadedModel, answer: Any) -> tuple[Floats, Floats]:
    """(class,) twice, logits and probabilities; empty where the checkpoint has no classifier."""
    logits = getattr(answer, "logits", None)
    if logits is None:
        return NO_CLASSES, NO_CLASSES
    return finite(loaded, as_numpy(logits[0])), as_numpy(logits[0].softmax(-1))


def embedding(loaded: LoadedModel, pixels: Any) -> Embedding:
    """How a picture, torch's (1, channel, height, width), becomes the first layer's vectors."""
    import torch

    module = embeddings(loaded.model)
    layer = convolution(module)
    kernel = as_numpy(layer.weight)
    bias = None if layer.bias is None else as_numpy(layer.bias)
    with torch.inference_mode():
        made = module(pixel_values=pixels)
    if isinstance(made, tuple):  # Data2Vec's tells its grid, too
        made = made[0]
    return Embedding(
        patches=patches(as_numpy(pixels[0]), kernel.shape[2:]),
        projection=Projection(kernel.reshape(len(kernel), -1).T, bias),
        added=_added(module, kernel.shape[0]),
        positions=_positions(loaded, module, pixels.shape[2:], kernel.shape[0]),
        own=as_numpy(made[0]),
    )


def _added(module: Any, width: int) -> Floats:
    """(token, width): the learned vectors of the tokens before the patches."""
    rows = [as_numpy(own) for _, own in added_vectors(module)]
    return np.vstack([np.empty((0, width), np.float32), *rows])


def _positions(loaded: LoadedModel, module: Any, size: tuple[int, ...], width: int) -> Floats:
    """(token, width), fitted to the picture by the model's own function where it does so."""
    import torch

    assert loaded.pictures is not None
    tokens, table = len(loaded.pictures.tokens), _table(module)
    if table is None:  # BEiT has a bias on the scores instead
        return np.zeros((tokens, width), np.float32)
    if loaded.pictures.interpolated:
        count = 1 + math.prod(loaded.pictures.grid)
        with torch.inference_mode():
            table = module.interpolate_pos_encoding(torch.zeros(1, count, width), *size)
    found = as_numpy(table[0])
    registers = tokens - len(found)  # joined behind [CLS] after the positions were added
    return np.insert(found, [1] * registers, 0, axis=0) if registers else found


def _table(module: Any) -> Any:
    """The learned positions in torch, (1, token, width); None: it has none."""
    layer = getattr(module, "position_embedding", None)  # CLIP's and SigLIP's
    return getattr(module, "position_embeddings", None) if layer is None else layer.weight[None]


def patches(pixels: Floats, size: tuple[int, ...]) -> Floats:
    """(channel, height, width) → (patch, channel·pixel), row by row as the model's kernel reads.

    What is left at the right and below of a whole patch, no kernel reads.
    """
    channels, height, width = pixels.shape
    (down, across), (rows, columns) = size, (height // size[0], width // size[1])
    whole = pixels[:, : rows * down, : columns * across]
    cut = whole.reshape(channels, rows, down, columns, across)
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
