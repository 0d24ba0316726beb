"""A translation that grows word by word: what its chips, lines and matrix need to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from models.core.tokens import Encoded
from models.trace import Floats
from models.translation.reference import Cells


class Growing(Protocol):
    """A translation up to the chosen step, with a chosen source piece.

    sources: the pieces as they were typed; begins: which of them begin a word; strange: those
    that the model never met. written: the word of every step. matrix: (step, source) weights;
    scores: (step, source) before the softmax. gold: links to lay over, None: not shown.
    """

    @property
    def sources(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def begins(self) -> Sequence[bool]: ...  # noqa: D102
    @property
    def strange(self) -> frozenset[int]: ...  # noqa: D102
    @property
    def written(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def step(self) -> int: ...  # noqa: D102
    @property
    def source(self) -> int: ...  # noqa: D102
    @property
    def matrix(self) -> Floats: ...  # noqa: D102
    @property
    def scores(self) -> Floats: ...  # noqa: D102
    @property
    def gold(self) -> Cells | None: ...  # noqa: D102


def starts(text: Encoded) -> tuple[bool, ...]:
    """Which pieces begin a word: those that a space stands before, marks, special ones."""
    rows = zip(text.typed, text.tokens, text.special, strict=True)
    return tuple(
        added or token.startswith("▁") or word in (".", "?") for word, token, added in rows
    )
