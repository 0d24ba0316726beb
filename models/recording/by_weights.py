"""Blocks of sparse attention, of what was captured of their modules. No torch by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.core.arrays import Floats, as_numpy, read_only
from models.core.block import WeightsBlock
from models.core.kinds import HIDDEN, Kind

if TYPE_CHECKING:
    from models.recording.sparse import CapturedWeights


def block(captured: CapturedWeights, kind: Kind, layer: int) -> WeightsBlock:
    """A module of sparse attention, by its weights."""
    found, output = as_numpy(captured.weights), as_numpy(captured.output)
    (heads, queries, keys), elsewhere = found.shape, captured.elsewhere
    q, k = (read_only(np.empty((heads, count, 0), np.float32)) for count in (queries, keys))
    return WeightsBlock(
        kind=kind,
        layer=layer,
        q=q,
        k=k,
        v=k,
        scaling=np.nan,
        output=output,
        mask=compressed(as_numpy(captured.mask[0])),
        found=found,
        computed=captured.computed.numpy(),
        mixed=as_numpy(captured.mixed),
        elsewhere=None if elsewhere is None else as_numpy(elsewhere),
        seed=captured.seed,
    )


def compressed(mask: Floats) -> Floats | None:
    """(1 or head, query, key), −inf where masked; None: nowhere; (…, 1, key): all rows equal."""
    if not mask.any():
        return None
    if (mask == mask[:, :1]).all():
        mask = mask[:, :1]
    return read_only(np.where(mask <= HIDDEN, mask.dtype.type(-np.inf), mask))
