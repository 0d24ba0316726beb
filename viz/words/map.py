"""Words as points on a map, the chosen word's nearest marked, and what each map keeps of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from models.trace import Floats
from models.words.map import NEAREST, Quality, WordMap
from models.words.word_classes import CLASSES
from viz.board.board import Board, Box, Figure
from viz.board.box import word_box
from viz.board.kept import kept
from viz.board.notation import bold
from viz.board.plane import Plane
from viz.board.sentence import percent_words
from viz.board.style import Style
from viz.board.theme import Theme
from viz.words.naming import row_name, shown

WIDTH, HEIGHT = 1190, 660
_MAP = Box(8, 44, 752, 604)
_STRIP = 796.0  # where the columns at the right begin
_LOOKS = {  # class: role of its colour, symbol of its points, the same as a character
    "noun": ("state_c", "circle", "●"),
    "name": ("output", "diamond", "◆"),
    "verb": ("gate_f", "square", "■"),
    "adjective": ("gate_g", "triangle-up", "▲"),
    "several": ("gold", "cross", "✚"),
    "other": ("hatch", "circle-open", "○"),
}
_OTHERS = 56  # words besides the chosen one and its nearest that may have a label


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What is drawn. word: of the map; rank: which of its nearest is chosen, from 0.

    classes: (word,) of CLASSES; qualities: projection → what that map keeps; projection: drawn.
    """

    found: WordMap
    word: int
    rank: int
    classes: Sequence[str]
    qualities: Mapping[str, Quality]
    projection: str

    @property
    def other(self) -> int:
        """The chosen neighbour, a word of the map."""
        return self.found.nearest(self.word)[self.rank]

    def name(self, word: int, longest: int = 12) -> str:
        """A word for a picture: safe HTML."""
        return shown(self.found.space, self.found.rows[word], longest)


@kept
def word_map(scene: Scene, style: Style) -> Figure:
    """Points at the left; classes, the word's nearest and the maps' measures at the right.

    labels: class.<class>, nearest_words, in_table, on_map, measures, measure.<name>,
    projection.<projection>, axis_<n>, percent.
    """
    board = Board(WIDTH, HEIGHT, style.theme)
    xs, ys = _places(scene.found.places)
    _points(board, scene, xs, ys)
    _labels(board, scene, xs, ys)
    _axes(board, scene, style)
    _legend(board, style)
    _nearest(board, scene, style)
    _measures(board, scene, style)
    names = [row_name(scene.found.space, row) for row in scene.found.rows]
    board.clicks(xs, ys, [[row] for row in scene.found.rows], 16, names)
    return board.figure()


def _places(places: Floats) -> tuple[Floats, Floats]:
    """(word, 2) → (word,), (word,) in pixels, both axes by the same measure."""
    low, high = places.min(0).astype(np.float64), places.max(0).astype(np.float64)
    unit = max(float(((high - low) / (_MAP.width - 60, _MAP.height - 40)).max()), 1e-12)
    (x, y), half = (low + high) / 2, (unit * _MAP.width / 2, unit * _MAP.height / 2)
    plane = Plane(_MAP, (x - half[0], x + half[0]), (y - half[1], y + half[1]))
    return plane.across(places[:, 0]), plane.up(places[:, 1])


def _colour(theme: Theme, kind: str) -> str:
    return str(getattr(theme, _LOOKS[kind][0]))


def _points(board: Board, scene: Scene, xs: Floats, ys: Floats) -> None:
    """Lines to the nearest, dashed where the map has torn them away; a point a word."""
    theme, kept = board.theme, scene.found.kept(scene.word)
    for word in scene.found.nearest(scene.word):
        ends = [scene.word, word]
        dash, wide = "solid" if word in kept else "dot", 2.5 if word == scene.other else 1.2
        board.line(xs[ends], ys[ends], theme.k, wide, dash=dash)
    for kind in reversed(CLASSES):
        words = [n for n, one in enumerate(scene.classes) if one == kind]
        if words:
            board.line(xs[words], ys[words], _colour(theme, kind), 0, symbol=_LOOKS[kind][1],
                       size=7)  # fmt: skip
    near = list(scene.found.nearest(scene.word))
    board.line(xs[near], ys[near], theme.k, 0, symbol="circle-open", size=14)
    board.line(xs[[scene.word]], ys[[scene.word]], theme.q, 0, symbol="circle", size=13)


def _labels(board: Board, scene: Scene, xs: Floats, ys: Floats) -> None:
    """Names beside points where nothing else stands; the chosen word and its nearest first."""
    theme, near = board.theme, scene.found.nearest(scene.word)
    first = [scene.word, scene.other, *(word for word in near if word != scene.other)]
    taken = [Box(float(xs[n]) - 5, float(ys[n]) - 5, 10, 10) for n in first]
    drawn = 0
    for word in [*first, *(n for n in _in_turn(scene.classes) if n not in first)]:
        marked, chosen = word in first, word in (scene.word, scene.other)
        if not marked and drawn >= _OTHERS:
            break
        size = 17 if marked else 14
        label = bold(scene.name(word), chosen)
        place = _free((xs, ys), word, label, size, taken, covers=marked)
        if place is None:
            continue
        x, y, anchor, box = place
        taken.append(box)
        drawn += not marked
        ink = theme.q if word == scene.word else theme.k if marked else theme.muted
        board.text(x, y, label, size=size, colour=ink, anchor=anchor)


