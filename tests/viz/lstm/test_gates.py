"""Maps of gates: every colour, number and click is the layer's own, also far into a long text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.closeness import assert_close
from tests.viz.figures import HOSTILE, Word, cells, checked, close, plain, together, words
from tests.viz.recurrent_layers import layer, reading, style
from viz.board.board import Figure
from viz.board.style import Style
from viz.board.theme import DARK, LIGHT, Theme, contrast, rgb
from viz.board.theme import at as colour_at
from viz.lstm.gates import HEIGHT, WIDTH, gate_maps, gate_step
from viz.lstm.gates_layout import shading
from viz.lstm.step import LSTM, MOST, RNN, WINDOW, Reading

ORDER = [3, 0, 5, 1, 4, 2]


def drawn(shown: Reading, style: Style) -> Figure:
    """What lies on top of each other on the page."""
    return together(gate_maps(shown, style), gate_step(shown, style))


def heat(figure: Figure) -> list[Any]:
    """The maps from top to bottom, without the upright colour bars."""
    return [t for t in figure.data if t.type == "heatmap" and t.x0 < WIDTH - 60]


def frames(figure: Figure) -> list[Any]:
    return [s for s in figure.layout.shapes if s.line.width and s.line.width >= 2]


def veils(figure: Figure) -> list[Any]:
    return [s for s in figure.layout.shapes if s.fillcolor and s.fillcolor.startswith("rgba")]


def beneath(figure: Figure) -> Callable[[float, float], float]:
    """What gives the value of the map's cell at a place."""
    maps = [(t.z, t.x0, t.dx, t.y0, t.dy) for t in heat(figure)]  # read once: each read is slow

    def value(x: float, y: float) -> float:
        for z, x0, dx, y0, dy in maps:
            row, column = round((y - y0) / dy), round((x - x0) / dx)
            if 0 <= row < z.shape[0] and 0 <= column < z.shape[1]:
                return float(z[row, column])
        raise LookupError((x, y))

    return value


@pytest.mark.parametrize("rnn", [False, True], ids=["lstm", "rnn"])
def test_every_map_shows_the_layers_values_in_the_chosen_order(rnn: bool) -> None:
    made = layer(rnn=rnn)
    figure = drawn(reading(made, order=ORDER), style())
    maps = heat(figure)
    parts = RNN if rnn else LSTM
    assert len(maps) == 2 * len(parts)
    for part, rows, tall in zip(parts, maps[::2], maps[1::2], strict=True):
        values = getattr(made, part)
        assert_close(rows.z, values[:, ORDER].T)
        assert_close(tall.z, values[:, 2][None])
        assert rows.y0 < tall.y0
    checked(figure)


def test_gates_lie_between_0_and_1_and_the_others_around_0() -> None:
    made = layer()
    maps = heat(drawn(reading(made), style()))
    ranges = {part: (m.zmin, m.zmax) for part, m in zip(LSTM, maps[::2], strict=True)}
    assert all(ranges[part] == (0, 1) for part in "fio")
    assert ranges["g"] == ranges["h"] == (-1, 1)
    assert made.c is not None
    assert ranges["c"][1] == -ranges["c"][0] == pytest.approx(np.abs(made.c).max())
    scales = {part: m.colorscale for part, m in zip(LSTM, maps[::2], strict=True)}
    for part in "fio":
        assert scales[part][-1][1] == getattr(LIGHT, f"gate_{part}")
        assert scales[part][0][1] == LIGHT.page
    for part in "gch":
        assert [stop for _, stop in scales[part]] == [stop for _, stop in LIGHT.scores]


def numbers(figure: Figure, part: int) -> list[Word]:
    tall = heat(figure)[2 * part + 1]
    return sorted(
        (w for w in words(figure) if abs(w.y - tall.y0) < 1 and w.x > tall.x0 - 10),
        key=lambda w: w.x,
    )


