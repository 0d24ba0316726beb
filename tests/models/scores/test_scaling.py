"""Spreads of q·k: against theory within their sampling error, torch's gradient, sums by hand."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
import torch

from models.core.arrays import Floats
from models.core.attention import Scoring, causal_mask, stepped
from models.record import record
from models.scores import scaling
from models.scores.scaling import DIMENSIONS, KEYS, ROWS
from models.trace import AttentionTrace

TEXT = "The cat sat down because it was tired"
EACH = pytest.mark.parametrize("d", DIMENSIONS)


def standard_error(d: int) -> float:
    """Of the spread, by theory: given q, a row's variance has the mean |q|² and the variance
    2|q|⁴/(n − 1); |q|² is χ² with d degrees of freedom.
    """
    variance = 2 * d + 2 * (d**2 + 2 * d) / (KEYS - 1)
    return sqrt(variance / ROWS) / (2 * sqrt(d))


@EACH
def test_random_products_spread_as_the_root_of_d_within_their_sampling_error(d: int) -> None:
    found = scaling.random_scores(d)
    assert abs(found.spread - sqrt(d)) < 3 * standard_error(d)
    assert found.error == pytest.approx(standard_error(d), rel=0.25)
    assert found.expected == sqrt(d)


def test_so_many_random_draws_miss_as_often_as_their_error_says() -> None:
    """Of 100 seeds about 32 lie more than one standard error off."""
    off = []
    for seed in range(100):
        found = scaling.random_scores(16, seed=seed)
        off.append((found.spread - found.expected) / standard_error(16))
    assert 0.2 < np.mean(np.abs(off) > 1) < 0.45
    assert abs(np.mean(off)) < 0.35


@pytest.mark.parametrize("d", [4, 64])
def test_random_softmaxes_are_torchs_of_the_same_draw(d: int) -> None:
    draw = np.random.default_rng((scaling.SEED, d))
    q, k = (torch.from_numpy(draw.normal(size=shape)) for shape in ((ROWS, d), (ROWS, KEYS, d)))
    found, raw = scaling.random_scores(d), torch.bmm(k, q[:, :, None])[:, :, 0]
    for one, by in ((found.divided, sqrt(d)), (found.undivided, 1)):
        alpha = torch.softmax(raw / by, 1)
        assert one.largest == pytest.approx(float(alpha.max(1).values.mean()))
        assert one.slope == pytest.approx(float((alpha * (1 - alpha)).mean()))


def test_undivided_softmaxes_saturate_and_divided_ones_do_not() -> None:
    every = [scaling.random_scores(d) for d in DIMENSIONS]
    largest, slopes = ([getattr(one.undivided, name) for one in every] for name in
                       ("largest", "slope"))  # fmt: skip
    assert largest == sorted(largest)
    assert slopes == sorted(slopes, reverse=True)
    assert largest[-1] > 0.9
    assert slopes[0] > 10 * slopes[-1]
    divided = [one.divided.slope for one in every]
    assert max(divided) < 1.05 * min(divided)


def test_the_same_seed_draws_the_same() -> None:
    assert scaling.random_scores(8) == scaling.random_scores(8)
    assert scaling.random_scores(8) != scaling.random_scores(8, seed=1)


@pytest.fixture(scope="module")
def trace() -> AttentionTrace:
    return record("minilm", TEXT)


def within_rows(raw: Floats, seen: Floats) -> float:
    """Row by row, by numpy's own variance."""
    rows = [row[mask] for row, mask in zip(raw.astype(float), seen, strict=True) if mask.sum() > 1]
    squares = sum(np.var(row, ddof=1) * (len(row) - 1) for row in rows)
    return sqrt(squares / sum(len(row) - 1 for row in rows))


def test_a_heads_spread_is_numpys_own_variance_row_by_row(trace: AttentionTrace) -> None:
    steps = trace.block("encoder", 3).head(1)
    found = scaling.of_head(steps)
    assert found is not None
    raw = steps.q.astype(float) @ steps.k.astype(float).T
    everything = np.ones(raw.shape, dtype=bool)
    assert found.spread == pytest.approx(within_rows(raw, everything), rel=1e-5)
    assert found.factor == steps.scaling
    rows = torch.softmax(torch.from_numpy(raw), 1)
    assert found.undivided.largest == pytest.approx(float(rows.max(1).values.mean()), rel=1e-4)
    assert found.undivided.slope == pytest.approx(float((rows * (1 - rows)).mean()), rel=1e-3)


def test_the_spread_of_uncorrelated_components_leaves_covariances_out(
    trace: AttentionTrace,
) -> None:
    steps = trace.block("encoder", 3).head(1)
    found = scaling.of_head(steps)
    assert found is not None
    q, k = steps.q.astype(float), steps.k.astype(float)
    moments, covariance = q.T @ q / len(q), np.cov(k.T)
    assert found.spread**2 == pytest.approx((moments * covariance).sum(), rel=1e-5)
    assert found.uncorrelated**2 == pytest.approx(
        (np.diag(moments) * np.diag(covariance)).sum(), rel=1e-5
    )


