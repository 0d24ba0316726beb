"""Which texts a model computes all of attention for, where it depends on their length. No torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BLOCKS = "block_sparse"  # transformers' name of BigBird's own attention (Zaheer et al. 2020)


@dataclass(frozen=True, slots=True)
class ByLength:
    """longest: tokens of the longest text of which all of attention is computed, of others blocks.
    random: blocks that each row draws in training; else they are the first block, once more each.
    """

    longest: int
    random: int


def by_length(config: Any) -> ByLength | None:
    """None: all texts are computed in the same way."""
    if getattr(config, "attention_type", None) != BLOCKS:
        return None
    random = int(config.num_random_blocks)
    return ByLength((5 + 2 * random) * int(config.block_size), random)
