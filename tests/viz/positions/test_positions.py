"""The positions page's figures and formulas: every number recomputed from the formulas anew."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from models.core import encodings
from models.positions.schemes import WAYS, FourWays, along_all, biases, of_head, recorded
from models.trace import Floats
from tests.closeness import assert_close
from tests.viz.figures import HOSTILE, NOTATION, cells, checked, close, number, plain, words
from viz.board.board import Figure
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.formula.writer import Writer
from viz.positions import distances as apart
from viz.positions import formulas as written
from viz.positions import schemes as drawn
from viz.positions.distances import Beside, Distances, beside, clip, distances
from viz.positions.schemes import Turning, Ways
from viz.positions.shift import shift
from viz.positions.shuffle import MOST_ROWS, Order, difference, rows_shown, shuffle
from viz.positions.table import Worked, divisor, worked_table
from viz.positions.waves import wave_step, waves

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
WORDS = ("I", "am", "a", "Robot")


class Labels(dict[str, str]):
    """Every label is its own name."""

    def __missing__(self, name: str) -> str:
        return name


def style(theme: Theme = LIGHT) -> Style:
    return Style(theme, NOTATION, Labels(rest="{n} others"))


def own(length: int, width: int, base: float) -> np.ndarray:
    """The table from its formula, cell by cell."""
    return np.array(
        [
            [
                (np.cos if j % 2 else np.sin)(p / base ** (2 * (j // 2) / width))
                for j in range(width)
            ]
            for p in range(length)
        ]
    )


def heat(figure: Figure, shape: tuple[int, int]) -> list[np.ndarray]:
    """The matrices of that shape, in the order in which they were drawn."""
    found = [np.array(t.z, np.float64) for t in figure.data if t.type == "heatmap"]
    return [z for z in found if z.shape == shape]


def lines(figure: Figure) -> list[Any]:
    """All lines and points, without words and matrices."""
    return [t for t in figure.data if t.type == "scatter" and t.mode != "text"]


def worked(
    d: int, n: float, names: tuple[str, ...] = WORDS, cell: tuple[int, int] = (1, 2)
) -> Worked:
    table = encodings.sinusoidal(len(names), d, n)
    return Worked(names, table, 1 / encodings.frequencies(d, n), cell)


@BOTH
@pytest.mark.parametrize(("d", "n"), [(4, 100), (8, 10_000), (64, 17)])
def test_the_worked_table_holds_the_formulas_numbers(theme: Theme, d: int, n: float) -> None:
    figure = worked_table(worked(d, n), encodings.sinusoidal(64, 32), "large", style(theme))
    checked(figure)
    expected = own(4, d, n)
    assert_close(heat(figure, (4, d))[0], expected)
    assert_close(heat(figure, (64, 32))[0], own(64, 32, 10_000))
    (points,) = cells(figure)
    assert [list(c) for c in points.customdata] == (
        [[p, j] for p in range(4) for j in range(d)]
        if d <= 40
        else [[1, j] for j in range(d)] + [[p, 2] for p in (0, 2, 3)]
    )
    if d == 4:
        shown = [close(t, v, 3) for t, v in zip(points.text, expected.ravel(), strict=True)]
        assert all(shown)
        assert {"sin(pos/1)", "cos(pos/1)", "cos(pos/10)"} <= {plain(w.text) for w in words(figure)}


def test_the_wave_below_goes_through_the_words_cells() -> None:
    figure = worked_table(worked(4, 100), encodings.sinusoidal(9, 4), "large", style())
    below = [w for w in words(figure) if w.x < 800]  # the larger table stands beside it
    ticks = {int(w.text): w.x for w in below if w.text in {"5", "6"}}
    left = next(w.x for w in words(figure) if w.text == "−1")
    axis = {w.text: w.y for w in words(figure) if w.x == left}
    zero, one = axis["0"], axis["1"]
    (dots,) = (t for t in lines(figure) if t.mode == "markers" and len(t.x) == 4 and not t.name)
    values = (zero - np.array(dots.y)) / (zero - one)
    assert_close(values, own(4, 4, 100)[:, 2])
    np.testing.assert_allclose(np.diff(dots.x), ticks[6] - ticks[5], atol=1e-3)


def test_hostile_words_are_text_and_many_are_only_colour() -> None:
    figure = worked_table(worked(4, 100, HOSTILE), encodings.sinusoidal(9, 4), "large", style())
    checked(figure)
    assert not any("<img" in w.text or "<script" in w.text for w in words(figure))
    many = worked(4, 100, tuple(f"w{i}" for i in range(300)), (299, 3))
    figure = worked_table(many, encodings.sinusoidal(9, 4), "large", style())
    checked(figure)
    assert cells(figure)[0].text is None


def test_divisors_are_written_as_they_are() -> None:
    assert [divisor(v, NOTATION) for v in (1.0, 10.0, 31.6227766, 10_000.0)] == [
        *("1", "10", "31.6", "10000")
    ]


@BOTH
@pytest.mark.parametrize(("length", "width", "base"), [(64, 64, 10_000), (512, 128, 50), (2, 2, 9)])
def test_waves_lie_where_the_table_is(theme: Theme, length: int, width: int, base: int) -> None:
    dims = sorted({0, 1, width // 2, width - 1})
    lengths = [encodings.wavelength(dim, width, base) for dim in dims]
    table = encodings.sinusoidal(length, width, base)
    ground, figure = waves(table, style(theme)), wave_step(table, dims, 1, lengths, style(theme))
    checked(ground)
    checked(figure)
    expected = own(length, width, base)
    assert_close(heat(ground, (width, length))[0], expected.T)
    found = [t for t in lines(figure) if t.line.width == 2 and len(t.x) == length]
    found = [t for t in found if t.line.dash == "solid"][-len(dims) :]
    zeros = [t.y[0] for t in lines(figure) if t.line.width == 1 and t.line.color == theme.hatch]
    unit = (found[0].y[0] - found[0].y[1]) / (expected[0, 0] - expected[1, 0])
    for line, zero, dim in zip(found, zeros, dims, strict=True):
        values = (np.array(line.y, np.float64) - zero) / unit
        np.testing.assert_allclose(values, expected[:, dim], atol=2e-4)
    said = {plain(w.text) for w in words(figure)}
    assert all(NOTATION.fixed(expected[1, dim], 3) in said for dim in dims)
    (points,) = cells(ground)
    assert (np.max(points.customdata, axis=0) < (length, width)).all()


def test_a_wavelength_is_where_a_wave_repeats() -> None:
    for dim in (0, 5, 30):
        rows = encodings.encoded([3.0, 3.0 + encodings.wavelength(dim, 64)], 64)
        assert rows[0, dim] == pytest.approx(rows[1, dim], abs=1e-9)


@BOTH
@pytest.mark.parametrize("pair", [(20, 24), (0, 63), (5, 5)])
def test_products_and_their_curve_are_sums_of_cosines(theme: Theme, pair: tuple[int, int]) -> None:
    table = own(64, 16, 10_000)
    products = encodings.products(table)
    shown = Distances(products, encodings.by_offset(products), pair)
    ground, figure = distances(shown, style(theme)), apart.distances_step(shown, style(theme))
    checked(ground)
    checked(figure)
    assert_close(heat(ground, (64, 64))[0], table @ table.T)
    curve = next(t for t in lines(figure) if t.line.width == 2.5 and len(t.x) == 64)
    ticks = {t: next(w.y for w in words(figure) if w.text == t) for t in ("4", "8")}
    values = 4 + 4 * (np.array(curve.y, np.float64) - ticks["4"]) / (ticks["8"] - ticks["4"])
    omega = 10_000.0 ** (-np.arange(0, 16, 2) / 16)
    expected = np.cos(np.arange(64)[:, None] * omega).sum(axis=1)
    assert_close(values, expected)
    assert np.max(cells(ground)[0].customdata) < 64


@BOTH
def test_a_learned_table_stands_beside_the_sinusoid(theme: Theme) -> None:
    table = np.random.default_rng(0).normal(size=(40, 12))
    table[3, 7] = 50  # one number that would pale all others
    sinusoid = own(40, 12, 10_000)
    both = [encodings.cosines(part) for part in (table, sinusoid)]
    bands = [encodings.by_offset(part) for part in both]
    drawn_beside = Beside(table, both[0], bands[0], sinusoid, both[1], bands[1], (2, 9))
    figure = beside(drawn_beside, style(theme))
    checked(figure)
    checked(apart.beside_step(drawn_beside, style(theme)))
    shown = heat(figure, (40, 12))
    assert_close(shown[0], table)
    assert_close(shown[1], sinusoid)
    size = np.linalg.norm(table, axis=1)
    assert_close(heat(figure, (40, 40))[0], table @ table.T / np.outer(size, size))
    limit = next(t.zmax for t in figure.data if t.type == "heatmap")
    assert limit == clip(table) == pytest.approx(np.quantile(np.abs(table), 0.99))
    assert clip(np.zeros((3, 4))) == 1.0


@BOTH
@pytest.mark.parametrize("d", [2, 4, 16, 64])
def test_matrix_times_vector_is_the_vector_beside_it(theme: Theme, d: int) -> None:
    before, after = encodings.encoded([20, 24], d, 100)
    figure = shift(before, encodings.shift(4, d, 100), after, 20, 4, 0, style(theme))
    checked(figure)
    (matrix,) = heat(figure, (d, d))
    first, last = heat(figure, (d, 1))
    assert_close(matrix @ first[:, 0], last[:, 0])
    assert_close(last[:, 0], own(25, d, 100)[24])
    assert {c[0] for c in cells(figure)[0].customdata} == set(range(d // 2))


FOUND = of_head(recorded("minilm", "I am a Robot"), 0, 3)


def shown_ways(found: FourWays = FOUND, cell: tuple[int, int] = (4, 1)) -> Ways:
    reach = encodings.offsets(16)
    curves: dict[str, Floats] = {
        way: along_all(found, way, *cell, (20, 200), reach)[0] for way in WAYS
    }
    return Ways(
        found.trace.typed,
        cell,
        found.seen(found.content),
        {way: found.scores(way) for way in WAYS},
        reach,
        curves,
        (20, 200),
        float(found.content[cell]),
    )


def test_a_scale_that_a_far_bias_leaves_says_so() -> None:
    found = of_head(recorded("minilm", "the old dog " * 10), 0, 0)
    texts = [w.text for w in words(drawn.ways(shown_ways(found), style()))]
    assert any(text.startswith("≤ −") for text in texts)


def test_a_pair_that_the_mask_forbids_has_curves_all_the_same() -> None:
    found = of_head(recorded("gpt-mini", "I am a Robot"), 0, 3)
    checked(drawn.ways(shown_ways(found, (1, 4)), style()))


@BOTH
@pytest.mark.parametrize("name", ["minilm", "gpt-mini"])
def test_five_matrices_on_one_scale(theme: Theme, name: str) -> None:
    found = of_head(recorded(name, "I am a Robot"), 0, 3)
    n = len(found.q)
    shown = shown_ways(found)
    figure = drawn.ways(shown, style(theme))
    checked(figure)
    maps = [t for t in figure.data if t.type == "heatmap" and np.array(t.z).shape == (n, n)]
    assert len(maps) == 5
    assert len({(t.zmin, t.zmax) for t in maps}) == 1
    expected = [shown.content, *(shown.scores[way] for way in WAYS)]
    top = max(np.abs(part[np.isfinite(part)]).max() for part in expected[:3])  # without biases
    assert maps[0].zmax == pytest.approx(top)
    beyond = min(part[np.isfinite(part)].min() for part in expected) < -top
    assert any(w.text.startswith("≤ ") for w in words(figure)) == beyond
    for drawn_map, values in zip(maps, expected, strict=True):
        z = np.array(drawn_map.z, np.float64)
        finite = np.isfinite(values)
        assert_close(z[finite], values[finite])
        assert np.isnan(z[~finite]).all()
    for trace in cells(figure):
        assert len(trace.customdata) == n * n


@BOTH
def test_each_way_alone_shows_what_drives_it(theme: Theme) -> None:
    shown, look = shown_ways(), style(theme)
    n, d = FOUND.q.shape
    figure = drawn.sinusoid(shown, FOUND.parts, look)
    checked(figure)
    maps = heat(figure, (n, n))
    assert_close(sum(maps[1:]), maps[0])
    figure = drawn.alibi(shown, encodings.alibi(n, n, 0.25), encodings.slopes(12), 3, look)
    checked(figure)
    np.testing.assert_allclose(heat(figure, (n, n))[1][4, 1], -0.75, atol=1e-6)
    offsets = encodings.offsets(140)
    pairs = offsets, encodings.bucket(offsets)
    figure = drawn.t5(shown, biases()[FOUND.buckets], pairs, biases(), look)
    checked(figure)
    assert_close(heat(figure, (1, 32))[0][0], biases())
    both = [2, 2 + d // 2]
    q, k = FOUND.q[4][both], FOUND.k[1][both]
    turned = (
        encodings.rotated(FOUND.q[4:5], [4])[0][both],
        encodings.rotated(FOUND.k[1:2], [1])[0][both],
    )
    figure = drawn.rope(shown, Turning((2, 2 + d // 2), FOUND.q[4], q, k, *turned), look)
    checked(figure)
    arrows = [t for t in lines(figure) if t.line.color in (theme.q, theme.k) and t.line.width == 3]
    lengths = [np.hypot(t.x[1] - t.x[0], t.y[1] - t.y[0]) for t in arrows]
    sizes = [np.linalg.norm(v) for v in (q, turned[0], k, turned[1])]
    np.testing.assert_allclose(
        np.array(lengths) / lengths[0], np.array(sizes) / sizes[0], atol=1e-6
    )
    angle = 4 * encodings.frequencies(d)[2]
    start, stop = (np.arctan2(t.y[0] - t.y[1], t.x[1] - t.x[0]) for t in arrows[:2])
    assert np.cos(stop - start - angle) == pytest.approx(1, abs=1e-9)


@BOTH
def test_strips_hold_both_outputs_and_their_differences(theme: Theme) -> None:
    random = np.random.default_rng(1)
    before = random.normal(size=(6, 40)).astype(np.float32)
    after = before + random.normal(size=(6, 40)).astype(np.float32) * 0.1
    order = Order((*WORDS, "x", "y"), (0, 2, 3, 1, 5, 4), 2, (before, before), (before, after))
    figure = shuffle(order, style(theme))
    checked(figure)
    strips = heat(figure, (1, 40))
    assert len(strips) == 24
    np.testing.assert_allclose(strips[13][0], after[0], atol=1e-6)
    off = np.abs(before.astype(np.float64) - after).max(axis=1)
    said = [plain(w.text) for w in words(figure)]
    assert said.count("0") >= 6
    for value in off:
        assert any(close(t, value, 3) for t in said if re.fullmatch(r"0\.\d{3}", t))
    assert {c[0] for c in cells(figure)[0].customdata} == set(range(6))


def test_of_many_words_the_chosen_ones_neighbours_have_rows() -> None:
    assert rows_shown(5, 4) == [0, 1, 2, 3, 4]
    for chosen in (0, 40, 99):
        rows = rows_shown(100, chosen)
        assert len(rows) == MOST_ROWS
        assert chosen in rows
    assert [difference(v, NOTATION) for v in (1.294, 9.6e-7, 0.0)] == ["1.294", "1·10⁻⁶", "0"]


def uncoloured(tex: str) -> str:
    while (found := re.sub(r"\\textcolor\{#\w{6}\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"\1", tex)) != tex:
        tex = found
    return tex


def result(tex: str) -> float:
    """The number in bold."""
    return number(re.findall(r"\\mathbf\{([^{}]*)\}", tex)[-1].replace("-", "−"))


@pytest.mark.parametrize(("pos", "dim"), [(0, 0), (1, 2), (3, 3), (500, 1)])
def test_a_cells_formula_ends_in_its_number(pos: int, dim: int) -> None:
    value = (np.cos if dim % 2 else np.sin)(pos / 100 ** (2 * (dim // 2) / 4))
    tex = written.cell("am", pos, dim, 4, 100, float(value), Writer(style(), 4))
    assert result(tex) == pytest.approx(value, abs=5.1e-5)
    assert rf"\frac{{{pos}}}{{100^{{{2 * (dim // 2)}/4}}}}" in tex
    assert (r"\cos" in tex) == bool(dim % 2)
    assert f"({pos / 100 ** ((dim - dim % 2) / 4):.4f})" in tex
    tex = written.wave(pos, dim, 4, 100, float(value), Writer(style(), 4))
    assert result(tex) == pytest.approx(value, abs=5.1e-5)


def test_hostile_words_cannot_break_a_formula() -> None:
    for word in HOSTILE:
        tex = written.cell(word, 1, 0, 4, 100, 0.84, Writer(style(), 4))
        assert tex.count("{") - tex.count(r"\{") == tex.count("}") - tex.count(r"\}")


def terms(tex: str) -> list[float]:
    body = re.sub(r"\\rule\{0em\}\{[\d.]+em\}|_\{(\\text\{[^}]*\}|[^{}]*)\}", "", tex)
    return [float(t) for t in re.findall(r"-?\d+\.\d+", body)]


@pytest.mark.parametrize(("p", "q", "width"), [(20, 24, 64), (3, 3, 4), (0, 500, 16)])
def test_a_products_terms_add_up_to_it(p: int, q: int, width: int) -> None:
    cosines = encodings.turned(q - p, width)
    rows = encodings.encoded([p, q], width)
    value = float(rows[0] @ rows[1])
    tex = written.product(p, q, cosines, value, Writer(style(), 3))
    *parts, total = terms(tex.split(r"\omega_i)")[1])
    assert total == pytest.approx(value, abs=5.1e-5)
    assert sum(parts) == pytest.approx(value, abs=5.1e-4 * (len(parts) + 1))


def test_a_ways_parts_add_up_to_its_score() -> None:
    cell = 4, 1
    parts = [float(part[cell]) for part in FOUND.parts.values()]
    *shown, total = terms(written.parts(parts, sum(parts), Writer(style(), 3)))
    assert total == pytest.approx(float(FOUND.scores("sinusoid")[cell]), abs=5.1e-4)
    assert sum(shown) == pytest.approx(total, abs=2.6e-3)
    rope = encodings.rope_terms(FOUND.q[4], FOUND.k[1], -3) * FOUND.scaling
    *shown, total = terms(written.turned(rope, float(rope.sum()), Writer(style(), 3, 4)))
    assert total == pytest.approx(float(FOUND.scores("rope")[cell]), abs=5.1e-4)
    assert sum(shown) == pytest.approx(total, abs=2.6e-3)


def test_a_cosines_parts_are_the_rows_own() -> None:
    a, b = np.random.default_rng(2).normal(size=(2, 9))
    value = float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    dot, one, two, shown = terms(written.cosine(a, b, value, Writer(style(), 4)))
    assert [dot, one, two] == pytest.approx([a @ b, *map(np.linalg.norm, (a, b))], abs=5.1e-5)
    assert shown == pytest.approx(value, abs=5.1e-5)
    *parts, total = terms(written.dot("p", a, b, Writer(style(), 3, 4)))
    assert total == pytest.approx(float(a @ b), abs=5.1e-5)
    *factors, rest = parts
    pairs = sum(x * y for x, y in zip(factors[::2], factors[1::2], strict=True))
    assert pairs + rest == pytest.approx(total, abs=0.02)


def test_turkish_formulas_have_a_comma() -> None:
    turkish = Style(LIGHT, Notation(","), Labels())
    assert "0{,}8415" in written.cell("am", 1, 0, 4, 100, float(np.sin(1)), Writer(turkish, 4))
