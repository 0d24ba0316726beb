"""The three panels of spreads: every mark where its number is, every word in its place."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import log10, sqrt

import numpy as np
import pytest

from models.core.attention import changed
from models.record import record
from models.scores import scaling as numbers
from tests.viz.figures import checked, words
from tests.viz.sentences import BOTH, fixed, read, style
from viz.board.board import Figure
from viz.board.box import word_box
from viz.formula.writer import Writer
from viz.scores import remarks
from viz.scores.scaling import HEIGHT, WIDTH, Spreads, scaling
from viz.scores.scaling_formulas import slopes, variance

TEXT = "The cat sat down because it was tired"


@lru_cache
def drawn() -> Spreads:
    trace = record("minilm", TEXT)
    found = numbers.of_head_at(trace, "encoder", 3, 1)
    assert found is not None
    heads = numbers.of_all_heads(trace, "encoder")
    return Spreads(numbers.all_random(), heads, (3, 1), found)


def multiplied(factor: float) -> Spreads:
    """The same head, its scores multiplied by another factor."""
    steps = record("minilm", TEXT).block("encoder", 3).head(1)
    found = numbers.of_head(changed(steps, scaling=factor, mask=None))
    assert found is not None
    return replace(drawn(), of_chosen=found)


def figure(language: str = "en", shown: Spreads | None = None) -> Figure:
    return scaling(shown or drawn(), style(language, "scores.scaling.figure"))


def marked(symbol: str, shown: Spreads | None = None) -> list[tuple[list[float], list[float]]]:
    """(x, y) of the lines with that symbol, the legend's left out."""
    every = [t for t in figure(shown=shown).data if t.marker.symbol == symbol]
    return [(list(t.x), list(t.y)) for t in every if max(t.y) < HEIGHT - 60]


def test_the_line_is_the_root_and_random_points_lie_on_it() -> None:
    dashed = next(t for t in figure().data if t.line.dash == "4px,6px" and len(t.x) > 2)
    x, y = np.array(dashed.x), np.array(dashed.y)
    # Both axes are logarithmic: √d is straight, and a factor is a distance.
    np.testing.assert_allclose(np.diff(y) / np.diff(x), (y[-1] - y[0]) / (x[-1] - x[0]), rtol=1e-3)
    decade = (y[0] - y[-1]) / log10(sqrt(512 / 4))
    points = next(ys for xs, ys in marked("circle") if np.allclose(xs, x))
    off = (y - np.array(points)) / decade
    wanted = [log10(one.spread / one.expected) for one in drawn().random]
    np.testing.assert_allclose(off, wanted, atol=1e-4)


def test_every_head_has_its_mark() -> None:
    (xs, ys), *_ = marked("circle-open")
    assert len(xs) == len(ys) == 72
    spreads = np.array([one.spread for one in drawn().heads])
    assert np.array_equal(np.argsort(ys), np.argsort(-spreads))
    assert max(xs) - min(xs) == pytest.approx(32)  # side by side by layer


def test_the_chosen_head_stands_in_all_three_panels() -> None:
    found = marked("diamond")
    assert len(found) == 2 * 5  # each with a rim: its spread, and both softmaxes twice
    assert len({xs[0] for xs, _ in found}) == 3
    heights = [ys[0] for _, ys in found[::2]]
    divided, free = drawn().of_chosen.divided, drawn().of_chosen.undivided
    assert (heights[2] < heights[1]) == (free.largest > divided.largest)
    assert (heights[4] > heights[3]) == (free.slope < divided.slope)


def test_a_head_that_divides_nothing_has_one_mark_a_panel() -> None:
    plain = multiplied(1.0)
    found = marked("diamond", plain)
    assert len(found) == 2 * 3
    colours = [t.marker.color for t in figure(shown=plain).data if t.marker.symbol == "diamond"]
    theme = style("en").theme
    assert theme.weight not in colours
    assert theme.plus in colours
    assert "divided, then softmax" in {w.text for w in words(figure(shown=plain))}


