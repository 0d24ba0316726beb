"""The XOR view's figure, sums and sentence: places, shades and numbers are the training's own."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from models.neuron import xor as trained
from models.neuron.xor import HIDDEN, LABELS, LAST, POINTS, Hidden, Training
from pages.ui.text import labels
from tests.viz.figures import NOTATION, cells, checked, plain, words
from tests.viz.sentences import BOTH, read, style, told
from viz.board.board import Box, Figure
from viz.board.box import word_box
from viz.board.notation import Notation
from viz.board.plane import Plane
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme
from viz.formula.writer import Writer
from viz.neuron import planes, xor_formulas, xor_now
from viz.neuron.xor import CHANCE, NARROW, WIDE, Layout, Scene, xor

EVERY = pytest.mark.parametrize("hidden", HIDDEN)
FOUND = {(hidden, seed): trained.training(hidden, seed) for hidden in HIDDEN for seed in (1, 2)}
LEARNED = {"none": 0, "sigmoid": 81, "tanh": 60, "relu": 20}  # of a scene: any numbers will do


def scene(hidden: Hidden, step: int, point: int = 1, seed: int = 1) -> Scene:
    return Scene(FOUND[hidden, seed], FOUND["none", seed], LEARNED, step, point)


def looks(theme: Theme = LIGHT, *, narrow: bool = False) -> Style:
    return Style(theme, NOTATION, labels("neuron.xor.figure"), narrow=narrow)


def shade(figure: Figure, box: Box) -> Any:
    """The heat map that fills a box."""
    maps = [one for one in figure.data if one.type == "heatmap"]
    (found,) = (one for one in maps if abs(one.x0 - one.dx / 2 - box.x) < 1e-6 and len(one.z) > 1)
    return found


def marks(figure: Figure) -> dict[tuple[int, int], list[tuple[float, float]]]:
    """What a click hands over → where."""
    found: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for trace in cells(figure):
        for id_, x, y in zip(trace.customdata, trace.x, trace.y, strict=True):
            found.setdefault((id_[0], id_[1]), []).append((float(x), float(y)))
    return found


@EVERY
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("layout", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_figure_is_one_that_plotly_knows_and_stays_inside(
    hidden: Hidden, theme: Theme, layout: Layout
) -> None:
    for step in (0, 500, LAST):
        figure = xor(scene(hidden, step), looks(theme, narrow=layout is NARROW))
        checked(figure)
        assert figure.layout.height == layout.height
        for word in words(figure):
            assert 0 <= word.x <= layout.width
            assert 0 <= word.y <= layout.height


@pytest.mark.parametrize("hidden", HIDDEN[1:])
@pytest.mark.parametrize("step", [0, 300, LAST])
def test_points_can_be_clicked_where_they_are_and_where_the_layer_puts_them(
    hidden: Hidden, step: int
) -> None:
    shown = scene(hidden, step)
    found = marks(xor(shown, looks()))
    low, high = planes.reached(shown.training)
    span, air = high - low, (high - low) * planes._AIR
    for point, (x, h) in enumerate(zip(POINTS, shown.training.h[step], strict=True)):
        before, after, *_ = found[point, step]
        box = WIDE.inputs
        assert before[0] == pytest.approx(box.x + (x[0] + 0.5) / 2 * box.width)
        assert before[1] == pytest.approx(box.bottom - (x[1] + 0.5) / 2 * box.height)
        box, across = WIDE.hidden, (h - low + air) / (span + 2 * air)
        assert after[0] == pytest.approx(box.x + across[0] * box.width)
        assert after[1] == pytest.approx(box.bottom - across[1] * box.height)


@EVERY
def test_a_planes_shade_at_a_point_is_its_output(hidden: Hidden) -> None:
    shown = scene(hidden, 1000)
    figure, outputs = xor(shown, looks()), shown.training.outputs[1000]
    boxes = [WIDE.inputs] if hidden == "none" else [WIDE.inputs, WIDE.hidden]
    for n, box in enumerate(boxes):
        map_ = shade(figure, box)
        for point, output in enumerate(outputs.tolist()):
            x, y = marks(figure)[point, 1000][n]
            column, row = (int((x - box.x) // map_.dx), int((y - box.y) // map_.dy))
            near = np.array(map_.z, np.float64)[row - 1 : row + 2, column - 1 : column + 2]
            assert near.min() - 1e-6 <= output <= near.max() + 1e-6


@pytest.mark.parametrize("line", [(1, 1, -0.5), (0, 2, -1), (3, 0, -1.5), (-1, 2, 0.25)])
def test_a_line_runs_where_its_sum_is_0_from_edge_to_edge(line: tuple[float, ...]) -> None:
    plane = Plane(Box(0, 0, 10, 10), (-0.5, 1.5), (-0.5, 1.5))
    ends = planes.segment(line, plane)
    assert ends is not None
    for x, y in ends:
        assert line[0] * x + line[1] * y + line[2] == pytest.approx(0)
        assert min(abs(abs(x - 0.5) - 1), abs(abs(y - 0.5) - 1)) < 1e-9


@pytest.mark.parametrize("line", [(1, 1, -9), (0, 0, 1), (0, 1, 5), (1, 1, 1)])
def test_a_line_that_misses_the_plane_is_not_drawn(line: tuple[float, ...]) -> None:
    assert planes.segment(line, Plane(Box(0, 0, 10, 10), (-0.5, 1.5), (-0.5, 1.5))) is None


@pytest.mark.parametrize("hidden", HIDDEN[1:])
def test_an_arrow_points_to_where_its_unit_is_positive(hidden: Hidden) -> None:
    shown = scene(hidden, 700)
    figure, at = xor(shown, looks()), shown.training.at(700)
    box, drawn = WIDE.inputs, 0
    for (role, name), w, b in zip(planes.UNITS, at.w, at.b, strict=True):
        colour = getattr(LIGHT, role)
        named = [one for one in words(figure) if plain(one.text) == name and one.colour == colour]
        inside = [one for one in named if box.x < one.x < box.right and one.y < box.bottom]
        for one in inside:
            x1 = (one.x - box.x) / box.width * 2 - 0.5
            x2 = (box.bottom - one.y) / box.height * 2 - 0.5
            assert w @ (x1, x2) + b > 0
            drawn += 1
    assert drawn


def test_names_cover_neither_points_nor_each_other() -> None:
    plane = Plane(Box(0, 0, 400, 400), (0, 1), (0, 1))
    random = np.random.default_rng(0)
    for _ in range(40):
        x, y = random.uniform(60, 340, (2, 4))
        places = list(zip(x.tolist(), y.tolist(), strict=True))
        names = planes._names(places, plane, [])
        boxes = [
            word_box(*at, planes.name_of(n), anchor, 17) for n, (at, anchor) in enumerate(names)
        ]
        overlaps = [(a, b) for n, a in enumerate(boxes) for b in boxes[:n] if planes._meet(a, b)]
        assert not overlaps


def test_the_curve_is_the_loss_and_a_click_chooses_its_step() -> None:
    shown = scene("sigmoid", 700, point=2)
    figure, box = xor(shown, looks()), WIDE.curve
    curve = next(
        one
        for one in figure.data
        if one.type == "scatter" and one.line.color == LIGHT.ink and len(one.x) > 100
    )
    tick = next(word for word in words(figure) if plain(word.text) == "ln 2")
    unit = (box.bottom - tick.y) / CHANCE  # pixels
    steps = np.rint(10 ** ((np.array(curve.x) - box.x) / box.width * np.log10(LAST + 1)) - 1)
    wanted = shown.training.losses[steps.astype(int)]
    np.testing.assert_allclose((box.bottom - np.array(curve.y)) / unit, wanted, atol=2e-3)
    found = marks(figure)
    for step in trained.stops(700):
        places = found[2, step]
        x = box.x + np.log10(1 + step) / np.log10(1 + LAST) * box.width
        assert any(abs(place[0] - x) < 0.01 and place[1] > box.y for place in places)


def test_the_bars_say_how_many_seeds_learned_it() -> None:
    figure = xor(scene("tanh", 0), looks())
    row = [plain(word.text) for word in words(figure)]
    assert {str(count) for count in LEARNED.values()} <= set(row)
    bold = [word.text for word in words(figure) if word.text == "<b>60</b>"]
    assert len(bold) == 1


def test_without_a_hidden_layer_all_labellings_are_drawn_and_two_have_no_line() -> None:
    figure = xor(scene("none", 0), looks())
    said = [plain(word.text) for word in words(figure)]
    assert said.count("no line") == 2
    assert [said.count(f"{n} of 4") for n in range(5)] == [0, 4, 6, 4, 0]
    assert "A line separates 14 of 16 labellings" in said
    assert not any("hidden layer" in word for word in said)


def test_a_unit_that_cannot_decide_has_no_line() -> None:
    lit = [
        sum(
            one.type == "scatter" and one.mode == "lines" and one.line.color == LIGHT.output
            and max(one.x) < WIDE.inputs.right + 1
            for one in xor(scene("none", step), looks()).data
        )
        for step in (0, LAST)
    ]  # fmt: skip
    assert lit[0] > 0 == lit[1]


def bolds(tex: str) -> list[float]:
    values = re.findall(r"\\mathbf\{((?:[^{}]|\{[^{}]*\})*)\}", tex)
    return [float(value.replace("{,}", ".")) for value in values]


@EVERY
@pytest.mark.parametrize("point", range(4))
def test_sums_come_to_the_trainings_numbers(hidden: Hidden, point: int) -> None:
    for step in (0, 600):
        found = FOUND[hidden, 1]
        w = Writer(Style(LIGHT, Notation(), labels("neuron.xor.formula")), 4)
        *units, z, last = xor_formulas.point_sums(found, step, point, w)
        h = found.h[step, point]
        assert len(units) == (0 if hidden == "none" else 2)
        for tex, value in zip(units, h, strict=False):
            assert bolds(tex)[-1] == pytest.approx(value, abs=1e-4)
        share, label = found.outputs[step, point], LABELS[point]
        assert bolds(z)[-1] == pytest.approx(np.log(share / (1 - share)), abs=2e-4)
        given = float(re.findall(r"-\\ln ([\d.]+)", last)[-1])
        assert given == pytest.approx(share if label else 1 - share, abs=1e-4)
        output, loss = bolds(last)
        assert output == pytest.approx(share, abs=1e-4)
        assert loss == pytest.approx(-np.log(share if label else 1 - share), abs=1e-3)


def test_the_four_errors_of_one_unit_cancel() -> None:
    found = FOUND["none", 1]
    w = Writer(Style(LIGHT, Notation(), {}))
    for step in (0, LAST):
        own = float(((found.outputs[step] - LABELS) * POINTS[:, 0]).mean())
        assert bolds(xor_formulas.standstill(found, step, w))[-1] == pytest.approx(own, abs=1e-3)
    assert abs(own) < 1e-9


def fixed(language: str, value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace(".", "," if language == "tr" else ".")


def sentences(language: str, shown: Scene) -> tuple[str, str]:
    said, then = xor_now.xor(shown, style(language, "neuron.xor.now"))
    return read(said), read(then)


CASES = [
    ("sigmoid", 1, 0, "start", "train"),
    ("sigmoid", 1, 700, "network", "train"),
    ("sigmoid", 1, LAST, "network", "learned"),
    ("sigmoid", 2, LAST, "open", "stuck"),
    ("none", 1, 3, "unit", "train"),
    ("none", 1, LAST, "unit_even", "add_layer"),
]


@BOTH
@pytest.mark.parametrize(("hidden", "seed", "step", "name", "then"), CASES)
def test_the_sentence_counts_anew(
    language: str, hidden: Hidden, seed: int, step: int, name: str, then: str
) -> None:
    found: Training = FOUND[hidden, seed]
    outputs = found.outputs[step]
    sides = np.where(np.abs(outputs - 0.5) < 0.005, 0, np.sign(outputs - 0.5))
    values = {
        "step": step,
        "count": int((sides == 2 * LABELS - 1).sum()),
        "undecided": int((sides == 0).sum()),
        "loss": fixed(language, float(found.losses[step]), 3),
        "alone": fixed(language, float(FOUND["none", seed].losses[step]), 3),
        "chance": fixed(language, float(np.log(2)), 3),
    }
    said, last = sentences(language, scene(hidden, step, seed=seed))
    assert said == told(language, f"neuron.xor.now.{name}", **values)
    assert last == told(language, f"neuron.xor.now.{then}")
