"""A text's pieces as the heads of columns: special ones dashed, unknown ones starred, sentences."""

from __future__ import annotations

from dataclasses import dataclass

from models.bert.trace import Embedded, Judgement, MaskedText
from viz.board.axes import shown_labels, text_width
from viz.board.board import Board, Box
from viz.board.notation import bold, for_html, shortened
from viz.board.style import Style

CHIP, BRACKET = 34, 30  # heights: of a row of chips, of the sentences' lines
_SLANTED = 96
_LARGEST, _SMALLEST = 20.0, 14.0  # type of words that stand level
_LONGEST = 14


Read = Embedded | MaskedText | Judgement


@dataclass(frozen=True, slots=True)
class Pieces:
    """Each tuple has an entry a piece. words: as typed; unknown: the model knows no such piece."""

    words: tuple[str, ...]
    special: tuple[bool, ...]
    segments: tuple[int, ...]
    unknown: tuple[bool, ...]

    def name(self, place: int) -> str:
        """As typed, shortened, a star behind what the model has no piece for."""
        return shortened(self.words[place], _LONGEST) + ("*" if self.unknown[place] else "")

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the pieces' columns stand: from `left` on, `pitch` wide, their bodies from `top` on.

    level: type size at which all names stand level, in so many `rows`; 0: they are slanted.
    """

    pieces: Pieces
    left: float
    pitch: float
    top: float
    level: float
    rows: int = 1

    def x(self, place: int) -> float:
        """The middle of a column."""
        return self.left + (place + 0.5) * self.pitch

    @property
    def width(self) -> float:
        """Of all columns together."""
        return self.pitch * len(self.pieces)


def columns(pieces: Pieces, left: float, width: float, *, widest: float = 110.0) -> Columns:
    """Columns as wide as there is room, at most `widest`."""
    pitch = min(width / len(pieces), widest)
    wide = [text_width(pieces.name(i), 1) for i in range(len(pieces))]
    # Neighbours in two rows: each chip may reach over half of both columns beside its own.
    for rows, room in ((1, pitch - 12), (2, 2 * pitch - 16)):
        level = min(_LARGEST, room / max(wide))
        if level >= _SMALLEST:
            return Columns(pieces, left, pitch, rows * CHIP + BRACKET, level, rows)
    return Columns(pieces, left, pitch, _SLANTED + BRACKET, 0.0)


def draw_heads(
    board: Board, read: Read, left: float, width: float, chosen: int, style: Style
) -> Columns:
    """The chips, and below them which sentence they belong to; where their columns stand.

    left, width: pixels of all columns. style.labels: first, second (the sentences' names).
    """
    at = columns(Pieces(read.typed, read.special, read.segments, read.unknown), left, width)
    if at.level:
        for place in range(len(at.pieces)):
            _chip(board, at, place, place == chosen)
    else:
        _slanted(board, at, chosen)
    _brackets(board, at, (style.labels["first"], style.labels["second"]))
    return at


def _chip(board: Board, at: Columns, place: int, now: bool) -> None:
    theme, name, x = board.theme, at.pieces.name(place), at.x(place)
    wide = at.pitch - 4 if at.rows == 1 else max(24.0, text_width(name, at.level) + 10)
    top = 1 + place % at.rows * CHIP
    box = Box(x - wide / 2, top, wide, CHIP - 5)
    if at.rows == 2 and top < CHIP:  # down to its column, between the lower row's chips
        board.line([x, x], [box.bottom, at.top - BRACKET], theme.hatch, 1)
    if now:
        board.fill(box, theme.ink)
    elif at.pieces.special[place]:
        board.frame(box, theme.hatch, 1.5, "dash")
    else:
        board.fill(box, theme.soft)
    ink = theme.page if now else theme.muted if at.pieces.special[place] else theme.ink
    board.text(x, box.y + box.height / 2, bold(for_html(name), now), size=at.level, colour=ink)


def _slanted(board: Board, at: Columns, chosen: int) -> None:
    theme = board.theme
    shown, size = shown_labels(len(at.pieces), chosen, at.pitch * 0.8)
    for place in shown:
        now = place == chosen
        word = bold(for_html(at.pieces.name(place)), now)
        ink = theme.muted if at.pieces.special[place] and not now else theme.ink
        x = at.x(place) - size * 0.45
        board.slanted(x, _SLANTED - 4, word, size=min(size, 17), colour=ink)


def _brackets(board: Board, at: Columns, sentences: tuple[str, str]) -> None:
    y = at.top - BRACKET + 5
    for segment, name in enumerate(sentences):
        xs = [at.x(i) for i, own in enumerate(at.pieces.segments) if own == segment]
        if xs:
            left, right = xs[0] - at.pitch / 2 + 3, xs[-1] + at.pitch / 2 - 3
            board.line([left, right], [y, y], board.theme.ink, 2.5, dash=("solid", "dot")[segment])
            board.note((left + right) / 2, y + 12, name, size=15, anchor="middle center")