@BOTH
def test_of_another_factor_it_is_said_what_it_is(language: str) -> None:
    shown = multiplied(0.0123)
    legend = " ".join(w.text for w in words(figure(language, shown)))
    assert fixed(language, 0.0123, 4) in legend
    assert fixed(language, 0.0123, 4) not in " ".join(w.text for w in words(figure(language)))
    assert len(marked("diamond", shown)) == 2 * 5
    said = read(remarks.saturated(shown.of_chosen, 32, style(language, "scores.scaling.said")))
    for value, digits in ((0.0123, 4), (1 / sqrt(32), 3), (shown.of_chosen.divided.largest, 2)):
        assert fixed(language, value, digits) in said
    w = Writer(style(language, "scores.scaling.figure"))
    scaled, not_scaled = w.words("scaled"), w.words("unscaled")
    tex = slopes(0.75, 0.99, w, by_root=False)
    assert scaled in tex
    assert not_scaled in tex
    assert w.words("kept") not in tex
    plain = slopes(0.75, None, w, by_root=False)
    assert w.words("free") in plain
    assert w.words("kept") not in plain


@BOTH
@pytest.mark.parametrize("factor", [None, 1.0, 0.0123])
def test_nothing_leaves_the_figure_and_no_word_lies_on_another(
    language: str, factor: float | None
) -> None:
    shown = drawn() if factor is None else multiplied(factor)
    checked(figure(language, shown))
    traces = [t for t in figure(language, shown).data if t.type == "scatter" and t.mode == "text"]
    boxes = [
        word_box(*each)
        for t in traces
        for each in zip(t.x, t.y, t.text, t.textposition, t.textfont.size, strict=True)
    ]
    assert len(boxes) == len(words(figure(language, shown)))
    for n, one in enumerate(boxes):
        assert one.x >= 0
        assert one.right <= WIDTH
        for other in boxes[:n]:
            apart = one.right <= other.x or other.right <= one.x
            assert apart or one.bottom <= other.y + 4 or other.bottom <= one.y + 4


@BOTH
def test_the_formulas_hold_the_head_s_own_numbers(language: str) -> None:
    w = Writer(style(language, "scores.scaling.figure"))
    assert r"\sqrt{32} = \mathbf{5" in variance(32, w)
    tex = slopes(0.75, 0.99, w).replace("{,}", ".")
    assert r"\mathbf{0.1875}" in tex
    assert r"\mathbf{0.0099}" in tex
    assert "0.0099" not in slopes(0.75, None, w).replace("{,}", ".")


@BOTH
def test_the_sentences_say_these_numbers(language: str) -> None:
    speak = style(language, "scores.scaling.said")
    random, head, heads = map(read, remarks.spreads(drawn(), speak))
    like = next(one for one in drawn().random if one.d == 32)
    for value in (like.spread, like.error, sqrt(32)):
        assert fixed(language, value) in random
    own, found = drawn().chosen_head, drawn().of_chosen
    for value in (own.spread, own.spread / sqrt(32), found.uncorrelated):
        assert fixed(language, value) in head
    ratios = [one.spread / sqrt(one.d) for one in drawn().heads]
    for value in (min(ratios), max(ratios), np.median(ratios)):
        assert fixed(language, float(value)) in heads
    assert "72" in heads
    said = read(remarks.saturated(found, 32, speak))
    for kind in (found.divided, found.undivided):
        assert fixed(language, kind.largest) in said
        assert fixed(language, kind.slope, 4) in said
    never = read(remarks.saturated(replace(found, factor=1.0), 32, speak))
    assert fixed(language, found.undivided.slope, 4) not in never


def test_of_another_size_the_nearest_random_vectors_are_told() -> None:
    random = drawn().random
    assert [remarks.nearest(random, d).d for d in (3, 40, 80, 100, 2048)] == [4, 32, 64, 128, 512]
