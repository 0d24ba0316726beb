"""A picture through a vision Transformer, its patches as tokens → AttentionTrace.

Dosovitskiy et al. (2021), "An Image is Worth 16x16 Words". Imports no torch by itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from models.catalog import showing
from models.core.loaded import LoadedModel
from models.core.tokens import named
from models.errors import ReadsText
from models.record import blocks, traced
from models.trace import AttentionTrace, Floats


def record_picture(
    model: LoadedModel | str, pixels: Floats, *, surroundings: bool = False
) -> AttentionTrace:
    """The picture's pass through the model; tokens: its own ([CLS], registers), then the patches.

    pixels: (height, width) in grey or (channel, height, width), 0..1 for those trained here.
    surroundings: as in models.record.record. Raises ValueError (a picture of another size),
    ReadsText (a model of text), BrokenNumbers, and what load raises.
    """
    loaded = showing(model, "picture", ReadsText, "reads no pictures")
    reads = loaded.pictures
    assert reads is not None
    source = named(reads.tokens, [n < len(reads.added) for n in range(len(reads.tokens))])
    recorded = blocks(loaded, inputs_of(loaded, pixels), surroundings)
    return traced(loaded, source, None, recorded)


def inputs_of(loaded: LoadedModel, pixels: Floats) -> dict[str, Any]:
    """What the model is called with: (1, channel, height, width). ValueError: another size."""
    import torch

    assert loaded.pictures is not None
    wanted = loaded.pictures.shape
    picture = pixels[None] if pixels.ndim == 2 else pixels
    if picture.shape != wanted:
        raise ValueError(f"a picture of {picture.shape}, this model reads {wanted}")
    return {"pixel_values": torch.from_numpy(np.array(picture[None], dtype=np.float32))}