def test_masked_keys_do_not_count() -> None:
    rng = np.random.default_rng(2)
    q, k, v = (rng.normal(size=(6, 4)) for _ in range(3))
    steps = stepped(q, k, v, Scoring(0.5, mask=causal_mask(6, 6)))
    found = scaling.of_head(steps)
    assert found is not None
    seen = np.tri(6, dtype=bool)
    assert found.spread == pytest.approx(within_rows(q @ k.T, seen))
    means = [steps.weights[i, : i + 1].max() for i in range(1, 6)]  # the first row sees itself
    assert found.divided.largest == pytest.approx(np.mean(means))


def test_every_head_of_a_kind_is_there(trace: AttentionTrace) -> None:
    found = scaling.of_all_heads(trace, "encoder")
    assert {(one.layer, one.head) for one in found} == {(n, h) for n in range(6) for h in range(12)}
    steps = trace.block("encoder", 2).head(5)
    own = next(one for one in found if (one.layer, one.head) == (2, 5))
    assert own.ratio == pytest.approx(scaling.spread(steps.raw, scaling.visible(steps)) / sqrt(32))  # type: ignore[operator]
    low, middle, high = scaling.quantiles(found)
    assert low < middle < high
    assert middle == pytest.approx(np.median([one.ratio for one in found]))


def test_the_spread_of_every_head_needs_its_products_alone(
    trace: AttentionTrace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys in groups, too: each of 4 key heads serves 3 query heads."""
    block = trace.block("encoder", 2)
    mask = causal_mask(*block.shape)
    grouped = replace(block, k=block.k[:4], v=block.v[:4], mask=mask)
    wanted = [scaling.spread(grouped.head(n).raw, ~np.isneginf(mask)) for n in range(12)]
    products = [block.q[n] @ block.k[n // 3].T for n in range(12)]
    assert all(np.array_equal(grouped.head(n).raw, products[n]) for n in range(12))

    def refused(*_: object) -> None:
        raise AssertionError("a whole head was computed")

    monkeypatch.setattr("models.core.block.stepped", refused)
    found = scaling.of_all_heads(replace(trace, blocks=(grouped,)), "encoder")
    assert [one.spread for one in found] == wanted
    assert [(one.layer, one.head, one.d) for one in found] == [(2, n, 32) for n in range(12)]


def test_a_saturated_weight_still_has_a_slope() -> None:
    """In float32 1/(1 + e⁻²⁰) is 1, and 1 − α would be 0."""
    q, k = np.array([[1.0], [1.0]], np.float32), np.array([[20.0], [0.0]], np.float32)
    steps = stepped(q, k, k, Scoring(1.0))
    assert steps.weights[0, 0] == 1
    found = scaling.weight(steps, 0, 0)
    assert 1 - found.divided == pytest.approx(1 / (1 + np.exp(20.0)), rel=1e-6)
    assert found.divided == found.undivided


def test_a_factor_is_the_root_s_or_another_or_none_at_all() -> None:
    rng = np.random.default_rng(4)
    q, k, v = (rng.normal(size=(5, 16)).astype(np.float32) for _ in range(3))
    for scaled, told in ((0.25, (False, True)), (1.0, (True, False)), (0.0078, (False, False))):
        found = scaling.of_head(stepped(q, k, v, Scoring(scaled)))
        assert found is not None
        assert found.factor == scaled
        assert (found.plain, found.by_root(16)) == told


def test_how_a_weight_moves_with_its_score_is_torchs_gradient(trace: AttentionTrace) -> None:
    steps = trace.block("encoder", 3).head(1)
    for divide, name in ((True, "divided"), (False, "undivided")):
        scores = torch.from_numpy(steps.q[6].astype(float) @ steps.k.astype(float).T)
        scores = (scores * steps.scaling if divide else scores).requires_grad_()
        torch.softmax(scores, 0)[2].backward()  # type: ignore[no-untyped-call]
        alpha = getattr(scaling.weight(steps, 6, 2), name)
        assert scores.grad is not None
        assert alpha * (1 - alpha) == pytest.approx(float(scores.grad[2]), rel=1e-3)


def test_where_no_query_sees_two_keys_nothing_spreads() -> None:
    one = np.ones((1, 4))
    assert scaling.of_head(stepped(one, one, one, Scoring(0.5))) is None
    with pytest.raises(ValueError, match="no query sees two keys"):
        scaling.saturation(np.ones((1, 1)))
    with pytest.raises(ValueError, match="no head"):
        scaling.quantiles(())


def test_what_scores_are_divided_by_is_told_from_their_factor() -> None:
    assert scaling.divisor(float(np.float32(1 / np.sqrt(48))), 48) == "root"
    assert scaling.divisor(1.0, 64) == "none"
    assert scaling.divisor(1.0, 1) == "root"  # both: √1
    assert scaling.divisor(0.125, 32) == "other"
