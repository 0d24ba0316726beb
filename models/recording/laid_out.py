"""Weights of sparse attention as transformers hands them out, laid out as a matrix. Numpy only.

By what each family says of its layout, and not by the way in which they are recorded here: so the
two can be held against each other. Bands and global tokens: Beltagy et al. 2020; blocks beside each
other: Guo et al. 2022; blocks and global tokens: Phang et al. 2023; chunks: Kitaev et al. 2020;
global and random blocks: Zaheer et al. 2020.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from models.core.arrays import Floats, as_numpy
from models.trace import AttentionBlock


def matrix(config: Any, block: AttentionBlock, handed: Any, beside: Any) -> Floats | None:
    """(head, query, key) of a block's tokens; None: this is not told by what is handed out.

    handed: one layer's, in torch, (1, …), or by name. beside: (1, head, key, global token) of a
    layer of bands; None: it has no global token.
    """
    family, tokens = config.model_type, block.shape[0]
    if family in ("longformer", "led"):
        return _bands(as_numpy(handed[0]), None if beside is None else as_numpy(beside[0]), tokens)
    if family == "longt5":
        blocks = as_numpy(handed[0]).swapaxes(0, 1)
        return _blocks(blocks, tokens, before=blocks.shape[2], given=3 * blocks.shape[2])
    if family == "pegasus_x":
        local, places = as_numpy(handed["local"][0]), handed["global"].shape[-2]
        size, padded = local.shape[2], local.shape[1] * local.shape[2]
        shift = size // 2 if padded - tokens >= size else 0
        return _blocks(local[..., places:], tokens, shift=shift)
    if family == "reformer":
        return _chunks(config, block.layer, as_numpy(handed[0]), tokens)
    if family in ("big_bird", "bigbird_pegasus"):
        return _first_block(config, as_numpy(handed[0]), tokens)
    return None


def _bands(handed: Floats, beside: Floats | None, tokens: int) -> Floats:
    """(head, query, global token and band) → (head, query, key); the band's middle is the query.

    beside: (head, key, global token), their own rows; in `handed` those hold zeros.
    """
    many = 0 if beside is None else beside.shape[-1]
    reach = (handed.shape[-1] - many - 1) // 2
    rows = np.arange(tokens)
    found = np.zeros((len(handed), tokens, tokens), handed.dtype)
    for place in range(-reach, reach + 1):
        there = (rows + place >= 0) & (rows + place < tokens)
        at = rows[there]
        found[:, at, at + place] += handed[:, at, many + reach + place]
    if beside is not None:
        own = np.flatnonzero((handed == 0).all(axis=(0, 2)))
        for n, token in enumerate(own):
            found[:, :, token] += handed[:, :tokens, n]
        for n, token in enumerate(own):
            found[:, token] = beside[:, :tokens, n]
    return found


def _blocks(
    handed: Floats, tokens: int, *, before: int = 0, given: int | None = None, shift: int = 0
) -> Floats:
    """(head, block, query in it, key) → (head, query, key).

    before: of a block's first key to its first query; given: so many keys are tokens, None: all;
    shift: padding before the text. A key that is reached round the end counts from the other one.
    """
    heads, count, size, keys = handed.shape
    around = count * size
    found = np.zeros((heads, around, around), handed.dtype)
    for n in range(count):
        for key in range(keys if given is None else given):
            place = n * size - before + key
            if before and given is not None and not 0 <= place < around:
                continue
            found[:, n * size : (n + 1) * size, place % around] += handed[:, n, :, key]
    kept = slice(shift, shift + tokens)
    return found[:, kept, kept]


def _first_block(config: Any, handed: Floats, tokens: int) -> Floats:
    """(head, query, key), blocks filled up → the tokens' own.

    What is drawn at random in training is the first block, when it is not training: the softmax of
    a row has that block once more for each, and of these equal weights one is handed out.
    """
    found, size = handed.copy(), config.block_size
    found[:, size:-size, :size] *= 1 + config.num_random_blocks
    return found[:, :tokens, :tokens]


def _chunks(config: Any, layer: int, handed: Floats, tokens: int) -> Floats | None:
    """A text of one chunk is attended to as a whole; of buckets the order is not handed out."""
    if handed.ndim == 3:
        return handed[:, :tokens, :tokens]
    if config.attn_layers[layer] != "local":
        return None
    size = handed.shape[2]
    return _blocks(handed, tokens, before=size * config.local_num_chunks_before)
