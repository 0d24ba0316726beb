"""A hidden unit between what it fires at, its key, and the words that it raises, its value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold, for_html, shortened
from viz.board.style import Style

_SIZE, _SMALL, _PITCH = 17.0, 15.0, 36.0
_BEFORE, _LONGEST = 26, 14  # characters of what stands before a token, and of a word


@dataclass(frozen=True, slots=True, eq=False)
class HiddenUnit:
    """keys: (tokens, the last of which it fires at; a), the strongest first; values: (word, what
    its score gains for each 1 of a), the most raised first. number: the unit's; now: a at the
    text's last token.
    """

    keys: Sequence[tuple[Sequence[str], float]]
    values: Sequence[tuple[str, float]]
    number: int
    now: float


@dataclass(frozen=True, slots=True)
class _Sides:
    """Pixels: the board's width; where contexts end; both columns of bars; the unit's circle."""

    width: int
    text: float
    left: Box
    right: Box
    word: float
    circle: tuple[float, float]
    before: int


@kept
def unit(shown: HiddenUnit, style: Style) -> Figure:
    """Contexts with their bars, the unit in the middle, words with theirs.

    style.labels: key, value, unit (n), now (a).
    """
    rows = max(len(shown.keys), len(shown.values))
    at = _sides(rows, style.narrow)
    height = at.right.bottom + 8
    board = Board(at.width, round(height), style.theme)
    _ribbons(board, shown, at)
    _keys(board, shown, at, style)
    _values(board, shown, at, style)
    x, y = at.circle
    theme = style.theme
    board.line([x], [y], theme.soft, 0, symbol="circle", size=96 if not style.narrow else 80)
    board.line([x], [y], theme.weight, 0, symbol="circle-open", size=96 if not style.narrow else 80)
    board.text(x, y - 12, bold(style.labels["unit"].format(n=shown.number)), size=_SIZE)
    now = style.labels["now"].format(a=style.notation.fixed(shown.now))
    board.note(x, y + 13, now, size=_SMALL, anchor="middle center")
    return board.figure()


def _sides(rows: int, narrow: bool) -> _Sides:
    high = rows * _PITCH
    if narrow:
        below = 44 + high + 110
        return _Sides(
            440, 262, Box(270, 44, 106, high), Box(210, below + 40, 150, high), 200,
            (220, below - 48), 14,
        )  # fmt: skip
    left, right = Box(352, 48, 150, high), Box(900, 48, 170, high)
    return _Sides(1140, 344, left, right, 890, (676, 48 + high / 2), _BEFORE)


def _ribbons(board: Board, shown: HiddenUnit, at: _Sides) -> None:
    """From every bar of the keys into the unit, and out of it to every word."""
    if at.left.y != at.right.y:  # below each other there is no room between
        return
    x, y = at.circle
    into = [((at.left.right + 62, _y(at.left, n)), (x - 48, y)) for n in range(len(shown.keys))]
    out = [((x + 48, y), (at.word - 118, _y(at.right, n))) for n in range(len(shown.values))]
    board.curves([*into, *out], board.theme.hatch, 1)


def _y(box: Box, row: int) -> float:
    return box.y + (row + 0.5) * _PITCH


def _track(board: Board, box: Box, y: float, share: float, colour: str) -> None:
    board.fill(Box(box.x, y - 8, box.width, 16), board.theme.soft)
    board.fill(Box(box.x, y - 8, max(box.width * share, 1.0), 16), colour, layer="above")


def _keys(board: Board, shown: HiddenUnit, at: _Sides, style: Style) -> None:
    board.text(0, at.left.y - 24, bold(style.labels["key"]), size=_SIZE, anchor="middle right")
    most = max((a for _, a in shown.keys), default=1.0)
    for row, (tokens, a) in enumerate(shown.keys):
        y = _y(at.left, row)
        board.text(at.text, y, _context(tokens, at.before), size=_SIZE, anchor="middle left")
        _track(board, at.left, y, max(a, 0) / most if most > 0 else 0.0, style.theme.k)
        number = style.notation.fixed(a)
        board.text(at.left.right + 8, y, number, size=_SIZE, anchor="middle right")


def _context(tokens: Sequence[str], room: int) -> str:
    """What stands before, quietly at its end, and the token in bold."""
    *before, last = tokens
    word = shortened(last, _LONGEST)
    said, left = "", room - len(word)
    for token in reversed(before):
        if len(token) + 1 > left:
            said = f"… {said}"
            break
        said, left = f"{token} {said}", left - len(token) - 1
    return f"{for_html(said.strip())} {bold(for_html(word))}" if said else bold(for_html(word))


def _values(board: Board, shown: HiddenUnit, at: _Sides, style: Style) -> None:
    start = at.word - 118 if at.left.y == at.right.y else 0
    board.text(
        start, at.right.y - 24, bold(style.labels["value"]), size=_SIZE, anchor="middle right"
    )
    most = max((abs(gain) for _, gain in shown.values), default=1.0) or 1.0
    for row, (word, gain) in enumerate(shown.values):
        y = _y(at.right, row)
        said = for_html(shortened(word, _LONGEST))
        board.text(at.word, y, said, size=_SIZE, anchor="middle left")
        colour = style.theme.plus if gain >= 0 else style.theme.minus
        _track(board, at.right, y, abs(gain) / most, colour)
        number = style.notation.fixed(gain, plus=True)
        board.text(at.right.right + 8, y, number, size=_SIZE, anchor="middle right")
