"""The memory page's figures and formulas: every number is the one that was handed in."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from models.memory import jacobian_paths, products, recall
from models.memory.gradients import NETWORKS, drawn, gradients
from models.memory.steps import Nonlinearity
from models.trace import Floats
from tests.present import present
from tests.viz.figures import NOTATION, cells, checked, close, plain, words
from tests.viz.looks import by_colour_alone
from viz.board.board import Box, Figure
from viz.board.notation import Notation
from viz.board.plane import Plane, powers, steps_shown
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.formula.writer import Writer
from viz.memory import formulas as written
from viz.memory import gradients as memory_gradients
from viz.memory import products as memory_products
from viz.memory import recall as memory_recall
from viz.memory.gradients import FLOAT32_ENDS, Way
from viz.memory.products import Products

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
FOUND = gradients(drawn(20))
LAST = 21
NAMES = (
    *("rnn", "lstm", "attention", "gradient_axis", "symbol_axis", "distance_axis", "float32"),
    *("strip_rnn", "strip_lstm", "strip_attention", "strips", "accuracy_axis", "recall_axis"),
    *("beyond", "spread", "claim_copes", "claim_fails", "chance", "product_axis", "linear"),
    *("no_factor", "tanh", "relu", "steps_axis", "chosen", "bound", "references"),
    *("slopes_tanh", "slopes_relu", "no_slopes"),
)
LABELS = {name: name for name in NAMES} | {"unit": "unit {unit}", "head": "head {n}"}
WRITER = Writer(Style(LIGHT, Notation(), LABELS))


def way(distance: int, text: str = "") -> Way:
    found = gradients(text) if text else FOUND
    chain = jacobian_paths.recurrent(found.rnn, distance)
    cell = jacobian_paths.along_cell(found.lstm, distance)
    look = jacobian_paths.look(found.attention, distance)
    norms = {name: values[::-1] for name, values in found.norms.items()}
    alpha = found.attention.weights[look.head][::-1]
    return Way(
        found.typed[::-1], norms, distance, chain.factors, cell.kept, cell.unit, alpha, look.head
    )


def drawn_curves(figure: Figure, theme: Theme, network: str) -> list[np.ndarray]:
    """(x, y) of every line of a network's colour."""
    colour = memory_gradients.colour_of(theme, network)
    lines = [t for t in figure.data if t.type == "scatter" and t.line.color == colour]
    return [np.array([t.x, t.y], np.float64) for t in lines if t.mode != "text"]


@BOTH
@pytest.mark.parametrize("distance", [0, 7, LAST])
def test_the_curves_lie_where_the_gradients_are(theme: Theme, distance: int) -> None:
    shown = way(distance)
    figure = memory_gradients.gradients(shown, Style(theme, NOTATION, LABELS))
    checked(figure)
    one, hundredth = (next(w.y for w in words(figure) if w.text == t) for t in ("1", "10⁻²"))
    for name in NETWORKS:
        curve, chosen = drawn_curves(figure, theme, name)
        exponents = (one - curve[1]) / (hundredth - one) * 2
        np.testing.assert_allclose(exponents, np.log10(FOUND.norms[name][::-1]), atol=1e-5)
        np.testing.assert_allclose(chosen[:, 0], curve[:, distance], atol=1e-3)


@pytest.mark.parametrize("times", [1, 3])
def test_curves_differ_in_more_than_colour(times: int) -> None:
    """Of a long text, too, where no marks of points have room."""
    one = way(3)
    norms = {name: np.tile(values, times) for name, values in one.norms.items()}
    alpha, tokens = np.tile(one.alpha, times), list(one.tokens) * times
    shown = replace(one, tokens=tokens, norms=norms, alpha=alpha)
    assert not by_colour_alone(memory_gradients.gradients(shown, Style(LIGHT, NOTATION, LABELS)))


@pytest.mark.parametrize("distance", [0, 3, LAST])
def test_the_strips_hold_every_factor_on_the_way(distance: int) -> None:
    shown = way(distance)
    figure = memory_gradients.gradients(shown, Style(LIGHT, NOTATION, LABELS))
    strips = [np.array(t.z, np.float64)[0] for t in figure.data if t.type == "heatmap"]
    run = FOUND.rnn
    # The direction that reaches the end strongest, followed anew.
    steps = [
        np.diag(1 - h * h) @ (run.u if n else run.w) for n, h in enumerate(run.h[LAST - distance :])
    ]
    whole = np.linalg.multi_dot([np.eye(len(run.u)), *steps[::-1], np.eye(run.w.shape[1])])
    vector = np.linalg.svd(whole)[2][0]
    factors = []
    for step in steps:
        vector = step @ vector
        factors.append(np.linalg.norm(vector))
        vector = vector / factors[-1]
    np.testing.assert_allclose(strips[0][: distance + 1], np.log10(factors[::-1]), atol=1e-5)
    assert np.isnan(strips[0][distance + 1 :]).all()
    kept = FOUND.lstm.f[LAST - distance + 1 :, shown.unit][::-1]
    np.testing.assert_allclose(strips[1][:distance], np.maximum(np.log10(kept), -1), atol=1e-5)
    assert np.isnan(strips[1][distance:]).all()
    np.testing.assert_allclose(strips[2], shown.alpha, atol=1e-5)


