"""The blocks of a key/value cache: the model's numbers in their columns, the new one framed."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.viz.figures import HOSTILE, checked, plain, words
from viz.board.board import Figure
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.formula.writer import Writer
from viz.gpt import cache_formulas as written
from viz.gpt.cache import Kept, cache_blocks

LABELS = {
    "layer": "layer {n}",
    "keys": "K",
    "values": "V",
    "clipped_short": "±{limit}, max {largest}",
    "layers": "layers",
    "heads": "heads",
    "tokens": "tokens",
    "d": "width",
    "numbers": "numbers",
    "bytes": "bytes",
    "with_cache": "with",
    "without": "without",
}


def style(theme: Theme = LIGHT) -> Style:
    return Style(theme, Notation(), LABELS)


def made(tokens: int, layers: int = 3, *, full: bool = False, names: tuple[str, ...] = ()) -> Kept:
    random = np.random.default_rng([tokens, layers])
    q = [random.normal(size=8).astype(np.float32) for _ in range(layers)]
    k, v = (
        [random.normal(size=(tokens, 8)).astype(np.float32) for _ in range(layers)]
        for _ in range(2)
    )
    return Kept(q, k, v, names or tuple(f"w{i}" for i in range(tokens)), full=full)


def maps(figure: Figure) -> list[np.ndarray]:
    found = [np.array(t.z) for t in figure.data if t.type == "heatmap"]
    return [z for z in found if z.shape != (1, 64)]


@pytest.mark.parametrize("tokens", [1, 6, 64])
@pytest.mark.parametrize("layers", [1, 4, 12])
def test_each_layer_shows_its_query_all_keys_and_all_values(tokens: int, layers: int) -> None:
    kept = made(tokens, layers)
    shown = maps(cache_blocks(kept, style()))
    assert len(shown) == 3 * layers
    for parts, columns in ((kept.keys, tokens), (kept.values, tokens)):
        for part in parts:
            assert any(z.shape == (8, columns) and np.array_equal(z, part.T) for z in shown)
    for query in kept.queries:
        assert any(z.shape == (8, 1) and np.array_equal(z[:, 0], query) for z in shown)


@pytest.mark.parametrize("full", [False, True])
def test_the_newest_column_is_framed_and_the_next_one_an_outline_while_there_is_room(
    full: bool,
) -> None:
    figure = cache_blocks(made(5, full=full), style())
    for colour in (LIGHT.k, LIGHT.v):
        frames = [s for s in figure.layout.shapes if s.line.color == colour]
        new = [s for s in frames if s.line.width == 3]
        coming = [s for s in frames if s.line.dash == "dot"]
        assert len(new) == 3
        assert len(coming) == (0 if full else 3)
        for one, other in zip(new, coming, strict=False):
            assert other.x0 == pytest.approx(one.x1 + 1)


def test_blocks_grow_by_a_column_of_the_same_width() -> None:
    def right(tokens: int) -> float:
        figure = cache_blocks(made(tokens), style())
        return float(max(s.x1 for s in figure.layout.shapes if s.line.width == 3 and s.x1 < 640))

    steps = np.diff([right(n) for n in range(2, 10)])
    np.testing.assert_allclose(steps, steps[0])
    assert steps[0] > 20


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_plotly_takes_the_figure_and_hostile_tokens_are_text(theme: Theme) -> None:
    figure = cache_blocks(made(len(HOSTILE), names=HOSTILE), style(theme))
    checked(figure)
    said = " ".join(w.text for w in words(figure))
    assert "<script" not in said
    assert "<img" not in said
    assert plain(said).count("layer") == 3


def numbers(formula: str) -> list[int]:
    """Whole numbers of a formula, thousands joined, without colours and the rows' distance."""
    bare = re.sub(r"#\w{6}|\\\\\[[\d.]+em\]", "", formula)
    return [int(n.replace("{,}", "")) for n in re.findall(r"\d+(?:\{,\}\d{3})*", bare)]


def test_counts_are_products_of_the_models_sizes() -> None:
    layers, heads, tokens, d = 4, 3, 17, 32
    kept = [(layers, heads, tokens, (d, d))]
    told = numbers(written.memory(kept, 4, Writer(style())))
    count = layers * 2 * heads * tokens * d
    assert told == [layers, 2, heads, tokens, d, count, count, 4, 4 * count]
    once = written.rows(layers * heads, tokens, Writer(style()))
    assert numbers(once) == [12, 12 * tokens, tokens, 12]
    dots = written.dots(12 * tokens, 12 * tokens, tokens, Writer(style()))
    assert numbers(dots) == [12 * tokens, 12 * tokens**2, tokens, 12 * tokens]


def test_keys_and_values_that_heads_share_are_computed_once_for_all_of_them() -> None:
    told = numbers(written.rows(270, 10, Writer(style()), shared=90))
    assert told == [270, 90, 2700, 900]
    alone = written.rows(12, 10, Writer(style()), shared=12)
    assert alone == written.rows(12, 10, Writer(style()))


def test_layers_of_unlike_lengths_and_widths_are_summed() -> None:
    kept = [(3, 2, 3, (8, 8)), (1, 2, 12, (8, 4))]
    told = numbers(written.memory(kept, 4, Writer(style())))
    assert told[:11] == [3, 2, 2, 3, 8, 288, 1, 2, 12, 8, 4]
    assert told[11:] == [288, 576, 4, 2304]


def test_in_a_window_fewer_dot_products_are_computed_than_all_divided_by_the_tokens() -> None:
    assert numbers(written.dots(8, 24, 12, Writer(style()))) == [8, 288]


@pytest.mark.parametrize(("layers", "every"), [(4, 1), (12, 1), (30, 2)])
def test_of_many_layers_every_second_is_named(layers: int, every: int) -> None:
    names = [w.text for w in words(cache_blocks(made(3, layers), style())) if "layer" in w.text]
    assert names == [f"layer {n}" for n in range(0, layers, every)]
