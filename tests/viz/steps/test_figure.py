"""The eight pictures: numbers where they belong, marks in line, masks hatched, all sizes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from models.core.by_hand import ByHand, worked_example
from models.core.by_hand import steps as steps_by_hand
from models.scores.by_hand import surroundings
from tests.viz.scores_heads import KINDS, THEMES, D, block, scene, style
from viz.board.axes import Axes, Choice
from viz.board.board import CELLS, Box
from viz.board.ranges import clipped, thinned, thinned_note
from viz.board.theme import LIGHT
from viz.steps.elementwise import deepest
from viz.steps.figure import HEIGHT, STEPS, WIDTH, Scene, figure
from viz.steps.head import of_steps
from viz.steps.order import CONCATENATE, GATE
from viz.steps.panels import digits_for


def matrices(picture: go.Figure) -> list[np.ndarray]:
    return [np.array(trace.z, dtype=float) for trace in picture.data if trace.type == "heatmap"]


def words(picture: go.Figure) -> list[str]:
    texts = [t for trace in picture.data if trace.text is not None for t in trace.text]
    return texts + [label.text for label in picture.layout.annotations]


def cells(picture: go.Figure) -> list[Any]:
    return [trace for trace in picture.data if trace.name == CELLS]


def holds(picture: go.Figure, values: np.ndarray) -> bool:
    wanted = np.where(np.isfinite(values), values, np.nan)
    return any(
        m.shape == values.shape and np.allclose(m, wanted, atol=1e-6, equal_nan=True)
        for m in matrices(picture)
    )


def expected(shown: Scene, step: int) -> list[np.ndarray]:
    """What must be on the picture of a step: what it is made from, and what it makes."""
    steps, around, mine = shown.one.steps, shown.one.surroundings, slice(2 * D, 3 * D)
    mask = np.zeros_like(steps.raw) if steps.mask is None else steps.mask
    return {
        1: [around.x, around.w_q.weight[:, mine], steps.q, steps.k, steps.v],
        2: [steps.q, steps.k.T, steps.q @ steps.k.T],
        3: [steps.raw, steps.raw / np.sqrt(D)],
        4: [steps.scaled, mask, steps.scaled + mask],
        5: [steps.masked, np.where(np.isneginf(steps.masked), np.nan, steps.weights)],
        6: [
            np.where(np.isneginf(steps.masked), np.nan, steps.weights),
            steps.v,
            steps.weights @ steps.v,
        ],
        7: [steps.output, shown.one.concat],
        8: [shown.one.concat, around.w_o.weight, shown.one.projected],
    }[step]


@pytest.mark.parametrize("mask", ["own", "causal"])
@pytest.mark.parametrize("step", STEPS)
def test_a_picture_holds_what_its_step_takes_and_makes(step: int, mask: str) -> None:
    shown = scene(mask=mask)  # type: ignore[arg-type]
    picture = figure(step, shown, style())
    for values in expected(shown, step):
        assert holds(picture, values)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
@pytest.mark.parametrize("step", STEPS)
def test_every_kind_of_head_has_every_picture(kind: str, theme: Any, step: int) -> None:
    picture = figure(step, scene(block(**KINDS[kind])), style(theme))
    assert picture.layout.height == HEIGHT
    if kind == "bare" and step in (1, 7, 8):
        assert "not recorded" in words(picture)


@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
@pytest.mark.parametrize("mask", ["own", "causal"])
def test_a_gates_picture_holds_the_output_the_gate_what_it_is_made_from_and_the_product(
    mask: str, theme: Any
) -> None:
    shown = scene(block(gated=True), mask=mask)  # type: ignore[arg-type]
    around, mine = shown.one.surroundings, slice(2 * D, 3 * D)
    assert around.gate is not None
    assert around.gate_before is not None
    gate, before = around.gate[:, mine], around.gate_before[:, mine]
    picture = figure(GATE, shown, style(theme))
    for values in (shown.one.steps.output, gate, before, shown.one.steps.output * gate):
        assert holds(picture, values)
    assert holds(figure(CONCATENATE, shown, style(theme)), shown.one.steps.output * gate)


def test_a_gate_that_is_no_sigmoid_has_colours_of_its_own_size() -> None:
    made = block(gated=True)
    around = made.surroundings
    assert around is not None
    assert around.gate is not None
    wide = replace(around, gate=around.gate * 5, gate_before=None)
    picture = figure(GATE, scene(replace(made, surroundings=wide)), style())
    (panel,) = (
        one
        for one in picture.data
        if one.type == "heatmap"
        and one.z.shape == (5, D)
        and np.allclose(one.z, around.gate[:, 2 * D : 3 * D] * 5)
    )
    assert panel.zmax > 1
    assert "σ" not in " ".join(words(picture))


def test_a_head_without_a_gate_has_no_such_step() -> None:
    with pytest.raises(ValueError, match="no gate"):
        figure(GATE, scene(), style())


def test_a_position_bias_is_a_matrix_of_its_own() -> None:
    shown = scene(block(**KINDS["position bias"]))
    picture = figure(4, shown, style())
    assert holds(picture, shown.one.steps.scoring.terms[0].values)
    assert "<b>B</b>" in words(picture)


def test_a_term_that_is_scaled_is_a_matrix_beside_the_scores() -> None:
    shown = scene(block(**KINDS["scaled term"]))
    picture = figure(3, shown, style())
    assert holds(picture, shown.one.steps.scoring.terms[0].values)
    assert "<b>c2p</b>" in words(picture)
    assert "(S + c2p) / √d" in " ".join(words(picture))


def test_masked_cells_are_hatched_and_say_minus_infinity() -> None:
    picture = figure(4, scene(mask="causal"), style())
    hatched = [t for t in picture.data if t.type == "scatter" and t.fillpattern.shape == "/"]
    assert len(hatched) == 2  # M and the result; the scores before the mask have none
    assert words(picture).count("−∞") >= 10
    assert not any(
        t.type == "scatter" and t.fillpattern.shape == "/" for t in figure(4, scene(), style()).data
    )


def test_a_masked_weight_is_not_merely_a_small_one() -> None:
    large = matrices(figure(5, scene(mask="causal"), style()))
    assert any(np.isnan(m[0, 1:]).all() and m[0, 0] == pytest.approx(1) for m in large)


def test_weights_stay_on_the_fixed_scale() -> None:
    shown = scene()
    picture = figure(5, shown, style())
    large = next(
        t for t in picture.data if t.type == "heatmap" and t.colorscale[-1][1] == "#3E1775"
    )
    assert (large.zmin, large.zmax) == (0, 1)


@pytest.mark.parametrize("step", [2, 3, 4, 5])
def test_a_click_answers_with_query_and_key(step: int) -> None:
    (points,) = cells(figure(step, scene(), style()))
    assert sorted(map(tuple, points.customdata)) == [(i, j) for i in range(5) for j in range(5)]


@pytest.mark.parametrize(
    ("step", "roles"), [(1, ["q", "k", "v"]), (6, ["o"]), (7, ["c"]), (8, ["out"])]
)
def test_a_click_elsewhere_answers_with_its_role(step: int, roles: list[str]) -> None:
    found = [list(points.customdata[0])[2] for points in cells(figure(step, scene(), style()))]
    assert found == roles


@pytest.mark.parametrize("step", STEPS)
def test_points_lie_on_the_cells_that_they_name(step: int) -> None:
    picture = figure(step, scene(), style())
    boxes = [t for t in picture.data if t.type == "heatmap"]
    for points in cells(picture):
        for x, y, place in list(zip(points.x, points.y, points.customdata, strict=True))[:40]:
            row, column = place[:2]
            assert any(
                abs(box.x0 + column * box.dx - x) < 0.01 and abs(box.y0 + row * box.dy - y) < 0.01
                for box in boxes
            )


@pytest.mark.parametrize("step", [2, 6])
def test_inputs_are_aligned_with_the_rows_and_columns_that_they_make(step: int) -> None:
    shown = scene()
    boxes = [t for t in figure(step, shown, style()).data if t.type == "heatmap"]
    left, above, result = boxes[0], boxes[1], boxes[2]
    assert (left.y0, left.dy) == (result.y0, result.dy)
    assert (above.x0, above.dx) == (result.x0, result.dx)
    assert left.x0 < result.x0
    assert above.y0 < result.y0


def frames(picture: go.Figure, colour: str) -> list[tuple[float, float, float, float]]:
    return [(s.x0, s.x1, s.y0, s.y1) for s in picture.layout.shapes if s.line.color == colour]


def test_the_chosen_row_and_column_run_through_all_matrices_of_the_comparison() -> None:
    picture = figure(2, scene(cell=(3, 1)), style())
    rows, columns = frames(picture, LIGHT.q), frames(picture, LIGHT.k)
    assert len(rows) == len(columns) == 2
    assert rows[0][2:] == rows[1][2:]
    assert columns[0][:2] == columns[1][:2]
    ((x0, x1, y0, y1),) = frames(picture, LIGHT.ink)
    assert (y0, y1) == rows[1][2:]
    assert (x0, x1) == columns[1][:2]


@pytest.mark.parametrize("n", [2, 3, 7, 13, 14, 64, 512])
@pytest.mark.parametrize("step", STEPS)
def test_every_length_fits_on_the_board(n: int, step: int) -> None:
    made = block(n)
    picture = figure(step, scene(made, cell=(n - 1, 0)), style())
    for trace in picture.data:
        if trace.type == "heatmap":
            rows, columns = np.array(trace.z).shape
            assert trace.x0 - trace.dx / 2 >= -0.01
            assert trace.x0 + (columns - 0.5) * trace.dx <= WIDTH + 0.01
            assert trace.y0 - trace.dy / 2 >= -0.01
            assert trace.y0 + (rows - 0.5) * trace.dy <= HEIGHT
    assert len(picture.to_json()) < 3_000_000


@pytest.mark.parametrize(("n", "numbers"), [(10, True), (13, True), (16, False), (40, False)])
def test_numbers_stand_in_cells_only_while_they_can_be_read(n: int, numbers: bool) -> None:
    made = block(n)
    shown = scene(made)
    scaled = shown.one.steps.scaled
    text = style().notation.fixed(float(scaled[3, 1]), digits_for(scaled))
    assert (text in words(figure(3, shown, style()))) == numbers


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("token", ["</script><img onerror=x>", "<b>x</b>", "\u202eabc", "", " "])
def test_a_hostile_token_is_escaped_wherever_it_stands(step: int, token: str) -> None:
    picture = figure(step, scene(tokens=(token,) * 5), style())
    hovers = [h for points in cells(picture) for h in points.hovertext]
    for text in words(picture) + hovers:
        assert "<img" not in text
        assert "</script" not in text
        assert "<b>x</b>" not in text


def test_one_outlier_does_not_pale_the_rest_and_the_clip_is_said() -> None:
    values = np.random.default_rng(1).normal(size=(10, 384))
    values[:, 7:8] = 0
    values[3, 7] = 50
    shading, largest = clipped(values, LIGHT)
    assert shading.high < 5
    assert largest == 50
    made = block(10)
    q = made.q.copy()
    q[2, 0, 0] = 90
    picture = figure(2, scene(block(10, q=q)), style())
    assert any(w.startswith("ends at") and "largest 90" in w for w in words(picture))


def test_ordinary_numbers_are_not_clipped() -> None:
    values = np.random.default_rng(1).normal(size=(10, 32))
    shading, largest = clipped(values, LIGHT)
    assert largest is None
    assert shading.high == np.abs(values).max()


@pytest.mark.parametrize("step", [2, 3, 4])
def test_a_clipped_result_says_so_too(step: int) -> None:
    made = block(16)
    q, k = made.q.copy(), made.k.copy()
    q[2, 0], k[2, 0] = 30, 30
    picture = figure(step, scene(block(16, q=q, k=k), cell=(3, 1)), style())
    shown = [t for t in picture.data if t.type == "heatmap"][2 if step in (2, 4) else 1]
    assert shown.zmax < np.nanmax(np.abs(np.array(shown.z)))
    assert sum(w.startswith("ends at") for w in words(picture)) >= 1


def test_by_hand_the_lessons_numbers_stand_in_the_cells() -> None:
    hand = worked_example()
    one = of_steps(steps_by_hand(hand), surroundings(hand))
    shown = Scene(one, Axes(hand.words, hand.words, Choice(1, 2)), dim=1, out=1)
    by_hand = replace(style(decimal=","), digits=3)
    compare = words(figure(2, shown, style(), height=508))
    assert {"10", "−7", "−5", "5", "3"} <= set(compare)
    softmax = words(figure(5, shown, by_hand, height=508))
    assert {"0,804", "0,196", "0,195", "1,000"} <= set(softmax)
    assert softmax.count("< 0,001") == 3
    assert {"7,071", "2,121", "Σ = 42,663"} <= set(softmax)
    mix = words(figure(6, shown, by_hand, height=508))
    assert {"0,804", "0,196", "< 0,001", "1,999", "−0,609", "1,997", "0,609"} <= set(mix)


def test_by_hand_a_masked_weight_is_nought_and_padding_hides_one_word() -> None:
    hand = worked_example()
    one = of_steps(steps_by_hand(hand), surroundings(hand), mask="padding")
    assert (one.steps.weights == 0).sum(axis=1).tolist() == [1, 1, 1]
    shown = Scene(one, Axes(hand.words, hand.words, Choice(1, 2)))
    for step in (5, 6):
        texts = words(figure(step, shown, replace(style(), digits=3), height=508))
        assert texts.count("0") >= 3
        assert "0.000" not in texts


def test_by_hand_the_cells_of_factors_and_product_are_equally_wide() -> None:
    hand = worked_example()
    one = of_steps(steps_by_hand(hand), surroundings(hand))
    shown = Scene(one, Axes(hand.words, hand.words, Choice(1, 2)))
    for step in (2, 6):
        boxes = matrices_of(figure(step, shown, replace(style(), digits=3), height=508))
        assert boxes[0].dx == pytest.approx(boxes[2].dx)
        assert boxes[2].dx > 120


def test_by_hand_eight_words_fit_with_their_colour_bar() -> None:
    example = worked_example()
    few = ByHand(tuple("abcdefgh"), example.x[[0, 1, 2, 0, 1, 2, 0, 1]] / 3, *example.projections)
    one = of_steps(steps_by_hand(few), surroundings(few))
    shown = Scene(one, Axes(few.words, few.words, Choice(1, 2)))
    for step in STEPS:
        for trace in matrices_of(figure(step, shown, replace(style(), digits=3), height=430)):
            assert trace.x0 + (np.shape(trace.z)[1] - 0.5) * trace.dx <= WIDTH


def matrices_of(picture: go.Figure) -> list[Any]:
    return [trace for trace in picture.data if trace.type == "heatmap"]


@pytest.mark.parametrize(("n", "said"), [(5, False), (1600, True)])
def test_what_is_not_drawn_of_a_matrix_is_said(n: int, said: bool) -> None:
    values = np.zeros((n, 4))
    words_said = thinned_note(values, Box(0, 0, 100, 500), style())
    assert words_said == ("1 row in 5" if said else "")


def test_every_matrix_of_scores_has_its_own_name() -> None:
    titles = {step: " ".join(words(figure(step, scene(), style()))) for step in (3, 4, 5)}
    assert "<b>S′</b> = S / √d<sub>k</sub>" in titles[3]
    assert "<b>S″</b> = S′ + M" in titles[4]
    assert "softmax(<b>S″</b>)" in titles[5]
    undivided = words(figure(3, scene(divide=False), style()))
    assert "<b>S′</b> = S (not divided)" in undivided


def test_the_ticks_of_weights_are_short() -> None:
    assert {"0", "0.5", "1"} <= set(words(figure(5, scene(), style())))


def test_a_matrix_finer_than_the_screen_is_thinned_but_a_small_one_is_not() -> None:
    box = Box(0, 0, 100, 50)
    values = np.arange(400 * 300, dtype=float).reshape(400, 300)
    # A cell has at least one and a half composed pixels: one where most people sit.
    assert thinned(values, box).shape == (34, 60)
    small = values[:33, :66]
    assert thinned(small, box) is small or np.array_equal(thinned(small, box), small)


def test_digits_follow_the_size_of_the_numbers() -> None:
    assert digits_for(np.array([10.0, -7, -np.inf])) == 0
    assert digits_for(np.array([9.9, 0.5])) == 2
    assert digits_for(np.array([31.2, 0.5])) == 1


def test_the_mask_words_lie_inside_their_regions() -> None:
    i, j = np.indices((12, 12))
    for region in (j > i, j <= i, abs(i - j) > 2, j >= 10):
        place = deepest(region)
        assert place is not None
        assert region[place]
    assert deepest(np.zeros((3, 3), bool)) is None


def test_there_is_no_tenth_step() -> None:
    with pytest.raises(KeyError):
        figure(10, scene(), style())


def test_the_sinks_share_is_a_column_of_its_own_beside_the_weights() -> None:
    shown = scene(block(**KINDS["sinks"]))
    shares = shown.one.steps.sink_shares
    assert shares is not None
    picture = figure(5, shown, style())
    assert holds(picture, shares[:, None])
    np.testing.assert_allclose(shown.one.steps.weights.sum(axis=1) + shares, 1, atol=1e-6)
    assert "sink's share" in words(picture)
    assert "sink's share" not in words(figure(5, scene(block()), style()))
