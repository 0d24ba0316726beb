"""The figures of the words page: every number is the table's own, every word stays inside."""

from __future__ import annotations

import re

import numpy as np
import pytest

from models.words.neighbours import neighbours
from models.words.space import Score, VectorSpace, analogy
from models.words.table import Lookup
from models.words.vector_sets import of_table
from pages.ui.text import LANGUAGES, labels
from tests.viz.figures import HOSTILE, NOTATION, cells, checked, close, plain, words
from viz.board.board import Figure
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.formula.writer import Writer
from viz.words import analogies as of_analogies
from viz.words import neighbours as of_neighbours
from viz.words import table as of_table_view
from viz.words.neighbours_formulas import cosine
from viz.words.table import CELL, COLUMNS, ROWS, Scene, around
from viz.words.table_formulas import learned_distance, one_hot_distance, picked

NAMES = ("<unk>", *HOSTILE[:6], *(f"w{n}" for n in range(23)))
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def space() -> VectorSpace:
    vectors = np.random.default_rng(1).normal(size=(len(NAMES), 12)).astype(np.float32)
    return of_table("drawn", NAMES, vectors)


def style(theme: Theme = LIGHT, language: str = "en") -> Style:
    return Style(theme, NOTATION, labels("words.figure", spoken=language))


def scene(row: int = 3, other: int = 9, dim: int = 5) -> Scene:
    return Scene(Lookup(space(), row, other), dim, (other, 1, 2, 10, 11))


def fits(figure: Figure) -> None:
    checked(figure)
    for word in words(figure):
        assert 0 <= word.x <= 1190
        assert 0 <= word.y <= figure.layout.height
        assert "<script" not in word.text


@THEMES
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_is_one_that_plotly_knows_and_stays_inside(theme: Theme, language: str) -> None:
    for row, dim in ((0, 0), (3, 5), (len(NAMES) - 1, 11)):
        fits(of_table_view.table(scene(row, 9, dim), style(theme, language)))


def test_the_drawn_cells_are_the_rows_own_numbers_and_carry_their_place() -> None:
    drawn = scene()
    (answers, bars) = cells(of_table_view.table(drawn, style()))
    assert len(answers.customdata) == ROWS * COLUMNS
    for (kind, row, dim), text in zip(answers.customdata, answers.text, strict=True):
        assert kind == CELL
        assert close(text, drawn.lookup.space.vectors[int(row), int(dim)])
    assert [int(row) for _, row, _ in bars.customdata] == list(drawn.others)


def test_every_one_hot_distance_is_the_same_and_those_in_e_are_the_tables() -> None:
    drawn = scene()
    said = [plain(word.text) for word in words(of_table_view.table(drawn, style()))]
    assert said.count("1.41") >= len(drawn.others)
    for row in drawn.others:
        assert NOTATION.fixed(float(drawn.lookup.distances[row]), 2) in said


@pytest.mark.parametrize(("place", "count", "most"), [(0, 30, 11), (29, 30, 11), (2, 3, 11)])
def test_the_chosen_place_is_always_drawn(place: int, count: int, most: int) -> None:
    found = around(place, count, most)
    assert place in found
    assert len(found) == min(count, most)
    assert 0 <= found.start <= found.stop <= count


@THEMES
def test_neighbours_and_analogies_stay_inside_and_say_their_cosines(theme: Theme) -> None:
    found = neighbours(space(), 4)
    figure = of_neighbours.neighbours(found, 2, style(theme))
    fits(figure)
    said = [plain(word.text) for word in words(figure)]
    assert NOTATION.fixed(found.cosine(2), 3) in said
    scores = {"plural": Score(10, 4, 2, 1), "all": Score(10, 4, 2, 1)}
    asked = of_analogies.Scene(analogy(space(), 1, 2, 3), 7, scores, "plural")
    figure = of_analogies.analogies(asked, style(theme))
    fits(figure)
    shares = [plain(word.text) for word in words(figure) if plain(word.text).endswith(" %")]
    assert shares == ["60.0 %", "80.0 %", "90.0 %"] * 2


def test_given_words_are_hatched_and_the_answer_is_the_first_that_was_not_given() -> None:
    one = space()
    asked = of_analogies.Scene(analogy(one, 1, 1, 3), None, None, "own")
    figure = of_analogies.analogies(asked, style())
    said = [word.text for word in words(figure) if "given (" in word.text]
    assert len(said) == len(set(asked.drawn) & {1, 3})
    assert asked.drawn[0] == 3
    assert asked.found.answer == asked.drawn[1]
    assert sum("the answer" in word.text for word in words(figure)) == 1


def test_sums_come_to_the_numbers_of_the_record() -> None:
    lookup, w = Lookup(space(), 3, 9), Writer(Style(LIGHT, NOTATION, labels("words.formula")), 2, 3)
    assert rf"\mathbf{{{NOTATION.tex(float(lookup.vector[5]), 2)}}}" in picked(lookup, 5, w)
    assert r"\mathbf{1.414}" in one_hot_distance(w)
    assert rf"\mathbf{{{NOTATION.tex(lookup.distance, 3)}}}" in learned_distance(lookup, w)
    a, b = neighbours(space(), 3).pair(0)
    result = cosine(a, b, ("a", "b"), w)[2]
    value = float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))
    assert re.search(rf"mathbf{{{re.escape(NOTATION.tex(value, 3))}}}", result)
