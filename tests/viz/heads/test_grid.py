"""The heat map of one head: its numbers are softmax(QKᵀ/√d + M), worked out anew."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from models.core.attention import HeadSteps, causal_mask, window_mask
from models.trace import Floats
from tests.closeness import assert_close
from tests.viz.figures import (
    HOSTILE,
    LABELS,
    NOTATION,
    WHOLE,
    axes_of,
    cells,
    checked,
    close,
    exact,
    inside,
    made,
    plain,
    words,
)
from viz.board.axes import Axes, Choice
from viz.board.board import Figure
from viz.board.grid import weights_map
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT
from viz.board.zoom import ALL

SIZES = [(1, 1), (2, 2), (5, 5), (9, 9), (4, 7)]


def drawn(steps: HeadSteps, axes: Axes | None = None, theme: object = LIGHT) -> Figure:
    return weights_map(
        steps.weights,
        axes or axes_of(steps, (0, 0)),
        Style(LIGHT if theme is LIGHT else DARK, NOTATION, LABELS | WHOLE),
        masked=np.isneginf(steps.masked),
    )


def heat(figure: Figure) -> Floats:
    """The numbers that become colours."""
    return np.asarray(next(trace.z for trace in figure.data if trace.type == "heatmap"))


def hatched(figure: Figure) -> list[Any]:
    """The filled traces with stripes."""
    return [trace for trace in figure.data if trace.type == "scatter" and trace.fill == "toself"]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("spread", [1.0, 8.0])
def test_every_number_is_the_softmax_of_its_row(size: tuple[int, int], spread: float) -> None:
    steps = made(*size, spread=spread)
    figure, (_, weights) = drawn(steps), exact(steps)
    assert_close(heat(figure), weights)
    (points,) = cells(figure)
    for place, (query, key) in enumerate(np.ndindex(*size)):
        assert list(points.customdata[place]) == [query, key]
        assert close(points.text[place], weights[query, key])
        token, value = plain(points.hovertext[place]).rsplit(": ", 1)
        assert token == f"w{query} → w{key}"
        assert close(value, weights[query, key], 4)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_scale_runs_from_0_to_1_whatever_the_weights(theme: object) -> None:
    figure = drawn(made(6, 6, spread=0.01), theme=theme)
    maps = [trace for trace in figure.data if trace.type == "heatmap"]
    assert {(trace.zmin, trace.zmax) for trace in maps} == {(0, 1)}
    assert heat(figure).max() < 0.3, "and these weights fill only its lower end"


@pytest.mark.parametrize("mask", [causal_mask(6, 6), window_mask(6, 6, 1)], ids=["causal", "band"])
def test_a_masked_cell_is_striped_and_says_minus_infinity(mask: Floats) -> None:
    steps = made(6, 6, mask=mask)
    figure, (_, weights) = drawn(steps), exact(steps)
    (stripes,) = hatched(figure)
    (points,) = cells(figure)
    masked = np.isneginf(mask)
    for place, cell in enumerate(np.ndindex(6, 6)):
        assert inside(stripes, points.x[place], points.y[place]) == masked[cell]
        assert (points.text[place] == "−∞") == masked[cell]
        assert points.hovertext[place].endswith("−∞") == masked[cell]
        assert np.isnan(heat(figure)[cell]) == masked[cell], "no colour of the scale"
        if not masked[cell]:
            assert close(points.text[place], weights[cell])


def test_a_weight_that_rounds_to_zero_is_not_a_masked_one() -> None:
    steps = made(5, 5, spread=40.0)
    figure = drawn(steps)
    assert steps.weights.min() < 1e-6
    assert "0" in cells(figure)[0].text
    assert "−∞" not in cells(figure)[0].text
    assert not hatched(figure)


def marks(figure: Figure, place: str | None = None) -> list[list[Any]]:
    """What marks carry: those in the window, or of the picture of all that say `place` last."""
    carried = [list(one) for trace in cells(figure) for one in trace.customdata]
    return [one for one in carried if one[2:] == ([] if place is None else ["", place])]


@pytest.mark.parametrize("masked", [False, True])
def test_of_512_tokens_a_window_is_drawn_and_all_of_them_small(masked: bool) -> None:
    steps = made(512, 512, mask=causal_mask(512, 512) if masked else None)
    figure = drawn(steps, axes_of(steps, (500, 301)))
    rows, columns = range(488, 512), range(296, 312)
    weights = exact(steps)[1]
    assert marks(figure) == [[i, j] for i in rows for j in columns]
    assert_close(heat(figure), weights[488:512, 296:312])
    points = cells(figure)[0]
    token, value = plain(points.hovertext[12 * 16 + 5]).rsplit(": ", 1)
    assert token == "w500 → w301"
    assert close(value, weights[500, 301], 4)
    squares = marks(figure, ALL)
    assert len(squares) == 40 * 40
    said = {plain(w.text) for w in words(figure)}
    assert {"w500", "w301", "w488", "w311", "nearer"} <= said
    assert len(figure.to_json()) < 4e6


def test_nearer_is_a_smaller_window_with_numbers() -> None:
    steps, style = made(90, 90), Style(LIGHT, NOTATION, LABELS | WHOLE, near=True)
    figure = weights_map(steps.weights, axes_of(steps, (50, 40)), style)
    places = marks(figure)
    assert len(places) == 12 * 8
    assert [50, 40] in places
    number = cells(figure)[0].text[places.index([50, 40])]
    assert close(number, exact(steps)[1][50, 40])
    assert "farther" in {plain(w.text) for w in words(figure)}


def test_how_much_of_the_row_is_elsewhere_is_said() -> None:
    steps = made(90, 90, spread=3.0)
    figure = drawn(steps, axes_of(steps, (50, 40)))
    shown = sorted({column for _, column in marks(figure)})
    elsewhere = 1 - exact(steps)[1][50][shown].sum()
    assert f"another {100 * elsewhere:.0f}\u00a0% outside" in joined(figure)


def joined(figure: Figure) -> str:
    """All words in one line: those beside the window are broken into several."""
    return " ".join(plain(word.text) for word in words(figure))


@pytest.mark.parametrize("count", [3, 60])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_plotly_knows_every_property_of_the_figure(count: int, theme: object) -> None:
    checked(drawn(made(count, count, mask=causal_mask(count, count)), theme=theme))


@pytest.mark.parametrize("token", HOSTILE)
def test_any_token_makes_a_figure_that_is_json(token: str) -> None:
    steps = made(3, 3)
    figure = drawn(steps, Axes([token] * 3, [token] * 3, Choice(1, 1)))
    again = json.loads(figure.to_json())
    hover = next(trace["hovertext"] for trace in again["data"] if trace.get("name") == "cells")
    assert len(hover) == 9
    assert not any("<" in text for text in hover)


def test_the_key_axis_is_named_too() -> None:
    assert LABELS["key_axis"] in {w.text for w in words(drawn(made()))}