def _in_turn(classes: Sequence[str]) -> list[int]:
    """Words of each class in turn, in the order of the table."""
    every = ([n for n, one in enumerate(classes) if one == kind] for kind in CLASSES)
    return [n for row in zip_longest(*every) for n in row if n is not None]


def _free(
    points: tuple[Floats, Floats],
    word: int,
    label: str,
    size: float,
    taken: Sequence[Box],
    *,
    covers: bool,
) -> tuple[float, float, str, Box] | None:
    """Where a label has room beside its point, over as few others as may be; None: nowhere.

    covers: it may lie over points at all.
    """
    xs, ys = points
    x, y, aside = float(xs[word]), float(ys[word]), 12.0
    places = ((x + aside, y, "middle right"), (x - aside, y, "middle left"),
              (x, y - aside, "top center"), (x, y + aside, "bottom center"))  # fmt: skip
    found: list[tuple[int, tuple[float, float, str, Box]]] = []
    for at, up, anchor in places:
        box = word_box(at, up, label, anchor, size).grown(3, -1)
        inside = _MAP.x <= box.x and box.right <= _MAP.right + 20 and box.bottom <= HEIGHT
        if not inside or box.y < _MAP.y - 8 or any(_meet(box, other) for other in taken):
            continue
        wide, high = np.abs(xs - box.x - box.width / 2), np.abs(ys - box.y - box.height / 2)
        over = int(((wide < box.width / 2 + 3) & (high < box.height / 2 + 3)).sum())
        found.append((over, (at, up, anchor, box)))
    best = min(found, key=lambda one: one[0], default=None)
    return None if best is None or (best[0] and not covers) else best[1]


def _meet(one: Box, other: Box) -> bool:
    beside = one.right <= other.x or other.right <= one.x
    return not (beside or one.bottom <= other.y or other.bottom <= one.y)


def _axes(board: Board, scene: Scene, style: Style) -> None:
    """What the axes are: of PCA how much of the variance, of t-SNE nothing."""
    found = scene.found.principal
    if found is None:
        board.note(_MAP.x, 16, style.labels["no_axes"])
        return
    one, two = (percent_words(style, float(share), 1) for share in found.shares)
    board.note(_MAP.x, 16, style.labels["axes"].format(one=one, two=two))


def _legend(board: Board, style: Style) -> None:
    """The classes in two columns."""
    for n, kind in enumerate(CLASSES):
        x, y = _STRIP + 200 * (n % 2), 16 + 25 * (n // 2)
        board.text(x, y, _LOOKS[kind][2], size=16, colour=_colour(board.theme, kind),
                   anchor="middle right")  # fmt: skip
        board.text(x + 24, y, style.labels[f"class.{kind}"], size=16, anchor="middle right")


def _nearest(board: Board, scene: Scene, style: Style) -> None:
    """The nearest by the rows' distance, and the how-manieth each is on the map."""
    theme, found = board.theme, scene.found
    top, columns = 108, (_STRIP + 230, _STRIP + 380)
    words = style.labels["nearest_words"].format(count=NEAREST, word=scene.name(scene.word))
    board.text(_STRIP, top, bold(words), size=17, anchor="middle right")
    for x, name in zip(columns, ("in_table", "on_map"), strict=True):
        board.note(x, top + 26, style.labels[name], size=15, anchor="middle left")
    for n, word in enumerate(found.nearest(scene.word)):
        y, chosen, rank = top + 54 + 25 * n, n == scene.rank, found.rank(scene.word, word)
        kept = rank <= NEAREST
        ink = theme.k if chosen else theme.ink
        board.text(_STRIP, y, bold(f"{n + 1}. {scene.name(word)}", chosen), size=16, colour=ink,
                   anchor="middle right")  # fmt: skip
        distance = style.notation.fixed(found.distance(scene.word, word), 2)
        board.text(columns[0], y, bold(distance, chosen), size=16, colour=ink,
                   anchor="middle left")  # fmt: skip
        sign, tint = ("✓", theme.good) if kept else ("✗", theme.bad)
        board.text(columns[1], y, f"{rank} {sign}", size=16, colour=tint, anchor="middle left")


def _measures(board: Board, scene: Scene, style: Style) -> None:
    """A row a measure, a column a map; the drawn one bold."""
    top, pitch = 430, 30
    board.text(_STRIP, top, bold(style.labels["measures"]), size=17, anchor="middle right")
    columns = [_STRIP + 218 + 81 * n for n in range(len(scene.qualities))]
    for x, (name, found) in zip(columns, scene.qualities.items(), strict=True):
        chosen = name == scene.projection
        for line, words in enumerate(style.labels[f"projection.{name}"].split("\n")):
            ink = board.theme.ink if chosen else board.theme.muted
            board.text(x, top + 30 + 19 * line, bold(words, chosen), size=15, colour=ink,
                       anchor="middle left")  # fmt: skip
        numbers = (style.notation.fixed(found.trustworthiness, 2), percent_words(style, found.kept),
                   style.notation.fixed(found.correlation, 2))  # fmt: skip
        for n, words in enumerate(numbers):
            board.text(x, top + 84 + pitch * n, bold(words, chosen), size=16, anchor="middle left")
    for n, name in enumerate(("trust", "kept", "correlation")):
        words = style.labels[f"measure.{name}"].format(count=NEAREST)
        board.note(_STRIP, top + 84 + pitch * n, words, size=15)
