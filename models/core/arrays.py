"""The arrays that everything here computes with: numpy, floating point, not to be written to.

And how far two computations of the same numbers lie apart, which every check here asks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]

# Two orders of summation in float32 lie up to some 2e-6 of the numbers' size apart, whatever the
# processor; a mistake in one part of ten thousand lies far outside.
ROUNDING = 1e-5
_NOTHING = frozenset((int, float, bool, type(None)))  # kinds of which nothing counts
LONG = 1024  # letters: shorter texts are names


def read_only(array: Floats) -> Floats:
    """(…) → (…): the same numbers, as a view that cannot be written to."""
    view = array.view()
    view.flags.writeable = False
    return view


def as_numpy(tensor: Any) -> Floats:
    """Torch (…) → numpy (…), here and nowhere else: a read-only float32 view, without copying."""
    return read_only(tensor.detach().float().numpy())


def occupied(record: object, held: Sequence[tuple[int, int]] = ()) -> int:
    """Bytes that a frozen record's arrays take, what several of them share counted once.

    record: an array, a dataclass, or a tuple, list or mapping of such; of anything else only texts
    count, and bytes, from LONG on: pictures on their way to a browser.
    held: (first, behind the last) address of what is there without it, in order.
    """
    parts = _parts(record)
    total = sum(len(each) for each in parts if not isinstance(each, np.ndarray))
    end = 0
    firsts = [first for first, _ in held]
    arrays = (each for each in parts if isinstance(each, np.ndarray) and each.size)
    for start, stop in sorted(map(byte_bounds, arrays)):
        place = bisect_right(firsts, start) - 1
        if place >= 0 and stop <= held[place][1]:
            continue
        total += max(0, stop - max(start, end))
        end = max(end, stop)
    return total


def _parts(record: object) -> list[NDArray[Any] | str | bytes]:
    """All that counts in it. Figures hold long lists of words and numbers: told by their kinds."""
    found: list[NDArray[Any] | str | bytes] = []
    left: list[Any] = [record]
    while left:
        one = left.pop()
        if isinstance(one, tuple | list):
            kinds = set(map(type, one)) - _NOTHING
            if str in kinds:
                found += [each for each in one if type(each) is str and len(each) >= LONG]
                kinds.remove(str)
            if kinds == {list}:  # what marks carry: many short ones
                left.append([*chain.from_iterable(each for each in one if type(each) is list)])
            elif kinds:
                left += [each for each in one if type(each) in kinds]
        elif isinstance(one, np.ndarray):
            found.append(one)
        elif isinstance(one, str | bytes):
            if len(one) >= LONG:
                found.append(one)
        elif isinstance(one, Mapping):
            left += one.values()
        elif is_dataclass(one):
            left += (getattr(one, field.name) for field in fields(one))
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """How far numbers that were computed here lie from the model's own.

    absolute: largest |made − own|. relative: that ÷ the largest |own| of the numbers compared,
    which is what float32 rounds by; inf where all of them are 0 and ours are not.
    """

    absolute: float = 0.0
    relative: float = 0.0

    @property
    def rounding(self) -> bool:
        """Float32's own rounding explains it; never so of NaN."""
        return self.relative <= ROUNDING


def difference(
    made: ArrayLike,
    own: ArrayLike,
    axis: int | tuple[int, ...] | None = None,
    *,
    among: ArrayLike | None = None,
    least: ArrayLike | None = None,
) -> Difference:
    """Two arrays of one shape → how far they lie apart. ValueError: their shapes differ.

    axis: the axes that share one size, so that large numbers hide nothing among small ones:
    (1, 2) of (head, query, dv) is each head by itself; None: one size for all.
    among: all the numbers whose size counts, where `own` is only a part of them.
    least: the size is taken to be no smaller, one number for each that has its own size.
    """
    ours, theirs = np.asarray(made), np.asarray(own)
    if ours.shape != theirs.shape:
        raise ValueError(f"{ours.shape} cannot be held against {theirs.shape}")
    off = np.abs(ours - theirs).max(axis)
    size = np.abs(theirs if among is None else np.asarray(among)).max(axis)
    if least is not None:
        size = np.maximum(size, least)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(off == 0, 0.0, off / size)
    return Difference(float(off.max()), float(relative.max()))


def largest(found: Iterable[Difference]) -> Difference:
    """The largest of each; NaN where there is one; 0 of nothing."""
    pairs = [(each.absolute, each.relative) for each in found] or [(0.0, 0.0)]
    absolute, relative = np.max(pairs, axis=0)
    return Difference(float(absolute), float(relative))


class Recomputed(ABC):
    """A record whose numbers were computed here once more, and are held against the model's own."""

    __slots__ = ()

    @abstractmethod
    def difference(self) -> Difference:
        """How far ours lie from the model's own."""

    def fidelity(self) -> float:
        """Largest |recomputed − the model's own|."""
        return self.difference().absolute

    def relative_fidelity(self) -> float:
        """Largest difference ÷ the largest of the model's own numbers that it was found among.

        Each head has its own size, and each array that is no head's. A head's is at least what
        models.core.attention.unsettled says. Up to ROUNDING is a ✓.
        """
        return self.difference().relative
