"""The pictures page's figures and formulas: every number is the one that was handed in."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from models.core.rollout import rollout, with_residual
from models.vision import deletion as d
from models.vision import digits
from models.vision.digit import LEVELS, levels, packed, see
from tests.closeness import assert_close
from tests.present import present
from tests.viz.figures import cells, checked, close, words
from viz.board.axes import Axes, Choice
from viz.board.board import Figure
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.formula.writer import Writer
from viz.steps.head import of_block
from viz.steps.scene import Scene
from viz.vision import attention, deletion, pad, strips
from viz.vision import formulas as written
from viz.vision import rollout as vision_rollout
from viz.vision.attention import Look
from viz.vision.deletion import ORDERS, Curves, Removal
from viz.vision.patches import names

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
SEEN = see("vit-digits", digits.split()[1].pixels[0])
BLOCKS = SEEN.attention.layers("encoder")
TOKENS = names(17)
LABELS = {
    name: name
    for name in (
        *("asks", "asked", "layer", "head", "root", "own", "product", "most", "least", "ink"),
        *("random", "this_one", "held_out", "removed", "from_pixels", "position", "vector", "area"),
    )
} | {
    "sum": "sum {sum}",
    "own_layer": "layer {layer} sum {sum}",
    "product_layer": "to {layer} sum {sum}",
    "rest": "{n} more",
}


def style(theme: Theme = LIGHT) -> Style:
    return Style(theme, Notation(), LABELS)


def look(**changed: Any) -> Look:
    at = {"layer": 2, "head": 1, "query": 0, "key": 6} | changed
    return Look(SEEN, **at)


def plates(figure: Figure) -> list[str]:
    """The numbers on plates, patch by patch, without their names."""
    found = [a.text for a in figure.layout.annotations if a.bgcolor]
    return [re.sub(r"<span.*?</span> |</?b>", "", text).replace("&lt;", "<") for text in found]


def numbers(tex: str) -> list[float]:
    """Every number of a formula, its colours taken off."""
    bare = re.sub(r"\\textcolor\{#\w{6}\}|\\\\\[.*?em\]", "", tex)
    return [float(n) for n in re.findall(r"-?\d+\.\d+", bare)]


def test_tokens_are_named_as_on_a_sheet() -> None:
    assert TOKENS[:6] == ("[CLS]", "A1", "B1", "C1", "D1", "A2")
    assert TOKENS[-1] == "D4"
    assert names(5) == ("[CLS]", "A1", "B1", "A2", "B2")


@BOTH
@pytest.mark.parametrize(("layer", "head", "query"), [(2, 1, 0), (0, 2, 5)])
def test_every_patch_says_its_own_weight(theme: Theme, layer: int, head: int, query: int) -> None:
    figure = attention.attention(look(layer=layer, head=head, query=query), style(theme))
    checked(figure)
    q, k = (side[head].astype(np.float64) for side in (BLOCKS[layer].q, BLOCKS[layer].k))
    e = np.exp(q[query] @ k.T / 4)
    row = e / e.sum()
    shown = plates(figure)
    assert len(shown) == 16
    for word, weight in zip(shown, row[1:], strict=True):
        assert close(word, weight, 3)
    bar = next(w.text for w in words(figure) if w.text.startswith("[CLS] "))
    assert close(bar.removeprefix("[CLS] ").replace("&lt;", "<"), row[0], 3)
    large = [t for t in figure.data if t.type == "heatmap" and np.shape(t.z) == (4, 4)]
    assert_close(np.square(large[0].z).ravel(), row[1:])
    assert "sum 1.00" in [w.text for w in words(figure)]


def test_the_small_pictures_hold_every_heads_row() -> None:
    figure = attention.attention(look(query=3), style())
    tiles = next(t.z for t in figure.data if t.type == "heatmap" and np.shape(t.z) == (14, 19))
    for layer, block in enumerate(BLOCKS):
        for head in range(4):
            own = np.array(tiles)[5 * layer : 5 * layer + 4, 5 * head : 5 * head + 4]
            assert_close(own.ravel() ** 2, block.weights[head, 3, 1:])


def test_clicks_choose_query_key_and_head() -> None:
    ids = [
        list(i) for trace in cells(attention.attention(look(), style())) for i in trace.customdata
    ]
    for name in ("query", "key"):
        assert {i[1] for i in ids if i[0] == name} == set(range(17))
    heads = {tuple(i[1:]) for i in ids if i[0] == "head"}
    assert heads == {(layer, head) for layer in range(3) for head in range(4)}


@pytest.mark.parametrize("changed", [{"layer": 3}, {"head": 4}, {"query": 17}, {"key": -1}])
def test_what_is_not_there_cannot_be_looked_at(changed: dict[str, int]) -> None:
    with pytest.raises(IndexError, match="is not in"):
        look(**changed)


@BOTH
def test_rollout_shows_each_layers_mean_above_and_the_product_below(theme: Theme) -> None:
    products = rollout([with_residual(b.weights) for b in BLOCKS])
    own = [b.weights.astype(np.float64).mean(axis=0)[0] for b in BLOCKS]
    made = look(layer=1, key=4), own, [p[0] for p in products]
    figure = vision_rollout.rollout(*made, style(theme))
    checked(figure)
    shown = plates(figure)
    expected = np.concatenate([row[1:] for row in (*own, *(p[0] for p in products))])
    assert len(shown) == 6 * 16
    assert all(close(word, weight, 3) for word, weight in zip(shown, expected, strict=True))
    assert sum("sum 1.00" in w.text for w in words(figure)) == 6
    ids = {tuple(i) for trace in cells(figure) for i in trace.customdata}
    assert ids == {("cell", layer, token) for layer in range(3) for token in range(17)}


@BOTH
@pytest.mark.parametrize("count", [0, 5, 16])
def test_deletion_draws_the_curves_and_says_each_orders_probability(
    theme: Theme, count: int
) -> None:
    found = d.deletion("vit-digits", SEEN, d.shares(SEEN.attention, "rollout", 0, 0), "paper")
    curves = {**found.curves, "random": found.random.mean(axis=0)}
    live = Curves(curves, found.random.min(axis=0), found.random.max(axis=0))
    told = present(d.measured("vit-digits", "rollout", "paper"))
    held_out = Curves(told.curves, told.low, told.high)
    pictures = dict.fromkeys(ORDERS, SEEN.pixels)
    figure = deletion.deletion(Removal(live, held_out, pictures, count, "7", 4), style(theme))
    checked(figure)
    said = [w.text for w in words(figure) if w.text.startswith("7: ")]
    for word, name in zip(said, ORDERS, strict=True):
        assert close(re.sub("</?b>", "", word)[3:].replace("&lt;", "<"), curves[name][count], 3)
    zero, one = (sorted({w.y for w in words(figure) if w.text == t}) for t in ("0", "1.00"))
    bottom, top = zero[0], one[0]
    for plot, given in ((0, live), (1, held_out)):
        lines = [t for t in figure.data if t.type == "scatter" and len(t.x) == 17]
        for name in ORDERS:
            colour = deletion.colour_of(theme, name)
            own = [t for t in lines if t.marker.symbol == deletion.SYMBOLS[name]]
            assert len(own) == 2
            assert own[plot].line.color == colour
            heights = (bottom - np.array(own[plot].y, np.float64)) / (bottom - top)
            assert_close(heights, given.curves[name])
    ids = {i[0] for trace in cells(figure) for i in trace.customdata}
    assert ids == set(range(17))


def test_strips_hold_the_vector_and_its_parts() -> None:
    made = SEEN.embedding
    rows = made.vectors[6] - made.positions[6], made.positions[6], made.own[6]
    figure = strips.strips(rows, 9, style())
    checked(figure)
    shown = [np.array(t.z)[0] for t in figure.data if t.type == "heatmap"]
    for strip, row in zip(shown, rows, strict=True):
        np.testing.assert_allclose(strip, row, atol=1e-6)
    assert_close(shown[0] + shown[1], shown[2])
    for word, row in zip(words(figure), rows, strict=True):
        assert close(re.search("<b>(.*)</b>", word.text)[1], row[9])  # type: ignore[index]


def entry(token: int, n: int) -> written.Entry:
    made = SEEN.embedding
    return written.Entry(
        TOKENS[token],
        n,
        levels(made.patches[token - 1]) if token else (),
        LEVELS,
        made.projection.weight[:, n] if token else made.added[0, :0],
        made.projection.bias_at(n) if token else float(made.added[0, n]),
        float(made.positions[token, n]),
    )


@pytest.mark.parametrize("token", [0, 6, 10])
@pytest.mark.parametrize("n", [0, 63])
def test_the_vectors_sum_comes_to_the_models_own_number(token: int, n: int) -> None:
    one = entry(token, n)
    assert one.value == pytest.approx(float(SEEN.embedding.own[token, n]), abs=1e-6)
    tex = written.vector(one, Writer(style(), 4))
    found = numbers(tex)
    assert found[-1] == pytest.approx(one.value, abs=5.1e-5)
    if token:
        pixels = [int(a) / 16 for a in re.findall(r"\\tfrac\{(\d+)\}\{16\}", tex)]
        terms, (total, again, start, position, value) = found[:4], found[4:]
        assert np.dot(pixels, terms) == pytest.approx(total, abs=3e-4)
        assert total == again
        assert total + start + position == pytest.approx(value, abs=2e-4)
    else:
        start, position, value = found
        assert start + position == pytest.approx(value, abs=2e-4)


def scene(query: int, key: int, layer: int = 2, head: int = 0, dim: int = 3) -> Scene:
    axes = Axes(TOKENS, TOKENS, Choice(query, key))
    return Scene(of_block(BLOCKS[layer], head), axes, dim=dim)


@pytest.mark.parametrize(("query", "key"), [(0, 6), (5, 0), (7, 7)])
def test_the_short_sums_are_the_heads_own(query: int, key: int) -> None:
    shown = scene(query, key)
    tex = written.brief(shown, entry(key, 2), Writer(style(), 4))
    q, k, v = (getattr(BLOCKS[2], part)[0].astype(np.float64) for part in "qkv")
    raw = q[query] @ k.T
    e = np.exp(raw / 4)
    weights = e / e.sum()
    found = numbers(tex)
    output = float(weights @ v[:, 3])
    for value in (entry(key, 2).value, raw[key], raw[key] / 4, weights[key], output):
        assert any(abs(value - one) <= 5.1e-5 for one in found), value
    assert found[-1] == pytest.approx(output, abs=5.1e-5)
    # One term is written, the others stand together: what is printed adds up.
    largest, rest = found[-4] * found[-3], found[-2]
    assert largest + rest == pytest.approx(output, abs=3e-4)


def test_one_cell_of_the_mixing_is_half_the_mean_and_half_the_residual() -> None:
    for key in (0, 6):
        heads = BLOCKS[1].weights[:, 0, key].astype(np.float64)
        *terms, value = numbers(written.mixed(heads, key == 0, 1, Writer(style(), 4)))
        assert value == pytest.approx((heads.mean() + (key == 0)) / 2, abs=5.1e-5)
        assert (np.mean(terms) + (key == 0)) / 2 == pytest.approx(value, abs=2e-4)


@pytest.mark.parametrize("most", [4, None])
def test_one_cell_of_the_rollout_is_a_row_times_a_column(most: int | None) -> None:
    layers = [with_residual(b.weights) for b in BLOCKS]
    products = rollout(layers)
    tex = written.rolled(layers[2][0], products[1][:, 6], TOKENS, 2, Writer(style(), 4, most))
    found = numbers(tex)
    assert found[-1] == pytest.approx(products[2][0, 6], abs=5.1e-5)
    rest = found[-2] if most else 0.0
    terms = found[: 2 * (most or 17)]
    assert sum(a * b for a, b in zip(terms[::2], terms[1::2], strict=True)) + rest == pytest.approx(
        products[2][0, 6], abs=3e-4
    )


def test_an_areas_sum_is_written_out_whole() -> None:
    curve = np.random.default_rng(1).random(17).astype(np.float32)
    *terms, total, value = numbers(written.area(curve, Writer(style())).chosen)
    assert len(terms) == 17
    for k, term in enumerate(terms):
        assert abs(term - curve[k]) <= 5.1e-4
    halves = np.array(terms)
    halves[[0, -1]] /= 2
    assert halves.sum() == pytest.approx(total, abs=9e-3)
    assert total / 16 == pytest.approx(value, abs=1e-3)
    assert value == pytest.approx(d.area(curve), abs=5.1e-4)


def test_the_pad_gets_signs_words_and_colours_only() -> None:
    labels = {name: "<b>" + name for name in pad.LABELS}
    code = packed(SEEN.pixels)
    data = pad.payload(code, 8, marked=(2, 2, 2, 2), labels=labels, theme=DARK)
    assert data["code"] == code
    assert data["marked"] == [2, 2, 2, 2]
    assert data["labels"] == labels
    assert data["colours"]["k"] == DARK.k
    with pytest.raises(ValueError, match="8 × 8"):
        pad.payload(code[1:], 8, labels=labels, theme=DARK)
    assert "innerHTML" not in pad.script()


def test_numbers_follow_the_language() -> None:
    turkish = Style(LIGHT, Notation(","), LABELS)
    tex = written.mixed(BLOCKS[0].weights[:, 0, 1], False, 0, Writer(turkish))
    assert "{,}" in tex
    figure = attention.attention(look(), turkish)
    assert all("." not in word for word in plates(figure))
