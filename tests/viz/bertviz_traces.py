"""Small traces from random numbers, for BertViz's views."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.core.attention import causal_mask
from models.core.tokens import named
from models.trace import AttentionBlock, AttentionTrace, Floats, Kind
from viz import bertviz

LABELS = {name: f"the {name}" for name in bertviz.LABELS} | {
    "head": "head no. {head}",
    "detail": "layer no. {layer}, head no. {head}",
    "rounding": "in steps of 1/{steps}",
}

# What visitors type to see whether it is executed, or swallowed.
HOSTILE = (
    "<script>window.hacked=1</script>",
    "</script><img src=x onerror=window.hacked=2>",
    "<!--<script>",
    "<b>x</b>",
    "a&lt;b&b",
    "one\u2028two\u2029three",
    "\ud800",
    "\u2028",
    "\n",
    "Heads",
    "Layer 0, Head 0",
    '"];}//\\',
    "${1}",
    "ışĞİöüç",
)


def block(
    kind: Kind, layer: int, heads: int, queries: int, keys: int, mask: Floats | None = None
) -> AttentionBlock:
    """One attention module with decided, uneven weights."""
    random = np.random.default_rng([layer, heads, queries, keys])
    sizes = ((heads, queries, 8), (heads, keys, 8), (heads, keys, 8))
    q, k, v = (random.normal(size=size).astype(np.float32) for size in sizes)
    return AttentionBlock(kind, layer, q * 3, k, v, 8**-0.5, q, mask)


def encoder(tokens: int | Sequence[str], *, layers: int = 2, heads: int = 3) -> AttentionTrace:
    """An encoder's trace of so many tokens, or of these."""
    words = tuple(f"word{i}" for i in range(tokens)) if isinstance(tokens, int) else tuple(tokens)
    n = len(words)
    blocks = tuple(block("encoder", layer, heads, n, n) for layer in range(layers))
    return AttentionTrace("encoder", named(words), blocks)


def translator() -> AttentionTrace:
    """An encoder-decoder's: three kinds, unequal in depth, heads and length."""
    source = ("kedi", "balığı", "gördü", "</s>")
    target = ("<s>", "the", "cat", "saw", "the", "fish")
    n, m = len(source), len(target)
    mask = causal_mask(m, m).astype(np.float32)
    encoder = [block("encoder", layer, 4, n, n) for layer in range(3)]
    decoder = [block("decoder", layer, 2, m, m, mask) for layer in range(2)]
    cross = [block("cross", 0, 5, m, n)]
    blocks = (*encoder, *decoder, *cross)
    return AttentionTrace("translator", named(source), blocks, named(target))
