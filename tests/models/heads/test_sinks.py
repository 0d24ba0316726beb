"""The first token's weight and what is passed on from it, against sums taken one by one."""

from __future__ import annotations

import numpy as np
import pytest

from models.catalog import load
from models.core.attention import causal_mask
from models.heads.sinks import FirstToken, first_token, halves, heads, mean_weight, on_texts
from models.record import record
from models.trace import AttentionBlock, AttentionTrace

FIRST = "The cat sat down because it was tired"


def block(*, kv_heads: int = 4, keys: int = 5) -> AttentionBlock:
    rng = np.random.default_rng(3)
    q = rng.normal(size=(4, 5, 8)).astype(np.float32)
    k, v = (rng.normal(size=(kv_heads, keys, 8)).astype(np.float32) for _ in "kv")
    mask = causal_mask(5, keys).astype(np.float32)
    return AttentionBlock("decoder", 3, q, k, v, 0.3, np.zeros_like(q), mask=mask)


@pytest.mark.parametrize("kv_heads", [4, 2, 1])
def test_each_head_is_measured_by_its_own_sums(kv_heads: int) -> None:
    made = block(kv_heads=kv_heads)
    found = first_token(made)
    assert found.layer == 3
    for head in range(4):
        alpha = made.head(head).weights.astype(np.float64)
        v = made.v[head * kv_heads // 4].astype(np.float64)
        lengths = [float(np.sqrt((row * row).sum())) for row in v]
        shares, parts = [], []
        for query in range(1, 5):
            shares.append(alpha[query, 0])
            total = sum(alpha[query, key] * lengths[key] for key in range(5))
            parts.append(alpha[query, 0] * lengths[0] / total)
        assert found.weights[head] == pytest.approx(np.mean(shares), rel=1e-6)
        assert found.passed[head] == pytest.approx(np.mean(parts), rel=1e-6)
        assert found.first[head] == pytest.approx(lengths[0], rel=1e-6)
        assert found.others[head] == pytest.approx(np.mean(lengths[1:]), rel=1e-6)


def test_two_texts_or_a_single_token_are_no_such_block() -> None:
    q = np.ones((1, 5, 8), np.float32)
    for keys in (4, 1):
        k = np.ones((1, keys, 8), np.float32)
        with pytest.raises(ValueError, match="no such text"):
            first_token(AttentionBlock("cross", 0, q, k, k, 0.3, q))


def of(trace: AttentionTrace) -> list[FirstToken]:
    return [first_token(one) for one in trace.layers(trace.kinds[0])]


def test_over_texts_the_same_is_averaged() -> None:
    texts = (FIRST, "Dogs chase cats")
    layers = [of(record("gpt-mini", text)) for text in texts]
    means = [mean_weight(each) for each in layers]
    found = on_texts(load("gpt-mini"), "decoder", texts)
    assert (found.texts, found.least, found.most) == (2, min(means), max(means))
    assert found.mean == pytest.approx(np.mean(means))
    assert found.halves == sum(map(halves, layers)) / sum(map(heads, layers))
