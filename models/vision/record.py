"""A picture through a vision Transformer, its patches as tokens → AttentionTrace.

Dosovitskiy et al. (2021), "An Image is Worth 16x16 Words". Imports no torch by itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from models.catalog import showing
from models.core.loaded import LoadedModel
from models.core.tokens import named
from models.errors import NotCapturable
from models.loading.pictures import patches, size
from models.record import blocks
from models.trace import AttentionTrace, Floats

CLS = "[CLS]"


def record_picture(
    model: LoadedModel | str, pixels: Floats, *, surroundings: bool = False
) -> AttentionTrace:
    """The picture's pass through the model; tokens: [CLS], then "row,column" of each patch.

    pixels: (height, width) in grey or (channel, height, width), 0..1 for those trained here.
    surroundings: as in models.record.record. Raises ValueError (a picture of another size),
    NotCapturable (a model of text), and what load raises.
    """
    loaded = showing(model, "picture", NotCapturable, "reads no pictures")
    tokens = (CLS, *patches(loaded.model.config))
    source = named(tokens, [token == CLS for token in tokens])
    recorded = blocks(loaded, inputs_of(loaded, pixels), surroundings)
    return AttentionTrace(loaded.card.id, source, recorded)


def inputs_of(loaded: LoadedModel, pixels: Floats) -> dict[str, Any]:
    """What the model is called with: (1, channel, height, width). ValueError: another size."""
    import torch

    config = loaded.model.config
    wanted = (config.num_channels, *size(config))
    picture = pixels[None] if pixels.ndim == 2 else pixels
    if picture.shape != wanted:
        raise ValueError(f"a picture of {picture.shape}, this model reads {wanted}")
    return {"pixel_values": torch.from_numpy(np.array(picture[None], dtype=np.float32))}