@pytest.mark.parametrize("decimal", [".", ","])
def test_the_tall_rows_say_the_chosen_units_numbers(decimal: str) -> None:
    made = layer()
    figure = drawn(reading(made), style(decimal))
    for at, part in enumerate(LSTM):
        found = numbers(figure, at)
        assert len(found) == 9
        for word, value in zip(found, getattr(made, part)[:, 2], strict=True):
            assert decimal in word.text
            assert close(word.text.replace(",", "."), value)
        assert [w.text.startswith("<b>") for w in found] == [at == 4 for at in range(9)]


@given(
    st.integers(1, 60), st.integers(1, 40), st.booleans(), st.data()
)  # short and long, few and many units
def test_a_click_names_the_cell_under_it(
    steps: int, units: int, both: bool, data: st.DataObject
) -> None:
    made = layer(steps, units, both=both)
    total = made.h.shape[1]
    step, unit = data.draw(st.integers(0, steps - 1)), data.draw(st.integers(0, total - 1))
    order = data.draw(st.permutations(range(total)))
    shown = reading(made, step, unit, order=list(order))
    figure = drawn(shown, style())
    (points,) = cells(figure)
    assert step in range(*shown.window)
    first, value_at = shown.window[0], beneath(figure)
    seen = set()
    for x, y, (at, which), told in zip(
        points.x, points.y, points.customdata, points.hovertext, strict=True
    ):
        if "</i> = " not in told:
            assert which == unit
            continue
        part, value = told.split("<i>")[1].split("</i> = ")
        true = getattr(made, part)[at, which]
        assert close(value, true, 3)
        assert_close(value_at(x, y), true)
        assert first <= at < shown.window[1]
        seen.add((part, int(at), int(which)))
    for part in LSTM:
        assert {(part, at, unit) for at in range(*shown.window)} <= seen
        if total <= 16:
            assert {(part, step, other) for other in range(total)} <= seen


def test_one_frame_crosses_all_maps_at_the_step() -> None:
    shown = reading(layer(), step=6)
    figure = drawn(shown, style())
    (frame,) = frames(figure)
    maps = heat(figure)
    dx = maps[0].dx
    assert frame.x0 == pytest.approx(maps[0].x0 + 5.5 * dx)
    assert frame.x1 - frame.x0 == pytest.approx(dx)
    assert frame.y0 < maps[0].y0
    assert frame.y1 > maps[-1].y0
    assert frame.y1 <= HEIGHT


@pytest.mark.parametrize("step", [0, 4, 8])
def test_what_is_not_read_yet_is_faded_and_nothing_else(step: int) -> None:
    made = layer(both=True)
    for unit in (1, 8):  # one of each direction
        shown = reading(made, step, unit)
        figure = drawn(shown, style())
        found = [(v.x0, v.x1, v.y0, v.y1) for v in veils(figure)]  # read once: each read is slow
        for trace in heat(figure):
            rows, columns = trace.z.shape
            for row in range(rows):
                back = row >= 6 if rows > 1 else unit >= 6
                for column in range(columns):
                    x, y = trace.x0 + column * trace.dx, trace.y0 + row * trace.dy
                    covered = any(x0 < x < x1 and y0 < y < y1 for x0, x1, y0, y1 in found)
                    assert covered == (column < step if back else column > step)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_numbers_not_read_yet_can_be_read(theme: Theme) -> None:
    shown = reading(layer(), 2, 3)
    figure = gate_step(shown, replace(style(), theme=theme))
    assert all(veil.layer == "below" for veil in veils(figure))  # the numbers lie on it
    values = {part: shown.values(part) for part in LSTM}
    told = [w for w in words(figure) if w.y > 40]
    assert len(told) == len(LSTM) * 9
    for part, row in zip(LSTM, (told[n : n + 9] for n in range(0, len(told), 9)), strict=True):
        shade = shading(theme, part, values[part])
        for word, value in zip(row[3:], values[part][3:, 3], strict=True):
            colour = rgb(colour_at(shade.scale, (value - shade.low) / (shade.high - shade.low)))
            mixed = (0.36 * a + 0.64 * b for a, b in zip(colour, rgb(theme.page), strict=True))
            veiled = "#{:02X}{:02X}{:02X}".format(*map(round, mixed))
            assert contrast(word.colour, veiled) >= 4.5


