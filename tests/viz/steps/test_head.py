"""One head with its surroundings: what-ifs, grouped heads, what happens after a projection."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from models.core.arrays import Difference
from models.core.attention import causal_mask
from models.trace import Term
from tests.viz.scores_heads import KINDS, D, block, scene
from viz.board.notation import Notation
from viz.steps.figure import check
from viz.steps.head import PARTS, of_block, own_difference, under
from viz.steps.order import CONCATENATE, GATE, walk
from viz.steps.remarks import remarks


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "bare"])
def test_the_models_own_head_matches_its_record(kind: str) -> None:
    one = of_block(block(**KINDS[kind]), 2)
    assert not one.altered
    assert own_difference(one) == Difference()
    start, stop = one.columns
    gate = 1 if one.gate is None else one.gate
    assert np.array_equal(one.concat[:, start:stop], one.output * gate)
    for part in PARTS:
        made = one.part(part)
        assert made.made == pytest.approx(made.recorded, abs=1e-5)


@pytest.mark.parametrize(("mask", "divide"), [("own", True), ("none", True)])
def test_switches_that_change_nothing_are_no_what_if(mask: str, divide: bool) -> None:
    own = block().head(1)
    assert under(own, mask=mask, divide=divide) is own  # type: ignore[arg-type]


def test_a_causal_what_if_on_a_causal_model_is_its_own_computation() -> None:
    own = block(mask=causal_mask(5, 5).astype(np.float32)).head(1)
    assert under(own, mask="causal") is own
    assert under(own, mask="none") is not own


def test_a_model_that_never_divides_has_nothing_to_switch_off() -> None:
    own = block(scaling=1.0).head(1)
    assert under(own, divide=False) is own


@pytest.mark.parametrize("mask", ["none", "causal", "padding", "window"])
@pytest.mark.parametrize("divide", [True, False])
def test_a_what_if_keeps_bias_cap_and_sink(mask: str, divide: bool) -> None:
    made = block(
        softcap=3.0,
        sinks=np.ones(4, np.float32),
        terms=(Term("position_bias", np.ones((1, 5, 5), np.float32)),),
    )
    own = made.head(1)
    raw = own.q.astype(np.float64) @ own.k.T.astype(np.float64)
    s = 3 * np.tanh(raw * (own.scaling if divide else 1) / 3) + 1
    i, j = np.indices((5, 5))
    allowed = {
        "none": np.ones((5, 5), bool),
        "causal": j <= i,
        "padding": j < 3,
        "window": abs(i - j) <= 1,
    }[mask]
    e = np.exp(s) * allowed
    expected = e / (e.sum(axis=1, keepdims=True) + np.e)
    assert under(own, mask=mask, divide=divide).weights == pytest.approx(expected, abs=1e-6)  # type: ignore[arg-type]


def test_a_padding_what_if_leaves_somebody_to_look_at() -> None:
    assert np.isfinite(under(block(2).head(0), mask="padding").weights).all()


def test_projecting_out_under_a_what_if_is_redone_with_the_changed_head() -> None:
    one = of_block(block(), 2, mask="causal")
    around = one.surroundings
    concat = around.concat.astype(np.float64).copy()
    concat[:, 2 * D : 3 * D] = one.steps.output
    assert around.w_o.bias is not None
    assert one.projected == pytest.approx(concat @ around.w_o.weight + around.w_o.bias, abs=1e-5)
    assert not np.allclose(one.projected, around.projected)


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5, 6, 7, 8])
def test_the_check_is_the_models_own_number_and_its_difference(step: int) -> None:
    shown = scene(mask="causal", cell=(1, 0), dim=3, out=5)
    found = check(step, shown)
    one, around = shown.one, shown.one.surroundings
    own = {
        1: around.q_before[1, 2 * D + 3],
        2: one.own.raw[1, 0],
        3: one.own.scaled[1, 0],
        4: one.own.masked[1, 0],
        5: one.own.weights[1, 0],
        6: one.output[1, 3],
        7: around.concat[1, 2 * D + 3],
        8: around.projected[1, 5],
    }[step]
    assert found.own == float(own)
    assert found.difference.rounding
    assert found.handed_out == (step in (1, 6, 7, 8))
    assert (found.shown != found.own) == (step in (5, 6, 7, 8))


def test_a_projection_that_is_not_what_entered_shows_in_the_check() -> None:
    """Both x·W and the record of the projection can be cut from the same wrong columns."""
    good = block()
    wrong = good.q.copy()
    wrong[2, 0, 0] += 5e-5 * abs(wrong[2]).max()  # nearer than a factor is told from a rotation
    moved = dataclasses.replace(good, q=wrong)
    assert check(1, scene(good, dim=3)).difference.rounding
    assert not check(1, scene(moved, dim=3)).difference.rounding


def test_what_w_o_was_given_is_held_against_the_heads_gated_outputs() -> None:
    good = block(gated=True)
    around = good.surroundings
    assert around is not None
    wrong = dataclasses.replace(around, given=around.concat)
    for one, right in ((around, True), (wrong, False)):
        shown = scene(dataclasses.replace(good, surroundings=one), dim=3)
        for step in (GATE, CONCATENATE):
            assert check(step, shown).difference.rounding == right
        assert remarks(CONCATENATE, shown, Notation()) == []


def test_a_gate_is_a_step_between_the_weighted_sum_and_the_concatenation() -> None:
    assert walk(of_block(block(gated=True), 2)) == (1, 2, 3, 4, 5, 6, GATE, 7, 8)
    assert walk(of_block(block(), 2)) == tuple(range(1, 9))


def test_a_gates_number_is_what_w_o_was_given_and_what_follows_is_gated() -> None:
    made = block(gated=True)
    around = made.surroundings
    assert around is not None
    assert around.given is not None
    shown = scene(made, cell=(1, 0), dim=3, out=5)
    one, own = shown.one, around.given[:, 2 * D : 3 * D]
    assert one.gated == pytest.approx(own, abs=1e-6)
    assert not np.allclose(one.gated, one.steps.output, atol=0.1)
    for step in (GATE, CONCATENATE):
        found = check(step, shown)
        assert found.own == float(own[1, 3])
        assert found.shown == pytest.approx(found.own, abs=1e-6)
        assert found.handed_out
    assert np.array_equal(one.concat, around.given)
    assert one.projected == pytest.approx(around.w_o(around.given), abs=1e-5)
    assert check(8, shown).difference.rounding


def test_a_gate_that_is_no_sigmoid_of_what_it_is_said_to_be_shows_in_its_step() -> None:
    made = block(gated=True)
    around = made.surroundings
    assert around is not None
    assert around.gate_before is not None
    other = dataclasses.replace(around, gate_before=around.gate_before + 0.1)
    assert not check(GATE, scene(dataclasses.replace(made, surroundings=other))).difference.rounding


def test_under_a_what_if_the_changed_head_goes_through_its_own_gate() -> None:
    made = block(gated=True)
    one, around = of_block(made, 2, mask="causal"), made.surroundings
    assert around is not None
    assert around.given is not None
    assert around.gate is not None
    mine = slice(2 * D, 3 * D)
    given = around.given.astype(np.float64).copy()
    given[:, mine] = one.steps.output * around.gate[:, mine]
    assert one.projects
    assert one.into_w_o == pytest.approx(given, abs=1e-6)
    assert one.projected == pytest.approx(around.w_o(given), abs=1e-5)


def test_a_gate_of_which_nothing_is_known_is_said_so() -> None:
    made = block(gated=True)
    assert made.surroundings is not None
    bare = dataclasses.replace(made.surroundings, gate_before=None)
    unknown = dataclasses.replace(made, surroundings=bare)
    for one, key in ((made, "gate"), (unknown, "gate_unknown")):
        assert [name for name, _ in remarks(GATE, scene(one), Notation())] == [key]
    assert check(GATE, scene(unknown)).difference.rounding


def test_a_wrong_record_shows_in_the_check() -> None:
    made = block()
    wrong = made.output.copy()
    wrong[2, 0, 0] += 0.25
    shown = scene(type(made)(**{n: getattr(made, n) for n in made.__slots__} | {"output": wrong}))
    for step in (2, 5, 6, 7):
        assert check(step, shown).difference.absolute == pytest.approx(0.25, abs=1e-6)


def keys(step: int, kind: str, **switches: object) -> set[str]:
    shown = scene(block(**KINDS[kind]), part="k" if kind == "grouped" else "q", **switches)  # type: ignore[arg-type]
    return {key for key, _ in remarks(step, shown, Notation())}


@pytest.mark.parametrize(
    ("step", "kind", "expected"),
    [
        (1, "plain", set()),
        (1, "grouped", {"grouped"}),
        (1, "rotary", {"rotated"}),
        (1, "prescaled", {"scaled_before"}),
        (2, "rotary", {"rotated_scores"}),
        (2, "grouped", {"grouped"}),
        (3, "plain", set()),
        (3, "soft cap", {"softcap"}),
        (3, "position bias", {"never_divided"}),
        (4, "plain", {"nothing_masked"}),
        (4, "causal", {"fewer_rivals"}),
        (4, "position bias", {"term_position_bias", "nothing_masked"}),
        (5, "sinks", {"sink"}),
        (5, "all masked", {"all_masked"}),
        (8, "plain", set()),
    ],
)
def test_every_departure_from_the_textbook_is_said(
    step: int, kind: str, expected: set[str]
) -> None:
    assert keys(step, kind) == expected


def test_numbers_in_remarks_are_written_as_the_language_does() -> None:
    turkish = Notation(",")
    (sink,) = remarks(5, scene(block(**KINDS["sinks"])), turkish)
    assert re.fullmatch(r"0,\d{3}", str(sink[1]["rest"]))
    (cap,) = remarks(3, scene(block(softcap=12.5)), turkish)
    assert cap == ("softcap", {"cap": "12,5"})


def test_a_what_if_is_said_where_it_matters() -> None:
    assert keys(3, "plain", divide=False) == {"not_divided"}
    assert keys(7, "plain", mask="causal") == {"others_own"}
    assert keys(4, "plain", mask="causal", cell=(0, 3)) == {"forbidden"}