def test_every_distance_can_be_clicked_and_hostile_symbols_are_text() -> None:
    shown = replace(way(2), tokens=("<b>x</b>", "<", *FOUND.typed[:-2][::-1]))
    figure = memory_gradients.gradients(shown, Style(LIGHT, NOTATION, LABELS))
    (points,) = cells(figure)
    assert {c[0] for c in points.customdata} == set(range(LAST + 1))
    assert not any("<b>x" in w.text for w in words(figure))


@pytest.mark.parametrize("distance", [0, 60, 120])
def test_what_float32_cannot_hold_is_marked_and_leaves_the_picture(distance: int) -> None:
    shown = way(distance, drawn(119))
    assert shown.norms["rnn"].min() < FLOAT32_ENDS
    figure = memory_gradients.gradients(shown, Style(LIGHT, NOTATION, LABELS))
    checked(figure)
    assert any(w.text == "float32" for w in words(figure))
    curve = drawn_curves(figure, LIGHT, "rnn")[0]
    gone = shown.norms["rnn"] < 10.0**-47
    assert gone.any()
    np.testing.assert_array_equal(np.isnan(curve[1]), gone)
    near = memory_gradients.gradients(way(0), Style(LIGHT, NOTATION, LABELS))
    assert not any(w.text == "float32" for w in words(near))


MEASURED = present(recall.measured(NETWORKS))


@BOTH
def test_recalls_means_seeds_and_claim_lie_where_they_were_measured(theme: Theme) -> None:
    lstm = MEASURED["lstm"]
    figure = memory_recall.recall(MEASURED, 6, Style(theme, NOTATION, LABELS))
    checked(figure)
    top, bottom = (next(w.y for w in words(figure) if w.text == tick) for tick in ("1.0", "0.0"))
    for name, told in MEASURED.items():
        *each, mean = drawn_curves(figure, theme, name)
        shares = (bottom - np.array([e[1] for e in each])) / (bottom - top)
        np.testing.assert_allclose(shares, told.seeds, atol=1e-5)
        np.testing.assert_allclose((bottom - mean[1]) / (bottom - top), told.mean, atol=1e-5)
        places = {int(plain(w.text)): w.x for w in words(figure) if plain(w.text).isdigit()}
        np.testing.assert_allclose(mean[0], [places[n] for n in told.distractors], atol=1e-6)
    said = [plain(w.text) for w in words(figure) if "lstm" in w.text]
    assert said == ["lstm 1.000 ✓", "lstm 1.000 ✗"]
    (points,) = cells(figure)
    assert {c[0] for c in points.customdata} == set(lstm.distractors)


TICKS = {"10²": 1e2, "10⁵": 1e5, "10⁻⁵": 1e-5}


def tick_of(figure: Figure) -> str:
    """A tick of the figure other than 1."""
    return next(tick for tick in TICKS if any(w.text == tick for w in words(figure)))


