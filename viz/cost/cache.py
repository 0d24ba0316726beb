"""Which heads share keys and values, and below it the bytes that a cache takes so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.cost.cache import KeyValueCache
from models.trace import Floats
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.style import Style
from viz.cost.units import size

WIDTH, HEIGHT = 1190, 640
LATENT = "output"  # its colour
_LEFT, _ROOM = 116.0, 1060.0  # of the four columns; what rows are stands at their left
_QUERIES, _KEYS, _VALUES = 96.0, 208.0, 232.0  # y of the heads' middles
_SIDE = 16.0  # pixels of a head, where there is room
_TOP, _FLOOR, _BAR = 356.0, 590.0, 120.0  # of the bars; their width


@dataclass(frozen=True, slots=True, eq=False)
class CachesShown:
    """The four caches beside each other. title: the model's; chosen: which is opened."""

    caches: tuple[KeyValueCache, ...]
    chosen: int
    title: str

    @property
    def one(self) -> KeyValueCache:
        """The chosen one."""
        return self.caches[self.chosen]

    @property
    def full(self) -> KeyValueCache:
        """With a key and a value a head: the largest."""
        return self.caches[0]


@kept
def cache_bars(drawn: CachesShown, style: Style) -> Figure:
    """The heads above, the bars below; a click on a column chooses it.

    labels: sharing.<sharing>, whole.<sharing>, queries, keys, values, latent, rotated, own,
    weights, weights_beyond, numbers, percent.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    count = len(drawn.caches)
    columns = [Box(_LEFT, 0, _ROOM, HEIGHT - 6).column(n, count) for n in range(count)]
    largest = max(one.bytes for one in drawn.caches)
    for box, one in zip(columns, drawn.caches, strict=True):
        _heads(board, box, one, style)
        _bar(board, box, one, largest, style)
    _legend(board, style)
    board.line([_LEFT, _LEFT + _ROOM], [_FLOOR, _FLOOR], board.theme.hatch, 1.5)
    _weights(board, drawn, largest, style)
    chosen = columns[drawn.chosen].grown(-4, 0)
    board.frame(Box(chosen.x, 3, chosen.width, chosen.height), board.theme.ink, 2.5)
    _answers(board, columns, drawn, style)
    return board.figure()


def _heads(board: Board, box: Box, one: KeyValueCache, style: Style) -> None:
    """Queries above; what they read below, with a line from each to what it shares."""
    middle, name = box.x + box.width / 2, one.sharing
    board.text(middle, 24, bold(style.labels[f"sharing.{name}"]), size=20)
    words = style.labels[f"whole.{name}"]
    board.text(middle, 48, words, size=15, colour=board.theme.muted)
    if one.native:
        board.text(middle, 70, bold(style.labels["own"]), size=15, colour=style.colour("good"))
    queries, side = _row(box, one.shape.heads)
    width = 1.5 if one.shape.heads <= 16 else 0.7
    quiet = board.theme.hatch
    board.line(queries, np.full(len(queries), _QUERIES), style.colour("q"), 0,
               symbol="square", size=side)  # fmt: skip
    below = _QUERIES + side / 2 + 2
    if name == "latent":
        top = _KEYS - 14
        board.curves([((x, below), (middle, top)) for x in queries], quiet, width, down=True)
        _latent(board, box, one, style)
    else:
        keys = _shared(queries, one.kv_heads)
        shared = len(queries) // one.kv_heads
        ends = [(keys[n // shared], _KEYS - side / 2 - 2) for n in range(len(queries))]
        starts = [(x, below) for x in queries]
        board.curves(list(zip(starts, ends, strict=True)), quiet, width, down=True)
        for y, role in ((_KEYS, "k"), (_VALUES, "v")):
            board.line(keys, np.full(len(keys), y), style.colour(role), 0,
                       symbol="square", size=side)  # fmt: skip
    number = style.notation.grouped(one.layer_numbers)
    board.text(middle, 272, bold(number), size=18)
    board.text(middle, 296, style.labels["numbers"], size=15, colour=board.theme.muted)


def _row(box: Box, heads: int) -> tuple[Floats, float]:
    """(head,) x of every head, and the side of its square."""
    room = box.width - 48
    pitch = min(1.55 * _SIDE, room / heads)
    x = box.x + box.width / 2 + (np.arange(heads) - (heads - 1) / 2) * pitch
    return x, min(_SIDE, 0.72 * pitch)


def _shared(queries: Floats, groups: int) -> Floats:
    """(group,) x of a key: below the middle of the heads that share it."""
    return np.asarray(queries.reshape(groups, -1).mean(axis=1))


def _latent(board: Board, box: Box, one: KeyValueCache, style: Style) -> None:
    """One vector and one rotated key, as wide as the numbers that they hold."""
    room, widths = box.width - 90, one.shape.latent_widths
    x = box.x + 40
    for width, role in zip(widths, (LATENT, "k"), strict=True):
        part = Box(x, _KEYS - 10, room * width / sum(widths), 20)
        board.fill(part, style.colour(role))
        x = part.right + 8
    y, number = _VALUES + 8, style.notation.grouped
    words = f"{style.labels['latent']}: {number(widths[0])}"
    board.text(box.x + 36, y, words, size=15, colour=style.colour(LATENT), anchor="middle right")
    words = f"{style.labels['rotated']}: {number(widths[1])}"
    board.text(box.right - 32, y, words, size=15, colour=style.colour("k"), anchor="middle left")


def _legend(board: Board, style: Style) -> None:
    """What the rows of squares are."""
    rows = ((_QUERIES, "queries", "q"), (_KEYS, "keys", "k"), (_VALUES, "values", "v"))
    for y, name, role in rows:
        board.text(_LEFT - 12, y, style.labels[name], size=15, colour=style.colour(role),
                   anchor="middle left")  # fmt: skip


def _bar(board: Board, box: Box, one: KeyValueCache, largest: int, style: Style) -> None:
    """From the floor; its bytes above it, and what part of the largest they are below."""
    middle = box.x + box.width / 2
    high = (_FLOOR - _TOP) * one.bytes / largest
    role = LATENT if one.sharing == "latent" else "weight"
    board.fill(Box(middle - _BAR / 2, _FLOOR - high, _BAR, high), style.colour(role))
    board.text(middle, _FLOOR - high - 16, bold(size(one.bytes, style.notation, 3)), size=18)
    share = style.notation.significant(100 * one.bytes / largest, 3)
    words = style.labels["percent"].format(n=share)
    board.text(middle, _FLOOR + 20, words, size=16, colour=board.theme.muted)


def _weights(board: Board, drawn: CachesShown, largest: int, style: Style) -> None:
    """The model's weights as a line across the bars, where they are no higher than the picture."""
    held = drawn.one.weight_bytes
    beyond = held > largest
    y = _FLOOR - (_FLOOR - _TOP) * min(held / largest, 1)
    if not beyond:
        board.line([_LEFT, _LEFT + _ROOM], [y, y], board.theme.ink, 1.5, dash="dash")
    words = style.labels["weights_beyond" if beyond else "weights"]
    number = size(held, style.notation, 3)
    board.note(_LEFT - 12, y, f"{words}<br>{number}", size=15, anchor="middle left")


def _answers(board: Board, columns: list[Box], drawn: CachesShown, style: Style) -> None:
    """Points along every column that choose it."""
    side, rows = 120.0, 5
    x, y, ids, said = [], [], [], []
    for box, one in zip(columns, drawn.caches, strict=True):
        number = size(one.bytes, style.notation, 3)
        for place in ((a, b) for b in range(rows) for a in (1, 3)):
            x.append(box.x + box.width * place[0] / 4)
            y.append(HEIGHT * (place[1] + 0.5) / rows)
            ids.append([one.sharing])
            said.append(f"{style.labels[f'sharing.{one.sharing}']}: {number}")
    board.clicks(np.array(x), np.array(y), ids, side, said)
