"""The figure, sums and sentence of caches: every bar, line and number is the cache's own."""

from __future__ import annotations

import pytest

from models.cost.cache import SHARINGS, every
from models.cost.cache_library import shape
from pages.ui.text import labels
from tests.viz.cost.test_quantisation import THEMES, inside
from tests.viz.figures import NOTATION, cells, words
from tests.viz.sentences import BOTH, read, style, told
from viz.board.style import Style
from viz.board.theme import LIGHT, Theme
from viz.cost import cache_formulas as written
from viz.cost import cache_now as now
from viz.cost.cache import CachesShown, cache_bars
from viz.cost.now import times
from viz.cost.units import size
from viz.formula.writer import Writer

NAMES = ("gpt-mini", "llama-3-8b", "gemma-2b", "deepseek-v2")


def shown(name: str = "llama-3-8b", chosen: int = 1, groups: int = 8, n: int = 4096) -> CachesShown:
    return CachesShown(every(shape(name), groups, n, 2), chosen, name)


def looks(theme: Theme = LIGHT) -> Style:
    return Style(theme, NOTATION, labels("cost.cache.figure") | labels("cost.cache.formula"))


@THEMES
@pytest.mark.parametrize("name", NAMES)
def test_bars_are_as_high_as_the_bytes(name: str, theme: Theme) -> None:
    drawn = shown(name, groups=shape(name).groups)
    figure, look = cache_bars(drawn, looks(theme)), looks(theme)
    inside(figure)
    roles = {look.colour("weight"), look.colour("output")}
    bars = [
        one for one in figure.layout.shapes
        if one.fillcolor in roles and one.x1 - one.x0 == pytest.approx(120)
    ]  # fmt: skip
    high = [one.y1 - one.y0 for one in bars]
    assert [h / high[0] for h in high] == pytest.approx(
        [one.bytes / drawn.full.bytes for one in drawn.caches]
    )
    for one in drawn.caches:
        assert f"<b>{size(one.bytes, NOTATION, 3)}</b>" in {word.text for word in words(figure)}


def test_every_head_is_drawn_and_every_key_below_those_that_share_it() -> None:
    look = looks()
    figure = cache_bars(shown(), look)
    drawn = {
        role: [len(t.x) for t in figure.data if t.mode == "markers"
               and getattr(t.marker, "color", None) == look.colour(role)]
        for role in "qkv"
    }  # fmt: skip
    assert drawn == {"q": [32, 32, 32, 32], "k": [32, 8, 1], "v": [32, 8, 1]}


def test_a_click_on_a_column_chooses_it() -> None:
    (found,) = cells(cache_bars(shown(), looks()))
    assert {one[0] for one in found.customdata} == set(SHARINGS)


def test_weights_higher_than_the_picture_are_said_and_not_drawn() -> None:
    short, long = (cache_bars(shown(n=n), looks()) for n in (16, 131_072))
    dashed = [[one for one in f.data if one.line.dash == "dash"] for f in (short, long)]
    assert [len(one) for one in dashed] == [0, 1]
    beyond = labels("cost.cache.figure")["weights_beyond"]
    assert [any(beyond in word.text for word in words(one)) for one in (short, long)] == [
        True,
        False,
    ]


@pytest.mark.parametrize("chosen", range(4))
def test_a_sum_ends_with_the_bytes_and_the_crossing_with_its_length(chosen: int) -> None:
    drawn, w = shown(chosen=chosen), Writer(looks())
    count = NOTATION.tex_grouped
    assert rf"\mathbf{{{count(drawn.one.bytes)}}}" in written.held(drawn.one, w)
    assert written.crossing(drawn.one, w).endswith(rf"\mathbf{{{count(drawn.one.crossing)}}}")


@BOTH
@pytest.mark.parametrize(
    ("chosen", "groups", "name"),
    [(0, 8, "mha"), (1, 8, "gqa"), (2, 8, "mqa"), (3, 8, "latent"), (1, 1, "mqa"), (1, 32, "mha")],
)
@pytest.mark.parametrize("last", [False, True])
def test_it_tells_the_bytes_and_who_shares(
    chosen: int, groups: int, name: str, last: bool, language: str
) -> None:
    drawn, speak = shown(chosen=chosen, groups=groups), style(language, "cost.cache.now")
    said, after = now.caches(drawn, last, speak)
    full, own = (size(one.bytes, speak.notation, 3) for one in (drawn.full, drawn.one))
    values = {
        **{"n": speak.notation.grouped(4096), "model": "llama-3-8b", "heads": 32},
        **{"groups": groups, "size": own, "full": full},
        "ratio": times(2 * 32 * 128 / drawn.one.layer_numbers, speak),
    }
    assert read(said) == told(language, f"cost.cache.now.{name}", **values)
    assert read(after) == told(language, f"cost.cache.now.{'last' if last else 'then'}")
