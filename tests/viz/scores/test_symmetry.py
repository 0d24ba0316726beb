"""Both matrices with their mirror images, every head's mark, both sums: where the numbers say."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import sqrt

import numpy as np
import pytest

from models.record import record
from models.scores import symmetry as numbers
from tests.viz.figures import checked, words
from tests.viz.sentences import BOTH, fixed, read, style
from viz.board.board import Figure
from viz.formula.writer import Writer
from viz.scores import remarks
from viz.scores.symmetry import Drawn, symmetry
from viz.scores.symmetry_formulas import mirrored

TEXT = "The cat sat down because it was tired"


@lru_cache
def drawn() -> Drawn:
    trace = record("minilm", TEXT)
    found = numbers.two_matrices(trace.block("encoder", 3).head(1))
    return Drawn(found, trace.tokens, 6, 2, numbers.of_all_heads(trace, "encoder"), (3, 1))


def figure(language: str = "en", shown: Drawn | None = None) -> Figure:
    return symmetry(shown or drawn(), style(language, "scores.symmetry.figure"))


def test_both_matrices_are_drawn_each_with_its_own_colours() -> None:
    own, same = (t for t in figure().data if t.type == "heatmap")
    np.testing.assert_allclose(own.z, drawn().found.recorded.raw, rtol=1e-6)
    np.testing.assert_allclose(same.z, drawn().found.one_matrix.raw, rtol=1e-6)
    for one in (own, same):
        assert one.zmax == -one.zmin == pytest.approx(np.abs(one.z).max())


def test_the_chosen_cell_and_its_mirror_image_are_framed_in_both() -> None:
    maps = [t for t in figure().data if t.type == "heatmap"]
    framed = [s for s in figure().layout.shapes if s.line.width == 3]
    middles = [((s.x0 + s.x1) / 2, (s.y0 + s.y1) / 2, s.line.dash) for s in framed]
    wanted = [
        (one.x0 + one.dx * column, one.y0 + one.dy * row, dash)
        for one in maps
        for row, column, dash in ((6, 2, "solid"), (2, 6, "dot"))
    ]
    for found, place in zip(middles, wanted, strict=True):
        assert found[:2] == pytest.approx(place[:2])
        assert found[2] == place[2]


def test_every_head_has_a_mark_at_its_asymmetry() -> None:
    drawn_lines = [t for t in figure().data if t.type == "scatter"]
    rings = next(t for t in drawn_lines if t.marker.symbol == "circle-open")
    lines = [t for t in drawn_lines if t.line.dash == "4px,6px"]
    level = float(lines[0].y[0])
    bottom = next(float(t.y[0]) for t in drawn_lines
                  if t.mode == "lines" and t.line.color == style("en").theme.hatch)  # fmt: skip
    found = (bottom - np.array(rings.y)) / (bottom - level) * sqrt(2)
    wanted = [one.asymmetry for one in drawn().heads]
    np.testing.assert_allclose(found, wanted, atol=1e-3)
    columns = sorted(set(np.round(np.array(rings.x, np.float64), 2)))
    assert len(columns) == 6
    mark = [t for t in drawn_lines if t.marker.symbol == "diamond"][-1]
    at = [(one.layer, one.head) for one in drawn().heads].index((3, 1))
    assert (mark.x[0], mark.y[0]) == pytest.approx((rings.x[at], rings.y[at]))


@BOTH
def test_every_word_has_its_place(language: str) -> None:
    checked(figure(language))
    said = [one.text for one in words(figure(language))]
    for value in (drawn().found.recorded.asymmetry, 0.0):
        assert any(fixed(language, value) in one for one in said)


@BOTH
def test_what_is_said_are_the_numbers(language: str) -> None:
    said = [
        read(one)
        for one in remarks.symmetric(drawn(), style(language, "now", "scores.symmetry.said"))
    ]
    own, same, every = said
    for value in (19.05, 6.83, 1.48):
        assert fixed(language, value) in own
    assert fixed(language, 19.14) in same
    assert "10" in same
    for word in ("72", fixed(language, 0.87), fixed(language, 1.70), fixed(language, 1.32)):
        assert word in every


@BOTH
def test_a_cell_of_the_diagonal_says_that_it_is_its_own_mirror_image(language: str) -> None:
    itself = replace(drawn(), key=6)
    said = read(remarks.symmetric(itself, style(language, "now", "scores.symmetry.said"))[0])
    value = drawn().found.recorded.raw[6, 6]
    assert fixed(language, value) in said
    assert len([s for s in figure(language, itself).layout.shapes if s.line.width == 3]) == 4


def test_both_directions_are_written_with_their_sums() -> None:
    w = Writer(style("en", "figure", "scores.figure", "scores.symmetry.figure"), most=3)
    own, same = mirrored(drawn().found, drawn().tokens, 6, 2, w)
    assert "19.05" in own[0]
    assert "6.83" in own[1]
    assert all("19.14" in one for one in same)
    assert all("29" in one for one in (*own, *same))  # terms as one


def test_a_long_text_is_drawn_without_numbers() -> None:
    trace = record("minilm", " ".join(["word"] * 60))
    found = numbers.two_matrices(trace.block("encoder", 3).head(1))
    shown = Drawn(found, trace.tokens, 6, 2, numbers.of_all_heads(trace, "encoder"), (3, 1))
    made = symmetry(shown, style("en", "scores.symmetry.figure"))
    assert not [t for t in made.data if t.type == "scatter" and t.mode == "markers+text"]
