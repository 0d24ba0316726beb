"""What a cache of keys and values takes in bytes, by how heads share it.

One key and one value a head (Vaswani et al. 2017), a group of heads (Ainslie et al. 2023, GQA), or
all heads (Shazeer 2019, MQA); or one latent vector in place of all of them and a rotated key that
all heads share (DeepSeek-AI 2024, section 2.1, MLA).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal, get_args

Sharing = Literal["mha", "gqa", "mqa", "latent"]
SHARINGS: tuple[Sharing, ...] = get_args(Sharing)
_LATENT, _ROTATED = 4, 2  # DeepSeek-AI 2024, section 2.1.4: d_c = 4 d, d_R = d / 2


@dataclass(frozen=True, slots=True)
class CacheShape:
    """A decoder's sizes. layers, heads: of queries; kv_heads: that its keys and values have;
    d: a head's width; parameters: its weights; positions: tokens that it was trained for.
    latent, rotated: widths of the latent vector and of the rotated key, 0: it keeps none.
    ValueError: kv_heads do not divide heads.
    """

    name: str
    layers: int
    heads: int
    kv_heads: int
    d: int
    parameters: int
    positions: int
    latent: int = 0
    rotated: int = 0

    def __post_init__(self) -> None:
        if self.kv_heads not in self.divisors:
            raise ValueError(f"{self.kv_heads} does not divide {self.heads} heads")

    @property
    def sharing(self) -> Sharing:
        """How this model's own heads share."""
        if self.latent:
            return "latent"
        return {self.heads: "mha", 1: "mqa"}.get(self.kv_heads, "gqa")  # type: ignore[return-value]

    @property
    def divisors(self) -> tuple[int, ...]:
        """Into how many equal groups its heads can be parted, from 1 to all of them."""
        return tuple(n for n in range(1, self.heads + 1) if self.heads % n == 0)

    @property
    def groups(self) -> int:
        """Its own groups; where it has none, those of about four heads (of two, if only those)."""
        if self.sharing == "gqa":
            return self.kv_heads
        between = self.divisors[1:-1] or self.divisors[-1:]
        return min(between, key=lambda n: abs(n - self.heads / 4))

    @property
    def latent_widths(self) -> tuple[int, int]:
        """(latent vector, rotated key): its own, else as DeepSeek-V2 chose them by d."""
        if self.latent:
            return self.latent, self.rotated
        return _LATENT * self.d, self.d // _ROTATED


# Sizes as published: Touvron et al. 2023 (Llama 2), Grattafiori et al. 2024 (Llama 3), Gemma Team
# 2024, DeepSeek-AI 2024. A test counts the weights of these shapes with transformers' own classes.
PUBLISHED = (
    CacheShape("llama-2-7b", 32, 32, 32, 128, 6_738_415_616, 4096),
    CacheShape("llama-3-8b", 32, 32, 8, 128, 8_030_261_248, 8192),
    CacheShape("gemma-2b", 18, 8, 1, 256, 2_506_172_416, 8192),
    CacheShape("deepseek-v2", 60, 128, 128, 128, 235_741_434_880, 131_072, 512, 64),
)


@dataclass(frozen=True, slots=True)
class KeyValueCache:
    """A shape's cache after n tokens. groups: of GQA; number_bytes: of every number.

    ValueError: groups do not divide the heads, or n is not positive.
    """

    shape: CacheShape
    sharing: Sharing
    groups: int
    n: int
    number_bytes: int

    def __post_init__(self) -> None:
        if self.groups not in self.shape.divisors:
            raise ValueError(f"{self.groups} does not divide {self.shape.heads} heads")
        if self.n < 1:
            raise ValueError(f"n is {self.n}, not 1 or more")

    @property
    def kv_heads(self) -> int:
        """Keys, and values, of a token in a layer; latent: none, one vector for all heads."""
        kept = {"mha": self.shape.heads, "gqa": self.groups, "mqa": 1, "latent": 0}
        return kept[self.sharing]

    @property
    def layer_numbers(self) -> int:
        """Numbers of one token in one layer: 2 · kv_heads · d, or d_c + d_R."""
        if self.sharing == "latent":
            return sum(self.shape.latent_widths)
        return 2 * self.kv_heads * self.shape.d

    @property
    def token_numbers(self) -> int:
        """Numbers of one token in all layers."""
        return self.shape.layers * self.layer_numbers

    @property
    def token_bytes(self) -> int:
        """By how many bytes the cache grows a token."""
        return self.token_numbers * self.number_bytes

    @property
    def bytes(self) -> int:
        """After n tokens: what a step reads of it, too."""
        return prod((self.token_numbers, self.n, self.number_bytes))

    @property
    def weight_bytes(self) -> int:
        """Of all the model's weights, with as many bytes a number."""
        return self.shape.parameters * self.number_bytes

    @property
    def crossing(self) -> int:
        """The first length at which the cache is larger than the weights."""
        return self.shape.parameters // self.token_numbers + 1

    @property
    def native(self) -> bool:
        """Whether the model itself shares so."""
        mine = self.sharing == self.shape.sharing
        return mine and (self.sharing != "gqa" or self.groups == self.shape.kv_heads)


def every(shape: CacheShape, groups: int, n: int, number_bytes: int) -> tuple[KeyValueCache, ...]:
    """The four ways of sharing beside each other, in the order of SHARINGS. ValueError."""
    return tuple(KeyValueCache(shape, one, groups, n, number_bytes) for one in SHARINGS)
