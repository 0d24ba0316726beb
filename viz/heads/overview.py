"""All layers × heads as one compact picture: what the canvas component beside this file draws.

A cell is one byte, and grows with the root of its weight, so that weak patterns show: on a
linear scale most heads of a real model look empty. Whoever shows the picture says so in
`labels["note"]`, which the component writes under it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.trace import AttentionBlock, Floats
from viz.board.theme import Theme, at, rgb
from viz.board.tokens import Bools

Codes = NDArray[np.uint8]

LONGEST_SIDE = 64
MASKED = 255
TOP = MASKED - 1  # the code of weight 1
LABELS = ("layer", "head", "axes", "grid", "note", "pooled", "masked")
_COLOURS = ("ink", "muted", "page", "grid", "mask", "hatch", "accent")
_HERE = Path(__file__).parent


def script() -> str:
    """The picture's JavaScript, one module."""
    return _asset("overview_draw.js") + _asset("overview.js")


def choice_script() -> str:
    """JavaScript of the small component that moves the picture's frame."""
    return _asset("overview_choice.js")


def style() -> str:
    """The picture's CSS."""
    return _asset("overview.css")


def _asset(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def payload(
    weights_by_layer: Iterable[Floats],
    masked_by_layer: Sequence[Bools | None] | None = None,
    *,
    labels: Mapping[str, str],
    theme: Theme,
    captions: Sequence[Sequence[str]] | None = None,
    numbers: Sequence[int] | None = None,
    max_height: int = 440,
) -> dict[str, Any]:
    """One (head, query, key) array a layer → what the component takes as its data, JSON only.

    weights_by_layer: weights 0–1; may be a generator, so that one layer is in memory at a time.
    Heads may differ from layer to layer, queries and keys not.
    masked_by_layer: True where masked, broadcastable to the layer's weights; None: nothing.
    labels: the words of `LABELS`; captions: one short text a head ("" for none), for the card;
    numbers: the layers' own, None: counted from 0; max_height: pixels that the picture may be
    high, with its numbers.
    A side of more than 64 tokens is max-pooled to 64; the result's "pooled" says so.
    ValueError: no layers, weights that are not 0–1, or shapes that do not fit each other.
    """
    shapes: list[tuple[int, ...]] = []

    def one(weights: Floats, masked: Bools | None) -> Codes:
        shapes.append(weights.shape)
        return codes(weights, masked)

    # map lets go of a layer before it asks for the next; a for loop's variable would not.
    masks = chain(masked_by_layer or (), repeat(None))
    parts = list(map(one, weights_by_layer, masks))
    if masked_by_layer is not None and len(masked_by_layer) != len(parts):
        raise ValueError(f"{len(masked_by_layer)} masks, {len(parts)} layers: one mask a layer")
    if not parts or len({shape[1:] for shape in shapes}) > 1:
        raise ValueError(f"one (query, key) for all layers, at least one layer: {shapes}")
    heads = [part.shape[0] for part in parts]
    if captions is not None and list(map(len, captions)) != heads:
        raise ValueError(f"captions for {list(map(len, captions))} heads, there are {heads}")
    if numbers is not None and len(numbers) != len(heads):
        raise ValueError(f"{len(numbers)} numbers, {len(heads)} layers: one number a layer")
    return {
        "cells": _base64(np.concatenate([part.ravel() for part in parts])),
        "heads": heads,
        "numbers": list(range(len(heads)) if numbers is None else numbers),
        "rows": parts[0].shape[1],
        "columns": parts[0].shape[2],
        "pooled": max(shapes[0][1:]) > LONGEST_SIDE,
        "masked": any(bool((part == MASKED).any()) for part in parts),
        "lut": _base64(lookup(theme)),
        "colours": {name: getattr(theme, name) for name in _COLOURS},
        "labels": {name: labels[name] for name in LABELS},
        "captions": captions and [list(row) for row in captions],
        "max_height": max_height,
    }


def of_blocks(
    blocks: Sequence[AttentionBlock], shown: tuple[int, int] | None = None, **look: Any
) -> dict[str, Any]:
    """`payload` of a trace's blocks of one kind, as the model computed them; look: as there.

    shown: so many rows and columns, where the others are padding.
    look["labels"]: also absent, for masked where some cells were never computed.
    """
    if not all(block.whole for block in blocks):
        look["labels"] = {**look["labels"], "masked": look["labels"]["absent"]}
    rows, columns = shown or blocks[0].shape
    masks = [None if block.mask is None else np.isneginf(block.mask) for block in blocks]
    look["numbers"] = [block.layer for block in blocks]
    return payload((block.weights[:, :rows, :columns] for block in blocks), masks, **look)


def codes(weights: Floats, masked: Bools | None = None) -> Codes:
    """(head, query, key) → one byte a cell: 254·√weight, or 255 where masked.

    A pooled cell is the largest of its weights, and masked only when all of them are.
    ValueError: weights that are not 0–1, or a mask that does not fit them.
    """
    if weights.ndim != 3 or 0 in weights.shape:
        raise ValueError(f"a layer's weights are (head, query, key), not {weights.shape}")
    # A rounded softmax may end a hair above 1; anything more is no weight. NaN fails, too.
    if not (weights.min() >= 0 and weights.max() <= 1.001):
        raise ValueError(f"weights run {weights.min()} … {weights.max()}, not 0 … 1")
    opened = weights
    if masked is not None:
        opened = np.where(np.broadcast_to(masked, weights.shape), weights.dtype.type(-1), weights)
    cells = pooled(pooled(opened, axis=1), axis=2)
    code: Codes = np.rint(TOP * np.sqrt(np.clip(cells, 0, 1))).astype(np.uint8)
    code[cells < 0] = MASKED
    return code


def pooled(array: Floats, axis: int) -> Floats:
    """The same with at most 64 entries along an axis, each the largest of its neighbours."""
    length = array.shape[axis]
    if length <= LONGEST_SIDE:
        return array
    starts = np.arange(LONGEST_SIDE) * length // LONGEST_SIDE
    return np.asarray(np.maximum.reduceat(array, starts, axis=axis))


def lookup(theme: Theme) -> Codes:
    """(256, 3): red, green, blue of each code on the weights' scale; the last is the mask's."""
    colours = [rgb(at(theme.weights, code / TOP)) for code in range(MASKED)]
    return np.array([*colours, rgb(theme.mask)], dtype=np.uint8)


def _base64(array: Codes) -> str:
    return base64.b64encode(array.tobytes()).decode("ascii")
