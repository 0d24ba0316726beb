"""Tokens that come twice: weights, the outlined stripe, and a bar for each token's surprise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.core.attention import Scoring, causal_mask, stepped, window_mask
from tests.viz.figures import HOSTILE, cells, checked, words
from viz.board.board import Figure
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.formula.writer import Writer
from viz.gpt.induction import Round, Twice, stripes
from viz.gpt.induction_formulas import mean_weight

LABELS = {"losses": "losses", "uniform": "guess {value}"}


def style(theme: Theme = LIGHT) -> Style:
    return Style(theme, Notation(), LABELS)


def made(period: int = 6, models: int = 2, *, query: int = 9, names: tuple[str, ...] = ()) -> Twice:
    n = 1 + 2 * period
    rounds: list[Round] = []
    stripe = [(t, t - period + 1) for t in range(1 + period, n)]
    for seed in range(models):
        random = np.random.default_rng(seed)
        q, k, v = random.normal(size=(3, n, 4)).astype(np.float32)
        steps = stepped(q, k, v, Scoring(scaling=0.5, mask=causal_mask(n, n)))
        losses = random.random(n - 1) * 6
        rounds.append(Round(f"m{seed}", steps, f"score {seed}", stripe, losses))
    return Twice(names or tuple(f"w{i}" for i in range(n)), 1, period, query, rounds, 4.0)


def outlined(figure: Figure) -> list[tuple[float, float, float, float]]:
    return [(s.x0, s.y0, s.x1, s.y1) for s in figure.layout.shapes if s.line.color == LIGHT.gold]


@pytest.mark.parametrize("models", [1, 2])
@pytest.mark.parametrize("period", [2, 6, 48])
def test_the_matrix_is_the_heads_and_the_future_is_hatched(period: int, models: int) -> None:
    twice = made(period, models, query=period + 1)
    figure = stripes(twice, style())
    shown = [np.array(t.z) for t in figure.data if t.type == "heatmap"]
    assert len(shown) == models
    n = len(twice.words)
    for z, one in zip(shown, twice.rounds, strict=True):
        open_ = np.tri(n, dtype=bool)
        np.testing.assert_allclose(z[open_], one.steps.weights[open_])
        assert np.isnan(z[~open_]).all()
    assert sum(t.fillpattern.shape == "/" for t in figure.data if t.type == "scatter") == models


def test_what_is_hatched_is_the_recordings_own_mask() -> None:
    twice = made(4, 1)
    n = len(twice.words)
    steps = twice.rounds[0].steps
    mask = window_mask(n, n, 2)  # no triangle
    other = stepped(steps.q, steps.k, steps.v, Scoring(scaling=0.5, mask=mask))
    figure = stripes(replace(twice, rounds=[replace(twice.rounds[0], steps=other)]), style())
    (shown,) = [np.array(t.z) for t in figure.data if t.type == "heatmap"]
    np.testing.assert_array_equal(np.isnan(shown), np.isneginf(mask))


def test_the_outlined_cells_are_those_after_the_previous_occurrence() -> None:
    twice = made(6, 1)
    figure = stripes(twice, style())
    (grid,) = [s for s in figure.layout.shapes if s.fillcolor == LIGHT.grid]
    cell = (grid.x1 - grid.x0) / len(twice.words)
    found = {
        (round((y0 - grid.y0) / cell), round((x0 - grid.x0) / cell))
        for x0, y0, _, _ in outlined(figure)
    }
    # Second round: places 7..12; the same token stood at 1..6, and what came after it one later.
    assert found == {(t, t - 5) for t in range(7, 13)}


def test_every_bar_is_as_high_as_its_tokens_surprise_and_stands_below_its_column() -> None:
    twice = made(6, 1)
    figure = stripes(twice, style())
    (grid,) = [s for s in figure.layout.shapes if s.fillcolor == LIGHT.grid]
    cell = (grid.x1 - grid.x0) / len(twice.words)
    bars = sorted(
        (
            s
            for s in figure.layout.shapes
            if s.fillcolor in (LIGHT.ink, LIGHT.hatch) and s.y0 > grid.y1
        ),
        key=lambda s: s.x0,
    )
    losses = twice.rounds[0].losses
    assert losses is not None
    assert len(bars) == len(losses)
    heights = np.array([s.y1 - s.y0 for s in bars])
    np.testing.assert_allclose(heights / heights.max(), losses / losses.max(), atol=0.02)
    for token, bar in enumerate(bars, 1):
        assert grid.x0 + token * cell < (bar.x0 + bar.x1) / 2 < grid.x0 + (token + 1) * cell
        # Known are the second round's tokens but its first.
        assert (bar.fillcolor == LIGHT.ink) == (token > twice.second)


def test_a_head_without_losses_has_no_bars() -> None:
    twice = made(6, 1)
    silent = replace(twice, rounds=[replace(twice.rounds[0], losses=None)])
    shapes = stripes(silent, style()).layout.shapes
    assert not [s for s in shapes if s.fillcolor in (LIGHT.ink, LIGHT.hatch)]


def test_the_chosen_row_and_where_it_should_look_are_framed() -> None:
    twice = made(6, 1, query=9)
    assert twice.target == 4
    shapes = stripes(twice, style()).layout.shapes
    assert [s for s in shapes if s.line.color == LIGHT.q]
    assert [s for s in shapes if s.line.color == LIGHT.k]
    first = made(6, 1, query=3)
    assert first.target is None
    assert not [s for s in stripes(first, style()).layout.shapes if s.line.color == LIGHT.k]


@pytest.mark.parametrize("period", [6, 30])
def test_every_place_can_be_clicked_in_every_matrix(period: int) -> None:
    twice = made(period)
    (clicks,) = cells(stripes(twice, style()))
    places = [c[0] for c in clicks.customdata]
    assert set(places) == set(range(len(twice.words)))
    assert len(places) % (2 * len(twice.words)) == 0


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_plotly_takes_the_figure_and_hostile_tokens_are_text(theme: Theme) -> None:
    names = ("<s>", *HOSTILE[:6], *HOSTILE[:6])
    figure = stripes(made(6, names=names), style(theme))
    checked(figure)
    said = " ".join(w.text for w in words(figure))
    assert "<script" not in said
    assert "<s>" not in said


def test_the_mean_is_of_all_weights_whatever_is_written_out() -> None:
    weights = np.random.default_rng(0).random(20).tolist()
    told = mean_weight(weights, Writer(style()))
    assert rf"\mathbf{{{np.mean(weights):.3f}}}" in told
    assert r"\dots" in told
    assert r"\frac{1}{20}" in told
    assert r"\dots" not in mean_weight(weights[:6], Writer(style()))
