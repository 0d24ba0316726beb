"""Every number in a formula against an independent float64 sum, in both notations."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from models.core.attention import Term
from models.core.by_hand import steps as steps_by_hand
from models.core.by_hand import worked_example
from models.scores.by_hand import surroundings
from tests.viz.scores_heads import HEADS, KINDS, LABELS, WIDTH, D, block, scene, style
from viz.board.axes import Axes, Choice
from viz.board.notation import Notation
from viz.board.theme import LIGHT
from viz.scores.captions import captions
from viz.steps.figure import STEPS, Scene, Style
from viz.steps.formulas import MOST_SHOWN, formula
from viz.steps.head import of_steps
from viz.steps.order import GATE


def plain(tex: str) -> str:
    r"""LaTeX without colours: \textcolor{#…}{body} → body."""
    while True:
        shorter = re.sub(r"\\textcolor\{#\w{6}\}\{((?:[^{}]|\{[^{}]*\})*)\}", r"\1", tex)
        if shorter == tex:
            return tex
        tex = shorter


def products(tex: str) -> list[tuple[float, float]]:
    """(left, right) of every written product."""
    number = r"\(?(-?[\d.]+)\)?"
    found = re.findall(number + r" \\cdot " + number, plain(tex))
    return [(float(a), float(b)) for a, b in found]


def braces(tex: str) -> dict[str, float]:
    r"""\underbrace{number}_{label} → {label: number}."""
    found = re.findall(r"\\underbrace\{\(?(-?[\d.]+)\)?\}_\{(.*?)\}(?=[ \\]|$)", plain(tex))
    return {re.sub(r"\\text\{(.*?)\}?$", r"\1", label): float(number) for number, label in found}


def last_number(tex: str) -> float:
    """What stands after the last equals sign."""
    return float(re.findall(r"= (?:\\mathbf\{)?(-?[\d.]+)", plain(tex))[-1])


def test_the_score_is_the_largest_products_and_the_rest_as_one() -> None:
    shown = scene()
    q, k = (a.astype(np.float64) for a in (shown.one.steps.q[3], shown.one.steps.k[1]))
    short = formula(2, shown, style(), finer=True, terms=3, few=0)
    biggest = sorted(np.argsort(-np.abs(q * k))[:3])
    written = np.array(products(short.chosen))
    assert written == pytest.approx(np.stack([q[biggest], k[biggest]], axis=1), abs=5e-5)
    rest = (q * k).sum() - (q * k)[biggest].sum()
    assert braces(short.chosen)[f"{D - 3} more"] == pytest.approx(rest, abs=5e-5)
    assert last_number(short.chosen) == pytest.approx(q @ k, abs=5e-5)
    assert (short.terms, short.left_out) == (D, D - 3)


def test_all_terms_on_request() -> None:
    every = formula(2, scene(), style(), terms=None)
    assert len(products(every.chosen)) == D
    assert every.left_out == 0


@pytest.mark.parametrize("part", ["q", "k", "v"])
def test_a_projected_number_is_its_sum_with_the_bias(part: str) -> None:
    shown = scene(part=part, dim=5)
    around = shown.one.surroundings
    row, column = (3 if part == "q" else 1), 2 * D + 5
    projection = getattr(around, f"w_{part}")
    x, w = (a.astype(np.float64) for a in (around.x[row], projection.weight[:, column]))
    made = formula(1, shown, style(), finer=True)
    assert last_number(made.chosen) == pytest.approx(x @ w + projection.bias[column], abs=6e-5)
    assert last_number(made.chosen) == pytest.approx(
        float(getattr(shown.one.steps, part)[row, 5]), abs=6e-5
    )
    name = f"(b_{part.upper()})_{{5}}"
    assert braces(made.chosen)[name] == pytest.approx(projection.bias[column], abs=5e-5)
    assert (made.terms, made.left_out) == (WIDTH, WIDTH - MOST_SHOWN)


def test_grouped_heads_take_their_keys_from_the_shared_head() -> None:
    shown = scene(block(kv_heads=2), part="k", dim=0)
    around = shown.one.surroundings
    column = 1 * D  # query heads 2 and 3 share key head 1
    expected = around.x[1].astype(np.float64) @ around.w_k.weight[:, column].astype(np.float64)
    made = formula(1, shown, style(), finer=True)
    assert last_number(made.chosen) == pytest.approx(expected + around.w_k.bias[column], abs=6e-5)  # type: ignore[index]


def test_a_rotation_is_shown_as_an_arrow_to_the_number_that_is_used() -> None:
    shown = scene(block(rotary=True), dim=2)
    tex = plain(formula(1, shown, style(), finer=True).chosen)
    used = float(shown.one.steps.q[3, 2])
    arrow = re.search(r"\\xrightarrow\{\\;\\text\{RoPE\}\\;\} (-?[\d.]+)", tex)
    assert arrow is not None
    assert float(arrow.group(1)) == pytest.approx(used, abs=5e-5)


def test_a_prescaled_query_is_shown_with_its_factor() -> None:
    tex = plain(formula(1, scene(block(prescaled=True, scaling=1.0)), style()).chosen)
    assert r"\xrightarrow{\;\times 0.5" in tex


def test_no_arrow_where_the_projection_is_used_as_it_is() -> None:
    assert "xrightarrow" not in formula(1, scene(), style()).chosen


def test_scaling_divides_the_score() -> None:
    shown = scene()
    made = formula(3, shown, style(), finer=True)
    assert rf"\sqrt{{{D}}}" in made.chosen
    expected = float(shown.one.steps.raw[3, 1]) / np.sqrt(D)
    assert last_number(made.chosen) == pytest.approx(expected, abs=6e-5)


def test_an_undivided_score_is_multiplied_by_one() -> None:
    tex = plain(formula(3, scene(divide=False), style()).chosen)
    assert r"1 \cdot" in tex
    assert "sqrt" not in tex


def test_the_soft_cap_stands_in_the_formula() -> None:
    shown = scene(block(softcap=3.0))
    made = formula(3, shown, style(), finer=True)
    assert r"\tanh" in made.general
    raw = shown.one.steps.q[3].astype(np.float64) @ shown.one.steps.k[1].astype(np.float64)
    assert last_number(made.chosen) == pytest.approx(3 * np.tanh(raw / np.sqrt(D) / 3), abs=6e-5)


def test_a_position_bias_is_a_term_of_its_own() -> None:
    shown = scene(block(**KINDS["position bias"]))
    made = formula(4, shown, style(), finer=True)
    assert "B_{ij}" in made.general
    assert braces(made.chosen)["B"] == pytest.approx((3 * 5 + 1) / 9, abs=5e-5)


def test_a_term_that_is_scaled_stands_beside_q_k_in_the_fraction() -> None:
    shown = scene(block(**KINDS["scaled term"]))
    made = formula(3, shown, style(), finer=True)
    assert r"\text{c2p}_{ij}" in made.general
    named = re.search(r"\\underbrace\{([\d.]+)\}_\{(?:\\text\{)?c2p", plain(made.chosen))
    assert named is not None
    assert float(named[1]) == pytest.approx((3 * 5 + 1) / 7, abs=5e-5)
    steps, cell = shown.one.steps, (shown.query, shown.key)
    assert last_number(made.chosen) == pytest.approx(float(steps.scaled[cell]), abs=6e-5)
    assert "c2p" in captions(style(), shown.one)[3]
    assert "c2p" not in captions(style(), shown.one)[4]


def test_a_masked_cell_is_minus_infinity_and_weighs_nothing() -> None:
    made = formula(4, scene(cell=(1, 3), mask="causal"), style())
    assert r"-\infty" in made.chosen
    assert r"e^{-\infty} = 0" in made.chosen
    assert plain(formula(5, scene(cell=(1, 3), mask="causal"), style()).chosen).count("= 0") >= 1


@pytest.mark.parametrize(
    ("lowest", "said"),
    [(-100.0, "-100"), (-200.0, "-200"), (-np.inf, r"-\infty"), (0.0, r"-\infty")],
)
def test_what_the_mask_adds_is_the_models_own(lowest: float, said: str) -> None:
    mask = np.zeros((5, 5), dtype=np.float32)
    mask[0, 4] = mask[4, 0] = lowest
    written = plain(formula(4, scene(block(mask=mask)), style()).general)
    assert rf"M_{{ij}} \in \{{0, {said}\}}" in written
    mask[1, 0] = -3  # a mask of several numbers is no two
    if lowest:
        assert r"\in" not in formula(4, scene(block(mask=mask)), style()).general


def test_a_window_in_which_nothing_is_hidden_says_no_mask() -> None:
    mask = np.zeros((5, 5), dtype=np.float32)
    shown = scene(block(mask=mask, terms=(Term("position_bias", np.ones((5, 5), np.float32)),)))
    assert "M" not in formula(4, shown, style(), bare=True).general
    mask[0, 4] = -100
    shown = scene(block(mask=mask, terms=(Term("position_bias", np.ones((5, 5), np.float32)),)))
    assert r"\{0, -100\}" in plain(formula(4, shown, style(), bare=True).general)


@pytest.mark.parametrize("mask", ["own", "causal", "window", "padding"])
def test_the_weight_is_its_exponential_over_the_open_ones(mask: str) -> None:
    shown = scene(mask=mask, cell=(3, 2))  # type: ignore[arg-type]
    q, k = (getattr(shown.one.own, n).astype(np.float64) for n in "qk")
    scores = q[3] @ k.T / np.sqrt(D)
    allowed = {
        "own": [0, 1, 2, 3, 4],
        "causal": [0, 1, 2, 3],
        "window": [2, 3, 4],
        "padding": [0, 1, 2],
    }[mask]
    e = np.exp(scores[allowed])
    made = formula(5, shown, style(), finer=True, terms=None)
    top = plain(made.chosen).split(r" \\[0.9em] ")[0]
    assert last_number(top) == pytest.approx(np.exp(scores[2]) / e.sum(), abs=1e-6)
    assert last_number(made.chosen) == pytest.approx(e.sum(), rel=1e-4)
    assert made.terms == len(allowed)


def test_large_scores_are_shifted_by_the_row_maximum_and_the_shift_is_named() -> None:
    made = block()
    shown = scene(block(q=made.q * 9))
    found = formula(5, shown, style(), finer=True)
    row = shown.one.steps.masked[3].astype(np.float64)
    assert found.shift == pytest.approx(row.max())
    assert "m_i" in found.general
    weight = np.exp(row[1] - row.max()) / np.exp(row - row.max()).sum()
    assert float(shown.one.steps.weights[3, 1]) == pytest.approx(weight, rel=1e-4)


def test_a_sink_takes_part_in_the_sum() -> None:
    shown = scene(block(**KINDS["sinks"]))
    made = formula(5, shown, style(), finer=True, terms=None)
    scores = shown.one.steps.masked[3].astype(np.float64)
    assert made.terms == 6
    assert "sink" in made.general
    assert last_number(made.chosen) == pytest.approx(np.exp(scores).sum() + np.exp(2.5), rel=1e-4)


def test_a_row_masked_altogether_is_spread_evenly() -> None:
    made = formula(5, scene(block(**KINDS["all masked"])), style())
    assert r"\frac{1}{5} = " in made.chosen
    assert last_number(made.chosen) == 0.2


def test_the_output_is_the_weighted_sum_of_values() -> None:
    shown = scene(dim=6)
    made = formula(6, shown, style(), finer=True)
    expected = float(
        shown.one.steps.weights[3].astype(np.float64) @ shown.one.steps.v[:, 6].astype(np.float64)
    )
    assert last_number(made.chosen) == pytest.approx(expected, abs=6e-5)
    assert last_number(made.chosen) == pytest.approx(float(shown.one.output[3, 6]), abs=6e-5)


def test_masked_keys_are_no_terms_of_the_mix() -> None:
    shown = scene(dim=6, mask="window", cell=(3, 0))
    made = formula(6, shown, style(), finer=True)
    assert made.terms == 3
    expected = shown.one.steps.weights[3].astype(np.float64) @ shown.one.steps.v[:, 6]
    assert last_number(made.chosen) == pytest.approx(float(expected), abs=6e-5)


def test_the_concatenation_names_the_column() -> None:
    shown = scene(dim=6)
    made = formula(7, shown, style())
    assert rf"{2 * D + 6} = 2 \cdot {D} + 6" in made.chosen
    top = made.chosen.split(r" \\[0.9em] ")[0]
    recorded = shown.one.surroundings.concat[3, 2 * D + 6]
    assert last_number(top) == pytest.approx(float(recorded), abs=6e-5)


def test_projecting_out_separates_this_head_from_the_others() -> None:
    shown = scene(out=11)
    around = shown.one.surroundings
    c, w = (a.astype(np.float64) for a in (around.concat[3], around.w_o.weight[:, 11]))
    made = formula(8, shown, style(), finer=True)
    assert around.w_o.bias is not None
    found = braces(made.chosen)
    mine = slice(2 * D, 3 * D)
    assert found["head 2"] == pytest.approx(c[mine] @ w[mine], abs=5e-5)
    assert found["other heads"] == pytest.approx(c @ w - c[mine] @ w[mine], abs=5e-5)
    total = float(re.findall(r"\\mathbf\{(-?[\d.]+)\}", plain(made.chosen))[0])
    assert total == pytest.approx(c @ w + around.w_o.bias[11], abs=6e-5)
    assert total == pytest.approx(float(around.projected[3, 11]), abs=6e-5)
    assert made.terms == HEADS * D


def test_a_what_if_replaces_this_head_only() -> None:
    shown = scene(mask="causal", cell=(0, 0), dim=1, out=3)
    own = scene(cell=(0, 0), dim=1, out=3)
    changed = shown.one.concat != own.one.concat
    assert changed[0].any()
    assert not np.delete(changed, np.s_[2 * D : 3 * D], axis=1).any()
    around = own.one.surroundings
    expected = shown.one.concat[0].astype(np.float64) @ around.w_o.weight[:, 3].astype(np.float64)
    made = formula(8, shown, style(), finer=True)
    total = float(re.findall(r"\\mathbf\{(-?[\d.]+)\}", plain(made.chosen))[0])
    assert total == pytest.approx(expected + float(around.w_o.bias[3]), abs=6e-5)  # type: ignore[index]


def test_by_hand_the_lessons_sum_is_written_in_whole_numbers() -> None:
    hand = worked_example()
    one = of_steps(steps_by_hand(hand), surroundings(hand))
    shown = Scene(one, Axes(hand.words, hand.words, Choice(1, 2)))
    tex = plain(formula(2, shown, style()).chosen)
    assert r"2 \cdot 2 + (-1) \cdot 1 = 3" in tex
    assert r"\text{yemek} \to \text{yedik}" in tex
    assert "0.1955" in formula(5, shown, style()).chosen


def test_tiny_weights_keep_their_power_of_ten() -> None:
    hand = worked_example()
    one = of_steps(steps_by_hand(hand, divide=False), surroundings(hand))
    shown = Scene(one, Axes(hand.words, hand.words, Choice(1, 0)))
    assert r"5.4\cdot 10^{-6}" in plain(formula(5, shown, style()).chosen)


@pytest.mark.parametrize("step", STEPS)
def test_turkish_formulas_have_a_decimal_comma_without_a_space(step: int) -> None:
    turkish = Style(LIGHT, Notation(","), LABELS)
    tex = formula(step, scene(dim=1), turkish, finer=True).chosen
    assert "{,}" in tex
    assert not re.search(r"\d\.\d{3}", plain(tex))


@pytest.mark.parametrize("finer", [False, True])
def test_a_gated_number_is_the_output_times_the_sigmoid_of_z(*, finer: bool) -> None:
    shown = scene(block(gated=True), cell=(1, 0), dim=3)
    around, column = shown.one.surroundings, 2 * D + 3
    assert around.gate_before is not None
    o, z = float(shown.one.steps.output[1, 3]), float(around.gate_before[1, column])
    g = 1 / (1 + np.exp(-np.float64(z)))
    close = 5e-5 if finer else 5e-3
    made = formula(GATE, shown, style(), finer=finer)
    ((left, right),) = products(made.chosen)
    assert left == pytest.approx(o, abs=close)
    assert right == pytest.approx(g, abs=close / 100)
    assert last_number(made.chosen) == pytest.approx(o * g, abs=close)
    exponent = re.findall(r"1 \+ e\^\{-\(?(-?[\d.]+)", plain(made.chosen))
    assert float(exponent[0]) == pytest.approx(z, abs=close)
    assert r"\sigma" in made.general


def test_a_gate_of_which_nothing_is_known_is_a_product_alone() -> None:
    own = block(gated=True)
    assert own.surroundings is not None
    around = replace(own.surroundings, gate_before=None)
    made = formula(GATE, scene(replace(own, surroundings=around)), style())
    assert "sigma" not in made.general + made.chosen
    assert len(products(made.chosen)) == 1


def test_what_is_put_side_by_side_is_gated_where_there_is_a_gate() -> None:
    gated = scene(block(gated=True), cell=(1, 0), dim=3)
    given = gated.one.surroundings.given
    assert given is not None
    lines = captions(style(), gated.one)
    assert "O}'_0" in lines[7].replace("{O}'", "O}'")
    assert r"\odot" in lines[GATE]
    made = formula(7, gated, style())
    assert "xrightarrow" not in made.chosen
    assert last_number(made.chosen.split(r"\\[")[0]) == pytest.approx(given[1, 19], abs=5e-5)
