"""What stands between two arrays, measured from their numbers. Numpy only.

normed: each token divided by its own size (RMS or layer norm, of a head or of all); rotated: pairs
of columns turned by an angle that depends on the token alone; clipped; scaled: times one number;
gated: times another array number by number.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np

from models.core.arrays import Floats

CHANGED = "changed"  # something else: not understood
_CLOSE = 2e-4  # of the largest number; float32's rounding through a norm is far below
_FEW = 8  # tokens that are looked at where a pairing is searched for
_LONGEST = 4  # steps one after another


def named(
    before: Floats,
    after: Floats,
    between: Sequence[Floats],
    heads: int,
    factors: Sequence[Floats] = (),
) -> tuple[str, ...]:
    """(token, head·d) before and after → the steps that lead from one to the other, in order.

    between: the same numbers on the way. () where nothing happens; ("changed",) where no steps
    that are known here explain it. factors: what the numbers may have been multiplied by.
    """
    single = step(before, after, heads, factors)
    if single is not None:
        return () if single == "" else (single,)
    places = [before, *_different(between, before, after), after]
    end = len(places) - 1
    known: dict[int, tuple[str, ...]] = {0: ()}
    for _ in range(_LONGEST):
        further: dict[int, tuple[str, ...]] = {}
        for i, steps in known.items():
            for j in (j for j in range(i + 1, end) if j not in known and j not in further):
                name = step(places[i], places[j], heads, factors)
                if name is not None:
                    further[j] = (*steps, name) if name else steps
                    last = step(places[j], places[end], heads, factors)
                    if last is not None:
                        return (*further[j], last) if last else further[j]
        known = further
    return (CHANGED,)


def step(a: Floats, b: Floats, heads: int, factors: Sequence[Floats] = ()) -> str | None:
    """(token, head·d) twice → the one step from a to b; "": they are the same; None: none known."""
    one, other = a.astype(np.float64), b.astype(np.float64)
    if _same(one, other):
        return ""
    for name, is_it in (("scaled", _scaled), ("clipped", _clipped)):
        if is_it(one, other):
            return name
    if any(_same(one * factor, other) and _varies(factor) for factor in factors):
        return "gated"
    by_head = [each.reshape(len(each), heads, -1) for each in (one, other)]
    if _rotated(*by_head):
        return "rotated"
    return "normed" if _normed(*by_head) else None


def _different(between: Sequence[Floats], *others: Floats) -> list[Floats]:
    kept: list[Floats] = []
    for each in between:
        if not any(np.array_equal(each, other) for other in (*others, *kept)):
            kept.append(each)
    return kept


def _same(a: Floats, b: Floats, close: float = _CLOSE) -> bool:
    return bool(np.abs(a - b).max() <= close * np.abs(b).max())


def _scaled(a: Floats, b: Floats) -> bool:
    place = np.unravel_index(np.abs(a).argmax(), a.shape)
    return bool(a[place]) and _same(a * (b[place] / a[place]), b)


def _clipped(a: Floats, b: Floats) -> bool:
    limit = np.abs(b).max()
    return bool(np.abs(a).max() > limit) and _same(np.clip(a, -limit, limit), b)


def _varies(factor: Floats) -> bool:
    """A gate is made from the token; a weight is the same for all."""
    return len(factor) == 1 or not np.allclose(factor, factor[:1])


def _rotated(a: Floats, b: Floats) -> bool:
    """(token, head, d) twice: pairs of some first or last columns turned, the others the same."""
    a, b = a[-_FEW:], b[-_FEW:]
    close = _CLOSE * np.abs(b).max()
    moved = np.flatnonzero((np.abs(a - b) > close).any(axis=(0, 1)))
    if not len(moved):
        return False
    d, first, last = a.shape[2], int(moved[0]), int(moved[-1])
    # Slow pairs may stand still among so few tokens: the columns that turn can be more.
    ends = {(0, stop) for stop in range(last + 1, d + 1)} | {
        (start, d) for start in range(first + 1)
    }
    return any(
        _turned(a[..., start:stop], b[..., start:stop], side_by_side, close)
        for start, stop in sorted(ends, reverse=True)
        if (stop - start) % 2 == 0
        for side_by_side in (False, True)
    )


def _turned(a: Floats, b: Floats, side_by_side: bool, close: float) -> bool:
    one, other = (_pairs(each, side_by_side) for each in (a, b))
    stretch = np.sqrt((np.abs(other) ** 2).sum() / max((np.abs(one) ** 2).sum(), 1e-300))
    # One angle a token and pair, whatever the head.
    turn = (other * one.conj()).sum(axis=1, keepdims=True)
    turn = np.divide(turn, np.abs(turn), out=np.ones_like(turn), where=np.abs(turn) > 0)
    return bool(np.abs(one * turn * stretch - other).max() <= close)


def _pairs(array: Floats, side_by_side: bool) -> np.ndarray:
    """(token, head, d) → (token, head, d/2) complex: columns 2t, 2t + 1, or t, t + d/2."""
    if side_by_side:
        return array[..., 0::2] + 1j * array[..., 1::2]
    half = array.shape[2] // 2
    return array[..., :half] + 1j * array[..., half:]


def _normed(a: Floats, b: Floats) -> bool:
    """(token, head, d) twice: b is a normed, times weights and plus a bias the same for all."""
    tokens, heads, d = a.shape
    shapes = {(tokens * heads, 1, d), (tokens, heads, d), (tokens, 1, heads * d)}
    return any(
        _fits(_unit(a.reshape(shape), centred), b.reshape(shape), centred)
        for shape, centred in product(sorted(shapes), (False, True))
    )


def _unit(a: Floats, centred: bool) -> Floats:
    a = a - a.mean(axis=2, keepdims=True) if centred else a
    size = np.sqrt((a * a).mean(axis=2, keepdims=True))
    unit: Floats = a / np.where(size == 0, 1, size)
    return unit


def _fits(unit: Floats, b: Floats, centred: bool) -> bool:
    """(row, group, column) twice: in each column b = weight·unit (+ bias), by least squares."""
    if len(unit) < (4 if centred else 3):
        return False  # so few rows that some weights would fit anything
    mean_u, mean_b = (x.mean(axis=0) if centred else 0.0 for x in (unit, b))
    u, rest = unit - mean_u, b - mean_b
    square = (u * u).sum(axis=0)
    weight = (u * rest).sum(axis=0) / np.where(square == 0, 1, square)
    return bool(np.abs(u * weight - rest).max() <= 10 * _CLOSE * np.abs(b).max())
