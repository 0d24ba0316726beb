"""One order of temperature, top-k and top-p: a column of probabilities after each operation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from models.gpt.order import Operation, Orders, SamplingChain
from viz.board.board import Board, Box
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.style import Style
from viz.gpt.sampling import number, plain, track

MOST = 11  # rows of tokens
_TOP, _PITCH, _FOOT = 62.0, 34.0, 34.0
_SIZE, _SMALL = 18.0, 16.0
_LONGEST = 13  # letters of a word
_CUTS = ("top_k", "top_p")
_DIFFERING = 3  # rows for tokens that one order alone keeps, where they are not among the first


@dataclass(frozen=True, slots=True)
class _Widths:
    """Pixels: to where words end, and the logits; a column's bar, the room of its number."""

    word: float
    logit: float
    bar: float
    number: float

    @property
    def column(self) -> float:
        """From one bar to the next."""
        return self.bar + self.number

    def board(self, columns: int) -> int:
        """Of a figure with so many columns."""
        return round(self.logit + columns * self.column)


_WIDE, _NARROW = _Widths(150, 230, 76, 82), _Widths(112, 112, 34, 74)


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """One of two orders as it is drawn; both have the same rows.

    ids: the tokens that have a row; marked: those that only one of the orders keeps. words:
    readable names of the whole vocabulary.
    """

    chain: SamplingChain
    ids: Sequence[int]
    marked: frozenset[int]
    words: Sequence[str]


def ladders(orders: Orders, words: Sequence[str]) -> tuple[Ladder, Ladder]:
    """The library's order and the other one, with rows for the likeliest and what differs."""
    differing = (*orders.only_library, *orders.only_other)
    ids = orders.library.ranking[:MOST].tolist()
    late = [token for token in differing if token not in ids][:_DIFFERING]
    ids, marked = [*ids[: MOST - len(late)], *late], frozenset(differing)
    return Ladder(orders.library, ids, marked, words), Ladder(orders.other, ids, marked, words)


@kept
def ladder(shown: Ladder, style: Style) -> go.Figure:
    """A row a token, likeliest first; a column for the softmax of all, and one an operation.

    What was cut says −∞; a token that one of the two orders alone keeps has a bar behind it.
    style.labels: share, others (n), kept (n), top_k, top_p.
    """
    shares, widths = shown.chain.shares, _NARROW if style.narrow else _WIDE
    others = len(shown.words) - len(shown.ids)
    rows = len(shown.ids) + (others > 0)
    height = round(_TOP + rows * _PITCH + _FOOT)
    board = Board(widths.board(len(shares)), height, style.theme)
    _heads(board, shown, widths, style)
    for row, token in enumerate(shown.ids):
        _row(board, shown, token, _TOP + (row + 0.5) * _PITCH, widths, style)
    if others:
        _others(board, shown, others, _TOP + (rows - 0.5) * _PITCH, widths, style)
    for at, share in enumerate(shares):
        kept = style.labels["kept"].format(n=style.notation.grouped(int(np.count_nonzero(share))))
        last = bold(kept, at == len(shares) - 1)
        place = _place(widths, at)
        board.note(place.x, height - 14, last, size=_SMALL)
    return board.figure()


def _place(widths: _Widths, at: int) -> Box:
    """Of a column's bars."""
    return Box(widths.logit + at * widths.column + 10, 0, widths.bar, 0)


def _heads(board: Board, shown: Ladder, widths: _Widths, style: Style) -> None:
    """What each column is: above it the number of the operation, in the order's own count."""
    if widths.logit > widths.word:
        board.note(widths.logit - 8, 44, "ℓ", size=_SMALL, anchor="middle left")
    board.note(_place(widths, 0).x, 44, style.labels["share"], size=_SMALL)
    for at, one in enumerate(shown.chain.order, 1):
        x = _place(widths, at).x
        board.note(x, 20, f"{at}.", size=_SMALL)
        words = f"{style.labels[one] if one in _CUTS else '÷ T'} = {_setting(shown, one, style)}"
        board.text(x, 44, bold(words), size=_SMALL, anchor="middle right")


def _setting(shown: Ladder, one: Operation, style: Style) -> str:
    """An operation's number, as it was set."""
    return plain(float(getattr(shown.chain.settings, one)), style)


def _row(board: Board, shown: Ladder, token: int, y: float, widths: _Widths, style: Style) -> None:
    chain, theme = shown.chain, style.theme
    marked, stays = token in shown.marked, token in chain.kept
    if marked:
        board.fill(Box(0, y - _PITCH / 2 + 1, board.width, _PITCH - 2), theme.soft)
    ink = theme.ink if stays else theme.muted
    word = for_html(shortened(shown.words[token], _LONGEST))
    rank = int(np.flatnonzero(chain.ranking == token)[0])
    if rank >= MOST:
        word = f"{rank + 1}. {word}"
    board.text(widths.word, y, bold(word, marked), size=_SIZE, colour=ink, anchor="middle left")
    if widths.logit > widths.word:
        logit = style.notation.fixed(float(chain.logits[token]))
        board.text(widths.logit - 8, y, logit, size=_SIZE, colour=ink, anchor="middle left")
    scores = (chain.logits, *chain.scores)
    for at, share in enumerate(chain.shares):
        place, last = _place(widths, at), at == len(scores) - 1 and at > 0
        if not np.isfinite(scores[at][token]):
            board.note(place.x, y, "−∞", size=_SMALL)
            continue
        track(board, float(share[token]), place, y, style, solid=True, now=False)
        if last:
            box = Box(place.x, y - 8, max(place.width * float(share[token]), 1.0), 16)
            board.fill(box, theme.output, layer="above")
        number(board, place, y, float(share[token]), style, theme.ink, last)


def _others(
    board: Board, shown: Ladder, count: int, y: float, widths: _Widths, style: Style
) -> None:
    """All tokens without a row together."""
    left = np.ones(len(shown.words), bool)
    left[list(shown.ids)] = False
    words = style.labels["others"].format(n=style.notation.grouped(count))
    board.note(widths.word, y, words, size=_SMALL, anchor="middle left")
    for at, (scores, share) in enumerate(
        zip((shown.chain.logits, *shown.chain.scores), shown.chain.shares, strict=True)
    ):
        place, total = _place(widths, at), float(share[left].sum())
        if not np.isfinite(scores[left]).any():
            board.note(place.x, y, "−∞", size=_SMALL)
            continue
        track(board, min(total, 1.0), place, y, style, solid=False, now=False)
        number(board, place, y, total, style, style.theme.muted, False)
