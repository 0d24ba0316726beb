"""Rows masked rightly and wrongly: against direct softmaxes in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.core.arrays import Floats
from models.core.attention import HeadSteps, Scoring, causal_mask, stepped
from models.record import record
from models.scores.masking import MaskedRow, earlier_masked, masked_row, masking
from models.trace import Term


def direct(scores: Floats) -> Floats:
    """torch's own softmax in float64."""
    found = torch.softmax(torch.tensor(scores, dtype=torch.float64), 0)
    return np.array(found.tolist())


@pytest.fixture(scope="module")
def cat() -> HeadSteps:
    trace = record("minilm", "The cat sat down because it was tired")
    return trace.block("encoder", 3).head(1)


@pytest.fixture(scope="module")
def row(cat: HeadSteps) -> MaskedRow:
    return masked_row(masking(cat)[0], 6)


def scores_of(cat: HeadSteps) -> Floats:
    return np.asarray(cat.q[6].astype(float) @ cat.k.astype(float).T / np.sqrt(32))


def test_the_right_way_and_both_wrong_ways_are_those_of_a_direct_softmax(
    cat: HeadSteps, row: MaskedRow
) -> None:
    scores, later = scores_of(cat), np.arange(10) > 6
    np.testing.assert_allclose(row.right, direct(np.where(later, -np.inf, scores)), atol=1e-6)
    np.testing.assert_allclose(row.zero_scores, direct(np.where(later, 0, scores)), atol=1e-6)
    np.testing.assert_allclose(row.zeroed, np.where(later, 0, direct(scores)), atol=1e-6)
    assert row.right.sum() == pytest.approx(1)
    assert row.zero_scores[later].sum() == pytest.approx(3 / (np.exp(scores[:7]).sum() + 3))
    assert row.zeroed.sum() == pytest.approx(np.exp(scores[:7]).sum() / np.exp(scores).sum())
    assert row.zeroed.sum() < 0.95
    assert row.lost == pytest.approx(1 - row.zeroed.sum())


def test_renormalised_it_is_the_right_row(row: MaskedRow) -> None:
    np.testing.assert_allclose(row.renormalised, row.right, atol=1e-15)
    assert row.difference().rounding
    assert row.difference().absolute < 1e-15


def test_another_future_token_changes_the_zeroed_row_and_not_the_right_one(row: MaskedRow) -> None:
    other = row.with_another_future()
    assert (row.future, row.strongest) == (7, 2)
    assert other.scores[7] == row.scores[2] != row.scores[7]
    assert np.array_equal(np.delete(other.scores, 7), np.delete(row.scores, 7))
    assert np.array_equal(other.right, row.right)
    assert np.abs(other.zeroed - row.zeroed).max() > 0.1
    assert np.array_equal(other.zero_scores, row.zero_scores)


def test_every_other_score_of_the_future_leaves_the_right_row_alone(row: MaskedRow) -> None:
    for score in (-50.0, 0.0, 7.0, 300.0):
        other = row.with_score(8, score)
        assert np.array_equal(other.right, row.right)
        assert np.abs(other.zeroed - row.zeroed).max() > 1e-4


def test_sums_are_those_of_the_exponentials(row: MaskedRow) -> None:
    e = np.exp(row.scores)
    assert row.shift == 0
    assert row.open_sum == pytest.approx(e[:7].sum())
    assert row.masked_sum == pytest.approx(e[7:].sum())
    assert row.zeros_sum == 3
    large = MaskedRow(row.scores * 30, row.masked)
    assert large.shift == large.scores.max() > 9
    assert large.right[2] == pytest.approx(large.exponentials[2] / large.open_sum)
    zeros = large.exponentials[2] / (large.open_sum + large.zeros_sum)
    assert large.zero_scores[2] == pytest.approx(zeros)
    assert large.kept == pytest.approx(large.open_sum / (large.open_sum + large.masked_sum))


