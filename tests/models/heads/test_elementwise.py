"""q × k by dimensions: sums are the scores, queries add up, and a wrong product is no ✓."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.core.attention import Scoring, Term, causal_mask, stepped
from models.heads.elementwise import PairProducts, products
from models.record import record
from models.trace import AttentionBlock
from tests.closeness import CLOSE, assert_close

TEXT = "The cat sat down because it was tired"


def grouped(terms: tuple[Term, ...] = ()) -> AttentionBlock:
    """Four query heads over two keys and values, causal, with what its formula gives."""
    rng = np.random.default_rng(7)
    q = rng.normal(size=(4, 5, 6)).astype(np.float32)
    k, v = (rng.normal(size=(2, 5, 6)).astype(np.float32) for _ in "kv")
    mask = causal_mask(5, 5).astype(np.float32)
    heads = [stepped(q[h], k[h // 2], v[h // 2], Scoring(0.4, terms, mask=mask)) for h in range(4)]
    output = np.stack([one.output for one in heads])
    return AttentionBlock("decoder", 0, q, k, v, 0.4, output, mask[None], terms)


@pytest.mark.parametrize("model", ["minilm", "gpt-mini"])
def test_the_sums_over_dimensions_are_the_scores_of_every_head(model: str) -> None:
    for block in record(model, TEXT).blocks:
        for head in range(block.heads):
            found = products(block, head, [3])
            steps = block.head(head)
            assert found.values.shape == steps.k.shape
            assert_close(found.sums, steps.raw[3])
            assert_close(found.weights, steps.weights[3])
            assert found.difference.relative <= CLOSE


def test_the_keys_of_a_group_are_those_of_its_own_number() -> None:
    block = grouped()
    for head in range(4):
        found = products(block, head, [4])
        assert np.allclose(found.values, block.q[head, 4] * block.k[head // 2], rtol=1e-6)
        assert found.difference.rounding


def test_several_queries_add_up_and_their_weights_are_averaged() -> None:
    block = grouped()
    each = [products(block, 1, [query]) for query in (1, 3, 4)]
    found = products(block, 1, [3, 1, 4])
    assert np.allclose(found.values, sum(one.values for one in each))
    assert np.allclose(found.sums, sum(one.sums for one in each))
    assert np.allclose(found.weights, np.mean([one.weights for one in each], axis=0))
    assert np.allclose(found.raw(2).sum(), found.sums[2])
    assert found.difference.rounding


def test_it_counts_the_queries_that_may_not_look() -> None:
    found = products(grouped(), 0, [1, 3])
    assert found.masked.tolist() == [0, 0, 1, 1, 2]
    assert found.blocked.tolist() == [False, False, False, False, True]
    assert found.weights[4] == 0


def test_terms_beside_the_products_are_left_in_the_score_and_out_of_the_sum() -> None:
    rng = np.random.default_rng(3)
    terms = (
        Term("content_to_position", rng.normal(size=(5, 5)).astype(np.float32), scaled=True),
        Term("alibi", rng.normal(size=(5, 5)).astype(np.float32)),
    )
    found = products(grouped(terms), 2, [4])
    assert np.allclose(found.sums, products(grouped(), 2, [4]).sums)
    assert not np.allclose(found.weights, products(grouped(), 2, [4]).weights)
    assert found.difference.rounding


@pytest.mark.parametrize("name", ["q", "k"])
def test_products_of_other_vectors_get_no_tick(name: str) -> None:
    block = grouped()
    wrong = getattr(block, name).copy()
    wrong[:, 1, 2] += 0.01
    assert not products(replace(block, **{name: wrong}), 0, [1]).difference.rounding


def test_the_largest_come_first_whatever_their_sign() -> None:
    found: PairProducts = products(grouped(), 0, [2])
    sizes = np.abs(found.values[1][found.largest_first(1)])
    assert (np.diff(sizes) <= 0).all()
    assert found.in_order.tolist() == list(range(6))


def test_queries_are_at_least_one_each_once_and_in_range() -> None:
    for wrong in ([], [1, 1]):
        with pytest.raises(ValueError, match="different"):
            products(grouped(), 0, wrong)
    for beyond in ([5], [0, -1]):
        with pytest.raises(IndexError, match=r"0\.\.4"):
            products(grouped(), 0, beyond)
