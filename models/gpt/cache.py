"""What a decoder keeps from step to step, and what that saves. Imports no torch by itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from models.core.arrays import Difference, difference
from models.core.loaded import LoadedModel
from models.record import as_numpy, batch, finite
from models.recording.continuation import check
from models.trace import AttentionBlock, Floats

Sort = Literal["own", "latent", "shared", "unknown"]
_CLOSE = 0.02  # of the largest number: another tensor differs by its whole size


@dataclass(frozen=True, slots=True, eq=False)
class Cached:
    """The model's own cache after its last token, and what the last token was computed to.

    keys, values: one (kv_head, token, d) a layer that keeps any: in a window the last tokens alone,
    with latent attention what K and V are made from. bytes: of all these tensors as the model
    holds them. with_cache: (vocabulary,) scores of the next token from the last token alone and the
    cache of those before it; without: the same from all tokens anew. numbers: of the layers that
    keep them, as the cache counts; (): all of them.
    """

    keys: tuple[Floats, ...]
    values: tuple[Floats, ...]
    bytes: int
    with_cache: Floats
    without: Floats
    numbers: tuple[int, ...] = ()

    @property
    def difference(self) -> Difference:
        """The scores with the cache to those without; softmax would make a small rounding large."""
        return difference(self.with_cache, self.without)

    @property
    def sizes(self) -> tuple[Size, ...]:
        """What is counted of it: layers of one shape together, in the order of the first."""
        shapes = Counter(
            (*k.shape, int(v.shape[2]), k.dtype.itemsize)
            for k, v in zip(self.keys, self.values, strict=True)
        )
        return tuple(
            Size(layers, heads, tokens, d, size, d_v)
            for (heads, tokens, d, d_v, size), layers in shapes.items()
        )


@dataclass(frozen=True, slots=True)
class Size:
    """How large a cache is. heads: of keys and values; d: a key's width, d_v: a value's, or d."""

    layers: int
    heads: int
    tokens: int
    d: int
    number_bytes: int
    d_v: int | None = None

    @property
    def widths(self) -> tuple[int, int]:
        """Of a key and of a value."""
        return self.d, self.d if self.d_v is None else self.d_v

    @property
    def numbers(self) -> int:
        """layers × heads × tokens × (d + d_v): a key and a value a head and token."""
        return self.layers * self.heads * self.tokens * sum(self.widths)

    @property
    def bytes(self) -> int:
        """Of all these numbers."""
        return self.numbers * self.number_bytes


def cached(loaded: LoadedModel, ids: tuple[int, ...]) -> Cached | None:
    """All but the last token into the cache, then it; None: none kept. NoHead, BrokenNumbers."""
    import torch

    check(loaded)
    with torch.inference_mode():
        whole = loaded.model(batch(ids), use_cache=False).logits[0, -1]
        cache = None
        if len(ids) > 1:
            cache = loaded.model(batch(ids[:-1]), use_cache=True).get("past_key_values")
            if cache is None:
                return None
        last = loaded.model(batch(ids[-1:]), past_key_values=cache, use_cache=True)
    kept = last.get("past_key_values")
    layers = {n: one for n, one in enumerate(getattr(kept, "layers", ())) if _holds_keys(one)}
    if not layers:
        return None
    parts = [(layer.keys[0], layer.values[0]) for layer in layers.values()]
    return Cached(
        keys=tuple(as_numpy(k) for k, _ in parts),
        values=tuple(as_numpy(v) for _, v in parts),
        bytes=sum(part.numel() * part.element_size() for pair in parts for part in pair),
        with_cache=finite(loaded, as_numpy(last.logits[0, -1])),
        without=finite(loaded, as_numpy(whole)),
        numbers=tuple(layers),
    )


def _holds_keys(layer: Any) -> bool:
    """A layer with keys of its own: not a state-space layer, nor one that borrows another's."""
    return getattr(layer, "keys", None) is not None


@dataclass(frozen=True, slots=True, eq=False)
class Holding:
    """What a cache holds of one layer, for one head. keys, values: (token, width), the last ones.

    sort: "own": the head's K and V; "latent": what they are made from, and the part of K that
    carries the position; "shared": nothing, another layer's serve; "unknown": something else.
    """

    keys: Floats
    values: Floats
    sort: Sort


def held(kept: Cached | None, block: AttentionBlock, head: int) -> Holding:
    """Of a recorded layer; without a cache what one would hold. IndexError: no such head.

    Measured, not read off the family: what is kept is held against the recorded K and V.
    """
    own_k, own_v = block.k[block.kv_head(head)], block.v[block.kv_head(head)]
    if kept is None:
        return Holding(own_k, own_v, "own")
    at = _place(kept, block)
    if at is None:
        sort: Sort = "unknown" if block.kv_layer is None else "shared"
        return Holding(own_k[:0], own_v[:0], sort)
    keys, values = kept.keys[at], kept.values[at]
    shared = block.heads // len(keys)
    k, v = keys[head // shared], values[head // shared]
    if _same(k, own_k[-len(k) :]) and _same(v, own_v[-len(v) :]):
        return Holding(k, v, "own")
    # DeepSeek-AI 2024, section 2.1.3: beside the latent vector one rotated key for all heads.
    width = v.shape[1]
    ends = (own_k[-len(v) :, -width:], own_k[-len(v) :, :width])
    if len(keys) == 1 and any(_same(v, end) for end in ends):
        return Holding(k, v, "latent")
    return Holding(own_k[:0], own_v[:0], "unknown")


def _place(kept: Cached, block: AttentionBlock) -> int | None:
    """Which of the kept layers is the block's own."""
    numbers = kept.numbers or tuple(range(len(kept.keys)))
    return numbers.index(block.layer) if block.layer in numbers else None


def _same(a: Floats, b: Floats) -> bool:
    """Kept and recorded come from two passes, which round apart."""
    return a.shape == b.shape and bool(np.abs(a - b).max(initial=0) <= _CLOSE * np.abs(b).max())


def attended(block: AttentionBlock) -> int:
    """How many tokens the last one may look at, itself among them: in a window not all."""
    if block.mask is None:
        return block.shape[1]
    last = np.broadcast_to(block.mask, (len(block.mask), *block.shape))[:, -1]
    return int((~np.isneginf(last)).any(axis=0).sum())
