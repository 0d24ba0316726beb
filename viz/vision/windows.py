"""One window of a picture under attention: where it lies, what stands in it, where it looks.

In a shifted layer a window takes cells of the picture's ends together: they lie apart in the
picture, and beside each other in the window, where a line parts them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from models.trace import AttentionBlock, Floats
from models.vision.trace import Bytes
from models.vision.window_trace import PADDING, WindowLayer, WindowTrace
from viz.board.axes import inside
from viz.board.board import Board, Box, Figure
from viz.board.kept import kept
from viz.board.notation import for_html
from viz.board.raster import Layer, coloured
from viz.board.style import Style
from viz.board.theme import ink_on, rgb
from viz.vision import patches
from viz.vision.patches import Clicks
from viz.vision.visitor import letters, scale_words

WIDTH, HEIGHT, ONE_WIDTH = 850, 590, 560
OUTSIDE = "∅"  # the name of what only fills a window up
_PICTURE, _QUERIES, _TOP = 296.0, 186.0, 30.0  # pixels: the picture, the window as queries
_LEFT, _WEIGHTS = 344.0, 480.0  # where the window as keys begins, and how large it is
_VEIL = 0.62  # of the page's colour over what lies outside of the window
_NUMBERED = 36.0  # pixels of the smallest cell that has its number on it

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class WindowLook:
    """What of a picture's way through a model with windows is looked at; query, key: tokens of
    the window.
    """

    trace: WindowTrace
    layer: int
    head: int
    window: int
    query: int
    key: int

    def __post_init__(self) -> None:
        tokens = len(self.here.places[0])
        inside(
            IndexError,
            ("window", self.window, self.here.windows),
            ("head", self.head, self.here.heads),
            ("query", self.query, tokens),
            ("key", self.key, tokens),
        )

    @property
    def here(self) -> WindowLayer:
        """The chosen layer."""
        return self.trace.layers[self.layer]

    @property
    def block(self) -> AttentionBlock:
        """The chosen window's attention."""
        return self.here.block(self.window)

    @property
    def places(self) -> list[int]:
        """Of each of the window's tokens the cell of the grid."""
        found: list[int] = self.here.places[self.window].tolist()
        return found

    @property
    def tokens(self) -> tuple[str, ...]:
        """As on a sheet of the stage's cells: column letters, row number."""
        columns = self.here.grid[1]
        cells = (None if place == PADDING else divmod(place, columns) for place in self.places)
        return tuple(OUTSIDE if c is None else f"{letters(c[1])}{c[0] + 1}" for c in cells)

    @property
    def everywhere(self) -> tuple[tuple[int, int], ...]:
        """(window, token) of each layer at the chosen query's place. ValueError: it has none."""
        place = self.places[self.query]
        if place == PADDING:
            raise ValueError("what only fills a window up has no place in the picture")
        return self.trace.everywhere(self.layer, place)

    @property
    def row(self) -> Floats:
        """(token,): the chosen head's weights of the chosen query."""
        found: Floats = self.block.row(self.query)[self.head]
        return found

    @property
    def apart(self) -> Bools:
        """(token,): what the model keeps from the chosen query, since it is of another end."""
        found: Bools = self.added != 0
        return found

    @property
    def added(self) -> Floats:
        """(token,): what is added to its scores there, 0 elsewhere."""
        mask = self.here.mask
        if mask is None:
            return np.zeros(len(self.places), np.float32)
        found: Floats = mask[self.window, self.query]
        return found


@kept
def windows(look: WindowLook, style: Style) -> Figure:
    """labels: window_lies, window_asks, window_asked, window (number), window_apart, window_sum
    (sum), root, ends (end).
    """
    board, clicks = Board(WIDTH, HEIGHT, style.theme), Clicks()
    images = [_picture(board, clicks, look, style), _queries(board, clicks, look, style)]
    _keys(board, clicks, look, style)
    clicks.draw(board)
    figure = board.figure()
    figure.layout.images = images
    return figure


