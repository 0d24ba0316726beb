"""A word cut into subword tokens, a row a step; the same words in every tokenizer that is here."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from models.words.pieces import Cut, Match, Merge, Segmentation, Step
from viz.board.board import Board, Box, Figure
from viz.board.box import text_width
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.style import Style

WIDTH, HEIGHT = 1190, 660
ROWS = 8  # steps in view, the last of them the current one
_TOP, _PITCH, _LEFT, _ROOM = 92, 41, 46, 940
_LOWER, _COLUMNS, _WIDE = 446, (230, 730), 450
_SIZE, _SMALLEST = 17.0, 11.0
DONE, CHOSEN, REST = "done", "chosen", "rest"
Marked = tuple[str, str]  # a piece, and how it is drawn


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The word's way and its current step; words: it and another one; cuts: of each of them."""

    found: Segmentation
    step: int
    words: tuple[str, str]
    cuts: tuple[Sequence[Cut], Sequence[Cut]]


@kept
def pieces(scene: Scene, style: Style) -> Figure:
    """Steps above, up to the current one; below both words in all tokenizers.

    labels: steps, steps_merge, rank, nothing_left, rejected, unknown, every, count, tokenizer.<id>.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    _steps(board, scene, style)
    _compared(board, scene, style)
    return board.figure()


def marked(step: Step) -> tuple[Marked, ...]:
    """The pieces of a step's row, each with what it is: done, chosen or rest."""
    if isinstance(step, Merge):
        pair = () if step.place is None else (step.place, step.place + 1)
        return tuple((p, CHOSEN if n in pair else DONE) for n, p in enumerate(step.pieces))
    done = tuple((token, DONE) for token in step.done)
    taken = () if step.taken is None else ((step.taken, CHOSEN),)
    return (*done, *taken, *(((step.left, REST),) if step.left else ()))


def remark(step: Step, style: Style) -> str:
    """What stands at the end of a step's row: a rank, or how many prefixes were rejected."""
    if isinstance(step, Match):
        name = "unknown" if step.taken is None else "rejected"
        return str(style.labels[name].format(n=len(step.rejected)))
    if step.rank is None:
        return str(style.labels["nothing_left"])
    return str(style.labels["rank"].format(n=style.notation.grouped(step.rank)))


def _steps(board: Board, scene: Scene, style: Style) -> None:
    found, theme = scene.found, board.theme
    word = for_html(shortened(found.typed, 40))
    name = "steps_merge" if found.merges else "steps"
    board.text(0, 16, bold(style.labels["every_step"].format(word=word)), size=18,
               anchor="middle right")  # fmt: skip
    board.note(0, 48, style.labels[name])
    first = max(0, scene.step - ROWS + 1)
    for n in range(first, scene.step + 1):
        y, now = _TOP + (n - first) * _PITCH, n == scene.step
        board.tick(14, y, str(n + 1), now)
        _row(board, _LEFT, y, _ROOM, marked(found.steps[n]))
        board.text(WIDTH, y, bold(remark(found.steps[n], style), now), size=16,
                   colour=theme.k if now else theme.muted, anchor="middle left")  # fmt: skip


def _row(board: Board, x: float, y: float, room: float, pieces: Sequence[Marked]) -> None:
    """Segmentation as boxes beside each other, as small as they have to be to fit."""
    theme, size = board.theme, _SIZE
    while size > _SMALLEST and _wide(pieces, size) > room:
        size -= 0.5
    end, high = x + room, 16 + size
    for n, (piece, kind) in enumerate(pieces):
        wide = _width(piece, size)
        if x + wide > end and n:
            board.text(x, y, "…", size=size, colour=theme.muted, anchor="middle right")
            return
        box = Box(x, y - high / 2, wide, high)
        if kind == REST:
            board.frame(box, theme.hatch, 1, dash="dot")
        else:
            board.fill(box, theme.weights[1][1] if kind == CHOSEN else theme.soft)
            board.frame(box, theme.k if kind == CHOSEN else theme.hatch, 2 if kind == CHOSEN else 1)
        ink = {REST: theme.muted, CHOSEN: theme.k}.get(kind, theme.ink)
        shown = for_html(shortened(piece, 44))
        board.text(x + wide / 2, y, bold(shown, kind == CHOSEN), size=size, colour=ink)
        x += wide + 0.25 * size


def _width(piece: str, size: float) -> float:
    """Of a piece's box, in pixels."""
    shown = shortened(piece, 44)
    broad = sum(unicodedata.east_asian_width(c) in "WF" for c in shown)  # signs of two columns
    return text_width(shown + "n" * broad, size) * 1.06 + 0.75 * size


def _wide(pieces: Sequence[Marked], size: float) -> float:
    """Of all of them with what lies between, in pixels."""
    return sum(_width(piece, size) + 0.25 * size for piece, _ in pieces)


def _compared(board: Board, scene: Scene, style: Style) -> None:
    """A row a tokenizer, a column a word: how many tokens, and which."""
    board.line([0, WIDTH], [_LOWER - 26, _LOWER - 26], board.theme.grid, 2)
    board.text(0, _LOWER, bold(style.labels["every"]), size=18, anchor="middle right")
    for x, word, cuts in zip(_COLUMNS, scene.words, scene.cuts, strict=True):
        board.text(x, _LOWER + 38, bold(for_html(shortened(word, 32))), size=17,
                   colour=board.theme.q, anchor="middle right")  # fmt: skip
        for n, cut in enumerate(cuts):
            y = _LOWER + 84 + 50 * n
            count = style.notation.grouped(len(cut.tokens))
            board.text(x, y, bold(count), size=20, anchor="middle right")
            _row(board, x + 36, y, _WIDE - 50, [(token, DONE) for token in cut.tokens])
    for n, cut in enumerate(scene.cuts[0]):
        y, now = _LOWER + 84 + 50 * n, cut.id == scene.found.id
        board.text(0, y - 10, bold(style.labels[f"tokenizer.{cut.id}"], now), size=17,
                   colour=board.theme.k if now else None, anchor="middle right")  # fmt: skip
        size = style.labels["size"].format(kind=cut.kind, n=style.notation.grouped(cut.size))
        board.note(0, y + 11, size, size=14)
