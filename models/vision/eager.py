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
from models.vision.windows import record_windows


def against_eager(loaded: LoadedModel, pixels: Floats) -> EagerCheck:
    """(channel, height, width) of pixels through the model and through its eager twin.

    Each layer's weights are compared as soon as they are there: those of all layers of a large
    picture at once would take gigabytes. Raises what record_picture raises.
    """
    from models.recording.capture import records_itself

    recorded, model = _recorded(loaded, pixels), twin(loaded.model)
    apart: list[Difference] = []
    modules = dict(model.named_modules())
    for (path, _), blocks in zip(loaded.attention, recorded, strict=True):
        modules[path].register_forward_hook(partial(_compare, apart, blocks))
    inputs = inputs_of(loaded, pixels)
    own = forward(loaded, inputs)
    # One that is eager by itself computes its weights always, and hands them out where asked.
    asked = {} if records_itself(loaded.model) else {"output_attentions": True}
    eager = forward(replace(loaded, model=model), inputs, **asked)
    return EagerCheck(
        agree=sum(head.rounding for head in apart),
        compared=len(apart),
        heads=sum(blocks[0].heads for blocks in recorded),
        weights=largest(apart),
        output=difference(answer(own), answer(eager)),
    )


def _recorded(loaded: LoadedModel, pixels: Floats) -> list[list[AttentionBlock]]:
    """Each layer's blocks: one, or one a window."""
    if loaded.pictures is not None and loaded.pictures.windowed:
        layers = record_windows(loaded, pixels)
        return [[layer.block(window) for window in range(layer.windows)] for layer in layers]
    return [[block] for block in record_picture(loaded, pixels).blocks]


def _compare(
    apart: list[Difference], blocks: list[AttentionBlock], module: Any, given: Any, output: Any
) -> None:
    """A hook of an attention module, whose second answer is (block, head, query, key) weights."""
    weights = as_numpy(output[1])
    each = [heads_apart(*pair) for pair in zip(blocks, weights, strict=True)]
    apart += [largest(heads) for heads in zip(*each, strict=True)]  # a head in all its windows
