"""A recording's tokens along a matrix: as they were typed, and which the model added itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.trace import AttentionTrace, Kind, sides

Bools = NDArray[np.bool_]


def typed_axes(trace: AttentionTrace, kind: Kind) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(queries, keys) as the visitor typed them."""
    source = trace.typed or trace.tokens
    return sides(kind, source, trace.target_typed or trace.target_tokens or source)


def special_axes(trace: AttentionTrace, kind: Kind) -> tuple[Bools, Bools]:
    """(queries, keys): True where the model added the token itself."""
    source = _flags(trace.special, len(trace.tokens))
    target = source
    if trace.target_tokens is not None:
        target = _flags(trace.target_special or (), len(trace.target_tokens))
    return sides(kind, source, target)


def special_names(trace: AttentionTrace, kind: Kind) -> list[str]:
    """The keys that the model added itself, each once, in order: ["[CLS]", "[SEP]"]."""
    flags = special_axes(trace, kind)[1].tolist()
    tokens = trace.tokens
    if kind == "decoder" and trace.target_tokens is not None:
        tokens = trace.target_tokens
    return list(dict.fromkeys(t for t, special in zip(tokens, flags, strict=True) if special))


def _flags(flags: tuple[bool, ...], length: int) -> Bools:
    return np.array(flags or [False] * length, dtype=bool)
