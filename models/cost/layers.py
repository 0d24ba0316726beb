"""What a layer costs by its sizes: operations, steps one after another, longest path.

The table of Vaswani et al. 2017 (table 1), counted exactly instead of up to a factor. An operation
is a multiplication with the addition that follows it; what runs within heads, softmax and norms
is left out, as in the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal, get_args

import numpy as np

Layer = Literal["attention", "recurrent", "convolutional", "restricted"]
LAYERS: tuple[Layer, ...] = get_args(Layer)
Measure = Literal["operations", "steps", "path"]
MEASURES: tuple[Measure, ...] = get_args(Measure)

# Which products a layer is made of, and the sizes that each of them multiplies.
PRODUCTS: dict[Layer, tuple[tuple[str, str], ...]] = {
    "attention": (("scores", "nnd"), ("values", "nnd")),
    "recurrent": (("inputs", "ndd"), ("states", "ndd")),
    "convolutional": (("kernel", "kndd"),),
    "restricted": (("scores", "rnd"), ("values", "rnd")),
}


@dataclass(frozen=True, slots=True)
class LayerSizes:
    """n: tokens; d: width; k: kernel; r: keys that a query sees. ValueError: too small."""

    n: int
    d: int
    k: int
    r: int

    def __post_init__(self) -> None:
        for name, least in (("n", 2), ("d", 1), ("k", 2), ("r", 2)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} {getattr(self, name)} is less than {least}")

    @property
    def window(self) -> int:
        """Keys that a query sees: no more than there are tokens."""
        return min(self.r, self.n)

    def of(self, symbol: str) -> int:
        """The size that a letter stands for; r: the window. KeyError: no such letter."""
        return {"n": self.n, "d": self.d, "k": self.k, "r": self.window}[symbol]


@dataclass(frozen=True, slots=True)
class MatrixProduct:
    """One matrix product of a layer. symbols: the sizes it multiplies; factors: their numbers."""

    name: str
    symbols: str
    factors: tuple[int, ...]

    @property
    def operations(self) -> int:
        """Multiplications, each with its addition."""
        return prod(self.factors)


def products(layer: Layer, sizes: LayerSizes) -> tuple[MatrixProduct, ...]:
    """The matrix products of a layer. KeyError: no such layer."""
    return tuple(
        MatrixProduct(name, symbols, tuple(map(sizes.of, symbols)))
        for name, symbols in PRODUCTS[layer]
    )


def operations(layer: Layer, sizes: LayerSizes) -> int:
    """Of all its products: 2n²d, 2nd², knd², 2rnd."""
    return sum(one.operations for one in products(layer, sizes))


def projections(sizes: LayerSizes) -> int:
    """Of W_Q, W_K, W_V and W_O, 4nd², which the table leaves out."""
    return 4 * sizes.n * sizes.d**2


def steps(layer: Layer, sizes: LayerSizes) -> int:
    """Steps that wait for each other: one a token in a recurrent layer, else a single one."""
    return sizes.n if layer == "recurrent" else 1


def path(layer: Layer, sizes: LayerSizes) -> int:
    """Steps from the first token to the last.

    In a recurrent layer along the states; else so many layers on top of each other, convolutions
    dilated by 1, k, k² … and windows that look back.
    """
    if layer == "attention":
        return 1
    if layer == "recurrent":
        return sizes.n - 1
    if layer == "restricted":
        return -(-(sizes.n - 1) // (sizes.window - 1))
    count, seen = 0, 1
    while seen < sizes.n:
        count, seen = count + 1, seen * sizes.k
    return count


def count(layer: Layer, measure: Measure, sizes: LayerSizes) -> int:
    """One cell of the table. KeyError: no such measure."""
    return {"operations": operations, "steps": steps, "path": path}[measure](layer, sizes)


def followed(layer: Layer, sizes: LayerSizes) -> int:
    """`path` without its formula: how often a mark on the first token must be handed on.

    Token by token of (n,): which ones a layer, or a recurrent step, has passed the mark to.
    """
    marked = np.zeros(sizes.n, bool)
    marked[0], rounds = True, 0
    while not marked[-1]:
        before = marked.copy()
        for back in _offsets(layer, sizes, rounds):
            marked[back:] |= before[: max(sizes.n - back, 0)]
        rounds += 1
    return rounds


def _offsets(layer: Layer, sizes: LayerSizes, rounds: int) -> Sequence[int]:
    """How far back an output reads, in layer number `rounds`."""
    if layer == "recurrent":
        return (1,)
    if layer == "convolutional":
        return [place * sizes.k**rounds for place in range(1, sizes.k)]
    return range(1, sizes.n if layer == "attention" else sizes.window)
