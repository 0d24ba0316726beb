"""A head's queries as columns of the full projection: against torch's layers and the recording."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from models.core.surroundings import NO_PROJECTION
from models.record import record
from models.scores.splitting import Split, split
from models.trace import AttentionTrace, Projection


@pytest.fixture(scope="module")
def trace() -> AttentionTrace:
    return record("minilm", "The cat sat down because it was tired", surroundings=True)


def drawn(bias: bool, head: int = 1) -> tuple[Split, torch.nn.Linear]:
    """Two heads of 3 on an x of 6 numbers, and torch's own layer with the same weights."""
    rng = np.random.default_rng(6)
    layer = torch.nn.Linear(6, 6, bias=bias).double()
    weight = layer.weight.detach().numpy().T
    projection = Projection(weight, layer.bias.detach().numpy() if bias else None)
    x = rng.normal(size=(4, 6))
    return Split(x, projection, head, 2, 3, projection(x)), layer


@pytest.mark.parametrize("bias", [True, False])
def test_the_heads_columns_are_those_of_torchs_layer(bias: bool) -> None:
    found, layer = drawn(bias)
    whole = layer(torch.from_numpy(found.x)).detach().numpy()
    np.testing.assert_allclose(found.full, whole, rtol=1e-12)
    np.testing.assert_allclose(found.query, whole.reshape(4, 2, 3)[:, 1], rtol=1e-12)


@pytest.mark.parametrize("bias", [True, False])
def test_cut_first_a_head_sees_its_share_of_x_alone(bias: bool) -> None:
    """The rest of x at 0, through torch's own layer."""
    found, layer = drawn(bias)
    kept = found.x.copy()
    kept[:, :3] = 0
    other = layer(torch.from_numpy(kept)).detach().numpy()[:, 3:]
    np.testing.assert_allclose(found.cut_first, other, rtol=1e-12)
    off = np.linalg.norm(other[2] - found.query[2]) / np.linalg.norm(found.query[2])
    assert found.lost(2) == pytest.approx(off)


def test_every_head_of_the_recording_has_its_columns(trace: AttentionTrace) -> None:
    block = trace.block("encoder", 3)
    for head in range(12):
        found = split(block, head)
        assert found is not None
        assert found.difference().rounding
        np.testing.assert_allclose(found.query, block.q[head], atol=1e-4)
        wrong = replace(found, head=(head + 1) % 12, recorded=np.roll(found.recorded, 1, axis=1))
        assert not wrong.difference().rounding
    with pytest.raises(IndexError, match="head 12"):
        split(block, 12)


def test_shares_of_x_cover_it_even_where_it_is_narrower_than_all_heads() -> None:
    rows = [
        Split(np.ones((1, 7)), Projection(np.ones((7, 12))), head, 3, 4, np.ones((1, 12))).rows
        for head in range(3)
    ]
    assert [rows[0][0], rows[-1][1]] == [0, 7]
    assert all(one[1] == two[0] for one, two in pairwise(rows))


def test_what_was_not_recorded_is_not_cut(trace: AttentionTrace) -> None:
    block = trace.block("encoder", 0)
    assert block.surroundings is not None
    assert split(replace(block, surroundings=None), 0) is None
    assert (
        split(replace(block, surroundings=replace(block.surroundings, w_q=NO_PROJECTION)), 0)
        is None
    )
    with pytest.raises(ValueError, match="2 heads"):
        Split(np.ones((1, 4)), Projection(np.ones((4, 4))), 0, 2, 3, np.ones((1, 4)))
