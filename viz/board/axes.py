"""Tokens along the edges of a matrix: sizes, which have a word, which cells answer a click."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from viz.board.board import Board, Box
from viz.board.box import text_width as text_width
from viz.board.notation import bold, for_html, shortened
from viz.board.wrapping import NEAR, drawn_width

Labels = Mapping[str, str]
Cell = tuple[int, int]  # row, column

# More cells than this and each no longer gets a clickable point of its own.
MOST_CLICKABLE = 40
LONGEST_LABEL = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen cell of a matrix."""

    query: int
    key: int


@dataclass(frozen=True, slots=True)
class Axes:
    """The tokens of a matrix: queries down the side, keys along the top.

    query_ids, key_ids: the places in the whole text of what is shown, when some is hidden.
    since: from this row and this column on the model wrote the tokens itself; None: it wrote none.
    """

    queries: Sequence[str]
    keys: Sequence[str]
    chosen: Choice
    query_ids: Sequence[int] | None = None
    key_ids: Sequence[int] | None = None
    since: Cell | None = None

    def identity(self, row: int, column: int) -> list[int]:
        """[query, key] in the whole text of one shown cell."""
        query = row if self.query_ids is None else self.query_ids[row]
        return [query, column if self.key_ids is None else self.key_ids[column]]

    @property
    def shape(self) -> tuple[int, int]:
        """(queries, keys)."""
        return len(self.queries), len(self.keys)

    @property
    def cell(self) -> Cell:
        """The chosen (query, key)."""
        return self.chosen.query, self.chosen.key

    @property
    def rows_since(self) -> int | None:
        """The first query that the model wrote."""
        return None if self.since is None else self.since[0]

    @property
    def columns_since(self) -> int | None:
        """The first key that the model wrote."""
        return None if self.since is None else self.since[1]


@dataclass(frozen=True, slots=True)
class Edge:
    """Words along one side of a matrix, one a row or column; an empty side has none.

    chosen: whose word is bold and in `colour`, None: none. longest: letters; away: pixels from the
    matrix; largest: type. until: so many places have a word. since: from this one on in italics.
    size: of all words, None: as fits.
    Words above columns are slanted by `angle` and stand `lean` of their size to the left, at most
    `farthest` pixels; slack: the share of a column's width that is theirs.
    """

    words: Sequence[str] = ()
    chosen: int | None = None
    colour: str = ""
    longest: int = LONGEST_LABEL
    away: float = 8
    largest: float = 22.0
    until: int | None = None
    since: int | None = None
    size: float | None = None
    slack: float = 1.0
    lean: float = 0.45
    farthest: float = 22.0
    angle: float = -40

    def shown(self, pitch: float) -> Iterator[tuple[int, str, bool, float]]:
        """(place, safe HTML, whether chosen, size not yet capped) of words that have room."""
        chosen = self.chosen or 0
        places, size = shown_labels(len(self.words), chosen, pitch * self.slack)
        if self.size is not None:
            places, size = list(range(len(self.words))) if self.size else [chosen], self.size or 14
        for place in places:
            if self.until is None or place < self.until:
                now = place == self.chosen
                word = bold(for_html(shortened(self.words[place], self.longest)), now)
                yield place, self.slanted(place, word), now, size

    def slanted(self, place: int, word: str) -> str:
        """A place's word, safe HTML: in italics behind `since`."""
        return word if self.since is None or place < self.since else f"<i>{word}</i>"


def label_size(pitch: float) -> float:
    """Type size of token labels that stand `pitch` pixels apart; 0: no room for all of them."""
    return 0 if pitch < 11 else min(22.0, pitch * 0.78)


def side_width(
    tokens: Sequence[str],
    size: float,
    *,
    smallest: float = 16,
    air: float = 12,
    least: float = 84,
    names: Sequence[str] = (),
) -> float:
    """Room that row labels need; no narrower than the axis's own names, or `least` pixels."""
    longest = max((len(shortened(t, LONGEST_LABEL)) for t in tokens), default=0)
    named = max((drawn_width(name, 16) + 10 - NEAR for name in names), default=0)
    return max(longest * max(size, smallest) * 0.53 + air, least, named)


def matrix_box(
    board: Board, axes: Axes, *, top: float, bottom: float, names: Sequence[str] = ()
) -> Box:
    """Where the matrix of a figure lies, leaving room for labels at its left and above it.

    names: of the axes, which stand above the labels at the left.
    """
    rows, columns = axes.shape
    room = board.height - top - bottom
    side = side_width(axes.queries, label_size(room / rows), names=names)
    width = board.width - side - 36
    # Few tokens: cells no larger than is good to look at; never wider than three times as high.
    height = min(room, rows * 74.0)
    return Box(side, top, min(width, columns * 74.0 if columns < 8 else width), height)


