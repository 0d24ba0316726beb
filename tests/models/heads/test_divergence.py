"""Jensen–Shannon divergence against scipy's, by its other formula, and by what it must be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.spatial import distance

from models.core.arrays import Floats
from models.heads import divergence
from models.record import record
from models.trace import AttentionTrace

ROWS = arrays.arrays(np.float64, (2, 3, 7), elements=st.sampled_from([0, 0, 0.01, 0.5, 1, 3, 40]))


def distributions(found: Floats) -> Floats:
    """The same with rows that sum to 1; a row of zeros has all on its first key."""
    found = found.copy()
    found[..., 0] += found.sum(axis=-1) == 0
    rows: Floats = found / found.sum(axis=-1, keepdims=True)
    return rows


@pytest.fixture(scope="module")
def trace() -> AttentionTrace:
    return record("minilm", "The cat sat down because it was tired")


@given(ROWS)
def test_it_is_scipys_in_bits_and_the_entropies(found: Floats) -> None:
    p, q = distributions(found)
    ours = divergence.divergence(p, q)
    scipys = distance.jensenshannon(p, q, base=2, axis=-1) ** 2  # scipy hands out the root
    np.testing.assert_allclose(ours, np.nan_to_num(scipys), atol=1e-12)
    np.testing.assert_allclose(ours, divergence.by_entropy(p, q), atol=1e-12)
    assert all(divergence.checked(*pair).rounding for pair in zip(p, q, strict=True))


@given(ROWS)
def test_it_is_symmetric_between_0_and_1_and_0_for_equal_rows(found: Floats) -> None:
    p, q = distributions(found)
    np.testing.assert_allclose(divergence.divergence(p, q), divergence.divergence(q, p))
    assert (divergence.terms(p, q) >= -1e-15).all()
    assert (divergence.divergence(p, q) <= 1 + 1e-12).all()
    assert not divergence.divergence(p, p).any()


def test_rows_that_share_no_key_are_one_bit_apart() -> None:
    assert divergence.divergence(np.array([0.5, 0.5, 0]), np.array([0, 0, 1.0])) == 1


def test_a_wrong_formula_is_no_match(monkeypatch: pytest.MonkeyPatch) -> None:
    p, q = np.array([0.7, 0.2, 0.1]), np.array([0.1, 0.2, 0.7])
    assert divergence.checked(p, q).rounding
    monkeypatch.setattr(divergence, "by_entropy", lambda a, b: divergence.divergence(a, b) * 1.001)
    assert not divergence.checked(p, q).rounding


def test_all_heads_to_one_are_a_row_of_all_pairs(trace: AttentionTrace) -> None:
    pairs = divergence.all_pairs(trace, "encoder")
    assert (pairs.rows, pairs.queries) == (10, 10)
    np.testing.assert_allclose(pairs.values, pairs.values.T)
    assert not np.diagonal(pairs.values).round(12).any()
    one = np.concatenate(divergence.to_one(trace, "encoder", 3, 1))
    np.testing.assert_allclose(pairs.values[3 * 12 + 1], one, atol=1e-12)
    p, q = (trace.block("encoder", layer).weights[head] for layer, head in ((3, 1), (0, 2)))
    rows = distance.jensenshannon(p.astype(float), q.astype(float), base=2, axis=-1) ** 2
    assert one[2] == pytest.approx(rows.mean(), abs=1e-6)  # scipy makes rows sum to 1 first


def test_of_many_rows_evenly_spaced_ones_stand_for_all(
    trace: AttentionTrace, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = divergence.all_pairs(trace, "encoder").values
    monkeypatch.setattr(divergence, "MOST", 72 * 72 / 2 * 10 * 4)
    some = divergence.all_pairs(trace, "encoder")
    assert (some.rows, some.queries) == (4, 10)
    assert some.values.shape == whole.shape
    p, q = (trace.block("encoder", n).weights[0][[0, 3, 6, 9]] for n in (1, 2))
    assert some.values[12, 24] == pytest.approx(divergence.divergence(p, q).mean(), abs=1e-12)


def test_what_a_sink_takes_is_a_key_of_its_own(trace: AttentionTrace) -> None:
    block = trace.block("encoder", 0)
    assert not divergence.rows(block)[..., -1].any()
    with_sink = replace(block, sinks=np.zeros(block.heads, np.float32))
    rows = divergence.rows(with_sink)
    np.testing.assert_allclose(rows.sum(axis=-1), 1, atol=1e-6)
    np.testing.assert_allclose(rows[..., :-1], with_sink.weights)
    assert rows[..., -1].max() > 0.01
    np.testing.assert_array_equal(divergence.rows(with_sink, 5), rows[5])
