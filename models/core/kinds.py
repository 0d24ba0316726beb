"""The kinds of attention, whose tokens ask and answer in each, and what a mask lets be seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

import numpy as np

from models.core.arrays import Floats

Kind = Literal["encoder", "decoder", "cross"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Side = TypeVar("Side")


def sides(kind: Kind, source: Side, target: Side) -> tuple[Side, Side]:
    """What the (queries, keys) of a kind have, of what the source and the target have."""
    return {
        "encoder": (source, source),
        "decoder": (target, target),
        "cross": (target, source),
    }[kind]


# Models add the smallest finite number where they mean −inf; sums of two stay near it.
HIDDEN = float(np.finfo(np.float32).min) / 2
SightName = Literal["bidirectional", "causal", "window", "chunk", "prefix", "other"]
Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True)
class Sight:
    """Which keys a mask leaves to each query of the recorded text.

    name: bidirectional (all), causal (none behind the query), window (the nearest `size` keys,
    on one side where causal), chunk (those of the query's own `size` tokens), prefix (the first
    `size`, and none behind the query), other. size: None where there is none. A window that no
    text reached over is not to be seen.
    """

    name: SightName
    size: int | None = None
    causal: bool = False


def sight(mask: Floats | None, queries: int, keys: int) -> Sight:
    """(1 or head, query or 1, key) additive mask, −inf where masked → what it leaves to be seen."""
    if mask is None:
        return Sight("bidirectional")
    shape = (mask.shape[0] if mask.ndim == 3 else 1, queries, keys)
    seen = ~np.isneginf(np.broadcast_to(mask, shape))
    if not (seen == seen[:1]).all():
        return Sight("other", causal=not _ahead(seen).any())
    return _sight(seen[0])


def looks_ahead(mask: Floats | None, queries: int, keys: int) -> bool | None:
    """(1 or head, query or 1, key) mask → whether keys behind a query are as open as those before.

    None: one token tells nothing, nor do tokens that see themselves alone.
    A decoder's are not, though a prefix of them may be.
    """
    if min(queries, keys) < 2:
        return None
    if mask is None:
        return True
    seen = np.broadcast_to(mask, (len(mask), queries, keys)) > HIDDEN
    ahead, behind = int(_ahead(seen).sum()), int(np.tril(seen, -1).sum())
    return None if ahead == behind == 0 else ahead >= behind


def _ahead(seen: Bools) -> Bools:
    return np.triu(seen, 1)


def _sight(seen: Bools) -> Sight:
    """(query, key), True where open."""
    i, j = (axis.astype(int) for axis in np.indices(seen.shape))
    causal = not _ahead(seen).any()
    if seen.all():
        return Sight("bidirectional", causal=causal and seen.size == 1)
    if np.array_equal(seen, j <= i):
        return Sight("causal", causal=True)
    reach = int((i - j)[seen].max(initial=0))
    if np.array_equal(seen, (j <= i) & (i - j <= reach)):
        return Sight("window", reach + 1, causal=True)
    if np.array_equal(seen, np.abs(i - j) <= reach):
        return Sight("window", reach)
    for size in range(1, len(seen)):
        for name, shape in (("chunk", i // size == j // size), ("prefix", None)):
            wanted = (j <= i) & shape if shape is not None else (j <= i) | (j < size)
            if np.array_equal(seen, wanted):
                return Sight(name, size, causal=name == "chunk")  # type: ignore[arg-type]
    return Sight("other", causal=causal)
