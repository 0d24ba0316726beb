"""What a ✓ stands on: float32's rounding passes on any processor, a mistake does not."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from models.catalog import LoadedModel
from models.core.arrays import ROUNDING, Difference, Floats, difference, largest
from models.record import record
from models.trace import AttentionBlock, AttentionTrace
from tests.models import tiny
from viz.steps.head import PARTS, of_block

Load = Callable[[str], LoadedModel]
SIZES = (1e-4, 1.0, 1e4)


def test_a_difference_is_told_by_the_size_of_the_models_own_numbers() -> None:
    own = np.array([[[2.0, -8.0]], [[0.01, 0.02]]])
    made = own + np.array([[[0.0, 0.004]], [[0.002, 0.0]]])
    whole, by_head = difference(made, own), difference(made, own, axis=(1, 2))
    assert (whole.absolute, whole.relative) == pytest.approx((0.004, 0.004 / 8))
    assert (by_head.absolute, by_head.relative) == pytest.approx((0.004, 0.002 / 0.02))
    part = difference(made[1, 0, 0], own[1, 0, 0], among=own[1])
    assert part.relative == pytest.approx(0.002 / 0.02)


def block(scale: float, heads: int = 3) -> AttentionBlock:
    """A causal block whose own output is what float64 makes of it. scale: the size of v."""
    draw = np.random.default_rng(0)
    q, k, v = (draw.normal(size=(heads, 7, 8)) for _ in range(3))
    mask = np.where(np.tri(7, dtype=bool), 0.0, -np.inf)[None]
    wide = AttentionBlock("decoder", 0, q, k, v * scale, 8**-0.5, np.zeros_like(v), mask)
    own = wide.weights @ wide.v

    def single(array: Floats) -> Floats:
        return array.astype(np.float32)

    return replace(
        wide, q=single(q), k=single(k), v=single(v * scale), mask=single(mask), output=single(own)
    )


MISTAKES: dict[str, Callable[[AttentionBlock], AttentionBlock]] = {
    "no mask": lambda b: replace(b, mask=None),
    "scaling off by 1 %": lambda b: replace(b, scaling=b.scaling * 1.01),
    "two heads swapped": lambda b: replace(b, q=b.q[[1, 0, 2]], k=b.k[[1, 0, 2]]),
    "one output off by 0.1 %": lambda b: replace(
        b, output=b.output * np.array([1, 1.001, 1], np.float32)[:, None, None]
    ),
}


@pytest.mark.parametrize("scale", SIZES)
def test_what_is_right_is_told_as_rounding_whatever_its_size(scale: float) -> None:
    assert block(scale).difference().relative <= ROUNDING / 10


@pytest.mark.parametrize("scale", SIZES)
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_whatever_the_size_of_the_numbers(mistake: str, scale: float) -> None:
    wrong = MISTAKES[mistake](block(scale))
    assert wrong.difference().relative > 10 * ROUNDING
    assert not wrong.difference().rounding


def test_a_small_heads_mistake_does_not_hide_behind_a_large_head() -> None:
    made = block(1.0)
    sizes = np.array([1, 1e6, 1], np.float32)[:, None, None]
    mixed = replace(made, v=made.v * sizes, output=made.output * sizes)
    assert mixed.difference().rounding
    for head in (0, 2):
        off = np.ones((3, 1, 1), np.float32)
        off[head] = 1.001
        assert replace(mixed, output=mixed.output * off).difference().relative > 10 * ROUNDING


def tied(size: float) -> AttentionBlock:
    """A head whose two keys nearly tie, with scores of some size."""
    draw = np.random.default_rng(1)
    k = np.repeat(draw.normal(size=(1, 1, 8)), 2, axis=1) * size
    k[0, 1] += draw.normal(size=8) * 0.1
    q, v = draw.normal(size=(1, 5, 8)), draw.normal(size=(1, 2, 8))
    q32, k32, v32 = (a.astype(np.float32) for a in (q, k, v))
    qw, kw, vw = (a.astype(np.float64) for a in (q32, k32, v32))
    own = AttentionBlock("encoder", 0, qw, kw, vw, 8**-0.5, np.zeros((1, 5, 8)))
    output = (own.weights @ own.v).astype(np.float32)
    return AttentionBlock("encoder", 0, q32, k32, v32, 8**-0.5, output)


@pytest.mark.parametrize("size", [1.0, 150.0, 3000.0])
def test_large_scores_that_nearly_tie_are_rounded_and_not_wrong(size: float) -> None:
    made = tied(size)
    assert made.difference().rounding
    assert (
        not replace(made, output=made.output * np.float32(1.001 if size < 1000 else 1.1))
        .difference()
        .rounding
    )
    assert not replace(made, scaling=made.scaling * 1.01, q=made.q[:, ::-1]).difference().rounding


def test_a_head_with_scores_of_the_usual_size_is_measured_by_its_outputs_alone() -> None:
    made = block(1.0)
    by_output = np.abs(made.weights @ made.v - made.output).max((1, 2)) / np.abs(made.output).max(
        (1, 2)
    )
    assert made.difference().relative == pytest.approx(float(by_output.max()))


@pytest.mark.parametrize("family", tiny.LARGE)
def test_large_numbers_that_are_right_get_their_tick(family: str, tiny_model: Load) -> None:
    trace = record(tiny_model(family), tiny.SENTENCE, surroundings=True)
    assert trace.difference().relative <= ROUNDING
    for each in trace.blocks:
        for head in range(each.heads):
            one = of_block(each, head)
            for name in PARTS:
                part = one.part(name)
                assert difference(part.made, part.recorded).rounding, (name, each.layer, head)


def _worst(trace: AttentionTrace) -> float:
    return max(
        float(np.abs(b.head(h).scaled[-1]).max()) for b in trace.blocks for h in range(b.heads)
    )


def test_the_large_models_numbers_are_large(tiny_model: Load) -> None:
    qwen, t5 = (record(tiny_model(family), tiny.SENTENCE) for family in tiny.LARGE)
    assert float(np.abs(qwen.blocks[0].k).max()) > 150
    assert {b.scaling for b in t5.blocks} == {1.0}
    assert min(_worst(qwen), _worst(t5)) > 100
    assert t5.fidelity() > ROUNDING


@pytest.mark.parametrize("family", [*tiny.LARGE, "albert", "llama"])
def test_a_wrong_projection_is_told(family: str, tiny_model: Load) -> None:
    each = record(tiny_model(family), tiny.SENTENCE, surroundings=True).blocks[0]
    for head in range(each.heads):
        for name in PARTS:
            part = of_block(each, head).part(name)
            other = of_block(each, (head + 2) % each.heads).part(name)
            assert not difference(other.made, part.recorded).rounding, name


def test_nothing_and_what_is_no_number_are_told_as_what_they_are() -> None:
    zero, one = np.zeros((2, 3, 4)), np.ones((2, 3, 4))
    assert difference(zero, zero) == Difference(0.0, 0.0)
    assert difference(one, zero) == Difference(1.0, math.inf)
    for bad in (one * math.nan, one * math.inf):
        assert not difference(one, bad).rounding
        assert not difference(bad, one).rounding
        assert not largest((difference(one, one), difference(bad, one))).rounding
        assert not largest((difference(bad, one), difference(one, one))).rounding
    with pytest.raises(ValueError, match="cannot be held against"):
        difference(one[:1], one)
    assert largest(()) == Difference()
