"""W + (α/r) B A: a frozen matrix and what was learned beside it (LoRA, Hu et al. 2021).

The shipped translator, and an adapter with which it writes its verb last. Imports no torch by
itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal, get_args

import numpy as np

from models.catalog import CATALOG, load
from models.core.arrays import Difference, Floats, as_numpy, difference, read_only
from models.core.loaded import LoadedModel
from models.cost.adapter import SHIPPED, Adapter, description
from models.measured import ADAPTERS, read
from models.record import record
from models.recording.vocabulary import sentence
from models.trace import AttentionTrace, Kind

Part = Literal["q", "v"]
PARTS: tuple[Part, ...] = get_args(Part)
_SIDES: Mapping[Kind, str] = {
    "encoder": "encoder.layers.{}.self_attn",
    "decoder": "decoder.layers.{}.self_attn",
    "cross": "decoder.layers.{}.encoder_attn",
}


@dataclass(frozen=True, eq=False)
class LowRankUpdate:
    """One head's part of a matrix and of its update, cut to a rank.

    weight: (d_k, d_in), W; b: (d_k, r), a: (r, d_in), of the trained product's singular values
    those that are kept; singular: (trained rank,), all of them, of the whole matrix. scale: α/r of
    the training. shape: of the whole matrix, (d_out, d_in). own: (d_k, d_in), the merged model's.
    """

    weight: Floats
    b: Floats
    a: Floats
    singular: Floats
    scale: float
    shape: tuple[int, int]
    own: Floats

    @property
    def rank(self) -> int:
        """Columns of B."""
        return int(self.b.shape[1])

    @cached_property
    def update(self) -> Floats:
        """(d_k, d_in) float64: (α/r) B A."""
        return read_only(self.scale * (self.b.astype(np.float64) @ self.a.astype(np.float64)))

    @cached_property
    def merged(self) -> Floats:
        """(d_k, d_in) float64: W + (α/r) B A."""
        return read_only(self.weight.astype(np.float64) + self.update)

    @cached_property
    def difference(self) -> Difference:
        """To the matrix with which the model with the adapter computes."""
        return difference(self.merged, self.own)

    def terms(self, row: int, column: int) -> Floats:
        """(r,) float64: b_ik · a_kj of one cell, without the scale."""
        return np.asarray(self.b[row].astype(np.float64) * self.a[:, column].astype(np.float64))

    @property
    def parameters(self) -> int:
        """r (d_in + d_out): what is learned for the whole matrix."""
        return self.rank * sum(self.shape)

    @property
    def kept(self) -> float:
        """The share of the product's squared length that the kept singular values have."""
        squares = self.singular.astype(np.float64) ** 2
        return float(squares[: self.rank].sum() / squares.sum())


@dataclass(frozen=True, slots=True)
class RankRow:
    """What was measured of one rank. rank: None: all weights were moved.

    parameters: learned; exact: share of test sentences translated letter by letter.
    """

    rank: int | None
    parameters: int
    exact: float


@dataclass(frozen=True, slots=True, eq=False)
class Adapted:
    """A text through the translator with the adapter cut to a rank; 0: without it."""

    rank: int
    trace: AttentionTrace

    @property
    def text(self) -> str:
        """The translation."""
        side = self.trace.target_side
        assert side is not None  # a translator's
        return sentence(side.tokens, side.special)


def adapted(adapter: Adapter, text: str, rank: int, *, cut: bool = False) -> Adapted:
    """The translator's own greedy translation with that rank. Raises as models.record.record."""
    return Adapted(rank, record(with_rank(load(adapter.base), adapter, rank), text, cut=cut))


@lru_cache(maxsize=12)
def with_rank(loaded: LoadedModel, adapter: Adapter, rank: int) -> LoadedModel:
    """A copy with W + (α/r) B A in place of each W, cut to the rank. ValueError: no such rank."""
    import torch

    from models.loading.checkpoint import copy_of

    if not 0 <= rank <= adapter.rank:
        raise ValueError(f"rank {rank} is not in 0..{adapter.rank}")
    if rank == 0:
        return loaded
    copied = copy_of(loaded)
    for name in adapter.matrices:
        a, b = _cut(adapter, name, rank)
        with torch.no_grad():
            copied.model.get_submodule(name).weight += adapter.scale * (b @ a)
    return copied


def _cut(adapter: Adapter, name: str, rank: int) -> tuple[Any, Any]:
    """(rank, d_in), (d_out, rank): tensors."""
    import torch

    from models.core.low_rank import truncated

    a, b = (torch.tensor(part) for part in adapter.matrices[name])
    return truncated(a, b, rank)


def update(
    adapter: Adapter, kind: Kind, layer: int, head: int, part: Part, rank: int
) -> LowRankUpdate:
    """One head's rows of W_Q or W_V, and of what was learned for them. IndexError: no such head."""
    import torch

    loaded = load(adapter.base)
    name = f"model.{_SIDES[kind].format(layer)}.{part}_proj"
    heads = loaded.model.config.encoder_attention_heads
    if not 0 <= head < heads:
        raise IndexError(f"head {head} is not in 0..{heads - 1}")
    full_a, full_b = (torch.tensor(one).double() for one in adapter.matrices[name])
    a, b = _cut(adapter, name, rank)
    weight = loaded.model.get_submodule(name).weight
    own = with_rank(loaded, adapter, rank).model.get_submodule(name).weight
    width = len(weight) // heads
    rows = slice(head * width, (head + 1) * width)
    singular = torch.linalg.svdvals(full_b @ full_a)[: adapter.rank]
    return LowRankUpdate(
        as_numpy(weight[rows]),
        as_numpy(b[rows]),
        as_numpy(a),
        as_numpy(singular),
        adapter.scale,
        (int(weight.shape[0]), int(weight.shape[1])),
        as_numpy(own[rows]),
    )


def everything() -> int:
    """The weights of the model that the shipped adapter belongs to."""
    return CATALOG[str(description()["base"])].sizes["parameters"]


@lru_cache(maxsize=1)
def by_rank() -> tuple[RankRow, ...] | None:
    """The shipped adapter cut to each rank, as measured after its training; None: it was not.

    Raises DamagedWeights.
    """
    return read(SHIPPED, "metrics.json", _rank_rows, ADAPTERS)


def _rank_rows(metrics: dict[str, Any]) -> tuple[RankRow, ...]:
    quality, most = metrics["quality"], int(description()["rank"])
    cut = {0: metrics["baselines"]["without"]["exact"], most: quality["exact"]}
    start = "exact_cut_to_"
    cut |= {int(n.removeprefix(start)): v for n, v in quality.items() if n.startswith(start)}
    whole = int(metrics["shape"]["sizes"]["parameters"])
    return tuple(RankRow(rank, whole * rank // most, cut[rank]) for rank in sorted(cut))


@lru_cache(maxsize=1)
def trained() -> tuple[RankRow, ...] | None:
    """Each rank trained by itself, and last all weights (rank None), in as many steps; None: not
    measured. Raises DamagedWeights.
    """
    return read(SHIPPED, "ranks.json", _trained_rows, ADAPTERS)


def _trained_rows(rows: list[dict[str, Any]]) -> tuple[RankRow, ...]:
    return tuple(RankRow(one["rank"], one["parameters"], one["trained"]) for one in rows)
