"""All heads of a model with windows: each map is the window of its own layer at one place."""

from __future__ import annotations

import numpy as np
import pytest

from models.catalog import load
from models.vision.window_trace import WindowTrace
from models.vision.windows import see_windows
from tests.models.vision.seeing import SWINS, save_swin
from tests.viz.figures import cells, checked, words
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.vision.overview import fitted
from viz.vision.window_overview import window_overview
from viz.vision.windows import OUTSIDE, WindowLook, one_window

COLOURS = np.random.default_rng(3).integers(0, 256, (24, 30, 3), dtype=np.uint8)
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
BOTH = pytest.mark.parametrize("family", SWINS)
LABELS = {
    name: name
    for name in ("layer", "head", "root", "window_maps", "window_apart_small", "window_asked")
} | {"window_apart": "apart", "window_sum": "sum {sum}", "ends": "ends at {end}"}


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, WindowTrace]:
    """Of a small model of a family, by its name."""
    return {
        name: see_windows(load(str(save_swin(tmp_path_factory.mktemp(name), family=name))), COLOURS)
        for name in SWINS
    }


def style(theme: Theme = LIGHT) -> Style:
    return Style(theme, Notation(), LABELS)


@THEMES
@BOTH
@pytest.mark.parametrize("place", [0, 15, 31])
def test_every_head_shows_its_layers_window_at_that_place(
    place: int, family: str, theme: Theme, traces: dict[str, WindowTrace]
) -> None:
    trace = traces[family]
    window, query = trace.layers[0].window_of(place)
    look = WindowLook(trace, 0, 1, window, query, 0)
    figure = window_overview(look, style(theme))
    checked(figure)
    step = fitted((4, 4), (2, 2)).step
    maps = [np.array(t.z, float) for t in figure.data if t.type == "heatmap"]
    (tiles,) = [each for each in maps if each.shape == (4 * step, 4 * step)]
    row, column = divmod(place, 6)
    wanted = set()
    for layer in trace.layers:
        # Which covers the middle of the chosen one: 6 × 6 cells, then 3 × 3 of twice the size.
        cell = place if layer.stage == 0 else row // 2 * 3 + column // 2
        at, token = layer.window_of(cell)
        kept = np.zeros(4, bool) if layer.mask is None else layer.mask[at, token] != 0
        for head in range(4):
            there = slice(layer.layer * step, layer.layer * step + 2)
            drawn = tiles[there, head * step : head * step + 2].ravel()
            if head >= layer.heads:
                assert np.isnan(drawn).all()
                continue
            wanted.add(("head", layer.layer, head, at, token))
            weights = layer.block(at).weights[head, token]
            np.testing.assert_array_equal(np.isnan(drawn), kept)
            np.testing.assert_allclose(drawn[~kept] ** 2, weights[~kept], rtol=1e-4, atol=1e-7)
    assert {tuple(i) for trace in cells(figure) for i in trace.customdata} == wanted


@BOTH
def test_what_is_kept_apart_is_said_only_where_it_is(
    family: str, traces: dict[str, WindowTrace]
) -> None:
    for place, apart in ((0, True), (14, False)):
        window, query = traces[family].layers[0].window_of(place)
        figure = window_overview(WindowLook(traces[family], 0, 0, window, query, 0), style())
        said = [each.text for each in words(figure)]
        assert ("window_apart_small" in said) == apart
        assert "window_maps" in said


@BOTH
def test_what_only_fills_a_window_up_has_no_place(
    family: str, traces: dict[str, WindowTrace]
) -> None:
    look = WindowLook(traces[family], 2, 0, 3, 3, 0)
    assert look.tokens[3] == OUTSIDE
    with pytest.raises(ValueError, match="no place"):
        window_overview(look, style())


@THEMES
@BOTH
def test_the_chosen_head_alone_is_its_window(
    family: str, theme: Theme, traces: dict[str, WindowTrace]
) -> None:
    look = WindowLook(traces[family], 1, 1, 4, 0, 3)
    figure = one_window(look, style(theme))
    checked(figure)
    maps = [np.array(t.z, float) for t in figure.data if t.type == "heatmap"]
    (drawn,) = [each for each in maps if each.shape == (2, 2)]
    np.testing.assert_allclose(drawn.ravel() ** 2, look.row, rtol=1e-4)
    ids = {tuple(i) for trace in cells(figure) for i in trace.customdata}
    assert ids == {("key", n) for n in range(4)}
