"""Ways of telling attention where a word stands: sines, rotations, slopes, buckets. Numpy only.

Everything is computed in float64. pos, i, d, n are the papers' letters: position, pair of
dimensions, width, base.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.core import tokens
from models.core.arrays import Floats, read_only
from models.errors import TextTooLong

MOST = 512  # positions and dimensions: a table of more is no picture any more
BASE = 10_000.0  # Vaswani et al. 2017, section 3.5
BUCKETS, FURTHEST = 32, 128  # Raffel et al. 2020, section 2.1

Integers = NDArray[np.integer[Any]]


def words(text: str, *, cut: bool = False) -> tuple[str, ...]:
    """The text's words as spaces part them. cut: read only the beginning of a long text.

    Raises errors.EmptyText; TooManyCharacters, TextTooLong (unless cut): more than 512 words.
    """
    found = tuple(tokens.clean(text[: tokens.MAX_CHARACTERS] if cut else text).split())
    found = tuple(word for word in found if not tokens.is_blank(word))
    if len(found) > MOST and not cut:
        raise TextTooLong(f"{len(found)} words", length=len(found), limit=MOST)
    return found[:MOST]


def frequencies(width: int, base: float = BASE) -> Floats:
    """(d/2,): ω_i = 1 / n^(2i/d), radians a position. ValueError: an odd width, a base below 1."""
    if width < 2 or width % 2:
        raise ValueError(f"a width of {width}: sines and cosines come in pairs, from 2 on")
    if base < 1:
        raise ValueError(f"base {base} is below 1")
    return float(base) ** (-np.arange(0, width, 2) / width)


def wavelength(dim: int, width: int, base: float = BASE) -> float:
    """After how many positions a dimension repeats: 2π·n^(2i/d)."""
    return float(2 * np.pi / frequencies(width, base)[dim // 2])


def turned(k: float, width: int, base: float = BASE) -> Floats:
    """(d/2,): cos(k·ω_i), what each pair adds to PE(pos)·PE(pos + k)."""
    return read_only(np.cos(k * frequencies(width, base)))


def sinusoidal(length: int, width: int, base: float = BASE) -> Floats:
    """(length, d): PE(pos, 2i) = sin(pos·ω_i), PE(pos, 2i+1) = cos(pos·ω_i).

    Vaswani et al. 2017, section 3.5. ValueError: no such length (1..512) or width (2..512, even).
    """
    if not 1 <= length <= MOST:
        raise ValueError(f"{length} positions is not in 1..{MOST}")
    if width > MOST:
        raise ValueError(f"a width of {width} is not in 2..{MOST}")
    return encoded(np.arange(length), width, base)


def encoded(places: ArrayLike, width: int, base: float = BASE) -> Floats:
    """(place,) any positions → (place, d): the rows of the table that belong to them."""
    angle = np.asarray(places, np.float64)[:, None] * frequencies(width, base)
    return np.stack((np.sin(angle), np.cos(angle)), axis=-1).reshape(len(angle), width)


def shift(k: float, width: int, base: float = BASE) -> Floats:
    """(d, d): R_k with PE(pos + k) = R_k·PE(pos) for every pos (Vaswani et al. 2017, section 3.5).

    One rotation a pair: [[cos kω, sin kω], [−sin kω, cos kω]], by the addition theorems.
    """
    angle = k * frequencies(width, base)
    matrix: Floats = np.zeros((width, width))
    even = np.arange(0, width, 2)
    matrix[even, even] = matrix[even + 1, even + 1] = np.cos(angle)
    matrix[even, even + 1], matrix[even + 1, even] = np.sin(angle), -np.sin(angle)
    return matrix


def shift_error(k: float, width: int, base: float = BASE) -> float:
    """The largest |R_k·PE(pos) − PE(pos + k)| over positions 0..511."""
    places = np.arange(MOST)
    moved = encoded(places, width, base) @ shift(k, width, base).T
    return float(np.abs(moved - encoded(places + k, width, base)).max())


def products(table: Floats) -> Floats:
    """(length, d) → (length, length): P·Pᵀ; of the sinusoid Σ_i cos((m − n)·ω_i)."""
    return table @ table.T


def product(table: Floats, one: int, other: int) -> float:
    """(length, d) → the same of two of its rows alone."""
    return float(table[one] @ table[other])


def cosines(table: Floats) -> Floats:
    """(length, d) → (length, length): the cosine between every two rows; a row of 0 has none: 0."""
    size = np.linalg.norm(table, axis=1, keepdims=True)
    return products(table / np.where(size == 0, 1.0, size))


def by_offset(matrix: Floats) -> tuple[Floats, Floats, Floats]:
    """(length, length) → mean, least and greatest value of each diagonal, offset 0 first."""
    diagonals = [np.diagonal(matrix, k) for k in range(len(matrix))]
    mean, low, high = (np.array([f(each) for each in diagonals]) for f in (np.mean, np.min, np.max))
    return mean, low, high


def deviation(matrix: Floats) -> float:
    """(n, n) → the largest difference between two values of one diagonal, on either side.

    0: only the distance matters, and which of the two comes first does not.
    """
    both = (np.append(np.diagonal(matrix, k), np.diagonal(matrix, -k)) for k in range(len(matrix)))
    return float(max(np.ptp(values) for values in both))


# RoPE


def rotated(vectors: Floats, places: ArrayLike, base: float = BASE) -> Floats:
    """(n, d) vectors at these positions → (n, d): pair (t, t + d/2) turned by place·ω_t.

    RoFormer, Su et al. 2021, section 3.2.2, in the layout of LLaMA: a pair's partner lies half a
    width away. ValueError: an odd width.
    """
    angle = np.asarray(places, np.float64)[:, None] * frequencies(vectors.shape[-1], base)
    cos, sin = np.cos(angle), np.sin(angle)
    a, b = np.split(vectors.astype(np.float64), 2, axis=-1)
    return np.concatenate((a * cos - b * sin, b * cos + a * sin), axis=-1)


def rope_terms(q: Floats, k: Floats, offset: float, base: float = BASE) -> Floats:
    """(d,), (d,) → (d/2,): what each pair adds to (R_m q)·(R_n k), which needs n − m alone.

    |q_t||k_t|·cos(∠(q_t → k_t) + (n − m)·ω_t); their sum is the score.
    """
    a, b = np.split(q.astype(np.float64), 2)
    c, d = np.split(k.astype(np.float64), 2)
    angle = offset * frequencies(len(q), base)
    return read_only((a * c + b * d) * np.cos(angle) + (b * c - a * d) * np.sin(angle))


def offsets(reach: int) -> Floats:
    """(2·reach + 1,): −reach … +reach, whole numbers."""
    return np.arange(-reach, reach + 1, dtype=np.float64)


# ALiBi


def slopes(heads: int) -> Floats:
    """(head,): 2^(−8h/H) for h = 1..H where the number of heads H is a power of two.

    Else those of the next smaller power, then every other one of the next larger: as in the
    authors' code. Press et al. 2022, section 3. ValueError: no head.
    """
    if heads < 1:
        raise ValueError(f"{heads} heads")
    power = 2 ** int(np.log2(heads))
    found: Floats = 2.0 ** (-8.0 / power * np.arange(1, power + 1))
    between = 2.0 ** (-4.0 / power * np.arange(1, 2 * power, 2))
    return np.concatenate((found, between[: heads - power]))


def alibi(queries: int, keys: int, slope: float) -> Floats:
    """(query, key): −slope·|i − j|. The paper has i ≥ j alone; there this is its bias."""
    distance = np.abs(np.arange(queries)[:, None] - np.arange(keys)[None, :])
    return read_only(-slope * distance)


# T5


def bucket(
    apart: ArrayLike,
    *,
    both: bool = True,
    buckets: int = BUCKETS,
    furthest: int = FURTHEST,
) -> Integers:
    """(…) offsets key − query in tokens → (…) the bucket whose learned bias they share.

    Half of a direction's buckets hold one distance each, the others ever more; all beyond
    `furthest` share the last. both: keys after the query have their own buckets, else its bucket
    0. Raffel et al. 2020, section 2.1.
    """
    offset = np.asarray(apart).astype(np.int64)
    room = buckets // 2 if both else buckets
    side = np.where(offset > 0, room, 0) if both else 0
    distance = np.abs(offset) if both else np.maximum(-offset, 0)
    exact = room // 2
    # In float32, as T5 does: rounding decides at a bucket's edge.
    share = np.log(np.maximum(distance, 1).astype(np.float32) / exact)
    wide = exact + (share / np.float32(np.log(furthest / exact)) * (room - exact)).astype(np.int64)
    return side + np.where(distance < exact, distance, np.minimum(wide, room - 1))


def nearest(*, both: bool = True, buckets: int = BUCKETS, furthest: int = FURTHEST) -> Integers:
    """(bucket,): the smallest distance in each bucket; −1: in none."""
    found = np.full(buckets, -1)
    every = offsets(furthest).astype(np.int64)
    places = bucket(every, both=both, buckets=buckets, furthest=furthest)
    # From far to near, so that the nearest is written last.
    order = np.argsort(-np.abs(every), kind="stable")
    found[places[order]] = np.abs(every[order])
    return found