@BOTH
@pytest.mark.parametrize("sigma", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("kind", products.NONLINEARITIES)
def test_products_and_their_bound_lie_where_they_are(
    theme: Theme, sigma: float, kind: Nonlinearity
) -> None:
    sides: tuple[products.Activation, ...] = ("linear", kind)
    made: dict[float, dict[str, Floats]] = {
        other: {
            side: products.products(FOUND, "rotation", other, activation=side).norms
            for side in sides
        }
        for other in (sigma, *products.REFERENCES)
    }
    others = [(other, made[other]) for other in products.REFERENCES]
    slopes = products.step_back(FOUND, "rotation", sigma, kind, 5).slopes
    shown = Products(sigma, made[sigma], others, 5, kind, slopes)
    figure = memory_products.products(shown, Style(theme, NOTATION, LABELS))
    checked(figure)
    assert shown.sides == sides
    strip = next(t for t in figure.data if t.type == "heatmap")
    lines = [t for t in figure.data if t.type == "scatter"]
    np.testing.assert_allclose(np.array(strip.z, np.float64)[0], slopes, atol=1e-6)
    for side, name in enumerate(sides):
        one, other = (
            [w.y for w in words(figure) if w.text == tick][side] for tick in ("1", tick_of(figure))
        )
        tens = float(np.log10(TICKS[tick_of(figure)]))
        curve = [t for t in lines if t.line.color == theme.net_rnn and t.line.width == 3.5][side]
        exponents = (np.array(curve.y, np.float64) - one) / (other - one) * tens
        np.testing.assert_allclose(exponents, np.log10(made[sigma][name]), atol=1e-5)
        np.testing.assert_allclose(np.diff(curve.x, n=2), 0, atol=1e-3)
        bound = [t for t in lines if t.line.dash == "4px,6px"][side]
        exponents = (np.array(bound.y, np.float64) - one) / (other - one) * tens
        np.testing.assert_allclose(exponents, np.arange(22) * np.log10(sigma), atol=1e-5)
    (left, right) = cells(figure)
    assert {c[0] for c in left.customdata} == {c[0] for c in right.customdata} == set(range(22))


def uncoloured(tex: str) -> str:
    while (found := re.sub(r"\\textcolor\{#\w{6}\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"\1", tex)) != tex:
        tex = found
    return tex


def result(tex: str) -> float:
    """The number in bold at the end."""
    body = re.findall(r"\\mathbf\{(.*?\}?)\}(?= |$|\\)", uncoloured(tex))[-1]
    mantissa, _, power = body.partition(r"\cdot 10^{")
    return float(mantissa) * 10.0 ** int(power.rstrip("}") or 0)


@pytest.mark.parametrize("distance", range(LAST + 1))
def test_every_formula_ends_in_torchs_own_number(distance: int) -> None:
    chain = jacobian_paths.recurrent(FOUND.rnn, distance)
    tex = written.chain("x", chain.matrix, chain.slope, chain.product, WRITER)
    own = FOUND.norms["rnn"][LAST - distance]
    assert result(tex) == pytest.approx(own, rel=5.1e-3)
    pairs = re.findall(r"\(([\d.]+) \\cdot ([\d.]+)\)", uncoloured(tex))
    shown = np.array(pairs, float)
    assert len(shown) == min(distance + 1, 4 if distance == 3 else 3)
    latest_first = np.array([chain.matrix, chain.slope]).T[::-1]
    np.testing.assert_allclose(shown[0], latest_first[0], atol=5.1e-3)
    np.testing.assert_allclose(shown[-1], latest_first[-1], atol=5.1e-3)
    means = re.findall(r"\\underbrace\{([\d.]+)(?:\^\{\\,(\d+)\})?\}", uncoloured(tex))
    whole = np.prod([float(mean) ** int(power or 1) for mean, power in means])
    assert np.log(whole) == pytest.approx(np.log(own), abs=0.01 * (distance + 1))


@pytest.mark.parametrize("distance", [0, 1, 4, LAST])
def test_the_cells_formula_is_its_units_way(distance: int) -> None:
    path = jacobian_paths.along_cell(FOUND.lstm, distance)
    tex = written.along_cell(path.end, path.kept, path.start, path.product, WRITER, unit=path.unit)
    assert result(tex) == pytest.approx(path.product, rel=5.1e-3)
    assert rf"\text{{unit {path.unit}}}" in tex
    assert (r"\cdots" in tex) == (distance > 6)


def test_the_heads_formula_multiplies_alpha() -> None:
    look = jacobian_paths.look(FOUND.attention, LAST)
    tex = uncoloured(written.heads(look.alpha, look.passed, WRITER))
    rows = re.findall(r"= ([\d.]+) \\cdot ([\d.]+) = \\mathbf\{([\d.]+)\}", tex)
    assert len(rows) == len(look.alpha)
    for (a, m, passed), alpha, size in zip(rows, look.alpha, look.passed, strict=True):
        assert float(a) == pytest.approx(alpha, abs=1e-3)
        assert float(a) * float(m) == pytest.approx(float(passed), rel=1e-2)
        assert float(passed) == pytest.approx(size, rel=5e-3)


def test_a_tiny_factor_never_reads_as_nothing() -> None:
    tex = written.along_cell(0.5, np.array([0.001, 0.9]), 0.5, 0.000225, WRITER, unit=1)
    assert r"1.0\cdot 10^{-3}" in tex
    assert "0.00 " not in tex


def test_counted_answers_give_the_mean() -> None:
    tex = uncoloured(written.share_right((34, 31, 36), 128, WRITER, "rnn"))
    assert tex == r"\frac{34 + 31 + 36}{3 \cdot 128} = \frac{101}{384} = 0.2630"
    assert close("0.2630", 101 / 384, 4)


def test_a_plane_puts_numbers_where_its_ticks_are() -> None:
    plane = Plane(Box(10, 20, 100, 200), (0, 3), (-2, 2), x_log=True, y_log=True)
    np.testing.assert_allclose(plane.across([1, 10, 1000]), [10, 10 + 100 / 3, 110])
    np.testing.assert_allclose(plane.up([1e-2, 1, 100, 0, 1e9]), [220, 120, 20, 220, 20])


@pytest.mark.parametrize(("low", "high"), [(-2.3, 1.2), (-47, 1), (0, 0.2), (-9.5, 9.5)])
def test_ticks_are_few_and_inside(low: float, high: float) -> None:
    found = powers(low, high)
    assert 1 <= len(found) <= 9
    assert all(low <= n <= high for n in found)


@pytest.mark.parametrize("count", [1, 5, 102, 256])
def test_the_chosen_step_always_has_its_label(count: int) -> None:
    pitch = 960 / count
    for chosen in {0, count // 2, count - 1}:
        shown = steps_shown(count, chosen, pitch)
        assert chosen in shown
        assert all((b - a) * pitch >= 34 * 0.79 for a, b in pairwise(shown))
