"""A window of Swin's: drawn where it lies, its weights within it, its ends kept apart."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from models.catalog import load
from models.vision.window_trace import WindowTrace
from models.vision.windows import see_windows
from tests.closeness import assert_close
from tests.models.vision.seeing import save_swin
from tests.viz.figures import cells, checked, close, words
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.vision.windows import OUTSIDE, WindowLook, windows

COLOURS = np.random.default_rng(3).integers(0, 256, (24, 30, 3), dtype=np.uint8)
BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
LABELS = {
    name: name for name in ("window_lies", "window_asks", "window_asked", "window_apart", "root")
} | {"window": "window {number}", "window_sum": "sum {sum}", "ends": "ends at {end}"}


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> WindowTrace:
    folder: Path = tmp_path_factory.mktemp("swin")
    return see_windows(load(str(save_swin(folder))), COLOURS)


def style(theme: Theme = LIGHT) -> Style:
    return Style(theme, Notation(), LABELS)


@BOTH
@pytest.mark.parametrize(("layer", "window"), [(0, 4), (1, 8), (1, 2), (2, 3), (3, 3)])
def test_a_windows_weights_are_drawn_in_its_own_order(
    trace: WindowTrace, layer: int, window: int, theme: Theme
) -> None:
    look = WindowLook(trace, layer, 1, window, 0, 3)
    figure = windows(look, style(theme))
    checked(figure)
    row = look.here.block(window).weights[1, 0]
    assert_close(look.row, row)
    maps = [np.array(t.z, float) for t in figure.data if t.type == "heatmap"]
    drawn = next(each for each in maps if each.shape == (2, 2))
    apart = np.zeros(4) if look.here.mask is None else look.here.mask[window, 0]
    for token, weight in enumerate(row):
        cell = drawn[divmod(token, 2)]
        assert np.isnan(cell) if apart[token] else np.isclose(cell**2, weight, rtol=1e-5)
    said = [re.sub("</?b>", "", w.text).replace("&lt;", "<") for w in words(figure)]
    numbers = [said[said.index(name, n) + 1] for n, name in found_names(said, look)]
    for number, weight, added in zip(numbers, row, apart, strict=True):
        assert number == "−100" if added else close(number, weight, 3)
    ids = {tuple(i) for t in cells(figure) for i in t.customdata}
    tokens = {(kind, n) for kind in ("query", "key") for n in range(4)}
    assert ids == tokens | {("window", n) for n in range(look.here.windows)}


def found_names(said: list[str], look: WindowLook) -> list[tuple[int, str]]:
    """Where each token's name stands among the words, in order."""
    places, at = [], 0
    for name in look.tokens:
        at = said.index(name, at)
        places.append((at, name))
        at += 1
    return places


def test_tokens_are_named_as_on_a_sheet_of_the_stage(trace: WindowTrace) -> None:
    assert WindowLook(trace, 0, 0, 1, 0, 0).tokens == ("C1", "D1", "C2", "D2")
    # Moved by one up and to the left: the last window holds all four corners.
    assert WindowLook(trace, 1, 0, 8, 0, 0).tokens == ("F6", "A6", "F1", "A1")
    # Three rows and columns, filled up to four.
    assert WindowLook(trace, 2, 0, 3, 0, 0).tokens == ("C3", OUTSIDE, OUTSIDE, OUTSIDE)


def test_what_lies_outside_of_the_window_is_veiled_and_the_window_is_not(
    trace: WindowTrace,
) -> None:
    from viz.vision.windows import _cut_out, _filled, _veiled

    look = WindowLook(trace, 1, 0, 8, 0, 0)
    own, veiled = _filled(look), _veiled(look, "#FFFFFF")
    corners = np.zeros((24, 24), bool)
    corners[np.ix_([*range(4), *range(20, 24)], [*range(4), *range(20, 24)])] = True
    np.testing.assert_array_equal(veiled[corners], own[corners])
    lighter = veiled[~corners].astype(int) - own[~corners]
    assert (lighter >= 0).all()
    assert lighter.max() > 50
    inside = _cut_out(look)
    np.testing.assert_array_equal(inside[:4, :4], own[20:, 20:])
    np.testing.assert_array_equal(inside[4:, 4:], own[:4, :4])


@pytest.mark.parametrize("changed", [(0, 2, 0, 0, 0), (0, 0, 9, 0, 0), (0, 0, 0, 4, 0)])
def test_what_is_not_there_cannot_be_looked_at(
    trace: WindowTrace, changed: tuple[int, int, int, int, int]
) -> None:
    with pytest.raises(IndexError, match="is not in"):
        WindowLook(trace, *changed)
