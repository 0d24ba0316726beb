"""Attention behind the last layer that makes one vector of a whole picture: a learned probe asks.

Zhai et al. (2022), "Scaling Vision Transformers", after Lee et al. (2019), "Set Transformer",
section 3.2: one query that is no token of the picture, all patches as keys and values. Imports no
torch by itself.
"""

from __future__ import annotations

from typing import Any

from models.core.arrays import as_numpy
from models.core.loaded import LoadedModel
from models.record import finite, projection
from models.trace import AttentionBlock, Floats
from models.vision.record import inputs_of
from models.vision.trace import Pooling


def pooling(loaded: LoadedModel, pixels: Floats) -> Pooling | None:
    """(channel, height, width) of pixels → what the probe looks at; None: the model pools nothing.

    Raises ValueError (a picture of another size), BrokenNumbers.
    """
    from models.recording import capture

    assert loaded.pictures is not None
    if not loaded.pictures.pooled:
        return None
    passed = capture.run(loaded.model, inputs_of(loaded, pixels), between=True).passed
    (tokens, _), (probe, (output, mean)) = passed["head"], passed["head.attention"]
    module = loaded.model.head.attention
    q, k, v = _projected(module, probe, tokens)
    block = AttentionBlock(
        kind="cross",  # what asks is none of what is asked
        layer=len(loaded.attention),
        q=q,
        k=k,
        v=v,
        scaling=q.shape[-1] ** -0.5,
        output=_by_head(module, _unprojected(module, probe, tokens)),
    )
    own = finite(loaded, as_numpy(output[0, 0]))
    return Pooling(block, as_numpy(mean[0, 0]), projection(module.out_proj), own)


def _projected(module: Any, probe: Any, tokens: Any) -> tuple[Floats, Floats, Floats]:
    """q (head, 1, d), k and v (head, token, d). probe, tokens: torch's (1, …, width)."""
    import torch

    weights, biases = module.in_proj_weight.chunk(3), module.in_proj_bias.chunk(3)
    parts = zip((probe, tokens, tokens), weights, biases, strict=True)
    with torch.inference_mode():
        q, k, v = (torch.nn.functional.linear(*each) for each in parts)
    return _by_head(module, q), _by_head(module, k), _by_head(module, v)


def _unprojected(module: Any, probe: Any, tokens: Any) -> Any:
    """(1, 1, width) in torch: PyTorch's own attention, by the module's settings, its output
    projection replaced by one that changes nothing.
    """
    import torch

    asks, asked = probe.transpose(0, 1), tokens.transpose(0, 1)  # it wants (token, 1, width)
    with torch.inference_mode():
        given = torch.nn.functional.multi_head_attention_forward(
            asks,
            asked,
            asked,
            module.embed_dim,
            module.num_heads,
            module.in_proj_weight,
            module.in_proj_bias,
            None,
            None,
            False,
            0.0,
            torch.eye(module.embed_dim),
            None,
            training=False,
        )[0]
    return given.transpose(0, 1)


def _by_head(module: Any, part: Any) -> Floats:
    """torch's (1, token, width) → (head, token, d)."""
    split = part[0].unflatten(-1, (module.num_heads, -1)).transpose(0, 1)
    return as_numpy(split.contiguous())
