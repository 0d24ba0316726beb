"""A visitor's picture: all heads small, and the rollout of any token; every number as handed in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.core.rollout import column, of_heads, rollout, rows, with_residual
from models.vision.trace import VisitorTrace
from models.vision.visitor import see_picture
from tests.closeness import assert_close
from tests.models.vision.seeing import save
from tests.viz.figures import cells, checked, words
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.vision import own_rollout
from viz.vision.overview import overview
from viz.vision.patches import end_of
from viz.vision.tiles import Tiles, pooled
from viz.vision.visitor import VisitorLook, one_map, visitor

COLOURS = np.random.default_rng(3).integers(0, 256, (24, 30, 3), dtype=np.uint8)
BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
FAMILIES = pytest.mark.parametrize("family", ["dinov2_with_registers", "siglip_vision_model"])
LABELS = {
    name: name
    for name in ("asks", "asked", "layer", "head", "root", "own_row", "product_row", "own_patches")
} | {
    "ends": "ends at {end}",
    "heads_pooled": "largest of {size}",
    "own_here": "{layer} alone {sum}",
    "product_here": "up to {layer} {sum}",
    "product_first": "first {sum}",
    "own_total": "{parts} = {sum}",
    "own_sum": "{name} {share}",
}


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, VisitorTrace]:
    """Of a small model of a family, by its name."""
    names = ("dinov2_with_registers", "siglip_vision_model")
    folders: dict[str, Path] = {name: tmp_path_factory.mktemp(name) for name in names}
    return {name: see_picture(str(save(name, at)), COLOURS) for name, at in folders.items()}


def style(theme: Theme = LIGHT) -> Style:
    return Style(theme, Notation(), LABELS)


def look(trace: VisitorTrace, **changed: int) -> VisitorLook:
    return VisitorLook(trace, **{"layer": 1, "head": 2, "query": 0, "key": 5} | changed)


def maps(figure: Any, shape: tuple[int, int]) -> list[np.ndarray]:
    found = [np.array(t.z, float) for t in figure.data if t.type == "heatmap"]
    return [each for each in found if each.shape == shape]


@BOTH
@FAMILIES
def test_every_head_shows_where_the_token_looks(
    traces: dict[str, VisitorTrace], family: str, theme: Theme
) -> None:
    shown = look(traces[family], query=3)
    figure = overview(shown, style(theme))
    checked(figure)
    step = Tiles.fitting(0, 0, (2, 4), (3, 3), 100).step
    (tiles,) = maps(figure, (2 * step, 4 * step))
    for layer, block in enumerate(shown.blocks):
        for head in range(block.heads):
            own = tiles[layer * step : layer * step + 3, head * step : head * step + 3]
            assert_close(own.ravel() ** 2, block.weights[head, 3, shown.own.added :])
    ids = {tuple(i) for trace in cells(figure) for i in trace.customdata}
    assert ids == {("head", layer, head) for layer in range(2) for head in range(4)}


@FAMILIES
def test_the_scale_holds_every_patch_and_says_where_it_ends(
    traces: dict[str, VisitorTrace], family: str
) -> None:
    shown = look(traces[family])
    patches = shown.row[shown.own.added :]
    assert patches.max() <= shown.end
    said = [w.text for w in words(visitor(shown, style()))]
    ended = [text for text in said if "ends at" in text]
    assert bool(ended) == (shown.end < 1)


@pytest.mark.parametrize(
    ("weights", "end"), [([0.004], 0.005), ([0.0051], 0.01), ([0.3], 0.5), ([0.6], 1), ([], 0.005)]
)
def test_a_scale_ends_at_the_first_end_beyond(weights: list[float], end: float) -> None:
    assert end_of(np.array(weights)) == end


def test_fine_patches_are_pooled_to_what_one_can_see() -> None:
    tiles = Tiles.fitting(0, 0, (24, 16), (37, 37), 21.0)
    assert tiles.block > 1
    assert tiles.unit >= 2
    picture = np.arange(35.0).reshape(5, 7)
    np.testing.assert_array_equal(pooled(picture, 3), [[16, 19, 20], [30, 33, 34]])
    np.testing.assert_array_equal(pooled(picture, 1), picture)


@FAMILIES
def test_a_row_and_a_column_are_those_of_the_whole_product(
    traces: dict[str, VisitorTrace], family: str
) -> None:
    layers = [with_residual(block.weights) for block in traces[family].attention.blocks]
    layers = [*layers, *layers[::-1], layers[0]]  # the order of more than two counts
    products = rollout(layers)
    for token in (0, 4):
        for row, product in zip(rows(layers, token), products, strict=True):
            assert_close(row, product[token])
        assert_close(column(layers, token), products[-1][:, token])
        assert_close(column(layers[:1], token), products[0][:, token])


@FAMILIES
def test_a_query_s_row_is_that_of_all_weights(traces: dict[str, VisitorTrace], family: str) -> None:
    for block in traces[family].attention.blocks:
        for query in (0, 7):
            assert_close(block.row(query), block.weights[:, query])


@BOTH
@FAMILIES
def test_the_rollout_of_any_token_is_drawn(
    traces: dict[str, VisitorTrace], family: str, theme: Theme
) -> None:
    trace = traces[family]
    layers = [with_residual(block.weights) for block in trace.attention.blocks]
    shown = look(trace, query=2)
    own = [of_heads(block.weights)[2] for block in trace.attention.blocks]
    products = rows(layers, 2)
    figure = own_rollout.rollout(shown, own, products, style(theme))
    checked(figure)
    drawn = maps(figure, (3, 3))
    added = trace.added
    assert_close(np.square(drawn[0]).ravel(), own[1][added:])
    assert_close(np.square(drawn[1]).ravel(), products[1][added:])
    assert "1 alone 1.00" in [w.text for w in words(figure)]
    assert "up to 1 1.00" in [w.text for w in words(figure)]
    ids = {tuple(i) for t in cells(figure) for i in t.customdata}
    tokens = len(trace.attention.tokens)
    wanted = {(kind, n) for kind in ("query", "key") for n in range(tokens)}
    assert ids == wanted | {("layer", 0), ("layer", 1)}


def test_a_bias_on_the_scores_is_in_a_querys_row(tmp_path: Path) -> None:
    blocks = see_picture(str(save("beit", tmp_path)), COLOURS).attention.blocks
    for block in blocks:
        assert block.terms
        assert_close(block.row(4), block.weights[:, 4])
        masked = replace(block, mask=np.where(np.tri(*block.shape), 0, -np.inf)[None])
        assert_close(masked.row(4), masked.weights[:, 4])


def test_a_sum_of_many_tokens_takes_more_lines(traces: dict[str, VisitorTrace]) -> None:
    shown = look(traces["dinov2_with_registers"])
    said = [w for w in words(one_map(shown, style())) if "[REG" in w.text or "= 1.00" in w.text]
    assert len(said) > 1
    assert len({w.y for w in said}) == len(said)
    assert all(len(w.text) * 8 <= 560 for w in said)
    joined = " ".join(w.text for w in said)
    assert [joined.index(f"[REG{n}]") for n in range(3)] == sorted(
        joined.index(f"[REG{n}]") for n in range(3)
    )
