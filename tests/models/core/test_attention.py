"""The mathematics of attention: lessons.md's example by hand, masks, and laws of softmax."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.core.arrays import Floats
from models.core.attention import (
    Scoring,
    causal_mask,
    changed,
    exponentials,
    masked_softmax,
    padding_mask,
    scores,
    soft_capped,
    stepped,
    window_mask,
)
from models.trace import Term

X = np.array([[-3.0, 1.0], [2.0, -1.0], [2.0, 1.0]])  # koşarken, yemek, yedik

matrices = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 6), st.integers(1, 6)),
    elements=st.floats(-50, 50, width=32),
)


def test_the_worked_example_has_the_printed_scores() -> None:
    printed = [[10, -7, -5], [-7, 5, 3], [-5, 3, 5]]
    assert scores(X, X).tolist() == printed


def test_the_worked_example_unscaled_as_printed() -> None:
    steps = stepped(X, X, X, Scoring(scaling=1))
    assert f"{steps.weights[1, 0]:.1e}" == "5.4e-06"
    assert np.round(steps.weights[1, 1:], 3).tolist() == [0.881, 0.119]
    assert np.round(steps.output[1], 3).tolist() == [2.0, -0.762]


def test_the_worked_example_scaled_as_printed() -> None:
    steps = stepped(X, X, X, Scoring(scaling=1 / np.sqrt(2)))
    printed = ["1.000 6.0e-06 2.5e-05", "1.7e-04 0.804 0.196", "6.8e-04 0.195 0.804"]
    rows = [" ".join(f"{w:.3f}" if w > 0.01 else f"{w:.1e}" for w in r) for r in steps.weights]
    assert rows == printed
    assert np.round(steps.output, 3).tolist() == [[-3.0, 1.0], [1.999, -0.609], [1.997, 0.609]]


def test_every_step_follows_from_the_one_before() -> None:
    rng = np.random.default_rng(0)
    q, k, v = (rng.normal(size=shape) for shape in ((3, 4), (5, 4), (5, 2)))
    bias, along, mask = rng.normal(size=(3, 5)), rng.normal(size=(3, 5)), window_mask(3, 5, 2)
    terms = (Term("position_bias", bias), Term("c2p", along, scaled=True))
    steps = stepped(q, k, v, Scoring(scaling=0.5, terms=terms, mask=mask, softcap=2.0))
    assert np.allclose(
        steps.raw, [[sum(a * b for a, b in zip(x, y, strict=True)) for y in k] for x in q]
    )
    assert np.allclose(steps.scaled, 2 * np.tanh((steps.raw + along) * 0.5 / 2))
    assert np.allclose(steps.masked, steps.scaled + bias + mask)
    e = np.exp(steps.masked)
    assert np.allclose(steps.weights, e / e.sum(axis=1, keepdims=True))
    assert np.allclose(steps.output, steps.weights @ v)
    assert steps.output.shape == (3, 2)


@given(matrices)
def test_softmax_rows_sum_to_one_and_stay_in_order(rows: Floats) -> None:
    weights = masked_softmax(rows)
    assert np.allclose(weights.sum(axis=-1), 1)
    i, j = 0, rows.shape[1] - 1
    assert ((rows[:, i] <= rows[:, j]) <= (weights[:, i] <= weights[:, j])).all()


@given(matrices, st.floats(-30, 30))
def test_softmax_does_not_notice_a_constant(rows: Floats, constant: float) -> None:
    assert np.allclose(masked_softmax(rows + constant), masked_softmax(rows))


def test_softmax_of_huge_scores_is_finite() -> None:
    assert masked_softmax(np.array([[1e30, -1e30, 1e30]])).tolist() == [[0.5, 0, 0.5]]


def test_a_masked_key_gets_no_weight_and_the_rest_share_it_all() -> None:
    weights = masked_softmax(np.array([[1.0, -np.inf, 1.0]]))
    assert weights.tolist() == [[0.5, 0.0, 0.5]]


def test_a_row_that_is_masked_altogether_is_uniform() -> None:
    assert masked_softmax(np.full((1, 4), -np.inf)).tolist() == [[0.25] * 4]


def test_a_sink_takes_its_part_of_the_sum() -> None:
    weights = masked_softmax(np.zeros((1, 3)), sink=0.0)
    assert np.allclose(weights, 0.25)
    each = masked_softmax(np.zeros((2, 1, 3)), sink=np.array([0.0, np.log(3)])[:, None, None])
    assert np.allclose(each[:, 0, 0], [1 / 4, 1 / 6])


def test_a_sink_larger_than_all_scores_does_not_overflow() -> None:
    assert masked_softmax(np.zeros((1, 2)), sink=1000.0).tolist() == [[0.0, 0.0]]


@given(matrices, st.floats(0.5, 100))
def test_a_soft_cap_bounds_scores_and_keeps_their_sign(rows: Floats, cap: float) -> None:
    capped = soft_capped(rows, cap)
    assert (np.abs(capped) <= cap).all()
    assert (np.sign(capped) == np.sign(rows)).all()
    assert soft_capped(rows, None) is rows


def test_the_masks_hide_what_they_say() -> None:
    hidden = -np.inf
    assert causal_mask(2, 3).tolist() == [[0, hidden, hidden], [0, 0, hidden]]
    assert window_mask(3, 3, 1).tolist() == [[0, 0, hidden], [0, 0, 0], [hidden, 0, 0]]
    assert padding_mask(2, 3, 1).tolist() == [[0, 0, hidden]] * 2


@pytest.mark.parametrize("padded", [-1, 3, 4])
def test_padding_leaves_somebody_to_look_at(padded: int) -> None:
    with pytest.raises(ValueError, match=r"0\.\.2"):
        padding_mask(3, 3, padded)


def test_a_window_of_negative_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        window_mask(3, 3, -1)


@pytest.mark.parametrize(
    ("q", "k", "v", "said"),
    [
        ((2, 3), (4, 2), (4, 2), "width 3"),
        ((2, 3), (4, 3), (5, 2), "4 keys but 5 values"),
        ((1, 2, 3), (4, 3), (4, 2), "matrices"),
    ],
)
def test_shapes_that_do_not_fit_are_refused_with_their_numbers(
    q: tuple[int, ...], k: tuple[int, ...], v: tuple[int, ...], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        stepped(np.zeros(q), np.zeros(k), np.zeros(v), Scoring(scaling=1))


def test_a_what_if_keeps_everything_but_scaling_and_mask() -> None:
    bias = np.arange(9.0).reshape(3, 3)
    steps = stepped(
        X, X, X, Scoring(scaling=0.5, terms=(Term("position_bias", bias),), softcap=3.0, sink=0.25)
    )
    other = changed(steps, scaling=1.0, mask=causal_mask(3, 3))
    assert other.q is steps.q
    assert (other.softcap, other.sink, other.scaling) == (3.0, 0.25, 1.0)
    assert np.array_equal(np.isneginf(other.masked), ~np.tri(3, dtype=bool))
    (kept,) = other.scoring.terms
    assert kept.name == "position_bias"
    assert np.array_equal(kept.values, bias)


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=20))
def test_exponentials_differ_from_e_to_the_score_by_the_stated_shift(row_of: list[float]) -> None:
    row = np.array(row_of, dtype=np.float32)
    e, shift = exponentials(row)
    assert e == pytest.approx(np.exp(row.astype(np.float64) - shift))
    assert shift in (0, row.max())
    assert e.max() <= np.exp(9)


def test_with_the_sinks_share_each_row_sums_to_one() -> None:
    rng = np.random.default_rng(4)
    q, k, v = (rng.normal(size=(5, 8)).astype(np.float32) for _ in "qkv")
    mask = causal_mask(5, 5).astype(np.float32)
    mask[2] = -np.inf  # a row that is masked altogether
    steps = stepped(q, k, v, Scoring(0.4, mask=mask, sink=1.5))
    shares = steps.sink_shares
    assert shares is not None
    np.testing.assert_allclose(steps.weights.sum(axis=1) + shares, 1, atol=1e-6)
    assert (shares > 0.01).all()
    assert stepped(q, k, v, Scoring(0.4, mask=mask)).sink_shares is None


def test_each_head_may_have_its_own_scaling() -> None:
    rng = np.random.default_rng(0)
    q, k, v = (rng.standard_normal((3, 5, 4)).astype(np.float32) for _ in range(3))
    factors = np.array([0.5, 2.0, 11.0], np.float32)[:, None, None]
    how = Scoring(factors)
    weights = how.weights(how.masked(how.scaled(scores(q, k))))
    for head, factor in enumerate((0.5, 2.0, 11.0)):
        alone = stepped(q[head], k[head], v[head], Scoring(factor))
        np.testing.assert_allclose(weights[head], alone.weights, rtol=1e-5, atol=1e-7)
        assert how.of_head(head, (5, 5)).scaling == factor
        assert weights.dtype == np.float32