@pytest.mark.parametrize("at", [-2000.0, -800.0, 0.0, 900.0])
@pytest.mark.parametrize("sink", [None, -800.0, 0.3, 800.0])
@pytest.mark.filterwarnings("error")
def test_no_exponential_overflows_however_far_scores_and_sink_lie(
    at: float, sink: float | None
) -> None:
    row = MaskedRow(at + np.array([1.0, 0.5, -2.0]), np.array([False, False, True]), sink)
    exponents = [*row.scores, 0.0, *([] if sink is None else [sink])]
    far = max(map(abs, exponents)) > 9
    assert row.shift == (max(exponents) if far else 0)
    sums = np.array([row.open_sum, row.masked_sum, row.zeros_sum])
    assert np.isfinite(sums).all()
    if far:
        assert sums.max() <= len(exponents)
    more = [] if sink is None else [sink]
    whole = direct(np.array([1.0, 0.5, -2.0, *(one - at for one in more)]))
    assert row.kept == pytest.approx(1 - whole[2])
    assert row.sink_share == pytest.approx(whole[3] if more else 0)
    with_zero = direct(np.array([*row.scores[:2], 0.0, *more]))
    if with_zero[0] > 1e-200:
        assert row.exponentials[0] / (sums[0] + sums[2]) == pytest.approx(with_zero[0])


def test_a_row_lacks_what_masked_keys_and_the_sink_had() -> None:
    row = MaskedRow(np.array([2.0, 1.0, -12.0]), np.array([False, False, True]), sink=-11.0)
    whole = direct(np.array([2.0, 1.0, -12.0, -11.0]))
    assert row.lost == pytest.approx(whole[2], rel=1e-9)
    assert row.missing == pytest.approx(whole[2] + whole[3], rel=1e-9)
    assert 1 - row.zeroed.sum() == pytest.approx(row.missing, rel=1e-6)


def test_an_earlier_query_has_something_masked_or_none_has(cat: HeadSteps) -> None:
    causal, _ = masking(cat)
    assert [earlier_masked(causal, query) for query in (0, 1, 9)] == [False, True, True]
    assert not earlier_masked(cat, 9)  # no mask at all
    padded = stepped(cat.q, cat.k, cat.v, Scoring(1.0, mask=causal_mask(10, 10)[::-1]))
    assert not earlier_masked(padded, 0)


def test_a_mask_of_its_own_is_kept_and_none_becomes_causal(cat: HeadSteps) -> None:
    causal, changed = masking(cat)
    assert changed
    assert np.array_equal(np.isneginf(causal.mask), ~np.tri(10, dtype=bool))  # type: ignore[arg-type]
    assert masking(causal) == (causal, False)


def test_terms_and_finite_parts_of_a_mask_stay_in_the_scores() -> None:
    rng = np.random.default_rng(5)
    q, k, v = (rng.normal(size=(4, 3)) for _ in range(3))
    bias, finite = rng.normal(size=(4, 4)), rng.normal(size=(4, 4))
    how = Scoring(0.5, (Term("position_bias", bias),), 2.0, causal_mask(4, 4) + finite)
    steps = stepped(q, k, v, how)
    found = masked_row(steps, 2)
    wanted = 2 * np.tanh(q[2] @ k.T * 0.5 / 2) + bias[2]
    np.testing.assert_allclose(found.scores[:3], (wanted + finite[2])[:3])
    assert found.scores[3] == pytest.approx(wanted[3])
    np.testing.assert_allclose(found.right, steps.weights[2])


def test_with_a_sink_the_row_stays_below_1_and_is_right_again_when_divided() -> None:
    scores, masked = np.array([1.0, 0.5, 2.0, -1.0]), np.array([False, False, True, True])
    row = MaskedRow(scores, masked, sink=0.3)
    both = direct(np.array([1.0, 0.5, 0.3]))
    np.testing.assert_allclose(row.right, [*both[:2], 0, 0])
    np.testing.assert_allclose(row.renormalised, row.right, atol=1e-15)
    assert row.open_sum == pytest.approx(np.exp([1.0, 0.5, 0.3]).sum())


def test_a_masked_score_far_above_all_others_leaves_nothing_to_divide() -> None:
    row = MaskedRow(np.array([0.0, 1.0, 2000.0]), np.array([False, False, True]))
    assert row.right.sum() == pytest.approx(1)
    assert not row.zeroed.any()
    assert not row.renormalised.any()
    assert not row.difference().rounding


def test_what_is_not_there_is_said(cat: HeadSteps) -> None:
    with pytest.raises(IndexError, match=r"query 10 is not in 0\.\.9"):
        masked_row(cat, 10)
    bare = masked_row(cat, 3)
    with pytest.raises(ValueError, match="no key"):
        bare.with_another_future()
    with pytest.raises(IndexError, match="key 10"):
        bare.with_score(10, 0.0)
    with pytest.raises(ValueError, match="every key"):
        assert MaskedRow(np.zeros(2), np.ones(2, dtype=bool)).strongest
