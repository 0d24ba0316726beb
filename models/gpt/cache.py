"""What a decoder keeps from step to step, and what that saves. Imports no torch by itself."""

from __future__ import annotations

from dataclasses import dataclass

from models.core.arrays import Difference, difference
from models.core.loaded import LoadedModel
from models.gpt.generation import check
from models.record import as_numpy, batch, finite
from models.trace import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Cached:
    """The model's own cache after its last token, and what the last token was computed to.

    keys, values: one (kv_head, token, d) a layer. bytes: of all these tensors as the model holds
    them. with_cache: (vocabulary,) scores of the next token from the last token alone and the
    cache of those before it; without: the same from all tokens anew.
    """

    keys: tuple[Floats, ...]
    values: tuple[Floats, ...]
    bytes: int
    with_cache: Floats
    without: Floats

    @property
    def difference(self) -> Difference:
        """The scores with the cache to those without; softmax would make a small rounding large."""
        return difference(self.with_cache, self.without)

    @property
    def size(self) -> Size:
        """What is counted of it."""
        heads, tokens, d = self.keys[0].shape
        return Size(len(self.keys), heads, tokens, d, self.keys[0].dtype.itemsize)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a cache is. heads: of keys and values; d: the width of each."""

    layers: int
    heads: int
    tokens: int
    d: int
    number_bytes: int

    @property
    def numbers(self) -> int:
        """layers × 2 × heads × tokens × d: a key and a value a head and token."""
        return self.layers * 2 * self.heads * self.tokens * self.d

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
    layers = getattr(kept, "layers", None)
    if not layers:
        return None
    parts = [(layer.keys[0], layer.values[0]) for layer in layers]
    return Cached(
        keys=tuple(as_numpy(k) for k, _ in parts),
        values=tuple(as_numpy(v) for _, v in parts),
        bytes=sum(part.numel() * part.element_size() for pair in parts for part in pair),
        with_cache=finite(loaded, as_numpy(last.logits[0, -1])),
        without=finite(loaded, as_numpy(whole)),
    )