def shown_labels(count: int, chosen: int, pitch: float) -> tuple[list[int], float]:
    """Which of many tokens get a label, and how large: all, or every so many and the chosen."""
    size = label_size(pitch)
    if size:
        return list(range(count)), size
    every = max(1, round(60 / pitch))
    spaced = {i for i in range(0, count, every) if abs(i - chosen) * pitch > 24}
    return sorted(spaced | {chosen}), 15.0


def row_edge(board: Board, box: Box, edge: Edge) -> None:
    """Words at the left of the rows, right-aligned."""
    pitch = box.height / max(len(edge.words), 1)
    for place, word, now, size in edge.shown(pitch):
        ink = (edge.colour or board.theme.q) if now else board.theme.ink
        y = box.y + (place + 0.5) * pitch
        board.text(box.x - edge.away, y, word, size=min(size, edge.largest), colour=ink,
                   anchor="middle left")  # fmt: skip


def column_edge(board: Board, box: Box, edge: Edge) -> None:
    """Words above the columns, slanted, their lower left ends at the columns' middles.

    A single sign stands upright: slanted, an I is a stroke, and narrow columns' signs seem to
    belong to the next one.
    """
    pitch = box.width / max(len(edge.words), 1)
    for place, word, now, size in edge.shown(pitch):
        ink = (edge.colour or board.theme.k) if now else board.theme.ink
        if len(edge.words[place]) == 1:
            size = min(size, edge.largest)
            middle = box.x + (place + 0.5) * pitch
            board.text(middle, box.y - edge.away - size / 2, word, size=size, colour=ink)
            continue
        x = box.x + (place + 0.5) * pitch - min(size * edge.lean, edge.farthest)
        board.slanted(x, box.y - edge.away, word, size=min(size, edge.largest), colour=ink,
                      angle=edge.angle)  # fmt: skip


def queries(axes: Axes) -> Edge:
    """The query tokens, for the rows."""
    return Edge(axes.queries, axes.chosen.query, since=axes.rows_since)


def keys(axes: Axes) -> Edge:
    """The key tokens, for the columns; slanted words need more room than words in a column."""
    return Edge(axes.keys, axes.chosen.key, away=4, slack=0.8, since=axes.columns_since)


def axis_names(board: Board, box: Box, labels: Labels, places: Mapping[str, float]) -> None:
    """What both axes are, at the matrix's upper left; places: name in `labels` → y from its top."""
    for name, y in places.items():
        board.note(box.x - 10, box.y + y, labels[name], anchor="middle left")


def parting(board: Board, box: Box, axes: Axes) -> None:
    """Lines through a matrix of tokens where the prompt ends and what the model wrote begins."""
    if axes.since is None:
        return
    (rows, columns), (row, column) = axes.shape, axes.since
    if 0 < row < rows:  # a window may lie on one side of it
        y = box.row(row, rows).y
        board.line([box.x, box.right], [y, y], board.theme.ink, 2)
    if 0 < column < columns:
        x = box.column(column, columns).x
        board.line([x, x], [box.y, box.bottom], board.theme.ink, 2)


def parted(board: Board, axes: Axes, labels: Labels, x: float, y: float) -> None:
    """What stands on either side of these lines, its left end at (x, y): prompt | written."""
    if axes.since is None:
        return
    line = f"<span style='color:{board.theme.ink}'><b>|</b></span>"
    board.note(x, y, f"{labels['prompt']} {line} <i>{labels['written']}</i>")


def inside(error: type[Exception], *places: tuple[str, int, int]) -> None:
    """places: name, number, how many there are. Raises `error` where a number is not in range."""
    for name, value, count in places:
        if not 0 <= value < count:
            raise error(f"{name} {value} is not in 0..{count - 1}")


def every_cell(shape: tuple[int, ...]) -> list[Cell]:
    """(row, column) of all cells, row by row."""
    return list(product(range(shape[0]), range(shape[1])))


def clickable(shape: tuple[int, int], chosen: Cell) -> list[Cell]:
    """Cells that answer a click: all, or of a large matrix the chosen row and column."""
    rows, columns = shape
    if max(rows, columns) <= MOST_CLICKABLE:
        return every_cell(shape)
    across = [(chosen[0], j) for j in range(columns)]
    return across + [(i, chosen[1]) for i in range(rows) if i != chosen[0]]
