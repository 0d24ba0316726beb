"""Of many tokens a window is drawn at each step: its numbers, its marks, what is still whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.core.attention import causal_mask
from tests.viz.figures import cells, plain, words
from tests.viz.scores_heads import block, scene, style
from viz.board.ranges import clipped
from viz.board.theme import LIGHT
from viz.board.zoom import ALL, TURN
from viz.steps.figure import HEIGHT, STEPS, WIDTH, Scene, figure

N, CELL = 100, (60, 30)
ROWS, COLUMNS = range(48, 72), range(24, 40)
MATRIX = {2: "raw", 3: "scaled", 4: "masked", 5: "weights"}
ROLE = {1: "q", 6: "o", 7: "c", 8: "out"}


def many(**changes: Any) -> Scene:
    return scene(block(N, **changes), cell=CELL, dim=3, out=5)


def carried(picture: Any) -> list[list[Any]]:
    return [list(one) for trace in cells(picture) for one in trace.customdata]


def heat(picture: Any) -> list[Any]:
    return [trace for trace in picture.data if trace.type == "heatmap"]


@pytest.mark.parametrize("step", MATRIX)
def test_the_window_s_cells_are_those_of_the_text(step: int) -> None:
    shown = many()
    picture = figure(step, shown, style())
    inside = [one for one in carried(picture) if len(one) == 2]
    assert inside == [[i, j] for i in ROWS for j in COLUMNS]
    values = getattr(shown.one.steps, MATRIX[step])
    said = next(trace.hovertext for trace in cells(picture) if len(trace.customdata[0]) == 2)
    own = plain(said[inside.index([60, 30])])
    assert own == f"w60 → w30: {style().notation.fixed(float(values[CELL]), 4)}"
    drawn = [trace.z for trace in heat(picture) if trace.z.shape == (24, 16)]
    assert any(np.array_equal(z, values[48:72, 24:40]) for z in drawn)


@pytest.mark.parametrize("step", ROLE)
def test_rows_of_dimensions_go_by_their_places_in_the_text(step: int) -> None:
    found = [one for one in carried(figure(step, many(), style())) if one[2:] == [ROLE[step]]]
    assert {row for row, *_ in found} == set(ROWS)


@pytest.mark.parametrize("part", ["q", "k", "v"])
def test_q_k_and_v_stand_row_by_row(part: str) -> None:
    picture = figure(1, replace(many(), part=part), style())  # type: ignore[arg-type]
    rows = {role: {r for r, _, *own in carried(picture) if own == [role]} for role in "qkv"}
    assert rows["q"] == rows["k"] == rows["v"]
    assert (60 if part == "q" else 30) in rows[part]


@pytest.mark.parametrize("step", STEPS)
def test_colours_and_the_picture_of_all_are_the_whole_matrix_s(step: int) -> None:
    shown = many(mask=causal_mask(N, N).astype(np.float32))
    picture = figure(step, shown, style())
    squares = [one for one in carried(picture) if one[-1] == ALL]
    rows = {row for row, *_ in squares}
    assert min(rows) < 3
    assert max(rows) > N - 4
    assert {one[2] for one in squares} == {ROLE.get(step, "")}
    assert len([one for one in carried(picture) if one[-1] == TURN]) > 3
    if step in (2, 3):
        wanted = clipped(getattr(shown.one.steps, MATRIX[step]), LIGHT)[0].high
        reach = [t.zmax for t in heat(picture) if t.z.shape in ((24, 16), (34, 34))]
        assert reach.count(pytest.approx(wanted)) >= 2
    said = " ".join(plain(word.text) for word in words(picture))
    assert ("100 by 100" if step in MATRIX else f"all {N} by ") in said
    assert ("outside" in said) == (step in (5, 6))


def test_only_blocks_that_are_masked_altogether_are_hatched_in_the_picture_of_all() -> None:
    masked = causal_mask(N, N).astype(np.float32)
    small = next(t for t in heat(figure(4, many(mask=masked), style())) if t.z.shape == (34, 34))
    for row, column in np.ndindex(34, 34):
        own = masked[3 * row : 3 * row + 3, 3 * column : 3 * column + 3]
        assert np.isnan(small.z[row, column]) == np.isneginf(own).all()


def test_a_row_s_sum_is_that_of_all_keys() -> None:
    shown = many(sinks=np.array([0.5, 1.5, 2.5, -1], np.float32))
    picture = figure(5, shown, style())
    scores = shown.one.steps.masked[60].astype(np.float64)
    assert scores.max() > 9, "so that the largest is taken off"
    total = np.exp(scores - scores.max()).sum() + np.exp(2.5 - scores.max())
    said = [plain(word.text) for word in words(picture)]
    assert f"Σ = {style().notation.significant(float(total))} (of {N} keys)" in said
    share = next(t for t in heat(picture) if t.z.shape == (24, 1))
    shares = shown.one.steps.sink_shares
    assert shares is not None
    assert np.allclose(share.z[:, 0], shares[48:72])


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("narrow", [False, True])
def test_everything_lies_on_the_board(step: int, narrow: bool) -> None:
    for cell, near in (((0, N - 1), False), ((N - 1, 0), True)):
        look = replace(style(), narrow=narrow, near=near)
        picture = figure(step, scene(block(N), cell=cell), look)
        height = picture.layout.height
        assert height > HEIGHT if narrow else height == HEIGHT
        for trace in cells(picture):
            assert min(trace.x) >= 0
            assert max(trace.x) <= WIDTH
            assert max(trace.y) <= height
        for word in words(picture):
            assert -1 <= word.x <= WIDTH
            assert word.y <= height


@pytest.mark.parametrize("step", STEPS)
def test_a_short_text_is_drawn_whole_whatever_was_chosen(step: int) -> None:
    far, near = (figure(step, scene(), replace(style(), near=one)) for one in (False, True))
    assert far == near
    assert not any(one[-1] in (ALL, TURN) for one in carried(far))