@kept
def one_window(look: WindowLook, style: Style) -> Figure:
    """The chosen head's weights alone, in the width of a column of sums. labels: as `windows`'s."""
    board, clicks = Board(ONE_WIDTH, HEIGHT, style.theme), Clicks()
    _keys(board, clicks, look, style, 0)
    clicks.draw(board)
    return board.figure()


def _picture(board: Board, clicks: Clicks, look: WindowLook, style: Style) -> Layer:
    """The picture with all windows' edges; what lies outside of the chosen one is veiled."""
    theme, layer = style.theme, look.here
    rows, columns = layer.grid
    cell = min(_PICTURE / rows, _PICTURE / columns)
    box = Box(0, _TOP, columns * cell, rows * cell)
    board.text(0, 12, style.labels["window_lies"], size=16, anchor="middle right")
    for window in range(layer.windows):
        said = style.labels["window"].format(number=window)
        for part in _parts(layer, window):
            there = _box(box, part, layer.grid)
            board.frame(there, theme.hatch, 0.75)
            clicks.box(there, ["window", window], for_html(said))
    for part in _parts(layer, look.window):
        board.frame(_box(box, part, layer.grid), theme.ink, 3)
    for place, colour in ((look.places[look.query], theme.q), (look.places[look.key], theme.k)):
        if place != PADDING:
            board.frame(box.cell(*divmod(place, columns), layer.grid), colour, 3)
    return coloured(_veiled(look, theme.page), box)


