"""Softmax(s)·V tile by tile, without ever holding all scores: the online softmax.

Milakov & Gimelshein 2018, algorithm 3; with values, as in the fused kernel: Dao et al. 2022,
algorithm 1, here for one query. The division by l waits for the end, as in Dao 2023. Numpy only,
float64.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.core.arrays import Floats, read_only
from models.core.attention import HeadSteps


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What is carried from tile to tile.

    m: the largest score so far, −inf before any; l: Σ e^{s − m}; o: (dv,), Σ e^{s − m}·v, not yet
    divided.
    """

    m: float
    l: float  # noqa: E741  the paper's letter
    o: Floats

    @property
    def output(self) -> Floats:
        """(dv,): o / l, the weighted sum of the values that were read."""
        return read_only(self.o / self.l)


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """One tile: the keys from `start` until `stop`, their scores (key,), values (key, dv).

    before, after: the state; kept: e^{m before − m after}, what the old sums are multiplied with;
    e: (key,) e^{s − m after}.
    """

    start: int
    stop: int
    scores: Floats
    values: Floats
    before: State
    after: State
    kept: float
    e: Floats

    @property
    def raised(self) -> bool:
        """The tile holds a score above all before, so that what was summed must shrink."""
        return self.after.m > self.before.m

    @property
    def first(self) -> bool:
        """Nothing was summed before it."""
        return self.before.m == -np.inf


@dataclass(frozen=True, slots=True, eq=False)
class Tiled:
    """A whole row. scores: (key,), masked ones −inf; values: (key, dv); size: keys of a tile."""

    scores: Floats
    values: Floats
    size: int
    tiles: tuple[Tile, ...]

    @property
    def end(self) -> State:
        """Behind the last tile."""
        return self.tiles[-1].after

    @property
    def raises(self) -> int:
        """In how many tiles the maximum rose, the first not counted."""
        return sum(tile.raised and not tile.first for tile in self.tiles)


def tiled(scores: Floats, values: Floats, size: int, sink: float | None = None) -> Tiled:
    """(key,), (key, dv) → the row tile by tile, of so many keys each.

    sink: a score that takes part in the sum and has no value. ValueError: size below 1, no key.
    """
    if size < 1 or not len(scores):
        raise ValueError(f"{len(scores)} scores in tiles of {size}")
    s, v = scores.astype(np.float64), values.astype(np.float64)
    zero = read_only(np.zeros(v.shape[1]))
    state = State(-np.inf, 0.0, zero) if sink is None else State(sink, 1.0, zero)
    found = []
    for start in range(0, len(s), size):
        found.append(_tile(start, s[start : start + size], v[start : start + size], state))
        state = found[-1].after
    return Tiled(read_only(s), read_only(v), size, tuple(found))


def _tile(start: int, s: Floats, v: Floats, before: State) -> Tile:
    m = max(before.m, float(s.max()))
    if m == -np.inf:  # every key so far is masked
        return Tile(start, start + len(s), s, v, before, before, 1.0, read_only(np.zeros(len(s))))
    kept, e = float(np.exp(before.m - m)), np.exp(s - m)
    after = State(m, kept * before.l + float(e.sum()), read_only(kept * before.o + e @ v))
    return Tile(
        start, start + len(s), read_only(s), read_only(v), before, after, kept, read_only(e)
    )


def of_query(steps: HeadSteps, query: int, size: int) -> Tiled:
    """One query's row of a recorded head, (key,) scores and (key, dv) values."""
    return tiled(steps.masked[query], steps.v, size, steps.sink)


def plain(row: Tiled, sink: float | None = None) -> Floats:
    """(dv,): the same by torch, all scores at once: softmax, then · V, in float64."""
    import torch

    s = row.scores if sink is None else np.append(row.scores, sink)
    weights = torch.softmax(torch.tensor(s), 0)[: len(row.scores)]
    return read_only((weights @ torch.tensor(row.values)).numpy())
