"""The figure of the shapes: words, numbers, clicks and sums are the record's, at their steps."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.lstm.shapes import SHAPES, Unrolled
from models.trace import Projection, RecurrentLayer
from tests.viz.figures import checked, plain, words
from viz.board.board import CELLS
from viz.board.notation import Notation
from viz.board.style import Style
from viz.board.theme import LIGHT
from viz.formula.writer import Writer
from viz.lstm.shapes import MOST, Seen, shapes
from viz.lstm.shapes_formulas import joined, logit, probability, state
from viz.lstm.unit_raster import folded

LABELS = {
    **{shape: f"name {shape}" for shape in SHAPES},
    **{f"use.{shape}": f"use {shape}" for shape in SHAPES},
    **{"output": "out", "state": "state", "input": "in", "vector": "{n} numbers"},
    **{"unit": "unit {n}", "unit_colours": "colours", "ribbons": "ribbons"},
    **{"percent": "{n} %", "rest": "{n} more"},
}
STYLE = Style(LIGHT, Notation("."), LABELS)
UNITS, NAMES = 4, ("ab", "cd", "ef")


def layer(steps: int, seed: int = 0, backward: int = 0) -> RecurrentLayer:
    h = np.random.default_rng(seed).uniform(-1, 1, (steps, UNITS)).astype(np.float32)
    return RecurrentLayer(h=h, backward=backward)


def unrolled(shape: str = "tagging", steps: int = 5, answers: int = 5, **more: Any) -> Unrolled:
    layers = more.pop("layers", (layer(steps),))
    features = np.random.default_rng(1).uniform(-1, 1, (answers, UNITS)).astype(np.float32)
    weight = np.random.default_rng(2).uniform(-3, 3, (UNITS, 3)).astype(np.float32)
    head = Projection(weight, np.array([0.5, -0.5, 0.0], np.float32))
    own, inputs = head(features), tuple(f"w{at}" for at in range(steps))
    return Unrolled(shape, "m", "t", inputs, layers, features, head, own, NAMES, **more)


def of_decoder(encoded: int, answers: int = 3) -> Unrolled:
    vector, h = np.linspace(-1, 1, 8, dtype=np.float32), layer(answers, 5).h
    if not encoded:
        return unrolled(
            "one_to_many", answers, answers, layers=(), vector=vector, decoder=h, encoded=0
        )
    weights = np.full((answers, encoded), 0.1 / (encoded - 1), np.float32)
    weights[:, 0] = 0.9
    return unrolled(
        "encoder_decoder", encoded + answers, answers, layers=(layer(encoded, 3, 2),),
        vector=vector, decoder=h, encoded=encoded, weights=weights,
    )  # fmt: skip


def seen(found: Unrolled, step: int = 0, unit: int = 1) -> Seen:
    said = tuple(found.names[k] for k in found.answers)
    return Seen(found, step, unit, said, said)


def read(one: Seen) -> list[str]:
    figure = shapes(one, STYLE)
    checked(figure)
    return [plain(word.text).replace("−", "-") for word in words(figure)]


@pytest.mark.parametrize(
    "found",
    [unrolled(), unrolled("many_to_one", 5, 1), of_decoder(0), of_decoder(3)],
    ids=["tagging", "many_to_one", "one_to_many", "encoder_decoder"],
)
def test_every_word_state_and_answer_stands_once_at_its_step(found: Unrolled) -> None:
    said = Counter(read(seen(found)))
    assert all(said[word] == 1 for word in set(found.inputs))
    numbers = [f"{found.states(at)[-1][1]:.2f}" for at in range(found.steps)]
    assert not Counter(numbers) - said
    answers = Counter(found.names[k] for k in found.answers)
    assert {name: said[name] for name in NAMES if said[name]} == dict(answers)


def test_layers_stand_above_each_other_with_their_numbers() -> None:
    found = unrolled(layers=(layer(5, 7, 2), layer(5, 8, 2)))
    said = read(seen(found))
    for one in found.layers:
        assert {f"{value:.2f}" for value in one.h[:, 1]} <= set(said)


def test_clicks_choose_a_shape_or_a_step() -> None:
    (points,) = [trace for trace in shapes(seen(unrolled()), STYLE).data if trace.name == CELLS]
    ids = [tuple(one) for one in points.customdata]
    assert ids == [(0, place) for place in range(len(SHAPES))] + [(1, at) for at in range(5)]
    # The cards stand side by side above the columns, from left to right as the steps do.
    assert list(points.x[: len(SHAPES)]) == sorted(points.x[: len(SHAPES)])
    assert list(points.x[len(SHAPES) :]) == sorted(points.x[len(SHAPES) :])
    assert max(points.y[: len(SHAPES)]) < min(points.y[len(SHAPES) :])


def test_a_ribbon_is_as_wide_as_the_weight_and_leads_to_the_chosen_answer() -> None:
    def ribbons(step: int) -> list[float]:
        figure = shapes(seen(of_decoder(3), step), STYLE)
        return sorted(s.line.width for s in figure.layout.shapes if s.type == "path")

    assert not ribbons(0)
    few, most = ribbons(4)[0], ribbons(4)[-1]
    assert len(ribbons(4)) == 3
    assert most / 0.9 > few / 0.06 or few == 1.5
    assert most == pytest.approx(0.9 * 11, rel=1e-5)


def test_a_long_text_is_shown_around_its_step() -> None:
    found = unrolled(steps=40, answers=40)
    one = seen(found, 20)
    first, end = one.window
    assert first < 20 < end
    assert end - first <= MOST
    said = read(one)
    assert "w20" in said
    assert "w0" not in said


def test_the_logit_is_its_row_times_the_state() -> None:
    found, writer = unrolled(), Writer(STYLE, 4)
    for step in range(found.steps):
        one = seen(found, step)
        row = found.head.weight[:, found.answers[step]].astype(np.float64)
        bias = found.head.bias_at(found.answers[step])
        value = float(row @ found.features[step].astype(np.float64)) + bias
        assert f"{value:.4f}" in logit(one, writer).chosen
        share = float(np.exp(found.own[step] - found.own[step].max()).max())
        share /= float(np.exp(found.own[step] - found.own[step].max()).sum())
        (written,) = re.findall(r"mathbf\{([0-9.]+)\}", probability(one, writer).chosen)
        assert float(written) == pytest.approx(share, abs=1e-5)


def test_a_decoders_sum_says_what_it_is_told_of_the_source() -> None:
    writer = Writer(STYLE, 2)
    assert "v" in joined(seen(of_decoder(0)), writer)
    assert "C_t" in joined(seen(of_decoder(3), 4), writer)


def test_where_nothing_is_read_there_is_no_logit_and_a_decoder_has_no_gates() -> None:
    writer = Writer(STYLE, 2)
    with pytest.raises(ValueError, match="no answer"):
        logit(seen(unrolled("many_to_one", 5, 1)), writer)
    with pytest.raises(ValueError, match="decoder alone"):
        state(seen(of_decoder(0)), writer)
    with pytest.raises(IndexError, match="step"):
        seen(unrolled(), 5)


def test_a_comma_begins_another_line_of_a_box() -> None:
    one = replace(seen(unrolled()), short=("x, y",) * 5)
    said = Counter(read(one))
    assert said["x"] == said["y"] == 5


@pytest.mark.parametrize("count", [4, 48, 160, 320])
def test_a_raster_holds_every_unit_once_row_by_row(count: int) -> None:
    values = np.arange(count, dtype=np.float32)
    cells = folded(values, 60, 120)
    assert cells.ravel()[:count].tolist() == values.tolist()
    assert np.isnan(cells.ravel()[count:]).all()
    assert cells.size - count < cells.shape[1]