def _parts(layer: WindowLayer, window: int) -> Iterator[tuple[slice, slice]]:
    """The rectangles of the grid that a window consists of, (rows, columns) each."""
    places = layer.places[window].reshape(layer.size, layer.size)
    known = np.argwhere(places != PADDING)
    rows = sorted({places[r, c] // layer.grid[1] for r, c in known})
    columns = sorted({places[r, c] % layer.grid[1] for r, c in known})
    for down in _runs(rows):
        for across in _runs(columns):
            yield down, across


def _runs(numbers: list[int]) -> Iterator[slice]:
    """Whole numbers in order → those that follow each other."""
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        found = [number for _, number in run]
        yield slice(found[0], found[-1] + 1)


def _box(box: Box, part: tuple[slice, slice], grid: tuple[int, int]) -> Box:
    down, across = part
    first = box.cell(down.start, across.start, grid)
    last = box.cell(down.stop - 1, across.stop - 1, grid)
    return Box(first.x, first.y, last.right - first.x, last.bottom - first.y)


def _filled(look: WindowLook) -> Bytes:
    """(height, width, 3): the picture filled up to whole cells of the layer's grid, in grey."""
    (rows, columns), (high, wide) = look.here.grid, look.trace.cell(look.here)
    found = np.full((rows * high, columns * wide, 3), 128, np.uint8)
    height, width = look.trace.shown.shape[:2]
    found[:height, :width] = look.trace.shown[: rows * high, : columns * wide]
    return found


def _veiled(look: WindowLook, page: str) -> Bytes:
    pixels, grid = _filled(look), look.here.grid
    high, wide = look.trace.cell(look.here)
    own = np.zeros(grid, bool)
    own.ravel()[[place for place in look.places if place != PADDING]] = True
    outside = ~np.repeat(np.repeat(own, high, axis=0), wide, axis=1)
    mixed = pixels[outside] * (1 - _VEIL) + np.array(rgb(page)) * _VEIL
    pixels[outside] = np.rint(mixed).astype(np.uint8)
    return pixels


def _queries(board: Board, clicks: Clicks, look: WindowLook, style: Style) -> Layer:
    """What stands in the window, in its own order; the token that asks framed in Q's colour."""
    theme, size = style.theme, look.here.size
    y = _TOP + _PICTURE + 32
    board.text(
        0, y - 14, style.labels["window_asks"], size=16, colour=theme.q, anchor="middle right"
    )
    box = Box(0, y, _QUERIES, _QUERIES)
    _edges(board, box, look)
    for token, name in enumerate(look.tokens):
        clicks.box(box.cell(*divmod(token, size), (size, size)), ["query", token], for_html(name))
    board.frame(box.cell(*divmod(look.query, size), (size, size)), theme.q, 4)
    return coloured(_cut_out(look), box)


def _cut_out(look: WindowLook) -> Bytes:
    """(height, width, 3): the window's own pixels, grey where there are none."""
    pixels, columns, size = _filled(look), look.here.grid[1], look.here.size
    high, wide = look.trace.cell(look.here)
    found = np.full((size * high, size * wide, 3), 128, np.uint8)
    for token, place in enumerate(look.places):
        if place != PADDING:
            (r, c), (row, column) = divmod(token, size), divmod(place, columns)
            own = pixels[row * high : (row + 1) * high, column * wide : (column + 1) * wide]
            found[r * high : (r + 1) * high, c * wide : (c + 1) * wide] = own
    return found


def _edges(board: Board, box: Box, look: WindowLook) -> None:
    """The window's edge, and lines where the picture's ends meet inside of it."""
    size, theme = look.here.size, board.theme
    board.frame(box, theme.hatch, 1)
    places = np.array(look.places).reshape(size, size)
    rows, columns = places // look.here.grid[1], places % look.here.grid[1]
    for n in range(1, size):
        known = (places[n - 1] != PADDING) & (places[n] != PADDING)
        if (known & (rows[n] < rows[n - 1])).any():
            y = box.y + n * box.height / size
            board.line([box.x, box.right], [y, y], theme.ink, 3)
        known = (places[:, n - 1] != PADDING) & (places[:, n] != PADDING)
        if (known & (columns[:, n] < columns[:, n - 1])).any():
            x = box.x + n * box.width / size
            board.line([x, x], [box.y, box.bottom], theme.ink, 3)


def _keys(
    board: Board, clicks: Clicks, look: WindowLook, style: Style, left: float = _LEFT
) -> None:
    """The chosen head's weights within the window; hatched: what is kept apart."""
    theme, size, row = style.theme, look.here.size, look.row
    grid, end = (size, size), patches.end_of(row)
    words = style.labels["window_asked"]
    board.text(left, 12, words, size=16, colour=theme.k, anchor="middle right")
    box, shading = Box(left, _TOP, _WEIGHTS, _WEIGHTS), patches.weight_shading(theme, end)
    apart = look.apart.reshape(grid)
    roots = np.sqrt(np.clip(row, 0, 1)).reshape(grid)
    board.matrix(np.where(apart, np.nan, roots), box, shading, gap=1 if size < 16 else 0)
    board.hatch(apart, box)
    _edges(board, box, look)
    said = patches.said(look.tokens, look.query, row, style.notation)
    numbered, font = _WEIGHTS / size >= _NUMBERED, int(np.clip(_WEIGHTS / size / 5, 12, 22))
    for token, words in enumerate(said):
        cell = box.cell(*divmod(token, size), grid)
        if numbered:
            colour = theme.ink if look.apart[token] else ink_on(shading.colour(roots.flat[token]))
            middle = cell.x + cell.width / 2
            name, number = look.tokens[token], patches.small(float(row[token]), style.notation)
            if look.apart[token]:  # its weight may be exactly 0, or only nearly
                number = style.notation.fixed(float(look.added[token]), 0)
            for down, inner in ((0.34, name), (0.66, number)):
                board.text(middle, cell.y + cell.height * down, inner, size=font, colour=colour)
        clicks.box(cell, ["key", token], words)
    if look.query != look.key:
        board.frame(box.cell(*divmod(look.query, size), grid), theme.q, 3, "dot")
    board.frame(box.cell(*divmod(look.key, size), grid), theme.k, 5)
    _legend(board, look, end, style, left)


def _legend(board: Board, look: WindowLook, end: float, style: Style, left: float) -> None:
    y = _TOP + _WEIGHTS + 20
    total = style.notation.fixed(float(look.row.sum()))
    said = style.labels["window_sum"].format(sum=total)
    if look.apart.any():
        said = f"{said}; {style.labels['window_apart']}"
    board.note(left, y, said)
    patches.scale(board, Box(left + 6, y + 20, 150, 13), style.notation, end)
    for line, words in enumerate(scale_words(end, style).rsplit("; ", 1)):
        board.note(left + 190, y + 22 + 18 * line, words, size=14)
