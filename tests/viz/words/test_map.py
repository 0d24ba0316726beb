"""The map of words: every number is the map's own, labels stay inside and apart."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from models.words.map import NEAREST, Quality, WordMap, principal
from models.words.vector_sets import of_table
from models.words.word_classes import CLASSES
from pages.ui.text import LANGUAGES, labels
from tests.viz.figures import HOSTILE, NOTATION, cells, checked, close, plain, words
from viz.board.box import word_box
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.formula.writer import Writer
from viz.words.map import HEIGHT, WIDTH, Scene, word_map
from viz.words.map_formulas import coordinate, distance, kernel

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
NAMES = (*HOSTILE[:6], *(f"w{n}" for n in range(120)))
QUALITIES = dict.fromkeys(("pca", "tsne", "tsne_again"), Quality(0.5, 1.0, -0.25))


def scene(word: int = 3, rank: int = 2, *, places: float = 1.0) -> Scene:
    vectors = np.random.default_rng(2).normal(size=(len(NAMES), 9)).astype(np.float32)
    found = principal(vectors)
    kept = found if places else None
    one = WordMap(of_table("drawn", NAMES, vectors), tuple(range(len(NAMES))),
                  found.places * places, kept)  # fmt: skip
    kinds = [CLASSES[n % len(CLASSES)] for n in range(len(NAMES))]
    return Scene(one, word, rank, kinds, QUALITIES, "pca")


def style(theme: Theme = LIGHT, language: str = "en") -> Style:
    return Style(theme, NOTATION, labels("words.figure", spoken=language))


@THEMES
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_stays_inside_and_no_label_covers_another(theme: Theme, language: str) -> None:
    for word, places in ((3, 1.0), (90, 1.0), (0, 0.0)):
        figure = word_map(scene(word, places=places), style(theme, language))
        checked(figure)
        for one in words(figure):
            assert 0 <= one.x <= WIDTH
            assert 0 <= one.y <= HEIGHT
            assert "<script" not in one.text
        texts = figure.data[-1]
        rows = zip(
            texts.x, texts.y, texts.text, texts.textposition, texts.textfont.size, strict=True
        )
        boxes = [word_box(*row) for row in rows if row[0] < 780 and row[1] > 30]
        for a, b in combinations(boxes, 2):
            assert a.right <= b.x + 7 or b.right <= a.x + 7 or a.bottom <= b.y + 3 or (
                b.bottom <= a.y + 3)  # fmt: skip


def test_every_point_answers_with_its_row_and_the_nearest_are_listed() -> None:
    drawn = scene()
    figure = word_map(drawn, style())
    (points,) = cells(figure)
    carried = [list(one) for one in points.customdata]
    assert carried == [[row] for row in drawn.found.rows]
    listed = [plain(one.text) for one in words(figure)]
    for n, word in enumerate(drawn.found.nearest(drawn.word)):
        assert any(text.startswith(f"{n + 1}. ") for text in listed)
        rank = drawn.found.rank(drawn.word, word)
        assert f"{rank} {'✓' if rank <= NEAREST else '✗'}" in listed


def test_both_axes_have_one_measure() -> None:
    drawn = scene()
    (points,) = cells(word_map(drawn, style()))
    xs, ys = np.asarray(points.x, float), np.asarray(points.y, float)
    across = (xs[5] - xs[9]) / (drawn.found.places[5, 0] - drawn.found.places[9, 0])
    up = (ys[9] - ys[5]) / (drawn.found.places[5, 1] - drawn.found.places[9, 1])
    assert across == pytest.approx(up, rel=1e-6)


def test_the_sums_come_to_the_places() -> None:
    drawn, w = scene(), Writer(style(), 3)
    found = drawn.found
    assert found.principal is not None
    for axis in range(2):
        _, rows, result = coordinate(found.principal, found.vectors[3], axis, w)
        assert rows.count(r"\cdot") == 9
        assert close(result.split("{")[-1].strip("}"), found.places[3, axis], 3)
    length = found.map_distance(3, drawn.other)
    assert NOTATION.tex(length, 3) in distance(found.places[3], found.places[drawn.other], w)
    assert NOTATION.tex(1 / (1 + length**2), 5) in kernel(length, w)
