"""A picture's whole forward pass held against transformers' own eager attention.

Imports no torch by itself.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from models.core.arrays import Difference, as_numpy, difference, largest
from models.core.loaded import LoadedModel
from models.record import forward
from models.recording.eager import EagerCheck, answer, heads_apart, twin
from models.trace import AttentionBlock, Floats
from models.vision.record import inputs_of, record_picture


def against_eager(loaded: LoadedModel, pixels: Floats) -> EagerCheck:
    """(channel, height, width) of pixels through the model and through its eager twin.

    Each layer's weights are compared as soon as they are there: those of all layers of a large
    picture at once would take gigabytes. Raises what record_picture raises.
    """
    blocks, model = record_picture(loaded, pixels).blocks, twin(loaded.model)
    apart: list[Difference] = []
    modules = dict(model.named_modules())
    for (path, _), block in zip(loaded.attention, blocks, strict=True):
        modules[path].register_forward_hook(partial(_compare, apart, block))
    inputs = inputs_of(loaded, pixels)
    own, eager = (forward(one, inputs) for one in (loaded, replace(loaded, model=model)))
    return EagerCheck(
        agree=sum(head.rounding for head in apart),
        compared=len(apart),
        heads=sum(block.heads for block in blocks),
        weights=largest(apart),
        output=difference(answer(own), answer(eager)),
    )


def _compare(
    apart: list[Difference], block: AttentionBlock, module: Any, given: Any, output: Any
) -> None:
    """A hook of an attention module, which gives its output and (1, head, query, key) weights."""
    apart += heads_apart(block, as_numpy(output[1][0]))
