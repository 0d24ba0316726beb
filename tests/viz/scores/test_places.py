"""One head's map and four heads' with their answers, and every training run as a mark."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from models.catalog import load
from models.scores import places as numbers
from models.scores.places_trace import FIGURES, Accuracy, Answered
from tests.viz.figures import checked, words
from tests.viz.sentences import BOTH, read, style
from viz.scores import remarks
from viz.scores.places import accuracy, places


@lru_cache
def answered() -> dict[str, Answered]:
    return {name: numbers.answered(load(model)) for name, model in numbers.MODELS.items()}


@lru_cache
def measured() -> dict[str, Accuracy]:
    found = {name: numbers.accuracy(model) for name, model in numbers.MODELS.items()}
    return {name: one for name, one in found.items() if one is not None}


def test_both_maps_hold_the_weights_from_the_question() -> None:
    made = places(answered(), style("en", "scores.places.figure"))
    maps = [np.array(t.z) for t in made.data if t.type == "heatmap"]
    for drawn, name in zip(maps, ("one", "four"), strict=True):
        np.testing.assert_allclose(drawn, answered()[name].weights, rtol=1e-5)
    assert [one.shape for one in maps] == [(1, 9), (4, 9)]


@BOTH
def test_each_letter_has_the_place_that_is_answered(language: str) -> None:
    made = places(answered(), style(language, "scores.places.figure"))
    checked(made)
    said = [one.text for one in words(made)]
    for one in answered().values():
        for answer, right in zip(one.answers, one.right, strict=True):
            sign = "✓" if answer == right else "✗"
            assert any(f"{sign} {answer + 1}" in word for word in said)


@BOTH
def test_every_run_has_a_ring_at_its_share(language: str) -> None:
    made = accuracy(measured(), style(language, "scores.places.figure"))
    checked(made)
    rings = [t for t in made.data if t.marker.symbol == "circle-open" and len(t.x) == 5]
    assert len(rings) == len(FIGURES) * 2
    ends = next(t for t in made.data if t.mode == "lines" and t.y[0] == t.y[1])
    low, high = ends.x
    wanted = [measured()[name].seeds[figure] for figure in FIGURES for name in measured()]
    for drawn, shares in zip(rings, wanted, strict=True):
        found = (np.array(drawn.x) - low) / (high - low)
        np.testing.assert_allclose(found, shares, atol=1e-3)


@BOTH
def test_what_is_said_are_the_means(language: str) -> None:
    together, single = (
        read(one)
        for one in remarks.one_and_four(measured(), style(language, "now", "scores.places.said"))
    )
    one = measured()["one"]
    for share in (one.mean("together"), one.mean("whole_rows"), float(one.seeds["together"].min())):
        assert (
            f"{100 * share:.1f}".replace(".", "." if language == "en" else ",")
            .removesuffix(".0")
            .removesuffix(",0")
            in together
        )
    assert "100" in single
    assert one.mean("one_by_one") == pytest.approx(1)