def test_words_stand_above_their_columns_and_unknown_ones_have_a_star() -> None:
    names = ["the", "zebra", "sees", "the", "cat", ".", "a", "b", "c"]
    figure = drawn(reading(layer(), words=names, unknown=frozenset({1})), style())
    top = heat(figure)[0]
    heads = sorted((w for w in words(figure) if w.y < 30 and w.x > top.x0 - 30), key=lambda w: w.x)
    said = [plain(w.text).replace("<i>", "").replace("</i>", "") for w in heads]
    assert said == ["the", "zebra*", *names[2:]]
    for column, word in enumerate(heads):
        assert word.x == pytest.approx(top.x0 + column * top.dx)


def test_long_words_are_slanted_rather_than_laid_over_each_other() -> None:
    names = [f"bahçelerindekiler{i}" for i in range(9)]
    figure = drawn(reading(layer(), words=names), style())
    slanted = [a for a in figure.layout.annotations if a.textangle == -40]
    assert len(slanted) == 9
    assert all("bahçeler" in a.text for a in slanted)


@pytest.mark.parametrize("word", HOSTILE)
def test_a_word_cannot_become_markup(word: str) -> None:
    figure = drawn(reading(layer(), words=[word] * 9), style())
    told = [w.text for w in words(figure)] + list(cells(figure)[0].hovertext)
    assert not [t for t in told if "<script" in t or "<img" in t or "<b>x" in t]
    checked(figure)


@given(st.integers(MOST + 1, 400), st.data())
def test_a_long_text_has_its_window_around_the_step_and_its_whole_below(
    steps: int, data: st.DataObject
) -> None:
    made = layer(steps, 2)
    step = data.draw(st.integers(0, steps - 1))
    shown = reading(made, step, 1)
    first, end = shown.window
    assert end - first == WINDOW
    assert 0 <= first <= step < end <= steps
    figure = drawn(shown, style())
    whole = heat(figure)[-1]
    assert made.c is not None
    assert_close(whole.z, made.c[:, 1][None])
    points = cells(figure)[0]
    below = max(points.y)  # the strip of the whole text
    jumps = {int(at) for y, (at, _) in zip(points.y, points.customdata, strict=True) if y == below}
    assert jumps == set(range(steps))


def test_a_long_text_draws_hardly_more_than_a_short_one() -> None:
    def parts(steps: int) -> int:
        figure = drawn(reading(layer(steps, 8), 3), style())
        return len(words(figure)) + len(figure.layout.shapes)

    assert parts(500) <= parts(30) + 4


def test_what_lies_below_is_the_same_at_every_step_of_a_window() -> None:
    def sent(step: int, draw: Callable[[Reading, Style], Figure]) -> str:
        return str(draw(reading(layer(), step), style()).to_json())

    assert sent(2, gate_maps) == sent(7, gate_maps)
    assert sent(2, gate_step) != sent(7, gate_step)
    assert not cells(gate_step(reading(layer(), 2), style()))


def test_a_reading_refuses_what_does_not_fit() -> None:
    made = layer()
    with pytest.raises(ValueError, match="order"):
        reading(made, order=[0, 1, 2])
    with pytest.raises(ValueError, match="words"):
        Reading(made, ["a"], 0, 0, range(6))
    for step, unit in ((9, 0), (-1, 0), (0, 6), (0, -1)):
        with pytest.raises(IndexError, match="is not in 0"):
            reading(made, step, unit)
