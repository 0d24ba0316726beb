"""Weights in blocks of 32: a scale, a minimum and 32 whole numbers of few bits, as ggml's Q4_1.

A weight is d·q + m. d and m are half-precision numbers, q goes from 0 to 2ᵇ − 1
(github.com/ggml-org/ggml, block_q4_1). Numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from models.core.arrays import Difference, Floats, difference, read_only

Bytes = NDArray[np.uint8]
Projection = Literal["q", "k", "v", "o"]
PROJECTIONS: tuple[Projection, ...] = get_args(Projection)
SIZE = 32  # weights a block
HEADER = 4  # bytes of the scale and the minimum
BITS = (8, 4, 3, 2)
FULL = 32  # bits of a number in single precision


@dataclass(frozen=True, slots=True, eq=False)
class Rounded:
    """Weights (row, column) in blocks along their rows.

    q: (row, block, 32) whole numbers; d, m: (row, block) half precision.
    """

    q: Bytes
    d: NDArray[np.float16]
    m: NDArray[np.float16]

    @property
    def values(self) -> Floats:
        """(row, column): d·q + m in single precision, as ggml's own code computes it."""
        d, m = (part.astype(np.float32)[..., None] for part in (self.d, self.m))
        return (d * self.q.astype(np.float32) + m).reshape(len(self.q), -1)


def rounded(weights: Floats, bits: int) -> Rounded:
    """(row, column) → each block's nearest of 2ᵇ levels, evenly from its minimum to its maximum.

    ValueError: columns that are no whole blocks, bits not in 1..8.
    """
    if weights.shape[1] % SIZE or not 1 <= bits <= 8:
        raise ValueError(f"{weights.shape} in blocks of {SIZE} with {bits} bits")
    blocks = weights.astype(np.float32).reshape(len(weights), -1, SIZE)
    low, high = blocks.min(-1), blocks.max(-1)
    last = 2**bits - 1
    d = (high - low) / np.float32(last)
    with np.errstate(divide="ignore"):
        steps = np.where(d == 0, np.float32(0), 1 / d)
    raw = (blocks - low[..., None]) * steps[..., None] + np.float32(0.5)
    q = np.trunc(raw).astype(np.uint8).clip(0, last)
    return Rounded(q, d.astype(np.float16), low.astype(np.float16))


def packed(block: Rounded) -> Bytes:
    """One block of 4 bits → (20,) bytes: scale, minimum, then two numbers a byte.

    The lower half of byte j holds number j, the upper half number j + 16. ValueError: more blocks.
    """
    if block.q.shape[:2] != (1, 1):
        raise ValueError(f"{block.q.shape[:2]} blocks in place of one")
    q = block.q[0, 0]
    halves = q[: SIZE // 2] | (q[SIZE // 2 :] << np.uint8(4))
    numbers = (part.reshape(1).view(np.uint8) for part in (block.d, block.m))
    return np.concatenate([*numbers, halves])


def block_bytes(bits: int) -> int:
    """Bytes of a block of 32 weights with so many bits each."""
    return HEADER + SIZE * bits // 8


@dataclass(frozen=True, eq=False)
class PackedBlock:
    """20 bytes of 32 weights, and what an independent reader makes of them.

    model_id: whose; tensor, row, number: where the block lies, in the file's own name. data: (20,).
    library: (32,) the same bytes as the package gguf reads them. before: (32,) the weights that
    were rounded; None: the file has nothing but these bytes. rows, blocks: how many there are.
    """

    model_id: str
    tensor: str
    row: int
    number: int
    data: Bytes
    library: Floats
    before: Floats | None
    rows: int
    blocks: int

    @cached_property
    def scale(self) -> float:
        """d, from the first two bytes, the lower one first."""
        return half(self.data[:2])

    @cached_property
    def minimum(self) -> float:
        """m, from the next two."""
        return half(self.data[2:HEADER])

    @cached_property
    def halves(self) -> Bytes:
        """(32,): the lower halves of the sixteen bytes, then the upper ones; 0–15 each."""
        both = self.data[HEADER:]
        return np.concatenate([both & 15, both >> 4])

    @cached_property
    def weights(self) -> Floats:
        """(32,) float32: d·q + m."""
        q = self.halves.astype(np.float32)
        return read_only(np.float32(self.scale) * q + np.float32(self.minimum))

    @cached_property
    def levels(self) -> Floats:
        """(16,) float32: all that a weight of this block can be."""
        steps = np.arange(16, dtype=np.float32)
        return read_only(np.float32(self.scale) * steps + np.float32(self.minimum))

    @cached_property
    def difference(self) -> Difference:
        """To the package's own reading of the same bytes."""
        return difference(self.weights, self.library)

    @property
    def largest_error(self) -> float:
        """Largest |weight − what it was|; 0 where that is not known."""
        return 0.0 if self.before is None else float(np.abs(self.weights - self.before).max())


@dataclass(frozen=True, slots=True)
class Half:
    """A half-precision number in parts: (−1)^sign · 2^(exponent − 15) · (1 + fraction/1024)."""

    sign: int
    exponent: int
    fraction: int

    @property
    def value(self) -> float:
        """What they come to (IEEE 754; exponent 0: without the 1, one exponent up)."""
        lead, power = (1, self.exponent) if self.exponent else (0, 1)
        return float((-1) ** self.sign * 2.0 ** (power - 15) * (lead + self.fraction / 1024))


def parts(pair: Bytes) -> Half:
    """(2,) bytes, the lower one first → sign (1 bit), exponent (5), fraction (10)."""
    whole = int(pair[0]) | int(pair[1]) << 8
    return Half(whole >> 15, whole >> 10 & 31, whole & 1023)


def half(pair: Bytes) -> float:
    """(2,) bytes → the half-precision number that they are."""
    return parts(pair).value


def of_weights(model_id: str, tensor: str, weights: Floats, row: int, number: int) -> PackedBlock:
    """One block of (row, column) weights of single precision, rounded to 4 bits here.

    IndexError: no such row or block.
    """
    count = weights.shape[1] // SIZE
    _check(row, len(weights), number, count)
    before = weights[row, number * SIZE : (number + 1) * SIZE]
    data = packed(rounded(before[None], 4))
    return PackedBlock(
        model_id, tensor, row, number, data, _read(data), read_only(before), len(weights), count
    )


def of_file(model_id: str, tensor: str, stored: Bytes, row: int, number: int) -> PackedBlock:
    """One block of a tensor's bytes (row, byte) as they lie in a file. IndexError: no such one."""
    width = block_bytes(4)
    count = stored.shape[1] // width
    _check(row, len(stored), number, count)
    data = np.array(stored[row, number * width : (number + 1) * width])
    return PackedBlock(model_id, tensor, row, number, data, _read(data), None, len(stored), count)


def _check(row: int, rows: int, number: int, count: int) -> None:
    if not (0 <= row < rows and 0 <= number < count):
        raise IndexError(f"row {row} of {rows}, block {number} of {count}")


def _read(data: Bytes) -> Floats:
    """(20,) bytes → (32,) weights, by the package's own code."""
    from gguf import GGMLQuantizationType, quants

    found: Any = quants.dequantize(data[None], GGMLQuantizationType.Q4_1)
    return read_only(found[0])
