"""Scores by two matrices and by one: against numpy's own norms, torch, and other families."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
import torch

from models.core.attention import Scoring, stepped
from models.record import record
from models.scores import symmetry
from models.trace import AttentionTrace, Projection

TEXT = "The cat sat down because it was tired"


@pytest.fixture(scope="module")
def trace() -> AttentionTrace:
    return record("minilm", TEXT, surroundings=True)


def drawn(n: int, d: int, seed: int = 0) -> symmetry.TwoMatrices:
    rng = np.random.default_rng(seed)
    return symmetry.TwoMatrices(rng.normal(size=(n, d)), rng.normal(size=(n, d)))


def test_scores_are_torchs_products_and_with_one_matrix_they_are_symmetric(
    trace: AttentionTrace,
) -> None:
    steps = trace.block("encoder", 3).head(1)
    found = symmetry.two_matrices(steps)
    q, k = (torch.from_numpy(part.astype(np.float64)) for part in (steps.q, steps.k))
    np.testing.assert_allclose(found.recorded.raw, (q @ k.T).numpy(), rtol=1e-12)
    np.testing.assert_allclose(found.one_matrix.raw, (q @ q.T).numpy(), rtol=1e-12)
    np.testing.assert_allclose(found.one_matrix.raw, found.one_matrix.raw.T, rtol=1e-12)
    assert found.one_matrix.asymmetry < 1e-12 < found.recorded.asymmetry


def test_asymmetry_is_0_of_a_symmetric_matrix_2_of_its_opposite_and_the_root_of_2_at_random() -> (
    None
):
    half = np.triu(np.random.default_rng(1).normal(size=(40, 40)), 1)
    assert symmetry.HeadScores(half + half.T).asymmetry == 0
    assert symmetry.HeadScores(half - half.T).asymmetry == pytest.approx(2)
    assert symmetry.HeadScores(np.zeros((3, 3))).asymmetry == 0
    random = np.mean([drawn(64, 32, seed).recorded.asymmetry for seed in range(20)])
    assert random == pytest.approx(sqrt(2), rel=0.02)
    assert pytest.approx(sqrt(2)) == symmetry.RANDOM


def test_every_token_that_scores_highest_with_itself_is_counted() -> None:
    assert symmetry.HeadScores(np.array([[2.0, 1, 0], [5, 3, 1], [4, 4, 4]])).themselves == 2


def test_the_same_scores_come_from_the_inputs_and_one_square_matrix(trace: AttentionTrace) -> None:
    block = trace.block("encoder", 3)
    found, around = symmetry.two_matrices(block.head(1)), block.surroundings
    assert around is not None
    w_q, w_k = (part.columns(32, 64) for part in (around.w_q, around.w_k))
    own = symmetry.from_inputs(around.x, w_q, w_k)
    np.testing.assert_allclose(own, found.recorded.raw, atol=1e-4)
    assert symmetry.check(found, around.x, w_q).rounding
    other = Projection(w_q.weight * 1.01, w_q.bias)
    assert not symmetry.check(found, around.x, other).rounding


def test_a_models_own_factor_of_its_queries_is_in_the_check() -> None:
    rng = np.random.default_rng(3)
    x, w_q = rng.normal(size=(5, 12)), Projection(rng.normal(size=(12, 4)))
    q = w_q(x)
    found = symmetry.TwoMatrices(q * 0.5, q, 0.5)
    assert symmetry.check(found, x, w_q).rounding
    # Keys are not scaled: with W_K = W_Q the scores are the queries' times what W_Q makes.
    np.testing.assert_allclose(found.one_matrix.raw, 0.5 * q @ q.T, rtol=1e-12)
    assert not symmetry.check(symmetry.TwoMatrices(q * 0.5, q), x, w_q).rounding


def test_every_head_whose_queries_are_its_keys_is_there(trace: AttentionTrace) -> None:
    found = symmetry.of_all_heads(trace, "encoder")
    assert {(one.layer, one.head) for one in found} == {(n, h) for n in range(6) for h in range(12)}
    own = symmetry.two_matrices(trace.block("encoder", 4).head(7)).recorded.asymmetry
    assert next(o.asymmetry for o in found if (o.layer, o.head) == (4, 7)) == pytest.approx(own)


def test_key_heads_that_are_shared_are_used_by_all_their_queries(trace: AttentionTrace) -> None:
    block = trace.block("encoder", 2)
    grouped = replace(block, k=block.k[:4], v=block.v[:4])
    found = symmetry.of_all_heads(replace(trace, blocks=(grouped,)), "encoder")
    wanted = [symmetry.two_matrices(grouped.head(n)).recorded.asymmetry for n in range(12)]
    assert [one.asymmetry for one in found] == pytest.approx(wanted, rel=1e-12)
    nothing = replace(grouped, q=np.zeros_like(grouped.q))
    none = symmetry.of_all_heads(replace(trace, blocks=(nothing,)), "encoder")
    assert [one.asymmetry for one in none] == [0.0] * 12


def test_rotated_by_positions_one_matrix_still_gives_symmetric_scores() -> None:
    """(R_i q_i)·(R_j q_j), by complex numbers."""
    rng = np.random.default_rng(4)
    pairs = rng.normal(size=(7, 3)) + 1j * rng.normal(size=(7, 3))
    turned = pairs * np.exp(1j * np.arange(7)[:, None] * np.array([1.0, 0.1, 0.01]))
    q = np.concatenate([turned.real, turned.imag], axis=1)
    assert symmetry.TwoMatrices(q, q).recorded.asymmetry < 1e-12
    k = rng.normal(size=q.shape)
    assert symmetry.TwoMatrices(q, k).recorded.asymmetry > 0.5


def test_between_two_texts_nothing_is_mirrored() -> None:
    trace = record("translator", "Kedi uyudu.")
    assert not symmetry.comparable(trace.block("cross", 0))
    assert symmetry.comparable(trace.block("decoder", 0))
    assert symmetry.of_all_heads(trace, "cross") == ()
    rng = np.random.default_rng(5)
    q, k = rng.normal(size=(3, 4)), rng.normal(size=(5, 4))
    steps = stepped(q, k, k, Scoring(0.5))
    with pytest.raises(ValueError, match="queries"):
        symmetry.two_matrices(steps)
