"""Which kind of attention a module is, as its recorded mask says. Imports no torch by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.core.arrays import as_numpy
from models.core.kinds import Kind, looks_ahead

if TYPE_CHECKING:
    from models.recording.capture import Record

Attention = tuple[tuple[str, Kind], ...]


def as_masked(attention: Attention, records: Sequence[Record]) -> Attention:
    """(path, kind) of a model with one side → the same, encoder or decoder by its masks alone.

    No attribute tells it in every family: Doge and CLIP's text model say they are not causal and
    are, a LLaMA can be told to look ahead. Two tokens and more are needed, else as it was.
    """
    ahead = {_looks_ahead(each) for each in records}
    if len(ahead) != 1 or None in ahead or any(kind == "cross" for _, kind in attention):
        return attention
    kind: Kind = "encoder" if True in ahead else "decoder"
    return tuple((path, kind) for path, _ in attention)


def _looks_ahead(captured: Record) -> bool | None:
    mask = None if captured.mask is None else as_numpy(captured.mask[0])
    return looks_ahead(mask, *captured.shape)
