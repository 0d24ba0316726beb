"""A recording's tokens along a matrix: as they were typed, and which the model added itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.trace import AttentionTrace, Kind, sides

Bools = NDArray[np.bool_]


def typed_axes(trace: AttentionTrace, kind: Kind) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(queries, keys) as the visitor typed them."""
    source = trace.typed or trace.tokens
    if trace.rows is not None:
        return trace.rows.typed or trace.rows.tokens, source
    return sides(kind, source, trace.target_typed or trace.target_tokens or source)


def special_axes(trace: AttentionTrace, kind: Kind) -> tuple[Bools, Bools]:
    """(queries, keys): True where the model added the token itself."""
    source, words = _flags(trace.special, trace.tokens), trace.target_tokens
    target = source if words is None else _flags(trace.target_special or (), words)
    if trace.rows is not None:
        return _flags(trace.rows.special, trace.rows.tokens), source
    return sides(kind, source, target)


def padding_axes(trace: AttentionTrace, kind: Kind) -> tuple[Bools, Bools]:
    """(queries, keys): True where a shorter input was filled up."""
    count = len(trace.tokens)
    source = np.arange(count) >= count - trace.padding
    if trace.rows is not None:
        return np.zeros(len(trace.rows.tokens), bool), source
    written = np.zeros(len(trace.target_tokens or trace.tokens), bool)
    return sides(kind, source, source if trace.target_tokens is None else written)


def special_names(trace: AttentionTrace, kind: Kind) -> list[str]:
    """The keys that the model added itself, each once, in order: ["[CLS]", "[SEP]"]."""
    keys = zip(trace.axes(kind)[1], special_axes(trace, kind)[1].tolist(), strict=True)
    return list(dict.fromkeys(token for token, special in keys if special))


def _flags(flags: tuple[bool, ...], tokens: tuple[str, ...]) -> Bools:
    return np.array(flags or [False] * len(tokens), dtype=bool)
