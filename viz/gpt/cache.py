"""Keys and values that a decoder keeps, layer by layer: blocks that grow by a column a token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import plotly.graph_objects as go

from models.trace import Floats
from viz.board.axes import Edge, column_edge
from viz.board.board import Board, Box, Shading
from viz.board.kept import kept
from viz.board.panel import strip
from viz.board.ranges import bar_ticks, clipped, short_note
from viz.board.style import Style
from viz.board.wrapping import drawn_width

WIDTH, HEIGHT = 1130, 640
_TOP, _FOOT = 116.0, 56.0
_NAMES, _QUERY = 92.0, 22.0
_KEYS, _VALUES, _ROOM = 176.0, 668.0, 440.0
_WIDEST, _FEWEST = 40.0, 11  # pixels of a column; columns that there is room for at least
_HIGHEST, _BETWEEN = 104.0, 14.0  # pixels of a layer's block, and between two
_LONGEST = 11
_LEGIBLE = 18.0  # pixels of type; of many layers only every second or third has room for a name


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """One head's share of a cache. words: the tokens; full: no further one fits.

    queries: (d,) the last token's, keys and values: (token, width) of the last tokens, or of none,
    each one a layer; sorts: what they are, as models.gpt.cache.Holding names it, (): all own.
    attended: how many tokens the last one may look at, a number a layer, (): all. numbers: the
    model's own of the layers, (): from 0 on.
    """

    queries: Sequence[Floats]
    keys: Sequence[Floats]
    values: Sequence[Floats]
    words: Sequence[str]
    full: bool = False
    attended: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    sorts: tuple[str, ...] = ()

    @property
    def tokens(self) -> int:
        """How many columns there are."""
        return len(self.words)

    @property
    def latent(self) -> bool:
        """No layer keeps K and V themselves, all of them what both are made from."""
        return set(self.sorts) == {"latent"}


@kept
def cache_blocks(kept: Kept, style: Style, *, height: int = HEIGHT) -> go.Figure:
    """A row a layer: the last token's q, all keys, all values; the new column framed.

    style.labels: layer (n), keys, values, latent, rotated, shared, unknown, clipped_short (limit,
    largest). Tokens that are kept no longer are hatched.
    """
    board = Board(WIDTH, height, style.theme)
    pitch = min(_WIDEST, _ROOM / max(kept.tokens + 1, _FEWEST))
    parts = (
        (_KEYS, kept.keys, [*kept.keys, *kept.queries], style.theme.k),
        (_VALUES, kept.values, kept.values, style.theme.v),
    )
    room = (height - _TOP - _FOOT) / len(kept.keys)
    tall = min(_HIGHEST, room - min(_BETWEEN, room * 0.2))
    every = ceil(_LEGIBLE / room)
    _heads(board, kept, style, pitch)
    for x, blocks, together, colour in parts:
        shading, largest = clipped(
            np.concatenate([np.ravel(each) for each in together]), style.theme
        )
        for layer, block in enumerate(blocks):
            box = Box(x, _TOP + layer * room, pitch * kept.tokens, tall)
            _block(board, box, block, shading, colour, kept)
            if not len(block):
                sort = kept.sorts[layer] if kept.sorts else "unknown"
                words = style.labels[sort] if x == _KEYS or sort == "unknown" else ""
                board.note(box.x + 8, box.y + box.height / 2, words, size=16)
            if x == _KEYS:
                beside = Box(_NAMES, box.y, _QUERY, tall)
                number = kept.numbers[layer] if kept.numbers else layer
                name = "" if layer % every else style.labels["layer"].format(n=number)
                _query(board, beside, kept.queries[layer], shading, name)
        bar = Box(x + 8, height - 40, 220, 14)
        board.scale_bar(bar, shading, bar_ticks(shading, style.notation))
        if largest is not None:
            words = short_note(shading, largest, style)
            board.note(bar.right + 24, bar.y + 7, words, size=15)
    return board.figure()


def _block(board: Board, box: Box, part: Floats, shading: Shading, colour: str, kept: Kept) -> None:
    """(token, d) → columns at the right; those before them hatched, the newest framed, the next
    one to come an outline."""
    gone = kept.tokens - len(part)
    if not len(part):
        return
    start = box.x + box.width * gone / kept.tokens
    if gone:
        board.hatch(np.ones((1, gone), bool), Box(box.x, box.y, start - box.x, box.height))
    strip(board, Box(start, box.y, box.right - start, box.height), part.T, shading)
    new = box.column(kept.tokens - 1, kept.tokens)
    board.frame(new, colour, 3)
    if not kept.full:
        coming = Box(box.right, box.y, new.width, box.height)
        board.frame(coming.grown(-1, 0), colour, 1.2, "dot")


def _query(board: Board, box: Box, query: Floats, shading: Shading, name: str) -> None:
    """The layer's name and the last token's q, (d,), in the keys' colours."""
    y = box.y + box.height / 2
    x = min(max(box.x - 26, drawn_width(name, _LEGIBLE)), box.x - 10)
    board.text(x, y, name, size=_LEGIBLE, anchor="middle left")
    strip(board, box, query[:, None], shading, edge=board.theme.q, width=2)


def _heads(board: Board, kept: Kept, style: Style, pitch: float) -> None:
    """What the blocks are, and the tokens above their columns."""
    theme = style.theme
    board.text(_NAMES + _QUERY / 2, 14, "<b>q</b>", size=18, colour=theme.q)
    for x, name, colour in ((_KEYS, "keys", theme.k), (_VALUES, "values", theme.v)):
        if kept.latent:
            name = {"keys": "latent", "values": "rotated"}[name]
        word = f"<b>{style.labels[name]}</b>"
        board.text(x, 14, word, size=18, colour=colour, anchor="middle right")
        edge = Edge(kept.words, kept.tokens - 1, colour, _LONGEST, away=4, largest=18, slack=0.8)
        column_edge(board, Box(x, _TOP, pitch * kept.tokens, 0), edge)
