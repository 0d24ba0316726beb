"""Counts of layers against torch's FLOP counter, and paths against marks that are handed on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.cost.flops import PER_OPERATION, counted, counted_sizes
from models.cost.layers import (
    LAYERS,
    MEASURES,
    Layer,
    LayerSizes,
    count,
    followed,
    operations,
    path,
    products,
    projections,
    steps,
)

SIZES = (
    LayerSizes(32, 16, 3, 8),
    LayerSizes(48, 64, 2, 64),
    LayerSizes(7, 5, 9, 2),
    LayerSizes(2, 2, 2, 2),
)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("sizes", SIZES)
def test_operations_are_half_of_what_torch_counts(layer: Layer, sizes: LayerSizes) -> None:
    assert counted(layer, sizes) == PER_OPERATION * operations(layer, sizes)


def test_of_a_recurrent_layer_the_first_tokens_are_counted() -> None:
    long = LayerSizes(4096, 8, 3, 8)
    assert counted_sizes("recurrent", long) == replace(long, n=64)
    assert counted("recurrent", long) == PER_OPERATION * operations(
        "recurrent", counted_sizes("recurrent", long)
    )
    for layer in set(LAYERS) - {"recurrent"}:
        assert counted_sizes(layer, long) == long


def test_projections_are_four_products_as_torch_counts_them() -> None:
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    sizes = SIZES[0]
    with torch.device("meta"), FlopCounterMode(display=False) as mode:
        x = torch.empty(sizes.n, sizes.d)
        for _ in range(4):
            torch.nn.Linear(sizes.d, sizes.d, bias=False)(x)
    assert mode.get_total_flops() == PER_OPERATION * projections(sizes)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("sizes", [*SIZES, LayerSizes(513, 1, 2, 17), LayerSizes(512, 1, 2, 17)])
def test_a_path_is_as_long_as_a_mark_is_handed_on(layer: Layer, sizes: LayerSizes) -> None:
    assert path(layer, sizes) == followed(layer, sizes)


@pytest.mark.parametrize("k", [2, 3, 5, 7, 9])
def test_dilated_convolutions_reach_exactly_a_power_of_their_kernel(k: int) -> None:
    assert path("convolutional", LayerSizes(k**3, 1, k, 2)) == 3
    assert path("convolutional", LayerSizes(k**3 + 1, 1, k, 2)) == 4


def test_only_a_recurrent_layer_waits() -> None:
    sizes = SIZES[0]
    assert [steps(layer, sizes) for layer in LAYERS] == [1, 32, 1, 1]


@pytest.mark.parametrize("n", [16, 64, 256])
def test_self_attention_and_recurrence_cost_the_same_where_n_is_d(n: int) -> None:
    attention, recurrent = (
        operations(layer, LayerSizes(n, 64, 3, 8)) for layer in ("attention", "recurrent")
    )
    assert attention / recurrent == n / 64


def test_a_cell_is_its_measure_s_number() -> None:
    sizes = SIZES[0]
    for layer in LAYERS:
        cells = [count(layer, measure, sizes) for measure in MEASURES]
        assert cells == [operations(layer, sizes), steps(layer, sizes), path(layer, sizes)]
        assert cells[0] == sum(one.operations for one in products(layer, sizes))


@pytest.mark.parametrize("wrong", [(1, 1, 2, 2), (2, 0, 2, 2), (2, 1, 1, 2), (2, 1, 2, 1)])
def test_too_small_a_size_is_refused(wrong: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="is less than"):
        LayerSizes(*wrong)


def test_a_window_holds_no_more_keys_than_there_are() -> None:
    assert LayerSizes(16, 4, 3, 64).window == 16
    assert operations("restricted", LayerSizes(16, 4, 3, 64)) == operations(
        "attention", LayerSizes(16, 4, 3, 64)
    )
