"""A table's rows as one reads them."""

from __future__ import annotations

from models.words.space import VectorSpace
from viz.board.notation import for_html, shortened
from viz.tables.pieces import named, spaced

LONGEST = 14  # characters of a row's name in a picture


def row_name(space: VectorSpace, row: int) -> str:
    """What a row stands for: ▁kedi is kedi, and what goes on with a word -yi; as it is typed."""
    marked = spaced(space.names[:4000])
    return named(space.names[row], marked)


def shown(space: VectorSpace, row: int, longest: int = LONGEST) -> str:
    """The same for a picture: safe HTML, shortened."""
    return for_html(shortened(row_name(space, row), longest))
