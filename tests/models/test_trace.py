"""Records: shapes are checked where they are built, wrong indices name their range."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from models.core.tokens import named
from models.trace import AttentionBlock, AttentionTrace, Kind, Projection, Term, read_only

rng = np.random.default_rng(0)


def block(kind: Kind = "encoder", layer: int = 0, **changes: Any) -> AttentionBlock:
    """4 query heads on 2 key/value heads, 3 queries, 3 keys; output as it should be."""
    q, k, v = (rng.normal(size=(heads, 3, 2)).astype("f4") for heads in (4, 2, 2))
    fields: dict[str, Any] = {"q": q, "k": k, "v": v, "scaling": 0.5, "output": np.zeros_like(q)}
    made = AttentionBlock(kind, layer, **(fields | changes))
    if "output" in changes or set(changes) & {"q", "k", "v"}:
        return made
    output = np.stack([made.head(i).output for i in range(made.heads)])
    return dataclasses.replace(made, output=output)


def trace(*blocks: AttentionBlock, **fields: Any) -> AttentionTrace:
    return AttentionTrace("some", named("abc"), blocks, **fields)


@pytest.mark.parametrize(
    "wrong",
    [
        {"k": np.zeros((2, 3, 5), "f4")},
        {"k": np.zeros((3, 3, 2), "f4"), "v": np.zeros((3, 3, 2), "f4")},
        {"v": np.zeros((2, 4, 2), "f4")},
        {"output": np.zeros((4, 3, 7), "f4")},
        {"mask": np.zeros((1, 3, 7), "f4")},
        {"terms": (Term("position_bias", np.zeros((9, 3, 3), "f4")),)},
        {"kind": "sideways"},
    ],
)
def test_a_block_whose_shapes_do_not_fit_is_refused(wrong: dict[str, Any]) -> None:
    good = block()
    with pytest.raises(ValueError, match=r"fit|share|kind|broadcast"):
        dataclasses.replace(good, **wrong)


def test_query_heads_share_key_heads_in_groups() -> None:
    assert [block().kv_head(i) for i in range(4)] == [0, 0, 1, 1]


def test_weights_of_all_heads_are_those_of_each() -> None:
    mask = np.where(np.tri(3, dtype=bool), 0, -np.inf).astype("f4")[None]
    extras: dict[str, Any] = {
        "terms": (
            Term("position_bias", rng.normal(size=(4, 3, 3))),
            Term("c2p", rng.normal(size=(4, 3, 3)), scaled=True),
        ),
        "sinks": np.array([0, 1, 2, -1.0]),
    }
    made = block(mask=mask, softcap=1.5, **extras)
    each = np.stack([made.head(i).weights for i in range(4)])
    assert np.allclose(made.weights, each)
    assert not made.weights[:, ~np.tri(3, dtype=bool)].any()


def test_fidelity_is_the_largest_difference_over_all_blocks() -> None:
    good = block()
    moved = good.output.copy()
    moved[1, 2, 0] += 0.25
    off = dataclasses.replace(good, layer=1, output=moved)
    assert good.fidelity() < 1e-6
    assert trace(good, off).fidelity() == pytest.approx(0.25, abs=1e-6)
    assert trace().fidelity() == 0


def test_blocks_are_found_by_kind_and_layer() -> None:
    first, second = block("decoder", 0), block("decoder", 1)
    whole = trace(first, second)
    assert whole.block("decoder", 1) is second
    assert whole.kinds == ("decoder",)


@pytest.mark.parametrize("layer", [-1, 1, 99])
def test_a_layer_that_is_not_there_is_named_with_the_range(layer: int) -> None:
    with pytest.raises(IndexError, match=rf"{layer} is not in 0\.\.0"):
        trace(block()).block("encoder", layer)


def test_a_kind_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(KeyError, match=r"no cross attention in some.*encoder"):
        trace(block()).block("cross", 0)


@pytest.mark.parametrize("head", [-1, 4])
def test_a_head_that_is_not_there_is_named_with_the_range(head: int) -> None:
    with pytest.raises(IndexError, match=rf"{head} is not in 0\.\.3"):
        block().head(head)


def test_kinds_come_in_the_order_of_the_data_flow() -> None:
    blocks = [block(kind) for kind in ("cross", "decoder", "encoder")]
    assert trace(*blocks, target_side=named("xyz")).kinds == ("encoder", "decoder", "cross")


def test_cross_attention_asks_from_the_target_and_looks_at_the_source() -> None:
    q, k = np.zeros((1, 2, 4), "f4"), np.zeros((1, 3, 4), "f4")
    cross = AttentionBlock("cross", 0, q, k, k, 1.0, q)
    whole = trace(cross, target_side=named("xy"))
    assert whole.axes("cross") == (("x", "y"), ("a", "b", "c"))
    with pytest.raises(ValueError, match=r"\(2, 3\).*\(3, 3\)"):
        trace(cross)


def test_a_trace_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        trace().tokens = ()  # type: ignore[misc]


def test_a_projections_columns_are_one_heads_share() -> None:
    whole = Projection(np.arange(12.0).reshape(3, 4), np.arange(4.0))
    x = rng.normal(size=(5, 3))
    assert np.allclose(whole.columns(1, 3)(x), whole(x)[:, 1:3])
    assert np.allclose(Projection(whole.weight)(x), whole(x) - np.arange(4.0))


def test_a_read_only_view_shares_the_numbers() -> None:
    numbers = np.zeros(3)
    view = read_only(numbers)
    numbers[0] = 7
    assert view[0] == 7
    with pytest.raises(ValueError, match="read-only"):
        view[1] = 1
